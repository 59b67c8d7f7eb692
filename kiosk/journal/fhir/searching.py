"""Reading a FHIR search: which resources answered, and which patient that makes. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kiosk.journal.answers import TROUBLES, status_failure
from kiosk.journal.contract import (
    LookUpFailed,
    NoAnswer,
    PatientAnswer,
    PatientDiffers,
    PatientFound,
    PatientMissing,
    PatientSeveral,
    Reply,
)
from kiosk.journal.masking import server_words
from kiosk.model.outbox import Failure

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
PROTECTED_CODES = frozenset({"R", "V"})
PROTECTED_WORDS = frozenset({"fortrolig", "strengtfortrolig"})
"""What DIPS writes in the place of a code; *ugradert* is everybody else."""

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def read_resource(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, empty if it holds none. Decimals keep their digits."""
    try:
        resource = json.loads(body, parse_float=Decimal)
    except ValueError:
        return {}
    return resource if isinstance(resource, dict) else {}


def hits_of(reply: Reply, kind: str) -> list[dict[str, Any]] | tuple[Failure, str]:
    """The resources a search found, or why it cannot be told."""
    if isinstance(reply, NoAnswer):
        failure = TROUBLES[reply.trouble]
        # A search changes nothing, so a lost answer is no more than an unreachable journal.
        lost = failure is Failure.UNKNOWN_OUTCOME
        return Failure.UNREACHABLE if lost else failure, reply.detail
    status = status_failure(reply.status)
    if status is not None:
        return status, f"{reply.status} {server_words(reply.body)}".strip()
    bundle = read_resource(reply.body) if reply.complete else {}
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "searchset":
        return Failure.UNREACHABLE, f"{reply.status} not-a-fhir-answer"
    entries = bundle.get("entry", [])
    found = [e.get("resource") for e in entries if isinstance(e, dict)]
    return [r for r in found if isinstance(r, dict) and r.get("resourceType") == kind]


def carries(resource: Mapping[str, Any], value: str) -> bool:
    """Whether a resource has an identifier of this value."""
    identifiers = resource.get("identifier")
    if not isinstance(identifiers, list):
        return False
    return any(isinstance(i, dict) and i.get("value") == value for i in identifiers)


def one_patient(hits: list[dict[str, Any]], birth_date: date) -> PatientAnswer:
    """Exactly one record with this birth date, or what else it was."""
    if not hits:
        return PatientMissing()
    if len(hits) > 1:
        return PatientSeveral()
    reference = hits[0].get("id")
    if not isinstance(reference, str) or not _ID.fullmatch(reference):
        return LookUpFailed(Failure.CONFIGURATION, "patient-without-id")
    if hits[0].get("birthDate") != birth_date.isoformat():
        return PatientDiffers()
    name, protected = given_name(hits[0]), is_protected(hits[0])
    return PatientFound(f"Patient/{reference}", name, birth_date, protected)


def is_protected(patient: Mapping[str, Any]) -> bool:
    """Whether the record's security labels say restricted or very restricted.

    HL7 v3 Confidentiality, the code system FHIR R4 prescribes for ``meta.security``.
    """
    meta = patient.get("meta")
    labels = meta.get("security") if isinstance(meta, dict) else None
    return any(
        isinstance(label, dict) and _is_above_the_usual(label)
        for label in (labels if isinstance(labels, list) else [])
    )


def _is_above_the_usual(label: Mapping[str, Any]) -> bool:
    by_code = label.get("system") == CONFIDENTIALITY and label.get("code") in PROTECTED_CODES
    words = (label.get("code"), label.get("display"))
    return by_code or any(
        isinstance(word, str) and "".join(word.split()).casefold() in PROTECTED_WORDS
        for word in words
    )


def is_in_use(patient: Mapping[str, Any]) -> bool:
    """Whether a record is the one to write to: not switched off, not replaced by another."""
    links = patient.get("link")
    replaced = any(
        isinstance(link, dict) and link.get("type") == "replaced-by"
        for link in (links if isinstance(links, list) else [])
    )
    return patient.get("active") is not False and not replaced


def given_name(patient: Mapping[str, Any]) -> str:
    """The given names of the official or usual name; empty if the record has none."""
    names = [n for n in patient.get("name") or [] if isinstance(n, dict)]
    names.sort(key=lambda name: name.get("use") not in {"official", "usual"})
    for name in names:
        given = [g for g in name.get("given") or [] if isinstance(g, str)]
        if given:
            return " ".join(given)
    return ""
