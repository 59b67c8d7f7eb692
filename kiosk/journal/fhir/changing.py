"""A correction or a withdrawal on its way: ask what is there, change only what is still ours.

Each sending begins with a question, so that a lost answer needs no care of its own: what the
journal has already is not sent again. A change goes as an update of the same Observation with
``If-Match`` (FHIR R4, 3.1.0.5): a second Observation would be a second measurement. A value
that somebody has changed in the journal since is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.journal.answers import Circumstances, Line, Verdict, classify
from kiosk.journal.attempt import Bench, not_told, parked, patient_of, personal_words
from kiosk.journal.contract import Answer, Held, Identifier, Reply, Several, Unknown
from kiosk.journal.fhir.comparing import Said, said
from kiosk.journal.fhir.entries import send
from kiosk.journal.fhir.exact_json import Json
from kiosk.journal.fhir.frozen import Target, read_targets
from kiosk.journal.fhir.hearing_mapping import components
from kiosk.journal.fhir.mapping import MappingError, exact_value, visit_bundle, withdrawal_bundle
from kiosk.model.changes import current
from kiosk.model.outbox import Done, Failure, Later, MessageKind, OutboxItem, Parked
from kiosk.model.visit import Delivery, Visit

OURS = (
    "status",
    "extension",
    "code",
    "issued",
    "performer",
    "valueQuantity",
    "component",
    "note",
    "method",
    "device",
)
"""Elements the station writes. The rest of a stored Observation is the journal's own."""

STANDING = frozenset({"final", "amended", "corrected", "preliminary", "registered"})
OUT = "entered-in-error"
NOT_THERE_YET = "not-there-yet"
"""The detail of a change of which a value was not found, and is asked about once more."""
TRIES = 3
"""How often a change is made anew when the journal's copy moved between reading and writing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The entries to send now, their resource types, and what is stored already.

    ``absent``: something was not found.
    """

    entries: tuple[Mapping[str, Any], ...]
    kinds: tuple[str, ...]
    remotes: tuple[str, ...]
    absent: bool = False


def deliver_change(item: OutboxItem, bench: Bench) -> Verdict | None:
    """Take a correction or withdrawal as far as it goes now; ``None`` if it was taken back."""
    if not bench.journal.takes_changes:
        return parked(Failure.BY_HAND)
    targets = _targets(item, bench)
    if isinstance(targets, Verdict):
        return targets
    verdict: Verdict | None = None
    for _ in range(TRIES):
        plan = _plan(item, targets, bench)
        if isinstance(plan, Verdict):
            return plan
        if plan.absent and item.detail != NOT_THERE_YET:
            # It may have been sent, and the journal not be done with it, or not find it yet: the
            # change would be called made, and the value stand there afterwards as it was.
            due = bench.now() + bench.doubt
            asked = Later(due, Failure.UNKNOWN_OUTCOME, NOT_THERE_YET, ambiguous=True)
            return Verdict(asked, Line.UP)
        if not plan.entries:
            return Verdict(Done(" ".join(plan.remotes)), Line.UP)
        if item.state is not Delivery.IN_FLIGHT and not bench.store.mark_in_flight(item.id):
            return None
        item = replace(item, state=Delivery.IN_FLIGHT)
        verdict = _sent(item, plan, bench)
        if not _moved_meanwhile(verdict):
            break
    return verdict


def _targets(item: OutboxItem, bench: Bench) -> tuple[Target, ...] | Verdict:
    """What should be in the journal, from the frozen bytes; they are made and frozen now if new."""
    body = item.body if item.body is not None else _made(item, bench)
    if isinstance(body, Verdict):
        return body
    if item.body is None:
        bench.store.freeze(item.id, body)
    try:
        return read_targets(body)
    except ValueError:
        return parked(Failure.REFUSED, "message-damaged")


def _moved_meanwhile(verdict: Verdict) -> bool:
    outcome = verdict.outcome
    return isinstance(outcome, Parked) and outcome.failure is Failure.CONFLICT


def _made(item: OutboxItem, bench: Bench) -> bytes | Verdict:
    visit = bench.store.visit(item.visit_id)
    if item.kind is MessageKind.WITHDRAW:
        return withdrawal_bundle(visit, bench.site)
    patient = patient_of(visit.child, bench)
    if isinstance(patient, Verdict):
        return patient
    try:
        return visit_bundle(current(visit), patient, bench.site, bench.shape)
    except MappingError as error:
        return parked(Failure.REFUSED, error.code)


