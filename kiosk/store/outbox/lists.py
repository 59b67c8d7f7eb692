"""The outbox as it is looked at: counts, lists, one message, what is due next.

All of this is asked while the station works, however much waits: nothing goes through the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from kiosk.model.outbox import COUNTED, OutboxCounts, OutboxItem
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox import leases
from kiosk.store.outbox.order import WAITING, blocked, present, served
from kiosk.store.outbox.rows import BY_ID, LISTED, UNSETTLED, item_of, known, listed_item
from kiosk.store.times import moment_of

o = t.outbox.c
ON_THE_WAY = (*UNSETTLED, Delivery.HANDED_OVER.value)
"""States that count as waiting: the journal does not have it yet and nobody has to do anything."""


def counts(connection: Connection) -> OutboxCounts:
    """How much waits, is parked and is done, and since when the oldest waits."""
    every = counts_by_interface(connection).values()
    oldest = [one.oldest_waiting for one in every if one.oldest_waiting is not None]
    return OutboxCounts(
        waiting=min(sum(one.waiting for one in every), COUNTED),
        parked=min(sum(one.parked for one in every), COUNTED),
        done=min(sum(one.done for one in every), COUNTED),
        oldest_waiting=min(oldest, default=None),
        delivered=min(sum(one.delivered for one in every), COUNTED),
    )


def counts_by_interface(connection: Connection) -> dict[str, OutboxCounts]:
    """The same for each interface that has messages."""
    adapters = present(connection)
    if not adapters:
        return {}
    found = {adapter: dict.fromkeys(_COUNTED_STATES, 0) for adapter in adapters}
    for adapter, state, number in connection.execute(_numbers(adapters)):
        found[adapter][state] = number
    return {adapter: _counts(connection, adapter, states) for adapter, states in found.items()}


_COUNTED_STATES = (
    *ON_THE_WAY,
    Delivery.REJECTED.value,
    Delivery.DELIVERED.value,
    Delivery.DONE.value,
)


@cache
def _numbers(adapters: tuple[str, ...]) -> CompoundSelect[Any]:
    """How many there are of each interface and state; nobody counts further than is shown."""
    return union_all(
        *(_number(adapter, state) for adapter in adapters for state in _COUNTED_STATES)
    )


def _number(adapter: str, state: str) -> Select[Any]:
    some = select(o.sequence).where(served(t.outbox, [adapter]), o.state == state).limit(COUNTED)
    number = select(func.count()).select_from(some.subquery())
    return select(
        literal_column(f"'{adapter}'"), literal_column(f"'{state}'"), number.scalar_subquery()
    )


def _counts(connection: Connection, adapter: str, states: dict[str, int]) -> OutboxCounts:
    waiting = sum(states[state] for state in ON_THE_WAY)
    oldest = connection.execute(_OLDEST, {"of": adapter}).scalar() if waiting else None
    return OutboxCounts(
        waiting=min(waiting, COUNTED),
        parked=states[Delivery.REJECTED.value],
        done=states[Delivery.DONE.value],
        oldest_waiting=moment_of(oldest) if oldest is not None else None,
        delivered=states[Delivery.DELIVERED.value],
    )


_OLDEST = (
    select(o.created)
    .where(o.settled.is_(None), o.state != Delivery.REJECTED.value)
    .where(o.adapter == bindparam("of"))
    .order_by(o.sequence)
    .limit(1)
)


def next_due(
    connection: Connection, adapters: Sequence[str] = (), holder: str | None = None
) -> datetime | None:
    """When the earliest waiting message (of ``adapters`` if any are named) that may go is due.

    With a ``holder`` among those that nobody else works on.
    """
    mine = tuple(adapters) or present(connection)
    if not mine:
        return None
    value = connection.execute(_next_due(mine, holder)).scalar()
    return moment_of(value) if value is not None else None


@cache
def _next_due(adapters: tuple[str, ...], holder: str | None) -> Select[Any]:
    every = [_earliest(adapter, state, holder) for adapter in adapters for state in WAITING]
    return select(func.min(union_all(*every).subquery("every").c.due))


def _earliest(adapter: str, state: str, holder: str | None) -> Select[Any]:
    first = select(o.due).where(served(t.outbox, [adapter]), o.state == state)
    if holder is not None:
        first = first.where(leases.free_for(holder))
    earliest = first.where(~blocked(t.outbox)).order_by(o.due, o.sequence).limit(1).subquery()
    return select(earliest.c.due)


def newest(connection: Connection, limit: int) -> Sequence[OutboxItem]:
    """The newest messages first, without their bytes."""
    listed = select(*LISTED).order_by(o.sequence.desc()).limit(limit)
    return [listed_item(row) for row in connection.execute(listed)]


_URGENCY = (
    (Delivery.REJECTED.value,),
    ON_THE_WAY,
    (Delivery.DELIVERED.value,),
    (Delivery.DONE.value, Delivery.CANCELLED.value, Delivery.DISCARDED.value),
)


def to_look_at(connection: Connection, limit: int) -> Sequence[OutboxItem]:
    """What needs a person first, then what waits, then what is only delivered, then the rest.

    Of each kind those of which something happened, or is to happen, last; without their bytes.
    """
    return _listed(connection, _URGENCY, limit)


def _listed(
    connection: Connection, kinds: Sequence[tuple[str, ...]], limit: int
) -> Sequence[OutboxItem]:
    adapters = present(connection)
    listed: list[OutboxItem] = []
    for states in kinds:
        left = limit - len(listed)
        if adapters and left > 0:
            found = connection.execute(_latest(adapters, states), {"most": left}).scalars().all()
            some = select(*LISTED).where(o.sequence.in_(found)).order_by(o.sequence.desc())
            listed += [listed_item(row) for row in connection.execute(some)] if found else []
    return listed


def unfinished(connection: Connection, limit: int) -> Sequence[OutboxItem]:
    """What needs a person, then what is on its way, as in :func:`to_look_at`."""
    return _listed(connection, _URGENCY[:2], limit)


@cache
def _latest(adapters: tuple[str, ...], states: tuple[str, ...]) -> Select[Any]:
    every = [_latest_of(adapter, state) for adapter in adapters for state in states]
    found = union_all(*every).subquery("every")
    latest = select(found.c.sequence).order_by(found.c.due.desc(), found.c.sequence.desc())
    return latest.limit(bindparam("most"))


def _latest_of(adapter: str, state: str) -> Select[Any]:
    some = select(o.due, o.sequence).where(served(t.outbox, [adapter]), o.state == state)
    last = some.order_by(o.due.desc(), o.sequence.desc()).limit(bindparam("most")).subquery()
    return select(last.c.due, last.c.sequence)


def of_visit(
    connection: Connection, visit_id: UUID, *, to_change: bool = False
) -> Sequence[OutboxItem]:
    """The messages of a visit, oldest first; ``to_change`` keeps them from moving meanwhile."""
    listed = select(t.outbox).where(o.visit_id == str(visit_id)).order_by(o.sequence)
    if to_change:
        listed = listed.with_for_update()
    return [item_of(connection, row) for row in connection.execute(listed)]


def of_visits(connection: Connection, visit_ids: Sequence[str]) -> Sequence[OutboxItem]:
    """The messages of several visits, oldest first, without their bytes."""
    listed = select(*LISTED).where(o.visit_id.in_(visit_ids)).order_by(o.sequence)
    return [listed_item(row) for row in connection.execute(listed)]


def one(connection: Connection, item_id: UUID) -> OutboxItem:
    """One message; raises :class:`LookupError` for an unknown id."""
    row = connection.execute(BY_ID, {"item_id": str(item_id)}).one_or_none()
    return item_of(connection, known(row, item_id))
