"""One message on its way: who is the patient, is it there already, send, judge the answer.

Every step that changes what may have happened is durable before the next one begins: the bytes
are frozen before they are sent, and "in flight" is recorded before the first byte leaves.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.changing import current
from kiosk.core.model import Delivery
from kiosk.core.outbox import Done, Failure, MessageKind, OutboxItem, Parked
from kiosk.journal.answers import Circumstances, Line, Verdict, classify
from kiosk.journal.bench import Bench, not_told, parked, patient_of, personal_words
from kiosk.journal.changing import deliver_change
from kiosk.journal.contract import Absent, Answer, Found, Reply, Several, Unknown
from kiosk.journal.frozen import Frozen, read_frozen
from kiosk.journal.mapping import MappingError, visit_bundle


def deliver(item: OutboxItem, bench: Bench) -> Verdict | None:
    """Take one claimed message as far as it goes now and say how it ended.

    ``None``: a person took the message back before anything had left.
    """
    if item.kind is not MessageKind.NEW:
        return deliver_change(item, bench)
    prepared = _prepared(item, bench)
    if isinstance(prepared, Verdict):
        return prepared
    body, frozen = prepared
    if item.state is Delivery.AMBIGUOUS:
        known = _asked(item, frozen, bench)
        if known is not None:
            return known
    if item.state is not Delivery.IN_FLIGHT and not bench.store.mark_in_flight(item.id):
        return None
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
        return parked(Failure.REFUSED, "message-damaged")


def _made(item: OutboxItem, bench: Bench) -> bytes | Verdict:
    visit = current(bench.store.visit(item.visit_id))
    patient = patient_of(visit.child, bench)
    if isinstance(patient, Verdict):
        return patient
    try:
        return visit_bundle(visit, patient, bench.site)
    except MappingError as error:
        return parked(Failure.REFUSED, error.code)


def _asked(item: OutboxItem, frozen: Frozen, bench: Bench) -> Verdict | None:
    """Ask about every value of a message that may have arrived; ``None``: send it again.

    Where only some are there, the conditional create takes care of those.
    """
    findings = [bench.journal.find(identifier) for identifier in frozen.observations]
    for finding in findings:
        if isinstance(finding, Unknown):
            return not_told(item, finding, bench)
        if isinstance(finding, Several):
            return parked(Failure.CONFLICT, "several: " + " ".join(finding.remotes))
    if any(isinstance(finding, Absent) for finding in findings):
        return None
    found = [finding.remote for finding in findings if isinstance(finding, Found)]
    return Verdict(Done(" ".join(found)), Line.UP)


def _judged(item: OutboxItem, frozen: Frozen, reply: Reply, bench: Bench) -> Verdict:
    around = Circumstances(frozen.kinds, item.attempts + 1, bench.now(), bench.chance())
    if isinstance(reply, Answer) and not 200 <= reply.status < 300:
        around = replace(around, personal=personal_words(item, bench))
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
    return parked(Failure.PATIENT_NOT_FOUND, verdict.outcome.detail)
