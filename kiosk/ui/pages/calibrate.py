"""Teaching the station the scale: keys left, what to do and what was learned right."""

from __future__ import annotations

from kiosk.desk.pages import Calibrate
from kiosk.desk.state import Desk
from kiosk.features.calibrate import BeginAnew, KeepLearned, LeaveOutLoad, SubmitDisplay, may_set_up
from kiosk.language.texts import tr
from kiosk.ui.pages.typed_display import Act, Drawn, TypedDisplayPage
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
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
from kiosk.ui.words.set_up import Said, not_mine, type_the_display
from kiosk.weighing.calibration_steps import LOADS, Calibrating
from kiosk.weighing.teaching_steps import LINE_LOADS, MAY_BE_LEFT_OUT, LineLoad, Teaching

State = Calibrating | Teaching


class CalibratePage(TypedDisplayPage):
    """One load after the other; nothing is learned before all of them agree."""

    def __init__(self, send: Send) -> None:
        super().__init__(send, "calibrate")

    def view(self, desk: Desk) -> Drawn | None:
        """The step."""
        page = desk.page
        if not isinstance(page, Calibrate):
            return None
        state = page.calibrating
        typing = state.listening is None and state.fault is None and state.learned is None
        begun = bool(_seen(state) or state.fault) and not state.keeping
        may_skip = isinstance(state, Teaching) and state.load in MAY_BE_LEFT_OUT and typing
        keeps = state.learned is not None
        message = KeepLearned() if keeps else SubmitDisplay()
        return Drawn(
            step=_step_text(state),
            what=_what_text(state),
            note=_note(state, may=may_set_up(desk)),
            primary=Act(_submit_text(state), message if _may_submit(state) else None),
            typed=state.display,
            unit=state.unit,
            typing=typing and not _pressing(state),
            units_open=typing and not _seen(state),
            number=not _pressing(state),
            body=_learned_text(state),
            aside=Act(tr("Hopp over"), LeaveOutLoad()) if may_skip else None,
            anew=Act(tr("Begynn på nytt"), BeginAnew()) if begun else None,
        )


def _note(state: State, *, may: bool) -> Said:
    if state.fault is not None:
        return Said("alert-triangle", Tone.WARN, tr("Ingenting er lært"), _fault_text(state))
    if state.listening is not None:
        return Said("hourglass", Tone.CALM, tr("Lytter til vekten …"), _listening_text(state))
    if state.learned is not None and not may:
        return not_mine()
    if state.learned is not None:
        told = tr("Sammenlign med displayet. Først når du lagrer, brukes verdier fra vekten.")
        return Said("help-circle", Tone.WARN, tr("Stemmer dette?"), told)
    if _pressing(state):
        told = tr("Sender vekten bare når du trykker PRINT, hopp over dette.")
        title = tr("Stasjonen ser hvordan vekten sier at tallet ikke er i ro")
        return Said("info-circle", Tone.CALM, title, told)
    return type_the_display()


def _listening_text(state: State) -> str:
    if _pressing(state):
        return tr("Fortsett å trykke. Det tar noen sekunder.")
    if isinstance(state, Teaching):
        return tr("La vekten være i ro. Har den PRINT, trykk på den nå.")
    return tr("La vekten være i ro. Det tar noen sekunder.")


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
        # What was learned needs the room.
        return ""
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
