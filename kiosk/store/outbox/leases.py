"""Claiming where several stations share one database: skip what others hold, for a limited time.

A claim is a row lock for a moment (``FOR UPDATE SKIP LOCKED``) and a lease for as long as sending
may take. The lease outlives every deadline of a sending by far, is renewed before the first byte,
and is looked at again before an outcome is recorded; so a station that died holds a message up
for one lease at most, and one that only slept records nothing that another has taken over since.
Leases go by the server's clock: those of the stations need not agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate, Update

from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox.order import WAITING, blocked, present, served
from kiosk.store.times import micros

CLAIM_SECONDS = 60
"""How long a message is a station's before its first byte leaves. A station whose own line to the
journal is broken keeps one message in hand, and the others wait no longer than this for it."""
SENDING_SECONDS = 600
"""How long it is a station's once bytes may have left. Sending takes at most a few deadlines."""

o = t.outbox.c
_TAKEN = (Delivery.CLAIMED.value, Delivery.IN_FLIGHT.value)
_CLOCK = cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
_END_OF_CLAIM = _CLOCK + CLAIM_SECONDS * 1_000_000
_END_OF_SENDING = _CLOCK + SENDING_SECONDS * 1_000_000


def free_for(holder: str) -> ColumnElement[bool]:
    """Whether nobody else works on the row."""
    return or_(o.leased_until.is_(None), o.leased_until <= _CLOCK, o.leased_by == holder)


@cache
def _soonest(adapters: tuple[str, ...]) -> Select[Any]:
    """The interfaces and states of which a message may be due, the one due longest first."""
    every = []
    for adapter in adapters:
        for state in WAITING:
            row = t.outbox.alias("waiting")
            first = (
                select(row.c.adapter, row.c.state, row.c.due, row.c.sequence)
                .where(served(row, [adapter]), row.c.state == state)
                .where(row.c.due <= bindparam("now"))
                .where(or_(row.c.leased_until.is_(None), row.c.leased_until <= _CLOCK))
                .where(~blocked(row))
                .order_by(row.c.due, row.c.sequence)
                .limit(1)
                .subquery()
            )
            every.append(select(first))
    found = union_all(*every).subquery("next")
    return select(found.c.adapter, found.c.state).order_by(found.c.due, found.c.sequence)


@cache
def _claiming(adapter: str, state: str, *, launch: bool) -> ReturningUpdate[Any]:
    row = t.outbox.alias("waiting")
    free = or_(row.c.leased_until.is_(None), row.c.leased_until <= _CLOCK)
    first = (
        select(row.c.sequence)
        .where(served(row, [adapter]), row.c.state == state)
        .where(row.c.due <= bindparam("now"))
        .where(free, ~blocked(row))
        .order_by(row.c.due, row.c.sequence)
        .limit(1)
        .with_for_update(skip_locked=True, of=row)
        .scalar_subquery()
    )
    queued = o.state == Delivery.QUEUED.value
    leaves = and_(queued, o.body.is_not(None)) if launch else ~true()
    return (
        update(t.outbox)
        .where(o.sequence == first)
        .values(
            state=case(
                (leaves, Delivery.IN_FLIGHT.value),
                (queued, Delivery.CLAIMED.value),
                else_=o.state,
            ),
            attempts=o.attempts + case((leaves, 1), else_=0),
            leased_by=bindparam("holder"),
            leased_until=case((leaves, _END_OF_SENDING), else_=_END_OF_CLAIM),
        )
        .returning(t.outbox)
    )


def claim(
    connection: Connection,
    now: datetime,
    adapters: Sequence[str],
    holder: str,
    *,
    launch: bool,
) -> Row[Any] | None:
    """Take and lease the message that is due longest and that nobody else holds."""
    mine = tuple(adapters) or present(connection)
    if not mine:
        return None
    row = _taken(connection, now, mine, holder, launch=launch)
    if row is None and _give_up_ended(connection, now, mine):
        row = _taken(connection, now, mine, holder, launch=launch)
    return row


def _taken(
    connection: Connection, now: datetime, adapters: tuple[str, ...], holder: str, *, launch: bool
) -> Row[Any] | None:
    around = {"now": micros(now), "holder": holder}
    for adapter, state in connection.execute(_soonest(adapters), {"now": micros(now)}).all():
        row = connection.execute(_claiming(adapter, state, launch=launch), around).one_or_none()
        if row is not None:
            return row
    return None


def _give_up_ended(connection: Connection, now: datetime, adapters: Sequence[str]) -> int:
    """What a station held that has not been heard of since goes back, in doubt if it had left."""
    ended = update(t.outbox).where(o.state.in_(_TAKEN), o.leased_until <= _CLOCK)
    return connection.execute(_put_back(ended, now, adapters)).rowcount


def recover(connection: Connection, now: datetime, adapters: Sequence[str], holder: str) -> int:
    """After a start: what this station held when it ended goes back."""
    adapters = tuple(adapters) or present(connection)
    if not adapters:
        return 0
    mine = update(t.outbox).where(o.leased_by == holder)
    taken = connection.execute(_put_back(mine.where(o.state.in_(_TAKEN)), now, adapters)).rowcount
    # Messages in doubt keep their state while they are worked on.
    connection.execute(_put_back(mine.where(o.state.in_(WAITING)), now, adapters))
    return taken


def _put_back(which: Update, now: datetime, adapters: Sequence[str]) -> Update:
    return which.where(served(t.outbox, adapters)).values(
        state=case(
            (o.state == Delivery.IN_FLIGHT.value, Delivery.AMBIGUOUS.value),
            (o.state == Delivery.CLAIMED.value, Delivery.QUEUED.value),
            else_=o.state,
        ),
        # Its place among the others stays: it was due before.
        due=case((o.due > micros(now), micros(now)), else_=o.due),
        leased_by=None,
        leased_until=None,
    )


def renewed(connection: Connection, item_id: UUID, holder: str) -> bool:
    """Lease a message for another while; ``False`` if it is this station's no more."""
    held = update(t.outbox).where(o.id == str(item_id), o.leased_by == holder)
    still = held.where(o.leased_until > _CLOCK).values(leased_until=_END_OF_SENDING)
    return connection.execute(still).rowcount == 1


def returned(connection: Connection, item_id: UUID, holder: str) -> bool:
    """Give the lease back; ``False`` if another station has the message by now."""
    held = update(t.outbox).where(o.id == str(item_id), o.leased_by == holder)
    return connection.execute(held.values(leased_by=None, leased_until=None)).rowcount == 1
