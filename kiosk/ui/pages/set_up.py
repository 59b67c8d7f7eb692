"""Setting up a scale: the station says what it is, a typed display proves it."""

from __future__ import annotations

from kiosk.desk.pages import SetUp
from kiosk.desk.state import Desk
from kiosk.features.calibrate import BeginAnew, SubmitDisplay, may_set_up
from kiosk.features.equipment import KeepDevice
from kiosk.features.set_up_scale import ChooseLikely, TeachPort
from kiosk.language.texts import tr
from kiosk.ui.pages.typed_display import Act, Drawn, TypedDisplayPage
from kiosk.ui.port import Send
from kiosk.ui.words.set_up import proof_words, set_up_note, short_name
from kiosk.weighing.setting_up import SettingUp, SetUpFault

TEACHABLE_AFTER = frozenset({SetUpFault.NOT_READ, SetUpFault.DIFFERS})
"""What leaves a scale that may be taught from its display instead."""


class SetUpPage(TypedDisplayPage):
    """Listening, choosing, one weighing, and saving."""

    def __init__(self, send: Send) -> None:
        super().__init__(send, "set-up")

    def view(self, desk: Desk) -> Drawn | None:
        """The step."""
        page = desk.page
        if not isinstance(page, SetUp):
            return None
        state, display = page.setting_up, page.setting_up.display
        choices = _choices(state)
        typing = state.weighs and display.since is None
        proved = state.proof is not None and state.fault is None
        teach = Act(tr("Lær opp"), TeachPort()) if state.fault in TEACHABLE_AFTER else None
        return Drawn(
            step=tr("Hvilken vekt er det?") if choices else state.name,
            what=_what(state),
            note=set_up_note(state, may=may_set_up(desk)),
            primary=_primary(state),
            typed=display.typed,
            unit=display.unit,
            typing=typing,
            units_open=typing,
            number=state.weighs,
            body=proof_words(state.proof) if state.proof is not None else "",
            aside=teach,
            anew=Act(tr("Begynn på nytt"), BeginAnew()) if proved and not state.keeping else None,
            choices=choices,
        )


def _choices(state: SettingUp) -> tuple[Act, ...]:
    if state.likely is None or state.chosen is not None or state.fault is not None:
        return ()
    return tuple(Act(short_name(one.name), ChooseLikely(one.driver)) for one in state.likely)


def _what(state: SettingUp) -> str:
    if state.fault is not None:
        return tr("Vekten er ikke satt opp.")
    if state.likely is None:
        return tr("Legg noe på vekten, og trykk PRINT på den om den har det.")
    if state.chosen is None:
        return ""
    told = tr("Dette ligner {name}.").format(name=short_name(state.chosen.name))
    if state.proof is not None:
        return told
    return f"{told} " + tr("Legg noe på vekten, og skriv det displayet viser.")


def _primary(state: SettingUp) -> Act:
    if state.keeping:
        return Act(tr("Lagrer …"), None)
    if state.proof is not None and state.fault is None:
        return Act(tr("Lagre vekten"), KeepDevice())
    if state.fault is not None:
        return Act(tr("Prøv igjen"), BeginAnew())
    ready = state.weighs and state.display.is_whole and state.display.since is None
    return Act(tr("Displayet viser dette"), SubmitDisplay() if ready else None)
