"""Around the hearing tests: checks of the audiometer and the room, and who is followed up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from drivers.hearing import Ear
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Checking, Find, Hearing, Retests, find
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, told_sessions
from kiosk.desk.station import Station
from kiosk.features import today
from kiosk.hearing import quality
from kiosk.hearing.follow_up import Awaited, Settled, Settling
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.quality import Check, CheckKind, Quality


@dataclass(frozen=True, slots=True)
class OpenCheck(Touch):
    """Listen to the audiometer, or to the room, before the first child."""

    kind: CheckKind


@dataclass(frozen=True, slots=True)
class AnswerCheck(Touch):
    """Whether this tone was as it should be; touched again it is not, then not answered."""

    ear: Ear
    hz: int


@dataclass(frozen=True, slots=True)
class KeepCheck(Touch):
    """The check is done."""


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
class QualityTold(DeskNews):
    """How the audiometer and the room stand today."""

    quality: Quality


@dataclass(frozen=True, slots=True)
class RetestsListed(DeskNews):
    """Who is to be followed up."""

    awaited: tuple[Awaited, ...]


@dataclass(frozen=True, slots=True)
class RecordCheck(Effect):
    """Keep a check of the audiometer or the room."""

    check: Check
    answered_by = ()


@dataclass(frozen=True, slots=True)
class AskQuality(Effect):
    """How the equipment stands since midnight for a test by this protocol.

    Answered by ``QualityTold``.
    """

    since: datetime
    today: date
    calibrated_on: date | None
    protocol: Protocol | None
    answered_by = (QualityTold,)


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


Done = tuple[Desk, tuple[Effect, ...]]

NEXT = {None: True, True: False, False: None}
"""What a touch makes of the answer: heard, not heard, open again."""


def open_check(desk: Desk, message: OpenCheck, moment: Moment) -> Done:
    """Begin a check of the frequencies that are tested here."""
    page, user = desk.page, desk.user
    if desk.station.audiometer is None or user is None:
        return desk, ()
    if not isinstance(page, Find | Hearing | Checking):
        return desk, ()
    under = page.under if isinstance(page, Checking) else page
    protocol = _checked_by(desk.station, under)
    if protocol is None:
        return desk.asked(None, Notice.PROTOCOL_EMPTY), ()
    check = quality.begin(message.kind, protocol, moment.id, moment.wall, user.user_id)
    return desk.turned(Checking(check, under)), ()


def _checked_by(station: Station, page: Find | Hearing) -> Protocol | None:
    """The protocol of the test that is about to begin, else the clinic's own, if it has tones."""
    assert station.audiometer is not None
    wanted = page.work.protocol if isinstance(page, Hearing) else None
    own = next((one for one in station.protocols if one.id == station.audiometer.protocol), None)
    return next((one for one in (wanted, own, *station.protocols) if one and one.level), None)


def answer_check(desk: Desk, message: AnswerCheck) -> Done:
    """Say of one tone that it was as it should be, or not."""
    page = desk.page
    if not isinstance(page, Checking):
        return desk, ()
    place: tuple[Ear, int] = (message.ear, message.hz)
    heard = NEXT[page.check.heard.get(place)]
    check = quality.answer(page.check, place, heard=heard)
    return desk.put(replace(page, check=check)).told(None), ()


def keep_check(desk: Desk, moment: Moment) -> Done:
    """Keep the check, once every tone was answered."""
    page = desk.page
    if not isinstance(page, Checking):
        return desk, ()
    if not page.check.whole:
        return desk.told(Notice.CHECK_INCOMPLETE), ()
    kept = desk.turned(page.under, Notice.CHECK_KEPT)
    return kept, (RecordCheck(page.check), ask_quality(kept, moment))


def ask_quality(desk: Desk, moment: Moment) -> AskQuality:
    """Ask how the equipment stands today."""
    audiometer, work = desk.station.audiometer, desk.hearing
    calibrated_on = audiometer.calibrated_on if audiometer is not None else None
    protocol = work.protocol if work is not None else None
    return AskQuality(today.midnight(moment), moment.today, calibrated_on, protocol)


def quality_told(desk: Desk, message: QualityTold) -> Done:
    """Say it beside the next test."""
    return replace(desk, station=replace(desk.station, quality=message.quality)), ()


def open_retests(desk: Desk) -> Done:
    """Show who is to be followed up."""
    page = desk.page
    if not isinstance(page, Find) or desk.station.audiometer is None or page.under is not None:
        return desk, ()
    return desk.turned(Retests(page)), (AskRetests(),)


def retests_listed(desk: Desk, message: RetestsListed) -> Done:
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


def show_retest(desk: Desk, message: ShowRetest) -> Done:
    """Read the visit of one of the lines."""
    page = desk.page
    if not isinstance(page, Retests):
        return desk, ()
    if message.visit_id not in {one.visit_id for one in page.awaited or ()}:
        return desk, ()
    return today.read(desk, page, message.visit_id)


def settle_retest(desk: Desk, message: SettleRetest) -> Done:
    """Ask why a child is to be taken off the list."""
    page = desk.page
    if not isinstance(page, Retests):
        return desk, ()
    if message.id not in {one.id for one in page.awaited or ()}:
        return desk, ()
    return desk.asked(Settling(message.id)), ()


def choose_settled(desk: Desk, message: ChooseSettled) -> Done:
    """Take the reason. Nothing is settled yet."""
    settling = desk.over
    if not isinstance(settling, Settling):
        return desk, ()
    return desk.asked(replace(settling, reason=message.reason), desk.front.notice), ()


def confirm_settled(desk: Desk) -> Done:
    """Take the child off the list, by a named person and for the chosen reason."""
    settling, user = desk.over, desk.user
    if not isinstance(settling, Settling) or settling.reason is None or user is None:
        return desk, ()
    settled = TakeOffList(settling.id, user.user_id, settling.reason)
    return replace(desk, front=desk.front.uncovered()), (settled, AskRetests())


HANDLERS: tuple[Registered, ...] = (
    on(OpenCheck, open_check),
    on(AnswerCheck, answer_check),
    on(KeepCheck, keep_check),
    on(OpenRetests, open_retests),
    on(ShowRetest, show_retest),
    on(SettleRetest, settle_retest),
    on(ChooseSettled, choose_settled),
    on(ConfirmSettled, confirm_settled),
    on(QualityTold, quality_told),
    on(RetestsListed, retests_listed),
)
