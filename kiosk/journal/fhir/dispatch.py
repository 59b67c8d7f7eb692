"""One message on its way: who is the patient, is it there already, send, judge the answer.

Every step that changes what may have happened is durable before the next one begins: the bytes
are frozen before they are sent, and "in flight" is recorded before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.journal.answers import Circumstances, Line, Verdict, classify
from kiosk.journal.attempt import Bench, not_told, parked, patient_of, personal_words
from kiosk.journal.contract import Absent, Answer, Finding, Found, Several, Shape, Unknown
from kiosk.journal.fhir.changing import deliver_change
from kiosk.journal.fhir.entries import Sent, bundle, outcomes_of, send
from kiosk.journal.fhir.frozen import Frozen, Target, read_frozen, read_targets
from kiosk.journal.fhir.mapping import MappingError, visit_bundle
from kiosk.journal.fhir.patient_check import gone_since
from kiosk.model.changes import current
from kiosk.model.outbox import Done, Failure, Later, MessageKind, OutboxItem, Parked
from kiosk.model.visit import Delivery

TOO_LARGE = 413
TAKEN_AGAIN = "taken-again:"
"""How the detail of a message begins that was sent again in doubt, and taken."""
PATIENT_TRIES = 4
"""After so many sendings without an answer in time a bundle is sent in smaller pieces."""


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
    asked: tuple[Finding, ...] = ()
    if item.state is Delivery.AMBIGUOUS:
        asked = tuple(bench.journal.find(identifier) for identifier in frozen.observations)
        known = _known(item, asked, bench)
        if known is None and item.detail.startswith(TAKEN_AGAIN):
            # It said that it took the second sending, and cannot find it. Neither word is proof:
            # nothing goes out a third time, and a person looks whether it is there, or there twice.
            detail = item.detail.removeprefix(TAKEN_AGAIN).strip()
            return parked(Failure.MAY_HAVE_ARRIVED, detail)
        if known is not None:
            return known
    if (gone := gone_since(item, body, bench)) is not None:
        return gone
    if item.state is not Delivery.IN_FLIGHT and not bench.store.mark_in_flight(item.id):
        return None
    bench.in_flight(item)
    plan = _Plan(body, asked, tried_often=item.attempts >= PATIENT_TRIES)
    verdict = in_doubt_still(item, _sent(item, frozen, plan, bench))
    return _looked_again(item, verdict, bench)


def in_doubt_still(item: OutboxItem, verdict: Verdict) -> Verdict:
    """What may have arrived stays in doubt when this sending of it was put off.

    Else the next one would go out without a question, and nobody would look at it afterwards.
    """
    outcome = verdict.outcome
    if item.state is not Delivery.AMBIGUOUS or not isinstance(outcome, Later):
        return verdict
    return Verdict(replace(outcome, ambiguous=True), verdict.line)


def _looked_again(item: OutboxItem, verdict: Verdict, bench: Bench) -> Verdict:
    """A message that was sent a second time in doubt is asked about once more before it is done.

    Not every journal honours the condition of a creation, and the first sending may have been
    finished after the question: then the values are there twice, and a person must know.
    """
    if item.state is not Delivery.AMBIGUOUS or not isinstance(verdict.outcome, Done):
        return verdict
    detail = f"{TAKEN_AGAIN} {verdict.outcome.remote}".strip()
    due = bench.now() + bench.doubt
    return Verdict(Later(due, Failure.UNKNOWN_OUTCOME, detail, ambiguous=True), Line.UP)


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
        return visit_bundle(visit, patient, bench.site, bench.shape)
    except MappingError as error:
        return parked(Failure.REFUSED, error.code)


def _known(item: OutboxItem, findings: Sequence[Finding], bench: Bench) -> Verdict | None:
    """What the findings about every value of a message say; ``None``: something is missing."""
    for finding in findings:
        if isinstance(finding, Unknown):
            return not_told(item, finding, bench)
        if isinstance(finding, Several):
            return parked(Failure.CONFLICT, "several: " + " ".join(finding.remotes))
    if any(isinstance(finding, Absent) for finding in findings):
        return None
    found = [finding.remote for finding in findings if isinstance(finding, Found)]
    return Verdict(Done(" ".join(found)), Line.UP)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to send. ``asked`` are the findings about each value, empty if nobody had to ask."""

    body: bytes
    asked: tuple[Finding, ...]
    tried_often: bool

    @property
    def missing(self) -> tuple[Target, ...]:
        """The values the journal does not have, as far as it was asked."""
        targets = read_targets(self.body)
        if not self.asked:
            return targets
        return tuple(
            target
            for target, finding in zip(targets, self.asked, strict=True)
            if isinstance(finding, Absent)
        )


