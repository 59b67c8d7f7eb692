"""The follow-up list as rows: put on, replaced by a later test, settled by a person, forgotten.

A row holds the little that is needed to find the child again, so that it stays when its visit is
forgotten. A child that was put off the list by a later test stands on it again when that test is
taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from kiosk.hearing.follow_up import Awaited, Reason, answered_by, left_open, reason_of
from kiosk.hearing.stored import hearing_test_of, outcome_data, outcome_of
from kiosk.hearing.unfinished import Unfinished
from kiosk.model.changes import TAKEN_OUT
from kiosk.model.hearing_test import HearingTest, Outcome, Result
from kiosk.model.visit import Visit
from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.database import sealing
from kiosk.store.times import micros, moment_of

f, h = t.follow_up.c, t.hearing_test.c
LISTED_DAYS = 365
"""How long the visit of a child to be tested again is kept where no last day was said."""

OF_CHILD = ("number", "given_name", "birth_date")
_KINDS = [kind.value for kind in TAKEN_OUT]
_TAKEN_OUT = exists().where(t.change.c.visit_id == f.visit_id).where(t.change.c.kind.in_(_KINDS))
_OPEN = (f.settled.is_(None), ~_TAKEN_OUT)


def saved(connection: Connection, visit: Visit, now: datetime) -> None:
    """Put the child of a saved visit on the list, and off it where its tests answer for others."""
    for test in visit.hearing:
        put(connection, visit.id, test)
    _replace_earlier(connection, visit, now)


def put(connection: Connection, visit_id: UUID, test: HearingTest) -> None:
    """Put a test on the list as it holds now, or take it off where it leaves nothing open.

    What a person settled stays settled as long as the outcome is the same.
    """
    reason = reason_of(test.outcome)
    known = connection.execute(select(f.data).where(f.id == str(test.id))).scalar_one_or_none()
    data = json.dumps(outcome_data(test.outcome), separators=(",", ":"))
    if known is not None and sealing.show(connection, "data", known) == data:
        return
    connection.execute(delete(t.follow_up).where(f.id == str(test.id)))
    if reason is None:
        return
    of_child = select(*(t.visit.c[name] for name in OF_CHILD))
    child = connection.execute(of_child.where(t.visit.c.id == str(visit_id))).one()
    row = {
        # Sealed in the same way in both tables.
        **dict(zip(OF_CHILD, child, strict=True)),
        "id": str(test.id),
        "visit_id": str(visit_id),
        "tested_at": micros(test.tested_at),
        "reason": reason.value,
        "due": _due(test.outcome, test.tested_at).isoformat(),
        "data": sealing.hide(connection, "data", data),
    }
    connection.execute(insert(t.follow_up), row)


def left(connection: Connection, test: Unfinished, now: datetime) -> None:
    """Put the child of a session that is dropped on the list, if it was begun.

    One whose child was tested since is answered by that test already.
    """
    found = left_open(test)
    if found is None:
        return
    reason, outcome = found
    row: dict[str, Any] = {
        "id": str(test.id),
        "number": test.child.number,
        "given_name": test.child.given_name,
        "birth_date": test.child.birth_date.isoformat(),
        "tested_at": micros(test.begun_at),
        "reason": reason.value,
        "due": test.begun_at.date().isoformat(),
        "data": json.dumps(outcome_data(outcome), separators=(",", ":")),
    }
    limits.check(t.follow_up, row)
    row |= {name: sealing.hide(connection, name, row[name]) for name in ("number", "given_name")}
    row["data"] = sealing.hide(connection, "data", row["data"])
    connection.execute(delete(t.follow_up).where(f.id == row["id"]))
    connection.execute(insert(t.follow_up), row)
    later = _later_tests(connection, row["number"], test.begun_at) if row["number"] else ()
    answered = [visit_id for visit_id, told in later if reason in answered_by(told.outcome)]
    if answered:
        done = {"settled": micros(now), "settled_by_visit": answered[0]}
        connection.execute(update(t.follow_up).where(f.id == row["id"]).values(done))


def _later_tests(
    connection: Connection, number: str, since: datetime
) -> Iterator[tuple[str, HearingTest]]:
    """The tests of a child since then that count, as they hold now."""
    gone = exists().where(t.change.c.visit_id == h.visit_id, t.change.c.kind.in_(_KINDS))
    asked = (
        select(h.visit_id, h.data)
        .join(t.visit, t.visit.c.id == h.visit_id)
        .where(t.visit.c.number == number, h.tested_at >= micros(since), ~gone)
    )
    for row in connection.execute(asked).all():
        yield row.visit_id, hearing_test_of(json.loads(sealing.show(connection, "data", row.data)))


def not_here(connection: Connection, visit_id: UUID) -> None:
    """Of a visit that was taken over the list is kept by the station that tested."""
    connection.execute(delete(t.follow_up).where(f.visit_id == str(visit_id)))


def _due(outcome: Outcome, tested_at: datetime) -> date:
    if outcome.result is not Result.RETEST:
        return tested_at.date()
    return outcome.retest_until or tested_at.date() + timedelta(days=LISTED_DAYS)


def _replace_earlier(connection: Connection, visit: Visit, now: datetime) -> None:
    """Earlier entries of the child that a test of this visit takes the place of."""
    if not visit.child.number:
        return
    number = sealing.hide(connection, "number", visit.child.number)
    for test in visit.hearing:
        replaced = [reason.value for reason in answered_by(test.outcome)]
        earlier = update(t.follow_up).where(
            f.number == number,
            f.id.not_in([str(one.id) for one in visit.hearing]),
            f.reason.in_(replaced),
            f.tested_at <= micros(test.tested_at),
            f.settled.is_(None),
        )
        done = {"settled": micros(now), "settled_by_visit": str(visit.id)}
        connection.execute(earlier.values(done))


def taken_out(connection: Connection, visit_id: UUID) -> None:
    """A visit counts no more: what its tests took the place of is open again."""
    reopened = update(t.follow_up).where(f.settled_by_visit == str(visit_id))
    connection.execute(reopened.values(settled=None, settled_by_visit=None))


def carry_over(connection: Connection, visit_id: UUID, anew: Visit) -> None:
    """What a person settled for a child without a number stays settled under its number."""
    tests = select(h.id).where(h.visit_id == str(visit_id)).order_by(h.place)
    before = connection.execute(tests).scalars().all()
    for old, test in zip(before, anew.hearing, strict=True):
        by_a_person = f.settled_by_visit.is_(None)
        asked = select(f.settled).where(f.id == old, by_a_person)
        settled = connection.execute(asked).scalar_one_or_none()
        if settled is not None:
            now_open = update(t.follow_up).where(f.id == str(test.id))
            connection.execute(now_open.values(settled=settled))


def settle(connection: Connection, ident: UUID, now: datetime) -> bool:
    """Take a child off the list; ``False`` if it is not on it."""
    open_one = update(t.follow_up).where(f.id == str(ident), *_OPEN)
    return connection.execute(open_one.values(settled=micros(now))).rowcount > 0


def awaited(connection: Connection) -> Sequence[Awaited]:
    """Who stands on the list, the one that is due first before the others."""
    asked = select(t.follow_up).where(*_OPEN).order_by(f.due, f.tested_at)
    return [_line(connection, row) for row in connection.execute(asked)]


def _line(connection: Connection, row: Row[Any]) -> Awaited:
    outcome = outcome_of(json.loads(sealing.show(connection, "data", row.data)))
    return Awaited(
        UUID(row.id),
        UUID(row.visit_id) if row.visit_id is not None else None,
        sealing.show(connection, "given_name", row.given_name),
        date.fromisoformat(row.birth_date),
        moment_of(row.tested_at),
        outcome.retest_from,
        outcome.retest_until,
        Reason(row.reason),
        outcome.missing,
        outcome.may_refer,
    )


def retest_of(connection: Connection, number: str) -> datetime | None:
    """When the last test of this child was that it is to be tested again after."""
    asked = (
        select(f.tested_at)
        .where(f.number == sealing.hide(connection, "number", number), *_OPEN)
        .where(f.reason == Reason.RETEST.value)
        .order_by(f.tested_at.desc())
        .limit(1)
    )
    at = connection.execute(asked).scalar_one_or_none()
    return moment_of(at) if at is not None else None


# --- forgetting ----------------------------------------------------------------------------


def keeps(limit: datetime) -> ColumnElement[bool]:
    """Whether a visit is still needed: its child is to be tested again, and it is not too late."""
    waits = exists().where(f.visit_id == t.visit.c.id, f.reason == Reason.RETEST.value)
    return waits.where(f.settled.is_(None), f.due >= limit.date().isoformat())


def forget(connection: Connection, visit_ids: Iterable[str]) -> None:
    """Forget visits. An open entry stays without its visit, until a person settles it."""
    gone = list(visit_ids)
    over = f.settled.is_not(None) & f.settled_by_visit.is_(None)
    of_them = delete(t.follow_up).where(f.visit_id.in_(gone), or_(over, _TAKEN_OUT))
    connection.execute(of_them)
    connection.execute(delete(t.follow_up).where(f.settled_by_visit.in_(gone)))
    connection.execute(update(t.follow_up).where(f.visit_id.in_(gone)).values(visit_id=None))


def has_settled(connection: Connection, limit: int) -> bool:
    """Whether :func:`forget_settled` would forget something."""
    return connection.execute(select(f.id).where(*_over(limit)).limit(1)).first() is not None


def forget_settled(connection: Connection, limit: int) -> None:
    """Forget what a person settled before ``limit`` and that has no visit to go with."""
    connection.execute(delete(t.follow_up).where(*_over(limit)))


def _over(limit: int) -> tuple[ColumnElement[bool], ...]:
    return f.settled < limit, f.visit_id.is_(None), f.settled_by_visit.is_(None)
