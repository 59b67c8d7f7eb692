"""Handing over to the clinic's database, seen from a station's own outbox: one way out like others.

A handed-over visit is the clinic's to send. Doing it twice changes nothing, so that an answer that
was lost is simply asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kiosk.journal.answers import Line, Verdict
from kiosk.journal.attempt import Hands
from kiosk.journal.backoff import backoff
from kiosk.journal.interface import fixed
from kiosk.model.outbox import Failure, HandedOver, Later, OutboxItem, Parked, Released
from kiosk.model.visit import Delivery
from kiosk.station.clinic.clinic import Clinic
from kiosk.station.interfaces import HANDOVER
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.visits.mirror import HANDED_BEFORE
from kiosk.store.visits.taking_over import Compose

SILENT = frozenset(
    {
        StoreFault.UNREACHABLE,
        StoreFault.BUSY,
        StoreFault.CLOSED,
        StoreFault.DISK_FULL,
        StoreFault.READ_ONLY,
        StoreFault.INPUT_OUTPUT,
        StoreFault.CORRUPT,
    }
)
"""What passes, or is for those who look after the server; tried again by itself."""
PARKING = frozenset({StoreFault.CONTENT_DIFFERS, StoreFault.UNSTORABLE})
"""What is about this one visit."""


class ClinicInterface:
    """See :class:`kiosk.journal.interface.Interface`."""

    flies = True

    def __init__(
        self, clinic: Clinic, compose: Compose, station: str, handed: Callable[[], object]
    ) -> None:
        """``compose`` makes the messages of a visit; ``handed`` is told when one was taken."""
        self._clinic = clinic
        self._compose = compose
        self._station = station
        self._handed = handed

    def deliver(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        """Hand over a visit with what became of it since."""
        body = fixed(item, hands, lambda _: HANDOVER)
        assert isinstance(body, bytes)
        doubtful, lost = item.state is Delivery.AMBIGUOUS, body == HANDED_BEFORE
        try:
            # Asked first, so that a server that is away leaves nothing in doubt.
            self._clinic.store().ask_to_write()
        except StoreError as error:
            return _put_back(error.fault, hands)
        if item.state is not Delivery.IN_FLIGHT and not hands.store.mark_in_flight(item.id):
            return None
        hands.in_flight(item)
        visit = hands.store.visit(item.visit_id)
        try:
            self._clinic.store().take_over(
                visit, self._compose, self._station, doubtful=doubtful, lost=lost
            )
        except StoreError as error:
            return _verdict(error.fault, item, hands)
        self._handed()
        return Verdict(HandedOver(), Line.UP)

    def probe(self) -> Failure | None:
        """Ask whether the database answers."""
        try:
            self._clinic.store().ask()
        except StoreError as error:
            silent = error.fault in SILENT
            return Failure.CLINIC_SILENT if silent else Failure.CLINIC_REFUSES
        return None

    def abort(self) -> None:
        """Each command has its own limit of time."""

    def close(self) -> None:
        """The database is closed by the station."""


def _put_back(fault: StoreFault, hands: Hands) -> Verdict:
    failure = Failure.CLINIC_SILENT if fault in SILENT else Failure.CLINIC_REFUSES
    released = Released(hands.now(), failure, f"clinic-database {fault.value}")
    return Verdict(released, Line.DOWN if fault in SILENT else Line.STOPPED)


def _verdict(fault: StoreFault, item: OutboxItem, hands: Hands) -> Verdict:
    detail = f"clinic-database {fault.value}"
    if fault in PARKING:
        return Verdict(Parked(Failure.CONFLICT, detail), Line.UP)
    if fault in SILENT:
        due = hands.now() + backoff(item.attempts + 1, hands.chance())
        silent = Later(due, Failure.CLINIC_SILENT, detail, ambiguous=True)
        return Verdict(silent, Line.DOWN)
    due = hands.now() + timedelta(0)
    return Verdict(Later(due, Failure.CLINIC_REFUSES, detail, ambiguous=True), Line.STOPPED)
