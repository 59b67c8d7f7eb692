"""A row of the outbox and the message it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from kiosk.model.outbox import Failure, MessageKind, OutboxItem
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.database import sealing
from kiosk.store.outbox.order import WAITING
from kiosk.store.times import micros, moment_of

UNSETTLED = (*WAITING, Delivery.CLAIMED.value, Delivery.IN_FLIGHT.value)
"""States from which a message still has to be settled here."""

BY_ID = select(t.outbox).where(t.outbox.c.id == bindparam("item_id"))
_BY_ID_TO_CHANGE = BY_ID.with_for_update()


def row_to_change(connection: Connection, item_id: UUID) -> Row[Any]:
    """A message that is about to be changed: nobody else changes it meanwhile."""
    row = connection.execute(_BY_ID_TO_CHANGE, {"item_id": str(item_id)}).one_or_none()
    return known(row, item_id)


def ended(now: datetime) -> dict[str, int]:
    """What is set with every state in which a message has ended."""
    return {"settled": micros(now), "due": micros(now)}


def known(row: Row[Any] | None, item_id: UUID) -> Row[Any]:
    """The row; raises :class:`LookupError` where there is none."""
    if row is None:
        raise LookupError(str(item_id))
    return row


def hidden(connection: Connection, body: bytes) -> bytes:
    """The bytes of a message as this database keeps them."""
    return sealing.hide_bytes(connection, "body", body)


LISTED = [c for c in t.outbox.c if c.name not in {"body", "body_sha256"}]
"""What a list of messages is made of: without their bytes."""


def item_of(connection: Connection, row: Row[Any], state: Delivery | None = None) -> OutboxItem:
    """A message as it is read; ``state`` where it has just become another."""
    return replace(
        listed_item(row), state=state or Delivery(row.state), body=_body(connection, row)
    )


def _body(connection: Connection, row: Row[Any]) -> bytes | None:
    return None if row.body is None else sealing.show_bytes(connection, "body", row.body)


def listed_item(row: Row[Any]) -> OutboxItem:
    """A message as it stands in a list: its bytes are left where they are."""
    return OutboxItem(
        id=UUID(row.id),
        sequence=row.sequence,
        visit_id=UUID(row.visit_id),
        kind=MessageKind(row.kind),
        adapter=row.adapter,
        body=None,
        state=Delivery(row.state),
        attempts=row.attempts,
        due=moment_of(row.due),
        created=moment_of(row.created),
        failure=Failure(row.failure) if row.failure else None,
        detail=row.detail,
        remote=row.remote,
    )
