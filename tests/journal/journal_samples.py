"""Made-up visits, and an outbox in memory that keeps the promises of the real one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from uuid import UUID

from kiosk.demo.children import DemoChild
from kiosk.journal.contract import Site
from kiosk.model.outbox import Done, Later, MessageKind, OutboxCounts, OutboxItem, Outcome, Parked
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import (
    Child,
    Delivery,
    Dress,
    IdKind,
    Measurement,
    OddReason,
    Position,
    Quantity,
    Source,
    Visit,
)

SITE = Site("urn:x-helsestasjon-kiosk:999999999:station-1", "999999999", "Testbyen helsestasjon")
NURSE = Performer("u1", "Test Testesen", hpr_number="9999999")
SCALE = Device("scale", "RADWAG C315", "radwag", "1", "S123")
WHEN = datetime(2026, 10, 25, 0, 30, 5, tzinfo=UTC)
CHILD = Child("18912650053", IdKind.NATIONAL, date(2026, 11, 18), "Ada")


def measurement(
    quantity: Quantity = Quantity.WEIGHT,
    value: int = 4236,
    text: str = "4.236",
    unit: str = "kg",
    *,
    ident: UUID | None = None,
    **more: object,
) -> Measurement:
    typed = quantity is not Quantity.WEIGHT
    sample = Measurement(
        id=ident or uuid.uuid4(),
        visit_id=UUID(int=1),
        quantity=quantity,
        value=value,
        text=text,
        unit=unit,
        source=Source.TYPED if typed else Source.DEVICE,
        measured_at=WHEN,
        entered_at=WHEN + timedelta(seconds=20),
        offset_minutes=120,
        performer=NURSE,
        position=Position.LYING if quantity is Quantity.LENGTH else None,
        dress=None if typed else Dress.NAKED,
        device=None if typed else SCALE,
    )
    return replace(sample, **more)


def whole_visit(child: Child = CHILD, fixed: bool = False) -> Visit:
    ids = [UUID(int=n) if fixed else uuid.uuid4() for n in (11, 12, 13)]
    return Visit(
        id=UUID(int=1) if fixed else uuid.uuid4(),
        child=child,
        measurements=(
            measurement(ident=ids[0]),
            measurement(Quantity.LENGTH, 545, "54,5", "cm", ident=ids[1]),
            measurement(
                Quantity.HEAD, 380, "38.0", "cm", ident=ids[2], odd_reason=OddReason.PREMATURE
            ),
        ),
    )


def as_child(demo: DemoChild) -> Child:
    return Child(demo.number, demo.number_kind, demo.birth_date, demo.given_name)


class MemoryOutbox:
    """The store's promises without a disk. Thread-safe; counts its commits."""

    def __init__(self) -> None:
        self.rows: dict[UUID, OutboxItem] = {}
        self.visits: dict[UUID, Visit] = {}
        self.commits = 0
        self._lock = Lock()

    def add(self, visit: Visit, body: bytes | None, now: datetime | None = None) -> UUID:
        ident = uuid.uuid4()
        moment = now or datetime.now(UTC)
        with self._lock:
            self.visits[visit.id] = visit
            self.rows[ident] = OutboxItem(
                id=ident,
                sequence=len(self.rows) + 1,
                visit_id=visit.id,
                kind=MessageKind.NEW,
                adapter="fhir",
                body=body,
                state=Delivery.QUEUED,
                attempts=0,
                due=moment,
                created=moment,
            )
        return ident

    def _set(self, item_id: UUID, **changes: object) -> None:
        self.rows[item_id] = replace(self.rows[item_id], **changes)

    def recover(self, now: datetime, adapters: Sequence[str] = ()) -> int:
        back = {Delivery.CLAIMED: Delivery.QUEUED, Delivery.IN_FLIGHT: Delivery.AMBIGUOUS}
        with self._lock:
            found = [row for row in self.rows.values() if row.state in back]
            for row in found:
                self._set(row.id, state=back[row.state])
        return len(found)

    def claim(self, now: datetime, adapters: Sequence[str] = ()) -> OutboxItem | None:
        with self._lock:
            return self._claim(now)

    def _claim(self, now: datetime, launch: bool = False) -> OutboxItem | None:
        self.commits += 1
        waiting = {Delivery.QUEUED, Delivery.AMBIGUOUS}
        due = [row for row in self.rows.values() if row.state in waiting and row.due <= now]
        if not due:
            return None
        oldest = min(due, key=lambda row: (row.due, row.sequence))
        if oldest.state is not Delivery.QUEUED:
            return oldest
        if launch and oldest.body is not None:
            self._set(oldest.id, state=Delivery.IN_FLIGHT, attempts=oldest.attempts + 1)
            return replace(oldest, state=Delivery.IN_FLIGHT)
        self._set(oldest.id, state=Delivery.CLAIMED)
        return self.rows[oldest.id]

    def settle(
        self,
        item_id: UUID,
        outcome: Outcome,
        now: datetime,
        adapters: Sequence[str] = (),
        *,
        launch: bool = False,
    ) -> OutboxItem | None:
        with self._lock:
            match outcome:
                case Done(remote):
                    self._set(item_id, state=Delivery.DONE, remote=remote, failure=None)
                case Parked(failure, detail):
                    self._set(item_id, state=Delivery.REJECTED, failure=failure, detail=detail)
                case _:
                    ambiguous = isinstance(outcome, Later) and outcome.ambiguous
                    self._set(
                        item_id,
                        state=Delivery.AMBIGUOUS if ambiguous else Delivery.QUEUED,
                        due=outcome.due,
                        failure=outcome.failure,
                        detail=outcome.detail,
                    )
            return self._claim(now, launch)

    def freeze(self, item_id: UUID, body: bytes) -> None:
        with self._lock:
            assert self.rows[item_id].body is None
            self._set(item_id, body=body)

    def mark_in_flight(self, item_id: UUID) -> bool:
        with self._lock:
            self.commits += 1
            row = self.rows[item_id]
            assert row.state in {Delivery.CLAIMED, Delivery.AMBIGUOUS}
            assert row.body is not None
            self._set(item_id, state=Delivery.IN_FLIGHT, attempts=row.attempts + 1)
            return True

    def visit(self, visit_id: UUID) -> Visit:
        return self.visits[visit_id]

    def counts(self) -> OutboxCounts:
        with self._lock:
            states = [row.state for row in self.rows.values()]
        parked, done = states.count(Delivery.REJECTED), states.count(Delivery.DONE)
        return OutboxCounts(len(states) - parked - done, parked, done)

    def next_due(self, adapters: Sequence[str] = ()) -> datetime | None:
        with self._lock:
            waiting = {Delivery.QUEUED, Delivery.AMBIGUOUS}
            return min((r.due for r in self.rows.values() if r.state in waiting), default=None)

    def items(self, limit: int = 200) -> Sequence[OutboxItem]:
        return sorted(self.rows.values(), key=lambda row: -row.sequence)[:limit]
