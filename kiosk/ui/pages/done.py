"""Saved: how far the values have come, and the slip for the parents who want one."""

from __future__ import annotations

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.drafts import Draft, SavedVisit
from kiosk.desk.pages import Done
from kiosk.desk.state import Desk
from kiosk.features.change import GiveNumber, MadeByHand, OpenChange
from kiosk.features.save import NextChild
from kiosk.features.slip import (
    SLIP_UNDER_WAY,
    ChooseSlipName,
    OpenSlipLanguages,
    PreviewSlip,
    PrintSlip,
)
from kiosk.language.known import KNOWN
from kiosk.language.texts import tr
from kiosk.model.outbox import BY_HAND
from kiosk.model.slip import Paper, SlipName, SlipState
from kiosk.model.visit import Delivery
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.parts.hearing_values import hearing_column
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone, ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.growing import stands
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.words.desk import SLIP_NAMES, short_quantity_text
from kiosk.ui.words.devices import FAILURES, PAPERS, PROTECTED, SLIPS, TAKEN_BACK
from kiosk.ui.words.marks import Step, steps
from kiosk.ui.words.phrases import value_text, was_text

LANGUAGE_WIDTH = 138
PREVIEW_WIDTH = 84
BY_HAND_WIDTH = 480
VALUES_HEIGHT, CORRECTED_HEIGHT = 84, 112
PRINTER_TROUBLE = frozenset(
    {Paper.ABSENT, Paper.PAPER_OUT, Paper.COVER_OPEN, Paper.NEEDS_POWER_CYCLE, Paper.ERROR}
)


class StepMark(BoxLayout):
    """One of the three marks: a large icon, the step, and how it stands."""

    def __init__(self, *, test_id: str) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(2))
        self.test_id = test_id
        self._icon = Icon("circle-dashed", size=68, size_hint=(1, None))
        self._step = FitText("", size=30, weight="bold", align="center")
        self._state = BoxText("", size=theme.SMALL, align="center", test_id=f"{test_id}-state")
        self._icon.height = theme.px(76)
        stand(self._step, 44)
        stand(self._state, 60, lines=2)
        for part in (self._icon, self._step, self._state):
            self.add_widget(part)

    def show(self, step: Step) -> None:
        """Show how far it is."""
        colour = ink(step.tone)
        self._icon.show(step.icon, colour)
        self._step.say(tr(step.name), theme.INK if step.tone is Tone.CALM else colour)
        self._state.say(tr(step.state), colour)


