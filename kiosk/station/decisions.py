"""What a person decides about a message that stopped, carried out where the message is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from kiosk.model.outbox import DiscardReason
from kiosk.model.visit import Delivery, Performer
from kiosk.station.clinic.clinic import Clinic
from kiosk.store.store import Store
from kiosk.store.visits.mirror import is_there

WAITING = (Delivery.QUEUED, Delivery.AMBIGUOUS)


class Decisions:
    """Retry, discard, or say that it was made by hand.

    Of a visit that was handed over the clinic's database decides; without an answer from it
    nothing is decided, and the :class:`StoreError` says so.
    """

    def __init__(self, own: Store, clinic: Clinic | None) -> None:
        self._own = own
        self._clinic = clinic

    def retry(self, item_id: UUID, actor: Performer) -> None:
        """Put a parked message back in the queue."""
        self._decide(item_id, lambda store, one: store.retry(one, actor))

    def hold(self, item_id: UUID, actor: Performer) -> None:
        """Hold a waiting message back."""
        self._decide(item_id, lambda store, one: store.hold(one, actor), WAITING)

    def discard(self, item_id: UUID, reason: DiscardReason, actor: Performer) -> None:
        """Give up a parked message."""
        self._decide(item_id, lambda store, one: store.discard(one, reason, actor))

    def made_by_hand(self, item_id: UUID, actor: Performer) -> None:
        """The change was made in the journal by a person."""
        self._decide(item_id, lambda store, one: store.made_by_hand(one, actor))

    def _decide(
        self,
        item_id: UUID,
        decide: Callable[[Store, UUID], None],
        states: tuple[Delivery, ...] = (Delivery.REJECTED,),
    ) -> None:
        item = self._own.item(item_id)
        if self._clinic is None or not is_there(item):
            decide(self._own, item_id)
            return
        there = self._clinic.store()
        for one in there.delivery_of(item.visit_id):
            if one.state in states:
                decide(there, one.id)
        self._own.follow(there.standing([item.visit_id]), [item.visit_id])
