"""What a person decides about a message that stopped, carried out where the message is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from kiosk.model.visit import Delivery
from kiosk.station.clinic.clinic import Clinic
from kiosk.store.store import Store
from kiosk.store.visits.mirror import is_there


class Decisions:
    """Retry, hold back, give up, or say that it was made by hand.

    Of a visit that was handed over the clinic's database decides; without an answer from it
    nothing is decided, and the :class:`StoreError` says so.
    """

    def __init__(self, own: Store, clinic: Clinic | None) -> None:
        self._own = own
        self._clinic = clinic

    def decide(
        self,
        item_id: UUID,
        what: Callable[[Store, UUID], None],
        states: tuple[Delivery, ...] = (Delivery.REJECTED,),
    ) -> None:
        """Do ``what`` with a message of this station's, or with those of its visit that are in one
        of ``states`` at the clinic.
        """
        try:
            item = self._own.item(item_id)
        except LookupError:
            self._decide_elsewhere(item_id, what)
            return
        if self._clinic is None or not is_there(item):
            what(self._own, item_id)
            return
        there = self._clinic.store()
        for one in there.delivery_of(item.visit_id):
            if one.state in states:
                what(there, one.id)
        self._own.follow(there.standing([item.visit_id]), [item.visit_id])

    def _decide_elsewhere(self, item_id: UUID, what: Callable[[Store, UUID], None]) -> None:
        """Of a visit that another station measured; raises :class:`LookupError` for none."""
        if self._clinic is None:
            raise LookupError(str(item_id))
        there = self._clinic.store()
        there.item(item_id)
        what(there, item_id)
        self._clinic.look(self._own)
