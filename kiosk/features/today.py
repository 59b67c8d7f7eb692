"""Today's list: who was measured here since midnight, and back to one of them.

Names are masked until a line is touched: the list stands open beside the next family.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

from kiosk.desk.child_form import Identity, LookUp
from kiosk.desk.drafts import Draft, SavedVisit
from kiosk.desk.messages import DeskNews, Effect, Moment, Note, Touch, Trace
from kiosk.desk.notices import Notice
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Change, Confirm, Done, Find, Reader, Retests, Status, Today
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import find as finding
from kiosk.model.changes import current
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.visit import ChangeKind, Measurement, Visit
from kiosk.weighing.plausibility import Verdict


@dataclass(frozen=True, slots=True)
class OpenToday(Touch):
    """Show who was measured here today."""


@dataclass(frozen=True, slots=True)
class OpenBooked(Touch):
    """A child with an appointment is here."""

    id: str


@dataclass(frozen=True, slots=True)
class OpenVisit(Touch):
    """Show one of the visits of today's list."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class BookedListed(DeskNews):
    """Who has an appointment today."""

    booked: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class TodayListed(DeskNews):
    """Who was measured here today, the newest first."""

    visits: tuple[ListedVisit, ...]


@dataclass(frozen=True, slots=True)
class VisitRead(DeskNews):
    """A visit of today, as it was saved."""

    saved: SavedVisit = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListToday(Effect):
    """Read the visits saved since a moment; answered by ``TodayListed``."""

    since: datetime
    answered_by = (TodayListed,)


@dataclass(frozen=True, slots=True)
class AskBooked(Effect):
    """Ask the journal who is expected from a moment to another; answered by ``BookedListed``."""

    since: datetime
    until: datetime
    answered_by = (BookedListed,)


@dataclass(frozen=True, slots=True)
class ReadVisit(Effect):
    """Read one visit with its delivery and its slips; answered by ``VisitRead``."""

    visit_id: UUID
    answered_by = (VisitRead,)


LISTS = Today | Retests | Status
MOVED = frozenset({ChangeKind.WRONG_CHILD, ChangeKind.NUMBERED})
"""Changes after which the values stand under another child, or under its number."""


