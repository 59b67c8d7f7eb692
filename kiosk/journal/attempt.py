"""What a message is worked on with, and the steps that every kind of message has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.journal.answers import STOPPING, Line, Verdict
from kiosk.journal.backoff import backoff
from kiosk.journal.contract import (
    Journal,
    LookUpFailed,
    PatientAnswer,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSeveral,
    Shape,
    Site,
    Unknown,
)
from kiosk.model.outbox import Failure, Later, OutboxItem, OutboxStore, Parked, Released
from kiosk.model.visit import Child

NOT_ASKED = "not-asked:"
"""How the detail of a message begins of which the journal understood no question."""

_AT_ONCE = timedelta(0)
_PROBED = frozenset({Failure.UNREACHABLE, Failure.BUSY, Failure.UNKNOWN_OUTCOME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What every way into a journal works with. ``chance`` gives a number in 0..1 for the jitter.

    ``in_flight`` is told after the record that bytes may have left is durable.
    """

    store: OutboxStore
    now: Callable[[], datetime]
    chance: Callable[[], float]
    in_flight: Callable[[OutboxItem], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench(Hands):
    """What a way in over FHIR works with besides. ``shape`` is how entries travel, ``doubt`` how
    long the journal may still be working on what it gave no answer to.
    """

    journal: Journal
    site: Site
    shape: Shape = Shape.TRANSACTION
    doubt: timedelta = timedelta(0)


def patient_of(child: Child, bench: Bench) -> PatientRef | Verdict:
    """Ask the journal for the child's record; what else it says is a verdict."""
    if not child.number:
        return parked(Failure.NO_NUMBER)
    answer = bench.journal.look_up(child.number, child.number_kind, child.birth_date)
    if isinstance(answer, PatientFound):
        return PatientRef(answer.reference)
    return _no_patient(answer, bench)


def _no_patient(answer: PatientAnswer, bench: Bench) -> Verdict:
    if isinstance(answer, PatientMissing):
        return parked(Failure.PATIENT_NOT_FOUND)
    if isinstance(answer, PatientSeveral):
        return parked(Failure.PATIENT_NOT_UNIQUE)
    if not isinstance(answer, LookUpFailed):
        return parked(Failure.PATIENT_DIFFERS)
    if answer.failure in STOPPING:
        return Verdict(Released(bench.now(), answer.failure, answer.detail), Line.STOPPED)
    if answer.failure in _PROBED:
        return Verdict(Released(bench.now(), answer.failure, answer.detail), Line.DOWN)
    # The server's words about a search may repeat what was searched for in ways no mask knows.
    return parked(answer.failure, answer.detail.split(" ")[0])


def parked(failure: Failure, detail: str = "") -> Verdict:
    """A person must look at this message; the line is well."""
    return Verdict(Parked(failure, detail), Line.UP)


def not_told(item: OutboxItem, finding: Unknown, bench: Bench) -> Verdict:
    """The journal could not be asked: the message waits, as uncertain as it was.

    A question that is refused or not understood is about this message: others go on, and after a
    few more questions (:mod:`kiosk.journal.patience`) a person looks.
    """
    unasked = finding.failure not in STOPPING | _PROBED or finding.failure is Failure.CONFIGURATION
    # Nothing new was sent, so the message stays as uncertain as it was.
    due = bench.now() + (backoff(item.attempts, bench.chance()) if unasked else _AT_ONCE)
    detail = f"{NOT_ASKED} {finding.detail}".strip() if unasked else finding.detail
    outcome = Later(due, finding.failure, detail, ambiguous=True)
    if unasked:
        return Verdict(outcome, Line.UP)
    return Verdict(outcome, Line.STOPPED if finding.failure in STOPPING else Line.DOWN)


def personal_words(item: OutboxItem, bench: Hands) -> tuple[str, ...]:
    """Words about the child of this message, to be masked in what the server says."""
    child = bench.store.visit(item.visit_id).child
    names = (child.given_name, *child.given_name.split())
    return (*names, child.number, child.birth_date.isoformat())
