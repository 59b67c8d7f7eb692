"""The follow-up list: who stands on it, their visits, and taking a child off it for a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kiosk.desk.messages import DeskNews, Effect, Touch
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Find, Retests
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import today
from kiosk.hearing.follow_up import Awaited, Settled, Settling


@dataclass(frozen=True, slots=True)
class OpenRetests(Touch):
    """Show the follow-up list."""


@dataclass(frozen=True, slots=True)
class ShowRetest(Touch):
    """Open the visit of a child on the follow-up list."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class SettleRetest(Touch):
    """This child need not stand on the follow-up list: ask why."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ChooseSettled(Touch):
    """Why it need not."""

    reason: Settled


@dataclass(frozen=True, slots=True)
class ConfirmSettled(Touch):
    """Take it off the list for the chosen reason."""


@dataclass(frozen=True, slots=True)
class RetestsListed(DeskNews):
    """Who is to be followed up."""

    awaited: tuple[Awaited, ...]


@dataclass(frozen=True, slots=True)
class AskRetests(Effect):
    """Who is to be followed up; answered by ``RetestsListed``."""

    answered_by = (RetestsListed,)


@dataclass(frozen=True, slots=True)
class TakeOffList(Effect):
    """Take a child off the follow-up list for a reason."""

    id: UUID
    user_id: str
    reason: Settled
    answered_by = ()


def open_retests(desk: Desk) -> Step:
    """Show who is to be followed up."""
    page = desk.page
    if not isinstance(page, Find) or desk.station.audiometer is None or page.under is not None:
        return desk, ()
    return desk.turned(Retests(page)), (AskRetests(),)


def retests_listed(desk: Desk, message: RetestsListed) -> Step:
    """Show the lines, where the list is still looked at.

    A test that is kept here behind the lock was not left: it is gone on with.
    """
    here = open_ids(desk)
    lines = tuple(one for one in message.awaited if one.id not in here)

    def take(session: Session) -> Session:
        page = find(session.page, Retests)
        if page is None:
            return session
        return session.swapped(page, replace(page, awaited=lines))

    return told_sessions(desk, take)


def open_ids(desk: Desk) -> frozenset[UUID]:
    """The hearing tests that are open here, or kept behind the lock, and not saved."""
    found: set[UUID] = set()
    for session in (*desk.parked, *((desk.session,) if desk.session is not None else ())):
        visit, work = session.visit, session.hearing
        found |= {test.id for test in visit.hearing} if visit is not None else set()
        if work is not None and work.session is not None:
            found.add(work.session.id)
    return frozenset(found)


def show_retest(desk: Desk, message: ShowRetest) -> Step:
    """Read the visit of one of the lines."""
    page = desk.page
    if not isinstance(page, Retests):
        return desk, ()
    if message.visit_id not in {one.visit_id for one in page.awaited or ()}:
        return desk, ()
    return today.read(desk, page, message.visit_id)


def settle_retest(desk: Desk, message: SettleRetest) -> Step:
    """Ask why a child is to be taken off the list."""
    page = desk.page
    if not isinstance(page, Retests):
        return desk, ()
    if message.id not in {one.id for one in page.awaited or ()}:
        return desk, ()
    return desk.asked(Settling(message.id)), ()


def choose_settled(desk: Desk, message: ChooseSettled) -> Step:
    """Take the reason. Nothing is settled yet."""
    settling = desk.over
    if not isinstance(settling, Settling):
        return desk, ()
    return desk.asked(replace(settling, reason=message.reason), desk.front.notice), ()


def confirm_settled(desk: Desk) -> Step:
    """Take the child off the list, by a named person and for the chosen reason."""
    settling, user = desk.over, desk.user
    if not isinstance(settling, Settling) or settling.reason is None or user is None:
        return desk, ()
    settled = TakeOffList(settling.id, user.user_id, settling.reason)
    return replace(desk, front=desk.front.uncovered()), (settled, AskRetests())


HANDLERS: tuple[Registered, ...] = (
    on(OpenRetests, open_retests),
    on(ShowRetest, show_retest),
    on(SettleRetest, settle_retest),
    on(ChooseSettled, choose_settled),
    on(ConfirmSettled, confirm_settled),
    on(RetestsListed, retests_listed),
)
