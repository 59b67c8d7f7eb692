"""Which message goes next: the oldest that is due, with nothing older unsettled in its chain."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

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


MOST_ADAPTERS = 3
"""Adapters one sender may serve. SQLAlchemy would write a longer list anew at each execution."""


def served(row: FromClause) -> ColumnElement[bool]:
    """Whether a message belongs to one of the adapters ``adapter_0``, ``adapter_1``, …"""
    return or_(*(row.c.adapter == bindparam(f"adapter_{n}") for n in range(MOST_ADAPTERS)))


def serving(adapters: Sequence[str]) -> dict[str, str]:
    """The parameters of :func:`served`."""
    padded = [*adapters, *[adapters[-1]] * MOST_ADAPTERS][:MOST_ADAPTERS]
    return {f"adapter_{n}": adapter for n, adapter in enumerate(padded)}


def _oldest(state: str, *, apart: bool) -> Select[int]:
    # One state at a time follows the index and stops at the first row, however long the queue.
    row = t.outbox.alias(f"oldest_{state}")
    waiting = select(row.c.sequence).where(row.c.state == state)
    if apart:
        waiting = waiting.where(served(row))
    oldest = (
        waiting.where(row.c.due <= bindparam("now"))
        .where(~blocked(row))
        .order_by(row.c.sequence)
        .limit(1)
        .subquery()
    )
    return select(oldest.c.sequence)


def _first_due(*, apart: bool) -> ScalarSelect[int]:
    following = union_all(*(_oldest(state, apart=apart) for state in WAITING)).subquery("next")
    return select(func.min(following.c.sequence)).scalar_subquery()


FIRST_DUE = _first_due(apart=False)
"""The sequence of the message to take next at the moment ``now`` (microseconds)."""

FIRST_DUE_SERVED = _first_due(apart=True)
"""The same among the messages of the adapters a sender serves."""
