"""What a person decides about a message: try again, made by hand, hold back, give up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, update

from kiosk.model.outbox import DiscardReason, Failure, MessageKind
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.outbox.order import WAITING
from kiosk.store.outbox.rows import ended, row_to_change
from kiosk.store.times import micros

BY_HAND = "by-hand"
"""What stands for the journal's own reference where a person made the change there."""

o = t.outbox.c


def retry(connection: Connection, item_id: UUID, now: datetime) -> None:
    """A person puts a parked message back. If it was ever sent it is asked about first; one that
    cannot be asked about is sent, because the person has looked.
    """
    row = row_to_change(connection, item_id)
    if row.state != Delivery.REJECTED.value:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    asked = row.attempts and row.failure != Failure.MAY_HAVE_ARRIVED.value
    state = Delivery.AMBIGUOUS if asked else Delivery.QUEUED
    values = {"state": state.value, "due": micros(now)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def made_by_hand(connection: Connection, item_id: UUID, now: datetime) -> None:
    """A person made in the journal what it does not take from us. The message is done."""
    row = row_to_change(connection, item_id)
    if row.state != Delivery.REJECTED.value or row.kind == MessageKind.NEW.value:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    values = {"state": Delivery.DONE.value, "remote": BY_HAND, **ended(now)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def confirm(connection: Connection, item_id: UUID, now: datetime) -> None:
    """A person has found in the journal what only its machine is known to have taken."""
    row = row_to_change(connection, item_id)
    if row.state != Delivery.DELIVERED.value:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    values = {"state": Delivery.DONE.value, "remote": BY_HAND, **ended(now)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def hold(connection: Connection, item_id: UUID, holder: str | None = None) -> None:
    """A person holds a waiting message back: parked, until somebody decides.

    Raises :class:`StoreError` (CONTENT_DIFFERS) for one that is on its way at this moment.
    """
    row = row_to_change(connection, item_id)
    taken = holder is not None and row.leased_until is not None
    if row.state not in WAITING or taken:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    values = {"state": Delivery.REJECTED.value, "failure": Failure.HELD.value, "detail": ""}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))


def discard(connection: Connection, item_id: UUID, reason: DiscardReason, now: datetime) -> None:
    """A person gives up a parked message. What was measured stays as long as anything that was
    delivered.
    """
    row = row_to_change(connection, item_id)
    if row.state != Delivery.REJECTED.value:
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    values = {"state": Delivery.DISCARDED.value, "remote": reason.value, **ended(now)}
    connection.execute(update(t.outbox).where(o.id == str(item_id)).values(**values))
