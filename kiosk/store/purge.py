"""Forgetting what the journal has had long enough. What it has not is never touched."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Select, delete, exists, select

from drivers.printers.jobs import OPEN_STATES
from kiosk.core.outbox import FINISHED
from kiosk.store import follow_up
from kiosk.store import tables as t
from kiosk.store.engine import keyed
from kiosk.store.times import micros, moment_of

KEEP_DAYS = 30
"""Days a visit is kept after the journal has all of it, unless the configuration says else."""
_AT_ONCE = 400


def purge(connection: Connection, before: datetime) -> tuple[int, str]:
    """Delete visits of which every message was done before ``before``, and old print jobs.

    A visit without any message was never delivered and stays, and so does one whose child is
    still to have its hearing tested again; a child on the follow-up list stays there without its
    visit. Returns how many visits went and the SHA-256 over their ids, for the audit trail.
    """
    limit = micros(before)
    ids = sorted(connection.execute(_delivered(limit)).scalars())
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        connection.execute(delete(t.outbox).where(t.outbox.c.visit_id.in_(some)))
        connection.execute(delete(t.new_value).where(t.new_value.c.change_id.in_(_changes(some))))
        follow_up.forget(connection, some)
        tested = hearing_ids(some)
        connection.execute(delete(t.new_hearing).where(t.new_hearing.c.hearing_id.in_(tested)))
        connection.execute(delete(t.change).where(t.change.c.visit_id.in_(some)))
        connection.execute(delete(t.hearing_test).where(t.hearing_test.c.visit_id.in_(some)))
        connection.execute(delete(t.reading).where(t.reading.c.measurement_id.in_(_values(some))))
        connection.execute(delete(t.measurement).where(t.measurement.c.visit_id.in_(some)))
        connection.execute(delete(t.visit).where(t.visit.c.id.in_(some)))
    follow_up.forget_settled(connection, limit)
    settled = t.print_job.c.state.not_in([state.value for state in OPEN_STATES])
    connection.execute(delete(t.print_job).where(t.print_job.c.changed < limit).where(settled))
    return len(ids), hashlib.sha256("\n".join(ids).encode()).hexdigest()


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


def _delivered(limit: int) -> Select[str]:
    message = t.outbox.c
    of_visit = exists().where(message.visit_id == t.visit.c.id)
    finished = [state.value for state in FINISHED]
    undone = message.state.not_in(finished) | (message.settled >= limit)
    awaited = follow_up.keeps(moment_of(limit))
    return select(t.visit.c.id).where(of_visit).where(~of_visit.where(undone)).where(~awaited)
