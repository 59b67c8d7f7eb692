"""Teaching the station the scale: keys left, what to do and what was learned right."""

from __future__ import annotations

from kiosk.desk.messages import (
    BeginAnew,
    KeepLearned,
    LeaveOutLoad,
    SetDisplayUnit,
    SubmitDisplay,
    TypeKey,
)
from kiosk.desk.pages import Calibrate
from kiosk.desk.state import Desk
from kiosk.features.calibrate import may_set_up
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
from kiosk.ui.words.calibrate import (
    CRCS,
    FAULTS,
    LINE_FAULTS,
    LINE_LOAD_WORDS,
    LOAD_WORDS,
    ORDERS,
    format_words,
    lines_words,
)
from kiosk.weighing.calibration_steps import LOADS, Calibrating
from kiosk.weighing.teaching_steps import LINE_LOADS, MAY_BE_LEFT_OUT, LineLoad, Teaching

UNITS = ("kg", "g", "lb")
SKIP_WIDTH = 190
State = Calibrating | Teaching


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
        self._skip = PushButton(
            tr("Hopp over"),
            lambda: send(LeaveOutLoad()),
            size=theme.BODY,
            width=SKIP_WIDTH,
            height_mm=theme.TOUCH_MIN,
            test_id="leave-out",
        )
        self._skip_slot = Slot(size_hint_x=None, width=0)
        self._skip_place = column(self._skip, space(), gap=0)
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
        what = row(self._what, self._skip_slot, gap=16, size_hint_y=None)
        what.height = self._what.height
        card = Card(self._step, what, self._middle, self._note_slot, padding=28, gap=10)
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
        self._keypad.allow(typing=typing and not _pressing(state))
        self._step.say(_step_text(state))
        self._what.say(_what_text(state))
        self._typed.say(state.display.replace("-", "−") or "–", _ink(state))
        self._units.show(state.unit, enabled=typing and not _seen(state))
        self._learned.say(_learned_text(state))
        shown = None if _pressing(state) else self._number
        self._middle.put(self._learned if state.learned is not None else shown)
        self._show_skip(state, typing=typing)
        self._show_note(state, may=may_set_up(desk))
        begun = bool(_seen(state) or state.fault)
        self._anew_slot.put(self._anew if begun and not state.keeping else None)
        self._submit.say(_submit_text(state))
        self._submit.enable(_may_submit(state))

    def _show_skip(self, state: State, *, typing: bool) -> None:
        """Offer to leave a step out, where not every scale can do it."""
        may = isinstance(state, Teaching) and state.load in MAY_BE_LEFT_OUT and typing
        self._skip_slot.width = self._skip.width if may else 0
        self._skip_slot.put(self._skip_place if may else None)

    def _act(self) -> None:
        self._send(KeepLearned() if self._learned_everything else SubmitDisplay())

    def _show_note(self, state: State, *, may: bool) -> None:
        if state.fault is not None:
            self._note.show(
                "alert-triangle", Tone.WARN, tr("Ingenting er lært"), _fault_text(state)
            )
        elif state.listening is not None:
            self._note.show(
                "hourglass",
                Tone.CALM,
                tr("Lytter til vekten …"),
                _listening_text(state),
            )
        elif state.learned is not None and not may:
            self._note.show(
                "info-circle",
                Tone.CALM,
                tr("Hvem lagrer?"),
                tr("Bare den som står i oppsettet, kan lagre utstyr. Ingenting er tatt i bruk."),
            )
        elif state.learned is not None:
            self._note.show(
                "help-circle",
                Tone.WARN,
                tr("Stemmer dette?"),
                tr("Sammenlign med displayet. Først når du lagrer, brukes verdier fra vekten."),
            )
        elif _pressing(state):
            self._note.show(
                "info-circle",
                Tone.CALM,
                tr("Stasjonen ser hvordan vekten sier at tallet ikke er i ro"),
                tr("Sender vekten bare når du trykker PRINT, hopp over dette."),
            )
        else:
            self._note.show(
                "info-circle",
                Tone.CALM,
                tr("Skriv det displayet på vekten viser"),
                tr("Alle siffer, med komma. Velg enheten som står i displayet."),
            )
        self._note_slot.put(self._note)


def _listening_text(state: State) -> str:
    if _pressing(state):
        return tr("Fortsett å trykke. Det tar noen sekunder.")
    if isinstance(state, Teaching):
        return tr("La vekten være i ro. Har den PRINT, trykk på den nå.")
    return tr("La vekten være i ro. Det tar noen sekunder.")


def _ink(state: State) -> theme.Rgba:
    return theme.INK if state.typed else theme.SUBTLE


def _pressing(state: State) -> bool:
    return isinstance(state, Teaching) and state.load is LineLoad.PRESS


def _may_submit(state: State) -> bool:
    if state.keeping or state.listening is not None or state.fault is not None:
        return False
    whole = bool(state.typed) and not state.typed.endswith(",")
    return state.learned is not None or whole or _pressing(state)


def _seen(state: State) -> int:
    return len(state.seen) if isinstance(state, Calibrating) else len(state.shown)


def _step_text(state: State) -> str:
    if state.learned is not None:
        return tr("Lært av {n} avlesninger").format(n=_seen(state))
    at, steps = (
        (len(state.seen), len(LOADS))
        if isinstance(state, Calibrating)
        else (state.at, len(LINE_LOADS))
    )
    return tr("{step} av {steps}").format(step=min(at + 1, steps), steps=steps)


def _what_text(state: State) -> str:
    if state.learned is not None:
        return tr("Dette er lært om vekten:")
    if isinstance(state, Calibrating):
        return tr(LOAD_WORDS[state.load])
    return tr(LINE_LOAD_WORDS[state.load])


def _submit_text(state: State) -> str:
    if state.keeping:
        return tr("Lagrer …")
    if state.learned is not None:
        return tr("Det stemmer, lagre")
    return tr("Jeg trykker nå") if _pressing(state) else tr("Displayet viser dette")


def _fault_text(state: State) -> str:
    if isinstance(state, Calibrating):
        return tr(FAULTS[state.fault]) if state.fault is not None else ""
    return tr(LINE_FAULTS[state.fault]) if state.fault is not None else ""


def _learned_text(state: State) -> str:
    """Say in words what the profile says in keys."""
    settings = state.learned
    if settings is None:
        return ""
    if isinstance(state, Teaching):
        return lines_words(state, settings)
    order, crc = ORDERS[settings["bit-order"]], CRCS[settings["crc"]]
    lines = [tr(order), tr(crc)]
    lines += [format_words(row) for row in settings["formats"].split(",")]
    return "\n".join(lines)
