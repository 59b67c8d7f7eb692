"""Whether the record that a waiting message was made for is still the child's.

A message is frozen for the record that was found when the visit was saved. While it waits, that
record may be deleted, switched off or replaced by another, and a journal may take a value for it
all the same. So what has waited asks once more, as it was asked then, before it is sent.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.journal.answers import Verdict
from kiosk.journal.attempt import Bench, parked, patient_of
from kiosk.model.changes import current
from kiosk.model.outbox import Failure, Later, OutboxItem, Released
from kiosk.model.visit import Delivery

WAITED = timedelta(minutes=10)
"""How old a look-up is that is believed without asking again."""

REPLACED = "patient-replaced-since"


def gone_since(item: OutboxItem, body: bytes, bench: Bench) -> Verdict | None:
    """Why a message must not be sent to the record it names; ``None`` if it may be."""
    if bench.now() - item.created < WAITED:
        return None
    child = current(bench.store.visit(item.visit_id)).child
    if not child.number:
        return None
    patient = patient_of(child, bench)
    if isinstance(patient, Verdict):
        return _as_uncertain_as_it_was(item, patient)
    if f'"{patient.reference}"'.encode("ascii") in body:
        return None
    return parked(Failure.PATIENT_NOT_FOUND, REPLACED)


def _as_uncertain_as_it_was(item: OutboxItem, verdict: Verdict) -> Verdict:
    outcome = verdict.outcome
    if item.state is Delivery.AMBIGUOUS and isinstance(outcome, Released):
        failure = outcome.failure or Failure.UNREACHABLE
        return Verdict(Later(outcome.due, failure, outcome.detail, ambiguous=True), verdict.line)
    return verdict
