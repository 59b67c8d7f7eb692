"""The outbox as one sender sees it: only the messages of the interface it serves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kiosk.model.outbox import OutboxCounts, OutboxItem, Outcome
from kiosk.model.visit import Visit
from kiosk.store.store import Store


class InterfaceOutbox:
    """An :class:`kiosk.model.outbox.OutboxStore` for the messages of ``adapters`` (one to three).

    What it counts is the whole outbox: that is what the desk shows.
    """

    def __init__(self, store: Store, adapters: Sequence[str]) -> None:
        self._store = store
        self._adapters = tuple(adapters)

    def recover(self, now: datetime) -> int:
        """Put right what a crash left of these messages."""
        return self._store.recover(now, self._adapters)

    def claim(self, now: datetime) -> OutboxItem | None:
        """Take the oldest of these messages that is due."""
        return self._store.claim(now, self._adapters)

    def settle(
        self, item_id: UUID, outcome: Outcome, now: datetime, *, launch: bool = False
    ) -> OutboxItem | None:
        """Record an outcome and take the next of these messages."""
        return self._store.settle(item_id, outcome, now, self._adapters, launch=launch)

    def freeze(self, item_id: UUID, body: bytes) -> None:
        """Fix the bytes of a message."""
        self._store.freeze(item_id, body)

    def mark_in_flight(self, item_id: UUID) -> bool:
        """Record that bytes may leave."""
        return self._store.mark_in_flight(item_id)

    def visit(self, visit_id: UUID) -> Visit:
        """The visit a message is about."""
        return self._store.visit(visit_id)

    def counts(self) -> OutboxCounts:
        """How much waits, is parked and is done, of all interfaces."""
        return self._store.counts()

    def next_due(self) -> datetime | None:
        """When the earliest of these messages is due."""
        return self._store.next_due(self._adapters)

    def items(self, limit: int = 200) -> Sequence[OutboxItem]:
        """The newest messages of all interfaces."""
        return self._store.items(limit)
