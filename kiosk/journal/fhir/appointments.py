"""Reading who is expected today: appointments, and the children they are for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.journal.codes import ID_SYSTEMS
from kiosk.journal.fhir.searching import given_name, is_in_use, is_protected
from kiosk.model.lists import Booked
from kiosk.model.visit import Child, IdKind

EXPECTED = "booked,arrived,checked-in"
"""States of an appointment that somebody may come to (FHIR R4, appointmentstatus)."""

MOST = 200
"""Appointments that are read; a clinic has fewer in a day."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An appointment: its id, when it begins and whose it is (``Patient/…``)."""

    id: str
    at: datetime
    patient: str


def slots_of(appointments: Iterable[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """The appointments that have a beginning and exactly one patient, the earliest first."""
    found = [slot for one in appointments if (slot := _slot(one)) is not None]
    return tuple(sorted(found, key=lambda slot: slot.at))


def _slot(appointment: Mapping[str, Any]) -> Slot | None:
    patients = list(_patients(appointment))
    ident, start = appointment.get("id"), appointment.get("start")
    known = isinstance(ident, str) and isinstance(start, str)
    if not known or len(patients) != 1 or appointment.get("status") not in EXPECTED.split(","):
        return None
    try:
        at = datetime.fromisoformat(str(start))
    except ValueError:
        return None
    return Slot(str(ident), at, patients[0]) if at.tzinfo is not None else None


def _patients(appointment: Mapping[str, Any]) -> Iterator[str]:
    participants = appointment.get("participant")
    for one in participants if isinstance(participants, list) else []:
        actor = one.get("actor") if isinstance(one, dict) else None
        reference = actor.get("reference") if isinstance(actor, dict) else None
        if isinstance(reference, str) and "Patient/" in reference:
            yield reference[reference.rindex("Patient/") :]


def booked(slots: Sequence[Slot], patients: Iterable[Mapping[str, Any]]) -> tuple[Booked, ...]:
    """The appointments of children whose record says name and birth date; others are left out."""
    children = {f"Patient/{one.get('id')}": one for one in patients}
    found = []
    for slot in slots:
        child = child_of(slot.patient, children.get(slot.patient, {}))
        if child is not None:
            found.append(Booked(slot.id, slot.at, child))
    return tuple(found)


def child_of(reference: str, patient: Mapping[str, Any]) -> Child | None:
    """The child of a patient record; ``None`` where it says too little to confirm anybody by."""
    name, born = given_name(patient), patient.get("birthDate")
    if not name or not isinstance(born, str) or not is_in_use(patient):
        return None
    try:
        birth_date = date.fromisoformat(born)
    except ValueError:
        # A year alone, or a year and a month, confirms nobody.
        return None
    number, kind = _number(patient)
    return Child(number, kind, birth_date, name, reference, is_protected(patient))


def _number(patient: Mapping[str, Any]) -> tuple[str, IdKind]:
    identifiers = patient.get("identifier")
    known = [i for i in (identifiers if isinstance(identifiers, list) else []) if _is_number(i)]
    for kind, system in ID_SYSTEMS.items():
        for one in known:
            if one.get("system") == system:
                return one["value"], kind
    return "", IdKind.UNKNOWN


def _is_number(identifier: object) -> bool:
    return isinstance(identifier, dict) and isinstance(identifier.get("value"), str)
