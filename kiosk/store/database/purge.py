"""Forgetting what the journal has had long enough. What it has not is never touched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, delete, exists, or_, select

from drivers.printers.jobs import OPEN_STATES
from kiosk.model.outbox import FINISHED
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.database.engine import keyed
from kiosk.store.hearing import follow_up
from kiosk.store.outbox.order import present
from kiosk.store.times import micros

KEEP_DAYS = 30
"""Days a visit is kept after the journal has all of it, unless the configuration says else."""
AT_ONCE = 400
"""Visits that are forgotten in one transaction, at most."""

o = t.outbox.c


DELIVERED_DAYS = 180
"""Days a visit is kept of which something was only delivered, unless the configuration says else:
long enough that a consultation at which somebody misses the value has been."""


@dataclass(frozen=True, slots=True)
class Before:
    """Until when a message must have ended: one the journal has, and one it may not have."""

    done: datetime
    delivered: datetime

    def of(self, state: str) -> int:
        """The moment for a state, in microseconds."""
        late = state == Delivery.DELIVERED.value
        return micros(min(self.delivered, self.done) if late else self.done)


After = tuple[str, str, int, int]
"""How far the messages that have ended were gone through: interface, state, end, sequence."""


def look(
    connection: Connection, before: Before, after: After | None = None
) -> tuple[list[str], After | None]:
    """Some of the visits that may be forgotten, and from where to look on; ``None`` at the end.

    Every message of theirs was done before ``before``. A visit without any message was never
    delivered and stays, and so does one whose child is still to have its hearing tested again. For
    outside a writing transaction: what is found is looked at again when it is deleted.
    """
    states = sorted(state.value for state in FINISHED)
    for way in [(adapter, state) for adapter in present(connection) for state in states]:
        if after is not None and way < after[:2]:
            continue
        some = _ended(way, before.of(way[1]), after if after and way == after[:2] else None)
        rows = connection.execute(some).all()
        if rows:
            last = rows[-1]
            ids = sorted({row.visit_id for row in rows})
            return _delivered(connection, before, ids), (*way, last.due, last.sequence)
    return [], None


def _ended(way: tuple[str, str], limit: int, after: After | None) -> Select[Any]:
    adapter, state = way
    some = select(o.visit_id, o.due, o.sequence).where(o.adapter == adapter, o.state == state)
    some = some.where(o.due < limit).order_by(o.due, o.sequence).limit(AT_ONCE)
    if after is None:
        return some
    _, _, due, sequence = after
    return some.where(o.due >= due, or_(o.due > due, o.sequence > sequence))


def purge(connection: Connection, before: Before, found: list[str]) -> tuple[int, str]:
    """Delete the visits of ``found``, at most :data:`AT_ONCE`, that still may be forgotten.

    A child on the follow-up list stays there without its visit. Returns how many visits went and
    the SHA-256 over their ids, for the audit trail.
    """
    some = _delivered(connection, before, found)
    connection.execute(delete(t.outbox).where(o.visit_id.in_(some)))
    connection.execute(delete(t.new_value).where(t.new_value.c.change_id.in_(_changes(some))))
    follow_up.forget(connection, some)
    tested = hearing_ids(some)
    connection.execute(delete(t.new_hearing).where(t.new_hearing.c.hearing_id.in_(tested)))
    connection.execute(delete(t.change).where(t.change.c.visit_id.in_(some)))
    connection.execute(delete(t.hearing_test).where(t.hearing_test.c.visit_id.in_(some)))
    connection.execute(delete(t.reading).where(t.reading.c.measurement_id.in_(_values(some))))
    connection.execute(delete(t.measurement).where(t.measurement.c.visit_id.in_(some)))
    connection.execute(delete(t.visit).where(t.visit.c.id.in_(some)))
    return len(some), hashlib.sha256("\n".join(some).encode()).hexdigest()


def leftovers(connection: Connection, before: datetime) -> bool:
    """Whether something without a visit is old enough to be forgotten."""
    jobs = select(t.print_job.c.job_id).where(*_old_jobs(micros(before))).limit(1)
    some_job = connection.execute(jobs).first() is not None
    return some_job or follow_up.has_settled(connection, micros(before))


def purge_leftovers(connection: Connection, before: datetime) -> None:
    """Forget settled entries of the follow-up list without a visit, and old print jobs."""
    follow_up.forget_settled(connection, micros(before))
    connection.execute(delete(t.print_job).where(*_old_jobs(micros(before))))


def _old_jobs(limit: int) -> tuple[ColumnElement[bool], ...]:
    still_open = [state.value for state in OPEN_STATES]
    return t.print_job.c.changed < limit, t.print_job.c.state.not_in(still_open)


def _values(visit_ids: list[str]) -> Select[str]:
    return select(t.measurement.c.id).where(t.measurement.c.visit_id.in_(visit_ids))


def _changes(visit_ids: list[str]) -> Select[str]:
    return select(t.change.c.id).where(t.change.c.visit_id.in_(visit_ids))


def hearing_ids(visit_ids: list[str]) -> Select[str]:
    """The hearing tests of these visits."""
    return select(t.hearing_test.c.id).where(t.hearing_test.c.visit_id.in_(visit_ids))


def empty_log(path: Path, key: bytes) -> bool:
    """Move everything out of the write-ahead log, where old pages would stay readable with the
    key; ``False`` if a reader was in the way, then the next purge does it."""
    connection = keyed(path, key)
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def _delivered(connection: Connection, before: Before, visit_ids: list[str]) -> list[str]:
    message = t.outbox.c
    of_visit = exists().where(message.visit_id == t.visit.c.id)
    finished = [state.value for state in FINISHED]
    delivered = message.state == Delivery.DELIVERED.value
    late = case((delivered, before.of(Delivery.DELIVERED.value)), else_=micros(before.done))
    undone = message.state.not_in(finished) | (message.settled >= late)
    awaited = follow_up.keeps(before.done)
    whole = select(t.visit.c.id).where(t.visit.c.id.in_(visit_ids)).where(of_visit)
    ids = connection.execute(whole.where(~of_visit.where(undone)).where(~awaited)).scalars()
    return sorted(ids)
