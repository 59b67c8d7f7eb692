"""From page to page of one hearing test, and what of it is kept at each step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from kiosk.desk.drafts import ChangeDraft
from kiosk.desk.hearing_work import HearingWork
from kiosk.desk.messages import Effect
from kiosk.desk.page_stack import stack
from kiosk.desk.pages import (
    Change,
    Drawing,
    Hearing,
    HearingPage,
    Measure,
    Page,
    Receive,
    Recording,
)
from kiosk.desk.session import Session
from kiosk.hearing import session as s
from kiosk.hearing.unfinished import Unfinished


@dataclass(frozen=True, slots=True)
class KeepSession(Effect):
    """Make a hearing test under way durable as it is now."""

    test: Unfinished = field(repr=False)
    answered_by = ()


@dataclass(frozen=True, slots=True)
class ForgetHearing(Effect):
    """Forget hearing tests under way and held records that a person does not want."""

    ids: tuple[UUID, ...]
    user_id: str
    answered_by = ()


def is_over(work: HearingWork) -> bool:
    """Whether there is nothing more to answer, or somebody has ended it."""
    if work.received is not None:
        return work.received.complete and not work.received.undecided
    if work.session is None:
        return False
    return work.session.end is not None or work.place is None


def page_of(work: HearingWork, under: Measure | Change) -> Drawing | Recording:
    """The page of a test under way: the drawing once every tone has an answer."""
    return Drawing(work, under) if is_over(work) else Recording(work, under)


def with_work(session: Session, work: HearingWork) -> Session:
    """With this in the place of the open hearing test, wherever its page lies."""
    for page in stack(session.page):
        if isinstance(page, HearingPage):
            return session.swapped(page, replace(page, work=work))
        if isinstance(page, Measure) and page.hearing is not None:
            return session.swapped(page, replace(page, hearing=work))
    return session


def keeping(page: Recording | Drawing, work: HearingWork) -> tuple[Effect, ...]:
    """Make a test of the open child durable as it is now."""
    if isinstance(page.under, Change) or work.session is None or work.begun_at is None:
        return ()
    child = page.under.visit.child
    return (KeepSession(Unfinished(work.session, child, work.begun_at, work.is_retest)),)


def before(page: HearingPage) -> Page:
    """One page back. What was recorded stays and is gone on with from the measuring page."""
    work, under = page.work, page.under
    if isinstance(under, Change):
        return _recorded_on(page) or Change(ChangeDraft(under.changing.saved))
    if isinstance(page, Receive):
        return Hearing(work.emptied(), under)
    if work.received is not None:
        # Once more among what waits, with nothing taken.
        return Receive(work.emptied(), under)
    begun = work.session is not None and bool(work.session.steps)
    return _recorded_on(page) or replace(under, hearing=work if begun else None)


def _recorded_on(page: HearingPage) -> Recording | None:
    """The tones of a drawing, where one of them may still be answered."""
    if not isinstance(page, Drawing) or page.work.session is None:
        return None
    opened = replace(page.work, session=s.reopened(page.work.session))
    return Recording(opened, page.under) if opened.place is not None else None
