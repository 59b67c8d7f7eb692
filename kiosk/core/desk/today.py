"""Today's list: who was measured here since midnight, and back to one of them.

Names are masked until a line is touched: the list stands open beside the next family.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

from kiosk.core.changing import current
from kiosk.core.desk import finding
from kiosk.core.desk import messages as m
from kiosk.core.desk.child_form import Identity, LookUp
from kiosk.core.desk.drafts import Draft, SavedVisit
from kiosk.core.desk.effects import AskBooked, Effect, ListToday, Note, ReadVisit, Trace
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.desk.surroundings import Booked
from kiosk.core.model import ChangeKind, Measurement, Visit
from kiosk.core.plausibility import Verdict

Step = tuple[Desk, tuple[Effect, ...]]

LISTS = frozenset({Screen.TODAY, Screen.RETESTS, Screen.STATUS})
MOVED = frozenset({ChangeKind.WRONG_CHILD, ChangeKind.NUMBERED})
"""Changes after which the values stand under another child, or under its number."""


def open_today(desk: Desk, _: m.OpenToday, moment: m.Moment, rules: DeskRules) -> Step:
    """Show today's list. What is typed in the form stays."""
    if desk.screen is not Screen.FIND or desk.user is None or desk.changing is not None:
        return desk, ()
    opened = replace(desk, screen=Screen.TODAY, visits=None, reading=None, notice=None)
    measured = since_midnight(moment)
    if not rules.reads_appointments:
        return opened, (measured,)
    return opened, (measured, AskBooked(measured.since, measured.since + timedelta(days=1)))


def since_midnight(moment: m.Moment) -> ListToday:
    """Ask for everything since the last local midnight."""
    return ListToday(midnight(moment))


def midnight(moment: m.Moment) -> datetime:
    """The last local midnight."""
    zone = timezone(timedelta(minutes=moment.offset_minutes))
    return datetime.combine(moment.today, datetime.min.time(), zone)


def today_listed(desk: Desk, message: m.TodayListed, _: m.Moment, __: DeskRules) -> Step:
    """Show the lines, if the list is still what is looked at."""
    if desk.screen is not Screen.TODAY:
        return desk, ()
    return replace(desk, visits=message.visits), ()


def booked_listed(desk: Desk, message: m.BookedListed, _: m.Moment, __: DeskRules) -> Step:
    """Show who is expected, if the list is still what is looked at."""
    if desk.screen is not Screen.TODAY:
        return desk, ()
    return replace(desk, booked=message.booked), ()


def still_to_come(desk: Desk) -> tuple[Booked, ...]:
    """The appointments of children who were not measured today."""
    measured = {(v.given_name, v.birth_date) for v in desk.visits or () if v.change not in MOVED}
    return tuple(
        one for one in desk.booked if (one.child.given_name, one.child.birth_date) not in measured
    )


def open_booked(desk: Desk, message: m.OpenBooked, moment: m.Moment, _: DeskRules) -> Step:
    """A child with an appointment is here: confirm it as any child, by name and birth date."""
    one = next((b for b in desk.booked if b.id == message.id), None)
    if desk.screen is not Screen.TODAY or one is None:
        return desk, ()
    age = (moment.today - one.child.birth_date).days
    identity = Identity(one.child, LookUp.FOUND, age, same_day=finding.is_same_day(desk, one.child))
    shown = replace(desk, screen=Screen.IDENTITY, identity=identity, look_up=LookUp.FOUND)
    return replace(shown, visits=None, booked=(), notice=None), ()


def open_visit(desk: Desk, message: m.OpenVisit, _: m.Moment, __: DeskRules) -> Step:
    """Read one of the listed visits."""
    # Of a child the values were moved from nothing is shown any more.
    known = {v.id for v in desk.visits or () if v.change not in MOVED}
    if desk.screen is not Screen.TODAY or message.visit_id not in known:
        return desk, ()
    return read(desk, message.visit_id)


def read(desk: Desk, visit_id: UUID) -> Step:
    """Ask for a visit and remember which: an answer that comes late must not open another child."""
    return replace(desk, reading=visit_id), (ReadVisit(visit_id),)


def visit_read(desk: Desk, message: m.VisitRead, _: m.Moment, __: DeskRules) -> Step:
    """Show the visit as after saving. That it was opened leaves a trace."""
    if desk.user is None or desk.reading != message.saved.id:
        return desk, ()
    saved, opened = message.saved, desk.screen in LISTS
    # A slip with a value or a name that holds no more lies somewhere: say so once.
    before = desk.changing.saved if desk.changing is not None else None
    out = before is not None and before.copies > 0
    shown = replace(
        desk,
        screen=Screen.DONE,
        saved=saved,
        visits=None,
        awaited=None,
        settling=None,
        changing=None,
        reading=None,
        notice=Notice.SLIP_IS_OUT if out else None,
    )
    note = Note(Trace.VISIT_OPENED, desk.user.user_id, str(saved.id))
    return shown, ((note,) if opened else ())


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
