"""Putting right what a stop left in the outbox, in the same short time however much waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, select, update

from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox import leases
from kiosk.store.outbox.order import WAITING, present
from kiosk.store.times import micros

o = t.outbox.c
RECOVERED_AT_ONCE = 200
"""Waiting messages of an interface and state that a start makes due, at most."""


def recover(
    connection: Connection, now: datetime, adapters: Sequence[str] = (), holder: str | None = None
) -> int:
    """After a start: claimed → queued, in flight → ambiguous; the first that wait are due at once.

    Only messages of ``adapters`` if any are named: others are in the hands of other senders. With
    a ``holder`` only what it has leased.
    """
    if holder is not None:
        return leases.recover(connection, now, adapters, holder)
    mine = tuple(adapters) or present(connection)
    if not mine:
        return 0
    left = (
        update(t.outbox)
        .where(o.adapter.in_(mine))
        .where(o.state.in_((Delivery.CLAIMED.value, Delivery.IN_FLIGHT.value)))
        .values(
            state=case(
                (o.state == Delivery.IN_FLIGHT.value, Delivery.AMBIGUOUS.value),
                else_=Delivery.QUEUED.value,
            ),
            # Its place among the others stays: it was due before.
            due=case((o.due > micros(now), micros(now)), else_=o.due),
        )
    )
    recovered = connection.execute(left).rowcount
    for adapter in mine:
        for state in WAITING:
            _due_at_once(connection, adapter, state, now)
    return recovered


def _due_at_once(connection: Connection, adapter: str, state: str, now: datetime) -> None:
    # The clock may have been wrong when a due time was set; a restart tries again. Only the first
    # ones: a start must not write a whole queue anew, and the sender's sweep finds the others.
    soonest = (
        select(o.sequence)
        .where(o.adapter == adapter, o.state == state, o.due > micros(now))
        .order_by(o.due)
        .limit(RECOVERED_AT_ONCE)
    )
    found = connection.execute(soonest).scalars().all()
    if found:
        connection.execute(update(t.outbox).where(o.sequence.in_(found)).values(due=micros(now)))
