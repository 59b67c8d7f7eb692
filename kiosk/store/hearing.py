"""Hearing tests as rows, there and back, and who is to be tested again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, update

from kiosk.core.changing import TAKEN_OUT
from kiosk.core.hearing.outcome import Result
from kiosk.core.hearing.result import HearingTest
from kiosk.core.hearing.retests import Awaited
from kiosk.core.hearing.stored import data_of, hearing_test_of
from kiosk.core.model import Change, Visit
from kiosk.store import limits, sealing
from kiosk.store import tables as t
from kiosk.store.times import micros, moment_of

h = t.hearing_test.c
LISTED_DAYS = 365
"""How long a child stays on the list of retests where the protocol names no last day."""

JUDGED = {Result.NORMAL: 1, Result.RETEST: 0, Result.REFER: 0}
"""What counts as passed or not; any other outcome says nothing about the day's room."""

_OF_VISIT = (
    select(h.data)
    .where(h.visit_id == bindparam("visit_id", type_=h.visit_id.type))
    .order_by(h.place)
)
_CHANGED = (
    select(t.new_hearing)
    .join(t.change, t.change.c.id == t.new_hearing.c.change_id)
    .where(t.change.c.visit_id == bindparam("visit_id", type_=h.visit_id.type))
    .order_by(t.change.c.place)
)
_TAKEN_OUT = (
    exists()
    .where(t.change.c.visit_id == h.visit_id)
    .where(t.change.c.kind.in_([kind.value for kind in TAKEN_OUT]))
)
_AWAITED = (
    select(h.id, h.visit_id, h.data, t.visit.c.given_name, t.visit.c.birth_date)
    .join(t.visit, t.visit.c.id == h.visit_id)
    .where(h.retest_until.is_not(None), h.retest_settled.is_(None), ~_TAKEN_OUT)
    .order_by(h.retest_until, h.tested_at)
)


def add(connection: Connection, visit: Visit, now: datetime) -> None:
    """Insert the hearing tests of a visit; retests that waited for this child are settled."""
    for place, test in enumerate(visit.hearing):
        row = {
            "id": str(test.id),
            "visit_id": str(visit.id),
            "place": place,
            "tested_at": micros(test.tested_at),
            "retest_settled": None,
            "file_sha256": test.digest,
            **_looked_for(test),
        }
        limits.check(t.hearing_test, row)
        row["data"] = sealing.hide(connection, "data", row["data"])
        connection.execute(insert(t.hearing_test), row)
    if visit.child.number:
        number = sealing.hide(connection, "number", visit.child.number)
        of_child = select(t.visit.c.id).where(t.visit.c.number == number)
        waiting = update(t.hearing_test).where(
            h.visit_id.in_(of_child),
            h.visit_id != str(visit.id),
            h.retest_until.is_not(None),
            h.retest_settled.is_(None),
        )
        connection.execute(waiting.values(retest_settled=micros(now)))


def of_visit(connection: Connection, visit_id: UUID) -> tuple[HearingTest, ...]:
    """The hearing tests of a visit as they were saved."""
    rows = connection.execute(_OF_VISIT, {"visit_id": str(visit_id)}).scalars()
    return tuple(_test(connection, data) for data in rows)


def add_changed(connection: Connection, change: Change) -> None:
    """Insert what a correction made of hearing tests; the lists go by it from now on."""
    for test in change.hearing:
        looked_for = _looked_for(test)
        row = {
            "change_id": str(change.id),
            "hearing_id": str(test.id),
            "data": looked_for.pop("data"),
        }
        limits.check(t.new_hearing, row)
        row["data"] = sealing.hide(connection, "data", row["data"])
        connection.execute(insert(t.new_hearing), row)
        connection.execute(update(t.hearing_test).where(h.id == str(test.id)).values(looked_for))


def changed_of_visit(connection: Connection, visit_id: UUID) -> dict[str, tuple[HearingTest, ...]]:
    """What corrections made of the visit's hearing tests, by the id of the change."""
    found: dict[str, list[HearingTest]] = defaultdict(list)
    for row in connection.execute(_CHANGED, {"visit_id": str(visit_id)}):
        found[row.change_id].append(_test(connection, row.data))
    return {change: tuple(tests) for change, tests in found.items()}


def visits_with(connection: Connection, visit_ids: Iterable[str]) -> frozenset[str]:
    """Which of these visits hold a hearing test."""
    asked = select(h.visit_id).where(h.visit_id.in_(list(visit_ids)))
    return frozenset(connection.execute(asked).scalars())


def files(connection: Connection) -> frozenset[str]:
    """The SHA-256 of every file a saved test was read from."""
    return frozenset(connection.execute(select(h.file_sha256).where(h.file_sha256 != "")).scalars())


def awaited(connection: Connection) -> Sequence[Awaited]:
    """Who is to be tested again, the one that is due first before the others."""
    found = []
    for row in connection.execute(_AWAITED):
        test = _test(connection, row.data)
        found.append(
            Awaited(
                UUID(row.id),
                UUID(row.visit_id),
                sealing.show(connection, "given_name", row.given_name),
                date.fromisoformat(row.birth_date),
                test.tested_at,
                test.outcome.retest_from,
                test.outcome.retest_until,
            )
        )
    return found


def settle(connection: Connection, hearing_id: UUID, now: datetime) -> bool:
    """Take a child off the list of retests; ``False`` if it is not on it."""
    open_one = update(t.hearing_test).where(h.id == str(hearing_id), h.retest_settled.is_(None))
    return connection.execute(open_one.values(retest_settled=micros(now))).rowcount > 0


def last_of_child(
    connection: Connection, number: str, since: datetime
) -> tuple[datetime, bool] | None:
    """When the child's hearing was last tested, and whether a retest is awaited.

    Only what matters for calling the next one a retest: a test since then, or an awaited one.
    """
    if not number:
        return None
    asked = (
        select(h.tested_at, h.retest_until, h.retest_settled)
        .join(t.visit, t.visit.c.id == h.visit_id)
        .where(t.visit.c.number == sealing.hide(connection, "number", number), ~_TAKEN_OUT)
        .where(
            or_(
                h.tested_at >= micros(since),
                h.retest_until.is_not(None) & h.retest_settled.is_(None),
            )
        )
        .order_by(h.tested_at.desc())
        .limit(1)
    )
    row = connection.execute(asked).one_or_none()
    if row is None:
        return None
    return moment_of(row.tested_at), row.retest_until is not None and row.retest_settled is None


def judged_since(connection: Connection, since: datetime) -> tuple[bool, ...]:
    """Which of the tests since then were passed, in their order; without those not judged."""
    asked = (
        select(h.passed)
        .where(h.tested_at >= micros(since), h.passed.is_not(None), ~_TAKEN_OUT)
        .order_by(h.tested_at)
    )
    return tuple(bool(passed) for passed in connection.execute(asked).scalars())


def _test(connection: Connection, kept: str) -> HearingTest:
    # What a device sent is kept with a test, and a file may have had a name in it.
    return hearing_test_of(json.loads(sealing.show(connection, "data", kept)))


def _looked_for(test: HearingTest) -> dict[str, Any]:
    outcome = test.outcome
    passed = JUDGED.get(outcome.result) if outcome.result is not None else None
    until = None
    if outcome.result is Result.RETEST:
        last = outcome.retest_until or test.tested_at.date() + timedelta(days=LISTED_DAYS)
        until = last.isoformat()
    data = json.dumps(data_of(test), separators=(",", ":"))
    return {"passed": passed, "retest_until": until, "data": data}
