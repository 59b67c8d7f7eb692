"""The outbox as it is looked at: counts, lists, one message, what is due next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from kiosk.core.model import Delivery
from kiosk.core.outbox import OutboxCounts, OutboxItem
from kiosk.store import leases
from kiosk.store import tables as t
from kiosk.store.outbox_order import WAITING, blocked
from kiosk.store.outbox_rows import BY_ID, UNSETTLED, item_of, known
from kiosk.store.times import moment_of

o = t.outbox.c
ON_THE_WAY = (*UNSETTLED, Delivery.HANDED_OVER.value)
"""States that count as waiting: the journal does not have it yet and nobody has to do anything."""


def counts(connection: Connection) -> OutboxCounts:
    """How much waits, is parked and is done, and since when the oldest waits."""
    grouped = select(o.state, func.count(), func.min(o.created)).group_by(o.state)
    return _counts(
        {state: (number, oldest) for state, number, oldest in connection.execute(grouped)}
    )


def _counts(found: Mapping[str, tuple[int, int]]) -> OutboxCounts:
    waiting = [found[state] for state in ON_THE_WAY if state in found]
    oldest = min((created for _, created in waiting), default=None)
    return OutboxCounts(
        waiting=sum(number for number, _ in waiting),
        parked=found.get(Delivery.REJECTED.value, (0, 0))[0],
        done=found.get(Delivery.DONE.value, (0, 0))[0],
        oldest_waiting=moment_of(oldest) if oldest is not None else None,
    )


def counts_by_interface(connection: Connection) -> dict[str, OutboxCounts]:
    """The same for each interface that has messages."""
    grouped = select(o.adapter, o.state, func.count(), func.min(o.created))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for adapter, state, number, oldest in connection.execute(grouped.group_by(o.adapter, o.state)):
        found.setdefault(adapter, {})[state] = (number, oldest)
    return {adapter: _counts(states) for adapter, states in found.items()}


def next_due(
    connection: Connection, adapters: Sequence[str] = (), holder: str | None = None
) -> datetime | None:
    """When the earliest waiting message (of ``adapters`` if any are named) that may go is due.

    With a ``holder`` among those that nobody else works on.
    """
    earliest = select(func.min(o.due)).where(o.state.in_(WAITING)).where(~blocked(t.outbox))
    if holder is not None:
        earliest = earliest.where(leases.free_for(holder))
    if adapters:
        earliest = earliest.where(o.adapter.in_(adapters))
    value = connection.execute(earliest).scalar()
    return moment_of(value) if value is not None else None


def newest(connection: Connection, limit: int) -> Sequence[OutboxItem]:
    """The newest messages first."""
    listed = select(t.outbox).order_by(o.sequence.desc()).limit(limit)
    return [item_of(connection, row) for row in connection.execute(listed)]


def to_look_at(connection: Connection, limit: int) -> Sequence[OutboxItem]:
    """What needs a person first, then what waits, then the newest of the rest."""
    urgency = case(
        (o.state == Delivery.REJECTED.value, 0),
        (o.state.in_(ON_THE_WAY), 1),
        else_=2,
    )
    listed = select(t.outbox).order_by(urgency, o.sequence.desc()).limit(limit)
    return [item_of(connection, row) for row in connection.execute(listed)]


def of_visit(
    connection: Connection, visit_id: UUID, *, to_change: bool = False
) -> Sequence[OutboxItem]:
    """The messages of a visit, oldest first; ``to_change`` keeps them from moving meanwhile."""
    listed = select(t.outbox).where(o.visit_id == str(visit_id)).order_by(o.sequence)
    if to_change:
        listed = listed.with_for_update()
    return [item_of(connection, row) for row in connection.execute(listed)]


def of_visits(connection: Connection, visit_ids: Sequence[str]) -> Sequence[OutboxItem]:
    """The messages of several visits, oldest first."""
    listed = select(t.outbox).where(o.visit_id.in_(visit_ids)).order_by(o.sequence)
    return [item_of(connection, row) for row in connection.execute(listed)]


def one(connection: Connection, item_id: UUID) -> OutboxItem:
    """One message; raises :class:`LookupError` for an unknown id."""
    row = connection.execute(BY_ID, {"item_id": str(item_id)}).one_or_none()
    return item_of(connection, known(row, item_id))