def _plan(item: OutboxItem, targets: tuple[Target, ...], bench: Bench) -> Plan | Verdict:
    """Compare what is there with what should be."""
    visit = bench.store.visit(item.visit_id)
    entries: list[Mapping[str, Any]] = []
    kinds: list[str] = []
    remotes: list[str] = []
    for target in targets:
        held = bench.journal.fetch(target.identifier)
        match held:
            case Unknown():
                return not_told(item, held, bench)
            case Several(remotes=several):
                return parked(Failure.CONFLICT, "several: " + " ".join(several))
            case Held():
                remotes.append(held.remote)
                changed = _changed(item.kind, held, target, visit, bench)
                if isinstance(changed, Verdict):
                    return changed
                if changed is not None:
                    entries.append(_put(held, changed))
                    kinds.append("Observation")
            case _ if item.kind is MessageKind.CORRECT:
                # It never arrived: what holds now is its first version there. Two values of one
                # scale share its entry, which a transaction may hold once only.
                for entry, resource_type in zip(target.create, target.kinds, strict=True):
                    if entry not in entries:
                        entries.append(entry)
                        kinds.append(resource_type)
    absent = len(remotes) < len(targets)
    return Plan(tuple(entries), tuple(kinds), tuple(remotes), absent)


def _changed(
    kind: MessageKind, held: Held, target: Target, visit: Visit, bench: Bench
) -> dict[str, Json] | Verdict | None:
    """The stored resource with our elements as they should be; ``None`` if they are."""
    stored, wanted = held.resource, target.resource
    status = stored.get("status")
    if kind is MessageKind.WITHDRAW:
        return None if status == OUT else {**stored, "status": OUT}
    same = said(stored) == said(wanted) and stored.get("code") == wanted.get("code")
    if same and _is_noted(stored, wanted):
        return None
    known = set(_said_so_far(visit, target.identifier, bench))
    if status not in STANDING or said(stored) not in known:
        return parked(Failure.CHANGED_THERE)
    kept = {key: part for key, part in stored.items() if key not in OURS}
    mine = {key: wanted[key] for key in OURS if key in wanted}
    if "device" in mine:
        # Inside its own transaction a device has another address than in the journal. Which one it
        # was is never what a correction changes.
        mine.pop("device")
        kept |= {key: stored[key] for key in ("device",) if key in stored}
    return {**kept, **mine, "status": "amended"}


def _is_noted(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether what a protocol makes of an audiogram stands there as it should now.

    A person may say that a hearing loss is known without any tone being another.
    """
    if "component" not in wanted:
        return True
    return _notes(wanted) <= _notes(stored)


def _notes(resource: Mapping[str, Any]) -> set[str]:
    told = resource.get("note")
    listed = told if isinstance(told, list) else []
    return {str(one.get("text", "")) for one in listed if isinstance(one, Mapping)}


def _said_so_far(visit: Visit, identifier: Identifier, bench: Bench) -> Iterator[Said]:
    """Everything the station ever said under this identifier; what else stands is not ours."""
    for count in range(len(visit.changes) + 1):
        then = current(replace(visit, changes=visit.changes[:count]))
        for one in then.measurements:
            if str(one.id) == identifier.value:
                yield said({"valueQuantity": {"value": exact_value(one)}})
        for test in then.hearing:
            if str(test.id) == identifier.value:
                yield said(components(test, bench.site))


def _put(held: Held, resource: Mapping[str, Json]) -> dict[str, Any]:
    request = {"method": "PUT", "url": held.remote, "ifMatch": f'W/"{held.version}"'}
    return {"resource": resource, "request": request}


def _sent(item: OutboxItem, plan: Plan, bench: Bench) -> Verdict:
    bench.in_flight(item)
    reply = send(plan.entries, bench.shape, bench.journal).reply
    around = Circumstances(plan.kinds, item.attempts + 1, bench.now(), bench.chance())
    if isinstance(reply, Answer) and not 200 <= reply.status < 300:
        around = replace(around, personal=personal_words(item, bench))
    verdict = classify(reply, around)
    outcome = verdict.outcome
    if isinstance(outcome, Done):
        return Verdict(Done(outcome.remote or " ".join(plan.remotes)), Line.UP)
    if _refused(reply, verdict):
        # The question was answered a moment ago, so the address and the sign-in are right: it is
        # the change that this journal does not take.
        return parked(Failure.BY_HAND, outcome.detail)
    return verdict


def _refused(reply: Reply, verdict: Verdict) -> bool:
    if not isinstance(reply, Answer):
        return False
    refused = isinstance(verdict.outcome, Parked) and verdict.outcome.failure is Failure.REFUSED
    stopped = verdict.line is Line.STOPPED and reply.status != 401
    return refused or stopped
