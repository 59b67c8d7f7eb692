"""Which message goes next: the oldest that is due, with nothing older unsettled in its chain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from kiosk.core.model import Delivery
from kiosk.core.outbox import FINISHED
from kiosk.store import tables as t

WAITING = (Delivery.QUEUED.value, Delivery.AMBIGUOUS.value)
"""States a message waits in until it is due."""

PASSED = (*FINISHED, Delivery.HANDED_OVER)
"""States in which a message holds up nothing that comes after it."""

_older = t.outbox.alias("older")


def blocked(row: FromClause) -> ColumnElement[bool]:
    """Whether an older message of the same chain (visit and interface) is not done."""
    return (
        select(_older.c.sequence)
        .where(_older.c.visit_id == row.c.visit_id)
        .where(_older.c.adapter == row.c.adapter)
        .where(_older.c.sequence < row.c.sequence)
        # One by one: SQLAlchemy writes IN (...) anew for each execution.
        .where(*(_older.c.state != state.value for state in PASSED))
        .exists()
    )


_PLAIN = re.compile(r"[a-z0-9\-]+")


def served(row: FromClause, adapters: Sequence[str]) -> ColumnElement[bool]:
    """Whether a message belongs to one of the adapters; all of them if none are named.

    Their names are written into the statement: it is run with each message, and binding the same
    few words every time costs more than finding the row. Raises :class:`ValueError` for a name
    that is not the key of an adapter.
    """
    if not all(_PLAIN.fullmatch(adapter) for adapter in adapters):
        raise ValueError("not the key of an adapter")
    return or_(*(row.c.adapter == literal_column(f"'{adapter}'") for adapter in adapters))


def _oldest(state: str, adapters: Sequence[str]) -> Select[int]:
    # One state at a time follows the index and stops at the first row, however long the queue.
    row = t.outbox.alias(f"oldest_{state}")
    waiting = select(row.c.sequence).where(row.c.state == state)
    if adapters:
        waiting = waiting.where(served(row, adapters))
    oldest = (
        waiting.where(row.c.due <= bindparam("now"))
        .where(~blocked(row))
        .order_by(row.c.sequence)
        .limit(1)
        .subquery()
    )
    return select(oldest.c.sequence)


def first_due(adapters: Sequence[str] = ()) -> ScalarSelect[int]:
    """The sequence of the message to take next at the moment ``now`` (microseconds).

    Among the messages of ``adapters`` if any are named.
    """
    following = union_all(*(_oldest(state, adapters) for state in WAITING)).subquery("next")
    return select(func.min(following.c.sequence)).scalar_subquery()
