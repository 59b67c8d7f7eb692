"""One step back: first what lies over the page, then the page itself."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import finding, hearing, hearing_day, message_page, protocol_page, receiving
from kiosk.core.desk import messages as m
from kiosk.core.desk.child_form import ChildForm, LookUp
from kiosk.core.desk.drafts import ChangeDraft
from kiosk.core.desk.effects import Effect, ListMessages
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import ChangeKind

Step = tuple[Desk, tuple[Effect, ...]]

HEARING_PAGES = frozenset({Screen.HEARING, Screen.HEARING_RECORD, Screen.AUDIOGRAM})
BACK = {
    Screen.ENTRY: Screen.MEASURE,
    Screen.REVIEW: Screen.MEASURE,
    Screen.TODAY: Screen.FIND,
}


def back(desk: Desk, _: m.Back, __: m.Moment, ___: DeskRules) -> Step:
    """One page back. Leaving the measuring page leaves the child, and asks if values are lost."""
    over = _uncovered(desk)
    if over is not None:
        return over, ()
    if desk.screen is Screen.STATUS:
        return replace(desk, screen=desk.back_to, messages=()), ()
    if desk.screen is Screen.CALIBRATE:
        return _leave_calibration(desk)
    if desk.visit is not None and desk.visit.saving:
        return desk, ()
    return _page_before(desk), ()


def _uncovered(desk: Desk) -> Desk | None:
    """The page without what lies over it; ``None`` where nothing does."""
    if desk.looking_at is not None and desk.aside is None:
        return message_page.uncovered(desk)
    if desk.aside or desk.choosing_language or desk.reprinting or desk.preview:
        plain = replace(desk, aside=None, choosing_language=False, reprinting=False)
        return replace(plain, preview=None)
    saving = desk.visit is not None and desk.visit.saving
    if (desk.asking or desk.leaving) and not saving:
        plain = replace(desk, question=None, placing=None, second=None, leaving=False)
        return replace(plain, doubt=None)
    if desk.settling is not None:
        return replace(desk, settling=None)
    if desk.unfinished and desk.screen is Screen.FIND:
        # Offered again at the next sign-in; what was recorded stays in the store.
        return replace(desk, unfinished=())
    return None


def _page_before(desk: Desk) -> Desk:
    visit = desk.visit
    if desk.screen in {Screen.HEARING_CHECK, Screen.RETESTS}:
        return hearing_day.leave(desk)
    if desk.screen is Screen.RECEIVE:
        return receiving.leave(desk)
    if desk.screen is Screen.PROTOCOL:
        return protocol_page.leave(desk)
    if desk.screen in HEARING_PAGES:
        return hearing.leave(desk)
    if desk.changing is not None:
        return _leave_change(desk, desk.changing)
    if desk.screen is Screen.IDENTITY:
        kept_form = replace(desk, screen=Screen.FIND, identity=None, notice=None)
        return replace(kept_form, look_up=LookUp.NOT_ASKED)
    if desk.screen is Screen.MEASURE and visit is not None:
        loses = not visit.is_empty or desk.hearing is not None
        return replace(desk, leaving=True) if loses else finding.to_form(desk)
    target = BACK.get(desk.screen)
    if target is None:
        return desk
    left = replace(desk, screen=target, entry=None, visits=None, reading=None, booked=())
    return replace(left, notice=None)


def _leave_change(desk: Desk, change: ChangeDraft) -> Desk:
    """One step back on the way back; nothing is changed yet."""
    if change.saving:
        return desk
    if desk.screen is Screen.IDENTITY:
        return replace(desk, screen=Screen.FIND, identity=None, look_up=LookUp.NOT_ASKED)
    if change.kind is ChangeKind.NUMBERED or (desk.screen is Screen.CHANGE and change.kind is None):
        desk = replace(desk, form=ChildForm(), look_up=LookUp.NOT_ASKED, identity=None)
        return replace(desk, screen=Screen.DONE, changing=None, notice=None)
    left = replace(desk, screen=Screen.CHANGE, changing=ChangeDraft(change.saved), entry=None)
    return replace(left, form=ChildForm(), look_up=LookUp.NOT_ASKED, identity=None, notice=None)


def _leave_calibration(desk: Desk) -> Step:
    """Back to the page of devices; nothing was learned. What is being written is waited for."""
    if desk.calibrating is not None and desk.calibrating.keeping:
        return desk, ()
    return replace(desk, screen=Screen.STATUS, calibrating=None), (ListMessages(),)
