"""Which message goes next: the one that is due longest, with nothing older unsettled in its chain.

No question here goes through the queue: each follows the index of one interface and state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
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

from kiosk.model.outbox import FINISHED
from kiosk.model.visit import Delivery
from kiosk.store import tables as t

WAITING = (Delivery.QUEUED.value, Delivery.AMBIGUOUS.value)
"""States a message waits in until it is due."""

PASSED = (*FINISHED, Delivery.HANDED_OVER)
"""States in which a message holds up nothing that comes after it."""

o = t.outbox.c
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
    """Whether a message belongs to one of the adapters.

    Their names are written into the statement: it is run with each message, and binding the same
    few words every time costs more than finding the row. Raises :class:`ValueError` for a name
    that is not the key of an adapter.
    """
    if not all(_PLAIN.fullmatch(adapter) for adapter in adapters):
        raise ValueError("not the key of an adapter")
    return or_(*(row.c.adapter == literal_column(f"'{adapter}'") for adapter in adapters))


def present(connection: Connection) -> tuple[str, ...]:
    """The adapters that have messages, found from one to the next, not by going through them."""
    return tuple(connection.execute(_PRESENT).scalars())


def _following_adapters() -> Select[str]:
    first = select(func.min(o.adapter).label("adapter")).cte("present", recursive=True)
    following = select(func.min(_older.c.adapter)).where(_older.c.adapter > first.c.adapter)
    more = select(following.scalar_subquery()).where(first.c.adapter.is_not(None))
    found = first.union_all(more)
    return select(found.c.adapter).where(found.c.adapter.is_not(None))


_PRESENT = _following_adapters()


def _first(state: str, adapter: str) -> Select[int, int]:
    # One state and interface at a time follows the index and stops at the first row.
    row = t.outbox.alias("waiting")
    first = (
        select(row.c.due, row.c.sequence)
        .where(served(row, [adapter]), row.c.state == state)
        .where(row.c.due <= bindparam("now"))
        .where(~blocked(row))
        .order_by(row.c.due, row.c.sequence)
        .limit(1)
        .subquery()
    )
    return select(first.c.due, first.c.sequence)


def first_due(adapters: Sequence[str]) -> ScalarSelect[int]:
    """The sequence of the message to take next at the moment ``now`` (microseconds).

    Among the messages of ``adapters``, at least one: the one that is due longest, which among those
    that were never tried is the oldest.
    """
    every = [_first(state, adapter) for adapter in adapters for state in WAITING]
    found = union_all(*every).subquery("next")
    ordered = select(found.c.sequence).order_by(found.c.due, found.c.sequence)
    return ordered.limit(1).scalar_subquery()