def _sent(item: OutboxItem, frozen: Frozen, plan: _Plan, bench: Bench) -> Verdict:
    """Send the frozen bytes, or what is missing of them in pieces the journal can take."""
    if bench.shape is not Shape.TRANSACTION:
        return _sent_apart(item, frozen, plan, bench)
    several = len(frozen.observations) > 1
    if plan.tried_often and several:
        # A bundle that is never answered in time may be too much at once.
        return _sent_in_parts(item, frozen, plan, bench)
    if any(isinstance(finding, Found) for finding in plan.asked):
        # Not every server honours the condition of a creation: what is there is not sent again.
        return _sent_in_parts(item, frozen, plan, bench)
    reply = bench.journal.send(plan.body)
    if isinstance(reply, Answer) and reply.status == TOO_LARGE and several:
        return _sent_in_parts(item, frozen, plan, bench)
    return _judged(item, frozen, Sent(reply), frozen.kinds, bench)


def _sent_in_parts(item: OutboxItem, frozen: Frozen, plan: _Plan, bench: Bench) -> Verdict:
    """One transaction a value; what arrived is asked about if a later one does not."""
    remotes: list[str] = []
    for number, target in enumerate(plan.missing):
        reply = bench.journal.send(bundle(target.create, Shape.TRANSACTION))
        verdict = _judged(item, frozen, Sent(reply, partly=number > 0), target.kinds, bench)
        if not isinstance(verdict.outcome, Done):
            return verdict
        remotes.append(verdict.outcome.remote)
    return Verdict(Done(" ".join(remotes)), Line.UP)


def _sent_apart(item: OutboxItem, frozen: Frozen, plan: _Plan, bench: Bench) -> Verdict:
    entries: list[Mapping[str, Any]] = []
    for target in plan.missing:
        entries += [entry for entry in target.create if entry not in entries]
    kinds = tuple(str(entry["request"]["url"]) for entry in entries)
    sent = send(entries, bench.shape, bench.journal)
    if isinstance(sent.reply, Answer) and any(outcomes_of(sent.reply.body)):
        sent = replace(sent, partly=True)
    return _judged(item, frozen, sent, kinds, bench)


def _judged(
    item: OutboxItem, frozen: Frozen, sent: Sent, kinds: Sequence[str], bench: Bench
) -> Verdict:
    reply = sent.reply
    around = Circumstances(kinds, item.attempts + 1, bench.now(), bench.chance(), doubt=bench.doubt)
    told_apart = bench.shape is not Shape.TRANSACTION
    if isinstance(reply, Answer) and (told_apart or not 200 <= reply.status < 300):
        around = replace(around, personal=personal_words(item, bench))
    verdict = classify(reply, around)
    outcome = verdict.outcome
    if isinstance(outcome, Parked) and outcome.failure is Failure.CONFLICT:
        findings = [bench.journal.find(identifier) for identifier in frozen.observations]
        known = _known(item, findings, bench)
        return known if known is not None else verdict
    if isinstance(outcome, Later) and sent.partly:
        # Some of it is there: what is missing is found by asking, never by sending it all again.
        return Verdict(replace(outcome, ambiguous=True), verdict.line)
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
