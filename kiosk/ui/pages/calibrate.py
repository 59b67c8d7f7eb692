"""Teaching the station the scale: keys left, what to do and what was learned right."""

from __future__ import annotations

from drivers.driver import Settings
from kiosk.desk.pages import Calibrate
from kiosk.desk.state import Desk
from kiosk.features.calibrate import BeginAnew, KeepLearned, SetDisplayUnit, SubmitDisplay
from kiosk.features.entry import TypeKey
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import BoxText, Text, stand
from kiosk.ui.widgets.value import Digits
from kiosk.ui.words.calibrate import CRCS, FAULTS, LOAD_WORDS, ORDERS, format_words
from kiosk.weighing.calibration_steps import LOADS, Calibrating

UNITS = ("kg", "g", "lb")


class CalibratePage(Page):
    """One load after the other; nothing is learned before all of them agree."""

    def __init__(self, send: Send) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self.notice = Slot(hug=True, below=18)
        self._send = send
        self._keypad = Keypad(lambda key: send(TypeKey(key)), extra=",")
        self._keypad.size_hint_x, self._keypad.width = None, theme.px(KEYPAD_WIDTH)
        self._step = Text("", size=theme.BODY, colour=theme.PRIMARY, weight="semibold")
        self._what = BoxText("", size=theme.LARGE, top=True, test_id="calibrate-what")
        stand(self._what, 124, lines=3)
        self._typed = Digits("", size=72, least=48, weight="semibold", test_id="calibrate-typed")
        units = [(unit, unit) for unit in UNITS]
        self._units: Chips[str] = Chips(
            units, lambda unit: send(SetDisplayUnit(unit)), test_id="display-unit"
        )
        self._units.size_hint_x, self._units.width = None, theme.px(330)
        self._number = row(self._typed, self._units, gap=16, size_hint_y=None)
        self._number.height = theme.px(100)
        self._learned = BoxText("", size=theme.BODY, top=True, test_id="calibrate-learned")
        self._middle = Slot()
        self._note = Note(test_id="calibrate-note")
        self._note_slot = Slot(hug=True)
        self._submit = PushButton(
            "", self._act, kind=Kind.PRIMARY, test_id="primary", icon="chevron-right", trailing=True
        )
        self._anew = PushButton(
            tr("Begynn på nytt"),
            lambda: send(BeginAnew()),
            deed=Deed.COMMITS,
            icon="refresh",
            width=300,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="begin-anew",
        )
        self._anew_slot = Slot(size_hint_x=None, width=self._anew.width)
        card = Card(self._step, self._what, self._middle, self._note_slot, padding=28, gap=10)
        below = stacked(self.notice, footer(self._submit, space(), self._anew_slot))
        self.add_side(self._keypad)
        self.add_side(column(card, below, gap=18))
        self._learned_everything = False

    def render(self, desk: Desk) -> None:
        """Draw the step."""
        page = desk.page
        if not isinstance(page, Calibrate):
            return
        state = page.calibrating
        self._learned_everything = state.learned is not None
        typing = state.listening is None and state.fault is None and state.learned is None
        self._keypad.allow(typing=typing)
        self._step.say(_step_text(state))
        self._what.say(_what_text(state))
        self._typed.say(state.display.replace("-", "−") or "–", _ink(state))
        self._units.show(state.unit, enabled=typing and not state.seen)
        self._learned.say(_learned_text(state.learned) if state.learned is not None else "")
        self._middle.put(self._learned if state.learned is not None else self._number)
        self._show_note(state)
        begun = bool(state.seen or state.fault)
        self._anew_slot.put(self._anew if begun and not state.keeping else None)
        self._submit.say(_submit_text(state))
        self._submit.enable(not state.keeping and (self._learned_everything or _typed_whole(state)))

    def _act(self) -> None:
        self._send(KeepLearned() if self._learned_everything else SubmitDisplay())

    def _show_note(self, state: Calibrating) -> None:
        if state.fault is not None:
            self._note.show(
                "alert-triangle", Tone.WARN, tr("Ingenting er lært"), tr(FAULTS[state.fault])
            )
        elif state.listening is not None:
            self._note.show(
                "hourglass",
                Tone.CALM,
                tr("Lytter til vekten …"),
                tr("La vekten være i ro. Det tar noen sekunder."),
            )
        elif state.learned is not None:
            self._note.show(
                "help-circle",
                Tone.WARN,
                tr("Stemmer dette?"),
                tr("Sammenlign med displayet. Først når du lagrer, brukes verdier fra vekten."),
            )
        else:
            self._note.show(
                "info-circle",
                Tone.CALM,
                tr("Skriv det displayet på vekten viser"),
                tr("Alle siffer, med komma. Velg enheten som står i displayet."),
            )
        self._note_slot.put(self._note)


def _ink(state: Calibrating) -> theme.Rgba:
    return theme.INK if state.typed else theme.SUBTLE


def _typed_whole(state: Calibrating) -> bool:
    whole = bool(state.typed) and not state.typed.endswith(",")
    return whole and state.listening is None and state.fault is None


def _step_text(state: Calibrating) -> str:
    if state.learned is not None:
        return tr("Lært av {n} avlesninger").format(n=len(state.seen))
    return tr("{step} av {steps}").format(
        step=min(len(state.seen) + 1, len(LOADS)), steps=len(LOADS)
    )


def _what_text(state: Calibrating) -> str:
    if state.learned is not None:
        return tr("Dette er lært om vekten:")
    return tr(LOAD_WORDS[state.load])


def _submit_text(state: Calibrating) -> str:
    if state.keeping:
        return tr("Lagrer …")
    if state.learned is not None:
        return tr("Det stemmer, lagre")
    return tr("Displayet viser dette")


def _learned_text(settings: Settings) -> str:
    """Say in words what the profile says in keys."""
    order, crc = ORDERS[settings["bit-order"]], CRCS[settings["crc"]]
    lines = [tr(order), tr(crc)]
    lines += [format_words(row) for row in settings["formats"].split(",")]
    return "\n".join(lines)
