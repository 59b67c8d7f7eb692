"""One message on its way: who is the patient, is it there already, send, judge the answer.

Every step that changes what may have happened is durable before the next one begins: the bytes
are frozen before they are sent, and "in flight" is recorded before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kiosk.core.model import Delivery
from kiosk.core.outbox import (
    Done,
    Failure,
    Later,
    MessageKind,
    OutboxItem,
    OutboxStore,
    Parked,
    Released,
)
from kiosk.journal.answers import STOPPING, Circumstances, Line, Verdict, classify
from kiosk.journal.backoff import backoff
from kiosk.journal.contract import (
    Absent,
    Answer,
    Found,
    Journal,
    LookUpFailed,
    PatientAnswer,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSeveral,
    Reply,
    Several,
    Site,
    Unknown,
)
from kiosk.journal.frozen import Frozen, read_frozen
from kiosk.journal.mapping import MappingError, visit_bundle

_AT_ONCE = timedelta(0)
_PROBED = frozenset({Failure.UNREACHABLE, Failure.BUSY, Failure.UNKNOWN_OUTCOME})


@dataclass(frozen=True, slots=True)
class Bench:
    """What dispatching works with. ``chance`` gives a number in 0..1 for the jitter.

    ``in_flight`` is told after the record that bytes may have left is durable.
    """

    store: OutboxStore
    journal: Journal
    site: Site
    now: Callable[[], datetime]
    chance: Callable[[], float]
    in_flight: Callable[[OutboxItem], None]


def deliver(item: OutboxItem, bench: Bench) -> Verdict:
    """Take one claimed message as far as it goes now and say how it ended."""
    prepared = _prepared(item, bench)
    if isinstance(prepared, Verdict):
        return prepared
    body, frozen = prepared
    if item.state is Delivery.AMBIGUOUS:
        known = _asked(item, frozen, bench)
        if known is not None:
            return known
    if item.state is not Delivery.IN_FLIGHT:
        bench.store.mark_in_flight(item.id)
    bench.in_flight(item)
    return _judged(item, frozen, bench.journal.send(body), bench)


def _prepared(item: OutboxItem, bench: Bench) -> tuple[bytes, Frozen] | Verdict:
    """The frozen bytes, made now if the patient was not known when the visit was saved."""
    body = item.body
    if body is None:
        made = _made(item, bench)
        if isinstance(made, Verdict):
            return made
        body = made
        bench.store.freeze(item.id, body)
    try:
        return body, read_frozen(body)
    except ValueError:
        return _parked(Failure.REFUSED, "message-damaged")


def _made(item: OutboxItem, bench: Bench) -> bytes | Verdict:
    if item.kind is not MessageKind.NEW:
        return _parked(Failure.REFUSED, "message-without-body")
    visit = bench.store.visit(item.visit_id)
    child = visit.child
    answer = bench.journal.look_up(child.number, child.number_kind, child.birth_date)
    if not isinstance(answer, PatientFound):
        return _no_patient(answer, bench)
    try:
        return visit_bundle(visit, PatientRef(answer.reference), bench.site)
    except MappingError as error:
        return _parked(Failure.REFUSED, error.code)


def _no_patient(answer: PatientAnswer, bench: Bench) -> Verdict:
    if isinstance(answer, PatientMissing):
        return _parked(Failure.PATIENT_NOT_FOUND)
    if isinstance(answer, PatientSeveral):
        return _parked(Failure.PATIENT_NOT_UNIQUE)
    if not isinstance(answer, LookUpFailed):
        return _parked(Failure.PATIENT_DIFFERS)
    if answer.failure in STOPPING:
        return Verdict(Released(bench.now(), answer.failure, answer.detail), Line.STOPPED)
    if answer.failure in _PROBED:
        return Verdict(Released(bench.now(), answer.failure, answer.detail), Line.DOWN)
    # The server's words about a search may repeat what was searched for in ways no mask knows.
    return _parked(answer.failure, answer.detail.split(" ")[0])


def _parked(failure: Failure, detail: str = "") -> Verdict:
    return Verdict(Parked(failure, detail), Line.UP)


def _asked(item: OutboxItem, frozen: Frozen, bench: Bench) -> Verdict | None:
    """Ask about every value of a message that may have arrived; ``None``: send it again.

    Where only some are there, the conditional create takes care of those.
    """
    findings = [bench.journal.find(identifier) for identifier in frozen.observations]
    for finding in findings:
        if isinstance(finding, Unknown):
            return _not_told(item, finding, bench)
        if isinstance(finding, Several):
            return _parked(Failure.CONFLICT, "several: " + " ".join(finding.remotes))
    if any(isinstance(finding, Absent) for finding in findings):
        return None
    found = [finding.remote for finding in findings if isinstance(finding, Found)]
    return Verdict(Done(" ".join(found)), Line.UP)


def _not_told(item: OutboxItem, finding: Unknown, bench: Bench) -> Verdict:
    stopped = finding.failure in STOPPING
    # Nothing new was sent, so the message stays as uncertain as it was.
    waits = not stopped and finding.failure not in _PROBED
    due = bench.now() + (backoff(item.attempts, bench.chance()) if waits else _AT_ONCE)
    outcome = Later(due, finding.failure, finding.detail, ambiguous=True)
    return Verdict(outcome, Line.STOPPED if stopped else Line.DOWN)


def _judged(item: OutboxItem, frozen: Frozen, reply: Reply, bench: Bench) -> Verdict:
    around = Circumstances(frozen.kinds, item.attempts + 1, bench.now(), bench.chance())
    if isinstance(reply, Answer) and not 200 <= reply.status < 300:
        around = replace(around, personal=_personal(item, bench))
    verdict = classify(reply, around)
    outcome = verdict.outcome
    if isinstance(outcome, Parked) and outcome.failure is Failure.CONFLICT:
        known = _asked(item, frozen, bench)
        return known if known is not None else verdict
    if isinstance(reply, Answer) and reply.status in {404, 410} and _is_fhir(reply):
        return _gone(verdict, bench)
    return verdict


def _is_fhir(reply: Answer) -> bool:
    return b"OperationOutcome" in reply.body


def _gone(verdict: Verdict, bench: Bench) -> Verdict:
    """404 may mean a wrong address or a patient who is not there: only one stops everything."""
    if not bench.journal.is_fhir_base() or isinstance(verdict.outcome, Done):
        return verdict
    return _parked(Failure.PATIENT_NOT_FOUND, verdict.outcome.detail)


def _personal(item: OutboxItem, bench: Bench) -> tuple[str, ...]:
    child = bench.store.visit(item.visit_id).child
    names = (child.given_name, *child.given_name.split())
    return (*names, child.number, child.birth_date.isoformat())
