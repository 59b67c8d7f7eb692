"""The pages on which a display is typed: keys left, what to do and what came of it right."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.desk.messages import Touch
from kiosk.desk.state import Desk
from kiosk.features.calibrate import SetDisplayUnit
from kiosk.features.entry import TypeKey
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import BoxText, Text, stand
from kiosk.ui.widgets.value import Digits
from kiosk.ui.words.set_up import Said

UNITS = ("kg", "g", "lb")
ASIDE_WIDTH = 190
WHAT_HEIGHT = 124


@dataclass(frozen=True, slots=True)
class Act:
    """A button: what it says and what it sends."""

    text: str
    message: Touch | None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything such a page shows. ``body`` is a text in the place of the number.

    ``primary`` without a message is there and sleeps. ``choices`` are drawn in the place of both;
    with an empty ``what`` they have its room too.
    """

    step: str
    what: str
    note: Said
    primary: Act
    typed: str = ""
    unit: str = "kg"
    typing: bool = False
    units_open: bool = False
    number: bool = True
    body: str = ""
    aside: Act | None = None
    anew: Act | None = None
    choices: tuple[Act, ...] = ()


class TypedDisplayPage(Page):
    """Draws what :meth:`view` says of the page."""

    def __init__(self, send: Send, name: str) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self.notice = Slot(hug=True, below=18)
        self._send = send
        self._drawn: Drawn | None = None
        self._keypad = Keypad(lambda key: send(TypeKey(key)), extra=",")
        self._keypad.size_hint_x, self._keypad.width = None, theme.px(KEYPAD_WIDTH)
        self._step = Text("", size=theme.BODY, colour=theme.PRIMARY, weight="semibold")
        self._what = BoxText("", size=theme.LARGE, top=True, test_id=f"{name}-what")
        stand(self._what, WHAT_HEIGHT, lines=3)
        self._build_number(name)
        self._body = BoxText("", size=theme.BODY, top=True, test_id=f"{name}-learned")
        self._choices = column(gap=0)
        self._shown_choices: tuple[Act, ...] = ()
        self._middle = Slot()
        self._note = Note(test_id=f"{name}-note")
        self._note_slot = Slot(hug=True)
        self._build_buttons()
        self._what_place = row(self._what, self._aside_slot, gap=16, size_hint_y=None)
        self._what_place.height = self._what.height
        self._what_slot = Slot(hug=True)
        self._note_slot.put(self._note)
        card = Card(self._step, self._what_slot, self._middle, self._note_slot, padding=28, gap=10)
        below = stacked(self.notice, footer(self._submit, space(), self._anew_slot))
        self.add_side(self._keypad)
        self.add_side(column(card, below, gap=18))

    def _build_number(self, name: str) -> None:
        self._typed = Digits("", size=72, least=48, weight="semibold", test_id=f"{name}-typed")
        self._units: Chips[str] = Chips(
            [(unit, unit) for unit in UNITS],
            lambda unit: self._send(SetDisplayUnit(unit)),
            test_id="display-unit",
        )
        self._units.size_hint_x, self._units.width = None, theme.px(330)
        self._number = row(self._typed, self._units, gap=16, size_hint_y=None)
        self._number.height = theme.px(100)

    def _build_buttons(self) -> None:
        self._submit = PushButton(
            "", self._act, kind=Kind.PRIMARY, test_id="primary", icon="chevron-right", trailing=True
        )
        self._anew = PushButton(
            "",
            self._begin_anew,
            deed=Deed.COMMITS,
            icon="refresh",
            width=300,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="begin-anew",
        )
        self._anew_slot = Slot(size_hint_x=None, width=self._anew.width)
        self._aside = PushButton(
            "",
            self._act_aside,
            deed=Deed.COMMITS,
            size=theme.BODY,
            width=ASIDE_WIDTH,
            height_mm=theme.TOUCH_MIN,
            test_id="leave-out",
        )
        self._aside_place = column(self._aside, space(), gap=0)
        self._aside_slot = Slot(size_hint_x=None, width=0)

    def view(self, desk: Desk) -> Drawn | None:
        """What the page shows of this desk; ``None`` for another page."""
        raise NotImplementedError

    def render(self, desk: Desk) -> None:
        """Draw the step."""
        drawn = self.view(desk)
        if drawn is None:
            return
        self._drawn = drawn
        self._keypad.allow(typing=drawn.typing)
        self._step.say(drawn.step)
        self._what.say(drawn.what)
        self._what_slot.put(self._what_place if drawn.what else None)
        ink = theme.INK if drawn.typed else theme.SUBTLE
        self._typed.say(drawn.typed.replace("-", "−") or "–", ink)
        self._units.show(drawn.unit, enabled=drawn.units_open)
        self._body.say(drawn.body)
        self._show_choices(drawn.choices)
        shown = self._body if drawn.body else self._number if drawn.number else None
        self._middle.put(self._choices if drawn.choices else shown)
        note = drawn.note
        self._note.show(note.icon, note.tone, note.title, note.text)
        self._show_buttons(drawn)

    def _show_buttons(self, drawn: Drawn) -> None:
        self._aside_slot.width = self._aside.width if drawn.aside else 0
        if drawn.aside is not None:
            self._aside.say(drawn.aside.text)
        self._aside_slot.put(self._aside_place if drawn.aside else None)
        if drawn.anew is not None:
            self._anew.say(drawn.anew.text)
        self._anew_slot.put(self._anew if drawn.anew else None)
        self._submit.say(drawn.primary.text)
        self._submit.enable(drawn.primary.message is not None)

    def _show_choices(self, choices: tuple[Act, ...]) -> None:
        if choices == self._shown_choices:
            return
        self._shown_choices = choices
        self._choices.clear_widgets()
        self._choices.spacing = theme.mm(theme.TOUCH_GAP)
        for place, one in enumerate(choices):
            self._choices.add_widget(self._choice(place, one))
        self._choices.add_widget(space())

    def _choice(self, place: int, one: Act) -> PushButton:
        def act() -> None:
            if one.message is not None:
                self._send(one.message)

        return PushButton(
            one.text,
            act,
            icon=one.icon or "scale",
            height_mm=theme.TOUCH_MIN,
            tight=True,
            test_id=f"choice-{place}",
        )

    def _act(self) -> None:
        if self._drawn is not None and self._drawn.primary.message is not None:
            self._send(self._drawn.primary.message)

    def _begin_anew(self) -> None:
        if self._drawn is not None and self._drawn.anew and self._drawn.anew.message is not None:
            self._send(self._drawn.anew.message)

    def _act_aside(self) -> None:
        if self._drawn is not None and self._drawn.aside and self._drawn.aside.message is not None:
            self._send(self._drawn.aside.message)
