"""Before a hearing test: which protocol, which ear first, and whether it is a retest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from drivers.hearing import Ear
from kiosk.desk.drafts import VisitDraft
from kiosk.desk.hearing_work import EarlierTest, HearingWork
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.over import Ask
from kiosk.desk.pages import Hearing, Measure, Recording
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.hearing.check import ask_quality
from kiosk.features.hearing.steps import page_of, with_work
from kiosk.features.today import midnight
from kiosk.hearing import session as s
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.protocols_offered import for_age


@dataclass(frozen=True, slots=True)
class OpenHearing(Touch):
    """Test the hearing of the open child."""


@dataclass(frozen=True, slots=True)
class OpenProtocols(Touch):
    """Show the protocols a test may follow."""


@dataclass(frozen=True, slots=True)
class ChooseProtocol(Touch):
    """Follow this protocol."""

    id: str


@dataclass(frozen=True, slots=True)
class SetFirstEar(Touch):
    """Begin with this ear."""

    ear: Ear


@dataclass(frozen=True, slots=True)
class SetRetest(Touch):
    """Whether this is a test after an earlier one."""

    is_retest: bool


@dataclass(frozen=True, slots=True)
class BeginHearing(Touch):
    """The child wears the headphones: record the answers here."""


@dataclass(frozen=True, slots=True)
class TestedBeforeTold(DeskNews):
    """The child of the open visit was tested before."""

    visit_id: UUID
    before: EarlierTest


@dataclass(frozen=True, slots=True)
class AskTestedBefore(Effect):
    """Whether this child's hearing was tested since then, or is to be tested again.

    Answered by ``TestedBeforeTold`` if so, else not at all.
    """

    visit_id: UUID
    number: str = field(repr=False)
    since: datetime
    answered_by = (TestedBeforeTold,)


DAYS_A_MONTH = 30.4375


def open_hearing(desk: Desk, moment: Moment) -> Step:
    """Show what the test follows. A test that was begun for this child is gone on with."""
    page, station = desk.page, desk.station
    if not isinstance(page, Measure) or page.visit.saving or station.audiometer is None:
        return desk, ()
    begun, visit = page.hearing, page.visit
    if begun is not None and begun.session is not None:
        return desk.turned(page_of(begun, replace(page, hearing=None))), ()
    proposed = _proposed(station.protocols, station.audiometer.protocol, visit)
    work = HearingWork(proposed, is_retest=bool(visit.hearing))
    opened = desk.turned(Hearing(work, page))
    asked = ask_quality(opened, moment)
    if not visit.child.number:
        return opened, (asked,)
    return opened, (asked, AskTestedBefore(visit.id, visit.child.number, midnight(moment)))


def _proposed(offered: tuple[Protocol, ...], wanted: str, visit: VisitDraft) -> Protocol | None:
    own = next((one for one in offered if one.id == wanted), None)
    months = int(visit.age_days / DAYS_A_MONTH)
    return own or next(iter(for_age(offered, months)), None)


def tested_before(desk: Desk, message: TestedBeforeTold) -> Step:
    """The child was tested before: this one is proposed as a retest."""

    def take(session: Session) -> Session:
        visit, work = session.visit, session.hearing
        if work is None or visit is None or visit.id != message.visit_id:
            return session
        return with_work(session, replace(work, before=message.before, is_retest=True))

    return told_sessions(desk, take)


def open_protocols(desk: Desk) -> Step:
    """Ask which protocol to follow."""
    if not isinstance(desk.page, Hearing):
        return desk, ()
    return desk.asked(Ask.PROTOCOLS, desk.front.notice), ()


def choose_protocol(desk: Desk, message: ChooseProtocol, moment: Moment) -> Step:
    """Follow this one. Nothing is recorded yet."""
    page = desk.page
    chosen = next((one for one in desk.station.protocols if one.id == message.id), None)
    if not isinstance(page, Hearing) or chosen is None:
        return desk, ()
    desk = desk.turned(replace(page, work=replace(page.work, protocol=chosen)))
    return desk, (ask_quality(desk, moment),)


def set_first_ear(desk: Desk, message: SetFirstEar) -> Step:
    """Begin with this ear."""
    page = desk.page
    if not isinstance(page, Hearing):
        return desk, ()
    return desk.put(replace(page, work=replace(page.work, first_ear=message.ear))), ()


def set_retest(desk: Desk, message: SetRetest) -> Step:
    """Whether this is a test after an earlier one."""
    page = desk.page
    if not isinstance(page, Hearing):
        return desk, ()
    return desk.put(replace(page, work=replace(page.work, is_retest=message.is_retest))), ()


def begin_hearing(desk: Desk, moment: Moment) -> Step:
    """Begin to record. A protocol without tones or levels is filled in first."""
    page, audiometer = desk.page, desk.station.audiometer
    if not isinstance(page, Hearing) or audiometer is None:
        return desk, ()
    work = page.work
    if work.protocol is None or not work.protocol.order or not work.protocol.level:
        return desk.told(Notice.PROTOCOL_EMPTY), ()
    session = s.begin(
        work.protocol, moment.id, loudest=audiometer.loudest, first_ear=work.first_ear
    )
    begun = replace(work, session=session, begun_at=moment.wall)
    return desk.turned(Recording(begun, page.under)), ()


HANDLERS: tuple[Registered, ...] = (
    on(OpenHearing, open_hearing),
    on(OpenProtocols, open_protocols),
    on(ChooseProtocol, choose_protocol),
    on(SetFirstEar, set_first_ear),
    on(SetRetest, set_retest),
    on(BeginHearing, begin_hearing),
    on(TestedBeforeTold, tested_before),
)
