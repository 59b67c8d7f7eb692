"""Synthetic visits for tests of the store and what hangs on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from uuid6 import uuid7

from kiosk.model.outbox import MessageKind, NewMessage
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import Child, Dress, IdKind, Measurement, Position, Quantity, Source, Visit

ANNE = Performer("anne", "Anne Synnøve")
NUMBER = "10915596784"
NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)


def child(name: str = "Kanarinora", number: str = NUMBER) -> Child:
    return Child(number, IdKind.NATIONAL, date(2026, 1, 10), name, "Patient/7")


def measurement(visit_id: UUID, quantity: Quantity, value: int, text: str) -> Measurement:
    device = Device("scale", "RADWAG", "radwag", "1", "S-1")
    weight = quantity is Quantity.WEIGHT
    return Measurement(
        id=uuid7(),
        visit_id=visit_id,
        quantity=quantity,
        value=value,
        text=text,
        unit="kg" if weight else "cm",
        source=Source.DEVICE if weight else Source.TYPED,
        measured_at=NOW,
        entered_at=NOW,
        offset_minutes=60,
        performer=ANNE,
        dress=Dress.NAKED if weight else None,
        position=Position.LYING if quantity is Quantity.LENGTH else None,
        stability="stable" if weight else "",
        raw=b"S S 8.420 kg\r\n" if weight else b"",
        device=device if weight else None,
    )


def visit(name: str = "Kanarinora", number: str = NUMBER) -> Visit:
    visit_id = uuid7()
    values = (
        measurement(visit_id, Quantity.WEIGHT, 8420, "8.420"),
        measurement(visit_id, Quantity.LENGTH, 715, "71.5"),
    )
    return Visit(visit_id, child(name, number), values)


def message(of: Visit, body: bytes | None = b"{}") -> NewMessage:
    return NewMessage(uuid7(), of.id, MessageKind.NEW, "fhir-transaction", body)