class DonePage(Page):
    """Three marks left, the slip right."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        body = column(gap=theme.GAP)
        body.orientation = "horizontal"
        body.add_widget(self._build_marks())
        body.add_widget(self._build_slip(send))
        self._next = PushButton(
            tr("Neste barn"),
            lambda: send(NextChild()),
            kind=Kind.PRIMARY,
            icon="chevron-right",
            trailing=True,
            test_id="primary",
        )
        self._wrong = PushButton(
            tr("Noe er feil"),
            lambda: send(OpenChange()),
            icon="pencil",
            width=260,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="wrong",
        )
        self._number = PushButton(
            tr("Gi barnet nummer"),
            lambda: send(GiveNumber()),
            icon="pencil",
            width=330,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="give-number",
        )
        self._wrong_slot = Slot(size_hint_x=None, width=self._wrong.width)
        self._give_slot = Slot(size_hint_x=None, width=0)
        self.add_widget(body)
        self.add_widget(footer(self._next, self._wrong_slot, self._give_slot, self.notice))

    def _build_marks(self) -> Card:
        self._marks = [StepMark(test_id=f"mark-{name}") for name in ("saved", "sent", "accepted")]
        marks = column(gap=theme.GAP, size_hint_y=None, height=theme.px(190))
        marks.orientation = "horizontal"
        for mark_widget in self._marks:
            marks.add_widget(mark_widget)
        self._failure = Note(test_id="failure")
        self._failure_slot = Slot(hug=True)
        self._by_hand = PushButton(
            tr("Nå er det rettet i journalen"),
            lambda: self._send(MadeByHand()),
            deed=Deed.COMMITS,
            icon="check",
            width=BY_HAND_WIDTH,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="by-hand",
        )
        self._values = row(gap=18, size_hint_y=None, height=theme.px(VALUES_HEIGHT))
        self._shown: object = None
        card = Card(
            space(),
            marks,
            space(),
            self._failure_slot,
            self._values,
            padding=20,
            gap=8,
        )
        card.size_hint_x = 1.1
        return card

    def _build_slip(self, send: Send) -> Card:
        title = Text(tr("Måleark til foresatte"), size=theme.LARGE, weight="semibold")
        asked = Text(tr("Navn på målearket"), size=theme.SMALL, colour=theme.SUBTLE)
        names = [(name, tr(words)) for name, words in SLIP_NAMES.items()]
        self._names: Chips[SlipName] = Chips(
            names, lambda name: send(ChooseSlipName(name)), test_id="slip-name"
        )
        self._slip = Note(test_id="slip-state")
        self._print = PushButton(
            "",
            lambda: send(PrintSlip()),
            deed=Deed.COMMITS,
            icon="printer",
            height_mm=theme.TOUCH,
            test_id="print",
        )
        self._language = PushButton(
            "",
            lambda: send(OpenSlipLanguages()),
            size=theme.SMALL,
            width=LANGUAGE_WIDTH,
            height_mm=theme.TOUCH,
            test_id="slip-language",
        )
        self._preview = PushButton(
            "",
            lambda: send(PreviewSlip()),
            icon="eye",
            tight=True,
            width=PREVIEW_WIDTH,
            height_mm=theme.TOUCH,
            test_id="preview",
        )
        printing = row(
            self._print,
            self._preview,
            self._language,
            size_hint_y=None,
            height=self._print.height,
        )
        printing.spacing = theme.mm(theme.TOUCH_GAP)
        return Card(
            title,
            space(),
            asked,
            self._names,
            space(3),
            printing,
            space(),
            self._slip,
            padding=20,
            gap=8,
        )

    def render(self, desk: Desk) -> None:
        """Draw how far the saved values and the slip have come."""
        page = desk.page
        if not isinstance(page, Done):
            return
        saved = page.saved
        for widget, step in zip(self._marks, steps(saved.delivery), strict=True):
            widget.show(step)
        self._show_failure(saved)
        self._show_values(saved)
        self._show_slip(saved, desk.station.strip.printer)

    def _show_values(self, saved: SavedVisit) -> None:
        drafts = saved.drafts
        if (drafts, saved.hearing) == self._shown:
            return
        self._shown = drafts, saved.hearing
        self._values.clear_widgets()
        corrected = any(draft.was is not None for draft in drafts)
        stands(self._values, theme.px(CORRECTED_HEIGHT if corrected else VALUES_HEIGHT))
        for draft in drafts:
            self._values.add_widget(_value_column(draft, corrected=corrected))
        for test in saved.hearing:
            self._values.add_widget(hearing_column(test, corrected=corrected))

    def _show_failure(self, saved: SavedVisit) -> None:
        if saved.failure is None:
            self._failure_slot.put(None)
            return
        parked = saved.delivery is Delivery.REJECTED
        self._failure.show(
            "alert-triangle",
            Tone.BAD if parked else Tone.WARN,
            _failure_title(saved),
            tr(FAILURES[saved.failure]),
        )
        self._failure_slot.put(self._failure)

    def _offer_way_back(self, saved: SavedVisit, *, taken_back: bool) -> None:
        """Left below: say that something is wrong, or that it was put right in the journal."""
        by_hand = saved.delivery is Delivery.REJECTED and saved.failure in BY_HAND
        numberless = not saved.child.number and not taken_back
        self._give_slot.width = self._number.width if numberless else 0
        self._give_slot.put(self._number if numberless else None)
        button = self._by_hand if by_hand else self._wrong
        self._wrong_slot.width = button.width
        self._wrong_slot.put(button if by_hand or not taken_back else None)

    def _show_slip(self, saved: SavedVisit, printer: Paper) -> None:
        taken_back = TAKEN_BACK.get(saved.change) if saved.change is not None else None
        self._offer_way_back(saved, taken_back=taken_back is not None)
        under_way = saved.slip in SLIP_UNDER_WAY or taken_back is not None
        absent = printer is Paper.NOT_CONFIGURED
        self._names.show(saved.slip_name, enabled=not under_way and not absent)
        self._print.enable(not under_way and not absent)
        self._preview.enable(not under_way and not absent)
        self._language.say(tr(KNOWN[saved.slip_language].said))
        self._language.enable(not under_way and not absent)
        again = saved.slip is not SlipState.NOT_ASKED
        if saved.replaces:
            self._print.say(tr("Skriv ut rettet ark"))
        else:
            self._print.say(tr("Skriv ut en kopi") if again else tr("Skriv ut måleark"))
        sign = SLIPS[saved.slip]
        if absent or (printer in PRINTER_TROUBLE and saved.slip is not SlipState.PRINTED):
            sign = PAPERS[printer]
        if saved.child.protected and saved.slip is SlipState.NOT_ASKED:
            sign = PROTECTED
        if taken_back is not None:
            sign = taken_back
        self._slip.show(sign.icon, sign.tone, tr(sign.word), tr(sign.advice))


def _failure_title(saved: SavedVisit) -> str:
    if saved.delivery is not Delivery.REJECTED:
        return tr("Ikke fremme ennå")
    return (
        tr("Må rettes i journalen") if saved.failure in BY_HAND else tr("Må ses på før den sendes")
    )


def _value_column(draft: Draft, *, corrected: bool) -> BoxLayout:
    """A value below its name; with ``corrected`` also room for what it was before."""
    name = short_quantity_text(draft.quantity, draft.position)
    parts = [
        FitText(name, size=theme.SMALL, colour=theme.SUBTLE, least=18, align="center"),
        FitText(value_text(draft), size=28, weight="semibold", align="center"),
    ]
    if corrected:
        was = was_text(draft)
        parts.append(FitText(was, size=theme.SMALL, colour=theme.WARN, least=18, align="center"))
    for text, height in zip(parts, (30, 46, 32), strict=False):
        stand(text, height)
    return column(*parts, space(), gap=0)
