"""The way in over FHIR R4: transactions, batches or single requests, by the key of the message."""

from __future__ import annotations

from datetime import timedelta

from kiosk.journal.answers import Verdict
from kiosk.journal.attempt import NOT_ASKED, Bench, Hands
from kiosk.journal.contract import Journal, Shape, Site
from kiosk.journal.fhir.dispatch import deliver
from kiosk.journal.patience import OF_FHIR, Patience
from kiosk.journal.sender_news import probe_failure
from kiosk.model.interfaces import FHIR_BATCH, FHIR_SINGLE, FHIR_TRANSACTION
from kiosk.model.outbox import Failure, Later, OutboxItem

SHAPES = {
    FHIR_TRANSACTION: Shape.TRANSACTION,
    FHIR_BATCH: Shape.BATCH,
    FHIR_SINGLE: Shape.SINGLE,
}
"""The shape in which a message of a key was frozen. One connection delivers all of them, so that
what waits when a clinic changes the shape still goes as it was made."""


class FhirInterface:
    """See :class:`kiosk.journal.interface.Interface`."""

    flies = True

    def __init__(self, journal: Journal, site: Site, doubt: float = 0.0) -> None:
        """``doubt`` are the seconds the journal may work on what it gave no answer to."""
        self._journal = journal
        self._doubt = timedelta(seconds=doubt)
        self._patience = Patience(OF_FHIR)
        self._site = site
        self._hands: Hands | None = None
        self._benches: dict[Shape, Bench] = {}

    def deliver(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        """Take one claimed message as far as it goes now."""
        if hands is not self._hands:
            self._hands, self._benches = hands, {}
        shape = SHAPES.get(item.adapter, Shape.TRANSACTION)
        bench = self._benches.get(shape)
        if bench is None:
            bench = self._benches[shape] = self._bench(hands, shape)
        verdict = deliver(item, bench)
        if verdict is None:
            return None
        outcome = verdict.outcome
        unasked = isinstance(outcome, Later) and outcome.detail.startswith(NOT_ASKED)
        return self._patience.bounded(item.id, verdict, stray=unasked)

    def _bench(self, hands: Hands, shape: Shape) -> Bench:
        return Bench(
            store=hands.store,
            now=hands.now,
            chance=hands.chance,
            in_flight=hands.in_flight,
            journal=self._journal,
            site=self._site,
            shape=shape,
            doubt=self._doubt,
        )

    def probe(self) -> Failure | None:
        """Ask for the capabilities' headers."""
        return probe_failure(self._journal.probe())

    def abort(self) -> None:
        """Cut the request that is running."""
        self._journal.abort()

    def close(self) -> None:
        """Close the connection."""
        self._journal.close()
