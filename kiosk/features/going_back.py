"""One step back: first what lies over the page, then the page itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.desk.child_form import LookUp
from kiosk.desk.drafts import ChangeDraft
from kiosk.desk.lock_pages import AtLock, StatusAtLock
from kiosk.desk.messages import Effect, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.over import Ask, LookedAt
from kiosk.desk.pages import (
    Calibrate,
    Change,
    Confirm,
    Done,
    Drawing,
    Find,
    Hearing,
    Measure,
    Receive,
    Recording,
    Status,
    Typing,
)
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Locked, LockForm, Session
from kiosk.desk.state import Desk, Step
from kiosk.features import equipment
from kiosk.features.hearing import steps
from kiosk.features.messages import ListMessages
from kiosk.model.visit import ChangeKind


@dataclass(frozen=True, slots=True)
class Back(Touch):
    """One page back."""


def back(desk: Desk) -> Step:
    """One page back. Leaving the measuring page leaves the child, and asks if values are lost.

    Where there is no way back, or something is being written, it says so.
    """
    front = desk.front
    if isinstance(front, Locked):
        return replace(desk, front=_at_lock(front)), ()
    if desk.over is not None:
        return replace(desk, front=_uncovered(front)), ()
    if isinstance(front.page, Calibrate):
        return _leave_calibration(desk, front.page)
    if equipment.is_writing(front.page):
        return desk.told(Notice.STILL_SAVING), ()
    if front.saving and not isinstance(front.page, Status):
        return desk.told(Notice.STILL_SAVING), ()
    return replace(desk, front=_page_before(front)), ()


def _at_lock(front: Locked) -> Locked:
    match front.over, front.page:
        case LookedAt(item_id=item, giving_up=True), _:
            return front.asked(LookedAt(item))
        case None, StatusAtLock():
            return replace(front, page=AtLock())
        case None, _:
            return replace(front.told(None), lock=LockForm())
    return front.uncovered()


def _uncovered(session: Session) -> Session:
    """The page without what lies over it."""
    match session.over, session.page:
        case LookedAt(item_id=item, giving_up=True), _:
            return session.asked(LookedAt(item))
        case None, Change(changing=change):
            return _leave_change(session, change)
        case None, Drawing() as page:
            return session.turned(steps.before(page))
        case None, Find():
            # Offered again at the next sign-in; what was recorded stays in the store.
            return replace(session, put_off=True)
    return session.uncovered()


def _page_before(session: Session) -> Session:
    match session.page:
        case Change(changing=change):
            return _leave_change(session, change)
        case Find(under=Change(changing=change)) if change.kind is ChangeKind.NUMBERED:
            return session.turned(Done(change.saved))
        case Find(under=Change(changing=change)):
            return session.turned(Change(ChangeDraft(change.saved)))
        case Typing(under=Change(changing=change)):
            return session.turned(Change(ChangeDraft(change.saved)))
        case Confirm(under=found):
            return session.turned(replace(found, look_up=LookUp.NOT_ASKED))
        case Measure(visit=visit, hearing=work):
            loses = not visit.is_empty or work is not None
            return session.asked(Ask.LEAVING) if loses else session.turned(Find())
        case Hearing() | Recording() | Drawing() | Receive() as page:
            return session.turned(steps.before(page))
        case Find() | Done():
            return session.told(Notice.NO_WAY_BACK)
        case page:
            under = page.under
    return session.turned(under)


def _leave_change(session: Session, change: ChangeDraft) -> Session:
    """One step back on the way back; nothing is changed yet."""
    if change.saving:
        return session.told(Notice.STILL_SAVING)
    if change.kind is ChangeKind.NUMBERED or change.kind is None:
        return session.turned(Done(change.saved))
    return session.turned(Change(ChangeDraft(change.saved)))


def _leave_calibration(desk: Desk, page: Calibrate) -> Step:
    """Back to the page of devices; nothing was learned. What is being written is waited for."""
    if page.calibrating.keeping:
        return desk.told(Notice.STILL_SAVING), ()
    listed: tuple[Effect, ...] = (ListMessages(),)
    return desk.turned(page.under), listed


HANDLERS: tuple[Registered, ...] = (on(Back, back),)
