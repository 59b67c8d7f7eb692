"""Which message goes next: the oldest that is due, with nothing older unsettled in its chain."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, func, select, union_all

from kiosk.core.model import Delivery
from kiosk.core.outbox import FINISHED
from kiosk.store import tables as t

WAITING = (Delivery.QUEUED.value, Delivery.AMBIGUOUS.value)
"""States a message waits in until it is due."""

_older = t.outbox.alias("older")


def blocked(row: FromClause) -> ColumnElement[bool]:
    """Whether an older message of the same chain (visit and interface) is not done."""
    return (
        select(_older.c.sequence)
        .where(_older.c.visit_id == row.c.visit_id)
        .where(_older.c.adapter == row.c.adapter)
        .where(_older.c.sequence < row.c.sequence)
        .where(_older.c.state.not_in([state.value for state in FINISHED]))
        .exists()
    )


def _oldest(state: str) -> Select[int]:
    # One state at a time follows the index and stops at the first row, however long the queue.
    row = t.outbox.alias(f"oldest_{state}")
    oldest = (
        select(row.c.sequence)
        .where(row.c.state == state)
        .where(row.c.due <= bindparam("now"))
        .where(~blocked(row))
        .order_by(row.c.sequence)
        .limit(1)
        .subquery()
    )
    return select(oldest.c.sequence)


_next = union_all(*(_oldest(state) for state in WAITING)).subquery("next")
FIRST_DUE = select(func.min(_next.c.sequence)).scalar_subquery()
"""The sequence of the message to take next at the moment ``now`` (microseconds)."""
