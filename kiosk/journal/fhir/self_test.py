"""Does this journal honour the condition of a creation? Asked with a test patient, never another.

Servers are known that ignore ``ifNoneExist`` or take a part of it for everything; nothing in their
answer tells. So the same Observation, without any measurement, is sent twice and then asked for,
and in the end marked as entered in error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from kiosk.journal.answers import Circumstances, classify
from kiosk.journal.contract import (
    Found,
    Held,
    Identifier,
    Journal,
    PatientRef,
    Reply,
    Several,
    Shape,
    Site,
)
from kiosk.journal.fhir import entries
from kiosk.journal.fhir.exact_json import Json
from kiosk.journal.fhir.resources import entry
from kiosk.model.outbox import Done
from kiosk.system.clock import now_utc


class Honours(StrEnum):
    """What became of two sendings."""

    ONCE = "once"
    TWICE = "twice"
    NOT_FOUND = "not-found"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The finding, with the server's own words where it refused."""

    honours: Honours
    detail: str = ""


def self_test(
    journal: Journal,
    patient: PatientRef,
    site: Site,
    shape: Shape,
    *,
    now: Callable[[], datetime] = now_utc,
) -> SelfTest:
    """Send one test resource twice and see how often it is there."""
    name = uuid4()
    identifier = Identifier(f"{site.system}:self-test", str(name))
    resource = _resource(patient, identifier, now())
    sent = entry(f"urn:uuid:{name}", resource, identifier)
    for _ in range(2):
        reply = entries.send([sent], shape, journal).reply
        if (why := _refusal(reply, now())) is not None:
            return SelfTest(Honours.REFUSED, why)
    found = journal.find(identifier)
    _mark_as_error(journal, identifier, shape)
    match found:
        case Found():
            return SelfTest(Honours.ONCE)
        case Several():
            return SelfTest(Honours.TWICE)
    return SelfTest(Honours.NOT_FOUND)


def _refusal(reply: Reply, now: datetime) -> str | None:
    outcome = classify(reply, Circumstances(("Observation",), 1, now, 0.0)).outcome
    return None if isinstance(outcome, Done) else outcome.detail


def _resource(patient: PatientRef, identifier: Identifier, now: datetime) -> dict[str, Json]:
    return {
        "resourceType": "Observation",
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "preliminary",
        "code": {"text": "Selvtest av målestasjonen, ingen måling"},
        "subject": {"reference": patient.reference},
        "effectiveDateTime": now.isoformat(timespec="seconds"),
        "dataAbsentReason": {"text": "selvtest"},
    }


def _mark_as_error(journal: Journal, identifier: Identifier, shape: Shape) -> None:
    held = journal.fetch(identifier)
    if isinstance(held, Held):
        resource = {**held.resource, "status": "entered-in-error"}
        request = {"method": "PUT", "url": held.remote, "ifMatch": f'W/"{held.version}"'}
        entries.send([{"resource": resource, "request": request}], shape, journal)
