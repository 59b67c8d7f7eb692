"""Print jobs as rows: each step is here before the paper knows of it. No content, only a hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from drivers.printers.jobs import OPEN_STATES, Cause, JobChange, JobState
from kiosk.store import tables as t
from kiosk.store.times import micros, moment_of


def record(connection: Connection, change: JobChange, now: datetime) -> None:
    """Keep the newest state of one attempt."""
    key = (t.print_job.c.job_id == change.job_id) & (t.print_job.c.attempt == change.attempt)
    connection.execute(delete(t.print_job).where(key))
    connection.execute(
        insert(t.print_job),
        {
            "job_id": change.job_id,
            "attempt": change.attempt,
            "state": change.state.value,
            "document_sha256": change.document_sha256,
            "process_id": change.process_id,
            "bytes_sent": change.bytes_sent,
            "cause": change.cause.value,
            "changed": micros(now),
        },
    )


def attempts(connection: Connection, job_id: str) -> int:
    """How often a slip was handed to the printer: the number of its last attempt."""
    last = select(func.max(t.print_job.c.attempt)).where(t.print_job.c.job_id == job_id)
    return connection.execute(last).scalar() or 0


def last_moved(connection: Connection, job_id: str) -> datetime | None:
    """When a slip last moved; ``None`` if none was ever handed to the printer."""
    last = select(func.max(t.print_job.c.changed)).where(t.print_job.c.job_id == job_id)
    value = connection.execute(last).scalar()
    return moment_of(value) if value is not None else None


def still_open(connection: Connection) -> Sequence[JobChange]:
    """The attempts a stopped process left unsettled."""
    states = [state.value for state in OPEN_STATES]
    rows = connection.execute(select(t.print_job).where(t.print_job.c.state.in_(states)))
    return [
        JobChange(
            row.job_id,
            JobState(row.state),
            row.attempt,
            row.document_sha256,
            row.process_id,
            row.bytes_sent,
            Cause(row.cause),
        )
        for row in rows
    ]
