"""Hearing tests as rows, there and back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from kiosk.hearing.stored import data_of, hearing_test_of
from kiosk.model.changes import TAKEN_OUT
from kiosk.model.hearing_test import HearingTest, Result
from kiosk.model.visit import Change, Visit
from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.database import sealing
from kiosk.store.hearing import follow_up
from kiosk.store.times import micros, moment_of

h = t.hearing_test.c
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


def add(connection: Connection, visit: Visit, now: datetime) -> None:
    """Insert the hearing tests of a visit, and what they mean for the follow-up list."""
    for place, test in enumerate(visit.hearing):
        row = {
            "id": str(test.id),
            "visit_id": str(visit.id),
            "place": place,
            "tested_at": micros(test.tested_at),
            "file_sha256": test.digest,
            **_looked_for(test),
        }
        limits.check(t.hearing_test, row)
        row["data"] = sealing.hide(connection, "data", row["data"])
        connection.execute(insert(t.hearing_test), row)
    follow_up.saved(connection, visit, now)


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
        follow_up.put(connection, change.visit_id, test)


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


def last_of_child(
    connection: Connection, number: str, since: datetime
) -> tuple[datetime, bool] | None:
    """When the child's hearing was last tested, and whether a retest is awaited.

    Only what matters for calling the next one a retest: a test since then, or an awaited one.
    """
    if not number:
        return None
    asked = (
        select(h.tested_at)
        .join(t.visit, t.visit.c.id == h.visit_id)
        .where(t.visit.c.number == sealing.hide(connection, "number", number), ~_TAKEN_OUT)
        .where(h.tested_at >= micros(since))
        .order_by(h.tested_at.desc())
        .limit(1)
    )
    last = connection.execute(asked).scalar_one_or_none()
    retest = follow_up.retest_of(connection, number)
    tested = moment_of(last) if last is not None else None
    at = max((one for one in (tested, retest) if one is not None), default=None)
    return (at, at == retest) if at is not None else None


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
    data = json.dumps(data_of(test), separators=(",", ":"))
    return {"passed": passed, "data": data}
