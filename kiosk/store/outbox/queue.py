"""The outbox as rows: claiming in order, settling, recovering after a crash.

Only the oldest unsettled message of a chain may go; chains (one a visit and interface) are
independent, so a parked message stops nothing but its own chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from kiosk.model.outbox import (
    Delivered,
    Done,
    HandedOver,
    Later,
    NewMessage,
    OutboxItem,
    Outcome,
    Parked,
    Released,
)
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.database.prepared import Prepared
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.limits import clean
from kiosk.store.outbox import leases
from kiosk.store.outbox.order import first_due, present
from kiosk.store.outbox.rows import UNSETTLED, ended, hidden, item_of, row_to_change
from kiosk.store.times import micros

o = t.outbox.c
_ARRIVED = (Delivery.DONE.value, Delivery.DELIVERED.value)


def _is_one_of(*states: str) -> ColumnElement[bool]:
    # SQLAlchemy writes IN (...) anew for each execution; SQLite reads this the same way.
    return or_(*(o.state == state for state in states))


_INSERT = Prepared(
    insert(t.outbox),
    [c.name for c in t.outbox.c if c not in {o.sequence, o.leased_by, o.leased_until}],
)
_SET_STATE = update(t.outbox).where(o.id == bindparam("item_id"))
_CLAIM = _SET_STATE.values(state=Delivery.CLAIMED.value)


_READ = [c for c in t.outbox.c if c not in {o.body_sha256, o.settled, o.leased_by, o.leased_until}]
"""What an item is made of; with each message that is sent every column costs."""


@cache
def _due(adapters: tuple[str, ...]) -> Select[Any]:
    return select(t.outbox).where(o.sequence == first_due(adapters))


@cache
def _launch(adapters: tuple[str, ...]) -> Prepared:
    return Prepared(
        update(t.outbox)
        .where(o.sequence == first_due(adapters))
        .where(o.state == Delivery.QUEUED.value)
        .where(o.body.is_not(None))
        .values(state=Delivery.IN_FLIGHT.value, attempts=o.attempts + 1)
        .returning(*_READ)
    )


# The conditions stand in the statements, so that the usual case is one statement, not two.
_IN_FLIGHT = (
    _SET_STATE.where(_is_one_of(Delivery.CLAIMED.value, Delivery.AMBIGUOUS.value))
    .where(o.body.is_not(None))
    .values(state=Delivery.IN_FLIGHT.value, attempts=o.attempts + 1)
)
_DONE = Prepared(
    _SET_STATE.where(_is_one_of(*UNSETTLED)).values(
        state=bindparam("new_state"),
        failure=null(),
        detail="",
        remote=bindparam("new_remote"),
        settled=bindparam("new_settled"),
        due=bindparam("new_due"),
    )
)
_SETTLE = _SET_STATE.values(
    state=bindparam("new_state"),
    failure=bindparam("new_failure"),
    detail=bindparam("new_detail"),
    remote="",
    due=func.coalesce(bindparam("new_due"), o.due),
    settled=None,
    attempts=o.attempts - bindparam("uncounted"),
)


def add(connection: Connection, message: NewMessage, now: datetime) -> None:
    """Queue a message, due at once."""
    _INSERT.run(
        connection,
        {
            "id": str(message.id),
            "visit_id": str(message.visit_id),
            "kind": message.kind.value,
            "adapter": message.adapter,
            "body": None if message.body is None else hidden(connection, message.body),
            "body_sha256": _sha256(message.body),
            "state": Delivery.QUEUED.value,
            "attempts": 0,
            "due": micros(now),
            "created": micros(now),
            "settled": None,
            "failure": None,
            "detail": "",
            "remote": "",
        },
    )


def claim(
    connection: Connection,
    now: datetime,
    adapters: Sequence[str] = (),
    *,
    launch: bool = False,
    holder: str | None = None,
) -> OutboxItem | None:
    """Take the message that is due longest. An ambiguous one keeps its state: it is asked about.

    Only of ``adapters`` if any are named. ``launch`` marks a queued message with fixed bytes in
    flight right away. A ``holder`` leases what it takes.
    """
    if holder is not None:
        row = leases.claim(connection, now, adapters, holder, launch=launch)
        return _launched(connection, row) if row is not None else None
    mine, around = tuple(adapters) or present(connection), {"now": micros(now)}
    if not mine:
        return None
    if launch:
        flying = _launch(mine).run(connection, around).one_or_none()
        if flying is not None:
            return _launched(connection, flying)
    row = connection.execute(_due(mine), around).one_or_none()
    if row is None:
        return None
    if row.state != Delivery.QUEUED.value:
        return item_of(connection, row)
    connection.execute(_CLAIM, {"item_id": row.id})
    return item_of(connection, row, Delivery.CLAIMED)


def _launched(connection: Connection, row: Row[Any]) -> OutboxItem:
    """What was claimed; of a message in flight the attempts are those before this one."""
    item = item_of(connection, row)
    flying = item.state is Delivery.IN_FLIGHT
    return replace(item, attempts=item.attempts - 1) if flying else item


def freeze(connection: Connection, item_id: UUID, body: bytes) -> None:
    """Fix the bytes of a message. Raises :class:`StoreError` if other bytes are already fixed."""
    row, kept = row_to_change(connection, item_id), hidden(connection, body)
    if row.body is not None:
        if row.body != kept:
            raise StoreError(StoreFault.CONTENT_DIFFERS)
        return
    values = {"body": kept, "body_sha256": _sha256(body)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def mark_in_flight(connection: Connection, item_id: UUID, holder: str | None = None) -> bool:
    """Bytes may leave from now on; counts the attempt. Done messages never fly again.

    ``False`` for a message that was taken back, or whose lease this ``holder`` has lost: nothing
    may leave.
    """
    if holder is not None and not leases.renewed(connection, item_id, holder):
        if row_to_change(connection, item_id).state in {
            *_ARRIVED,
            Delivery.REJECTED.value,
        }:
            raise StoreError(StoreFault.CONTENT_DIFFERS)
        return False
    if connection.execute(_IN_FLIGHT, {"item_id": str(item_id)}).rowcount == 0:
        if row_to_change(connection, item_id).state == Delivery.CANCELLED.value:
            return False
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    return True


def cancel(connection: Connection, item_id: UUID, now: datetime) -> None:
    """Take a message back. Only for one of which nothing is on its way."""
    values = {"state": Delivery.CANCELLED.value, "failure": None, **ended(now)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def settle(
    connection: Connection,
    item_id: UUID,
    outcome: Outcome,
    now: datetime,
    holder: str | None = None,
) -> None:
    """Record how an attempt ended.

    Nothing is recorded of a message whose lease went from this ``holder`` to another: that one
    asks the journal itself.
    """
    if holder is not None and not leases.returned(connection, item_id, holder):
        if row_to_change(connection, item_id).state in _ARRIVED:
            raise StoreError(StoreFault.CONTENT_DIFFERS)
        return
    if isinstance(outcome, Done) and not isinstance(outcome, HandedOver):
        grade = Delivery.DELIVERED if isinstance(outcome, Delivered) else Delivery.DONE
        values: dict[str, Any] = {"item_id": str(item_id), "new_state": grade.value}
        values["new_remote"] = clean(outcome.remote)
        if (
            _DONE.run(
                connection, {**values, "new_settled": micros(now), "new_due": micros(now)}
            ).rowcount
            == 1
        ):
            return
    row = row_to_change(connection, item_id)
    if row.state == Delivery.CANCELLED.value and not isinstance(outcome, Done):
        return
    handed = isinstance(outcome, HandedOver)
    if (isinstance(outcome, Done) and not handed) or row.state not in UNSETTLED:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    kept = {"item_id": str(item_id), "new_due": None, "uncounted": 0}
    connection.execute(_SETTLE, {**kept, **_outcome(row, outcome)})


def _outcome(row: Row[Any], outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Later(due, failure, detail, ambiguous):
            state = Delivery.AMBIGUOUS if ambiguous else Delivery.QUEUED
            told = {"new_failure": failure.value, "new_detail": clean(detail)}
            return {"new_state": state.value, "new_due": micros(due), **told}
        case Done():
            nothing = {"new_failure": None, "new_detail": ""}
            return {"new_state": Delivery.HANDED_OVER.value, **nothing}
        case Parked(failure, detail):
            told = {"new_failure": failure.value, "new_detail": clean(detail)}
            return {"new_state": Delivery.REJECTED.value, **told}
        case Released(due, failure_or_none, detail):
            in_flight = row.state == Delivery.IN_FLIGHT.value
            ambiguous = row.state == Delivery.AMBIGUOUS.value
            state = Delivery.AMBIGUOUS if ambiguous else Delivery.QUEUED
            return {
                "new_state": state.value,
                "new_due": micros(due),
                "new_failure": failure_or_none.value if failure_or_none else None,
                "new_detail": clean(detail),
                "uncounted": 1 if in_flight else 0,
            }


def _sha256(body: bytes | None) -> str:
    return hashlib.sha256(body).hexdigest() if body is not None else ""