def open_today(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """Show today's list. What is typed in the form stays."""
    page = desk.page
    if not isinstance(page, Find) or page.under is not None:
        return desk, ()
    return desk.turned(Today(page)), asked_today(moment, rules)


def asked_today(moment: Moment, rules: DeskRules) -> tuple[Effect, ...]:
    """Ask who was measured today, and who is expected where the journal tells it."""
    measured = since_midnight(moment)
    if not rules.reads_appointments:
        return (measured,)
    return measured, AskBooked(measured.since, measured.since + timedelta(days=1))


def since_midnight(moment: Moment) -> ListToday:
    """Ask for everything since the last local midnight."""
    return ListToday(midnight(moment))


def midnight(moment: Moment) -> datetime:
    """The last local midnight."""
    zone = timezone(timedelta(minutes=moment.offset_minutes))
    return datetime.combine(moment.today, datetime.min.time(), zone)


def today_listed(desk: Desk, message: TodayListed) -> Step:
    """Show the lines, where the list is still looked at."""

    def take(session: Session) -> Session:
        page = find(session.page, Today)
        listed = page and replace(page, visits=message.visits)
        return session.swapped(page, listed) if page and listed else session

    return told_sessions(desk, take)


def booked_listed(desk: Desk, message: BookedListed) -> Step:
    """Show who is expected, where the list is still looked at."""

    def take(session: Session) -> Session:
        page = find(session.page, Today)
        listed = page and replace(page, booked=message.booked)
        return session.swapped(page, listed) if page and listed else session

    return told_sessions(desk, take)


def still_to_come(page: Today) -> tuple[Booked, ...]:
    """The appointments of children who were not measured today."""
    measured = {(v.given_name, v.birth_date) for v in page.visits or () if v.change not in MOVED}
    return tuple(
        one for one in page.booked if (one.child.given_name, one.child.birth_date) not in measured
    )


def open_booked(desk: Desk, message: OpenBooked, moment: Moment) -> Step:
    """A child with an appointment is here: confirm it as any child, by name and birth date."""
    page, session = desk.page, desk.session
    if session is None or not isinstance(page, Today):
        return desk, ()
    one = next((b for b in page.booked if b.id == message.id), None)
    if one is None:
        return desk, ()
    age = (moment.today - one.child.birth_date).days
    twins = finding.is_same_day(session, one.child)
    identity = Identity(one.child, LookUp.FOUND, age, same_day=twins)
    return desk.turned(Confirm(identity, replace(page.under, look_up=LookUp.FOUND))), ()


def open_visit(desk: Desk, message: OpenVisit) -> Step:
    """Read one of the listed visits."""
    page = desk.page
    if not isinstance(page, Today):
        return desk, ()
    # Of a child the values were moved from nothing is shown any more.
    known = {v.id for v in page.visits or () if v.change not in MOVED}
    return read(desk, page, message.visit_id) if message.visit_id in known else (desk, ())


def read(desk: Desk, page: Reader, visit_id: UUID) -> Step:
    """Ask for a visit and remember which: an answer that comes late must not open another child."""
    return desk.put(replace(page, reading=visit_id)), (ReadVisit(visit_id),)


def visit_read(desk: Desk, message: VisitRead) -> Step:
    """Show the visit as after saving. That it was opened leaves a trace."""

    def take(session: Session) -> Session | tuple[Session, tuple[Effect, ...]]:
        page = session.page
        if not isinstance(page, Reader) or page.reading != message.saved.id:
            return session
        # A slip with a value or a name that holds no more lies somewhere: say so once.
        out = isinstance(page, Change) and page.changing.saved.copies > 0
        shown = session.turned(Done(message.saved), Notice.SLIP_IS_OUT if out else None)
        note = Note(Trace.VISIT_OPENED, session.user.user_id, str(message.saved.id))
        return shown, ((note,) if isinstance(page, LISTS) else ())

    return told_sessions(desk, take)


def saved_again(visit: Visit) -> SavedVisit:
    """Return what the done page shows of a visit that was read from the store."""
    taken = [(one.measured_at, one.offset_minutes) for one in visit.measurements]
    taken += [(one.tested_at, one.offset_minutes) for one in visit.hearing]
    first, offset = min(taken)
    zone = timezone(timedelta(minutes=offset))
    age = (first.astimezone(zone).date() - visit.child.birth_date).days
    holds = current(visit)
    pairs = zip(holds.measurements, visit.measurements, strict=True)
    drafts = tuple(_corrected(now, then) for now, then in pairs)
    change = visit.changes[-1].kind if visit.changes else None
    return SavedVisit(visit.id, visit.child, age, drafts, change=change, hearing=holds.hearing)


def _corrected(one: Measurement, then: Measurement) -> Draft:
    same = (one.text, one.unit, one.position) == (then.text, then.unit, then.position)
    return _draft(one) if same else replace(_draft(one), was=_draft(then))


def _draft(one: Measurement) -> Draft:
    return Draft(
        id=one.id,
        quantity=one.quantity,
        value=one.value,
        text=one.text,
        unit=one.unit,
        source=one.source,
        measured_at=one.measured_at,
        verdict=Verdict.USUAL if one.odd_reason is None else Verdict.ASK,
        position=one.position,
        dress=one.dress,
        odd_reason=one.odd_reason,
        rule=one.rule,
        readings=one.readings,
    )


HANDLERS: tuple[Registered, ...] = (
    on(OpenToday, open_today),
    on(TodayListed, today_listed),
    on(BookedListed, booked_listed),
    on(OpenBooked, open_booked),
    on(OpenVisit, open_visit),
    on(VisitRead, visit_read),
)
