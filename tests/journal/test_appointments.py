"""Who is expected today: only whole records, only this day, and nobody where nobody answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from kiosk.journal.contract import Endpoint
from kiosk.journal.fhir.appointments import booked, child_of, slots_of
from kiosk.journal.fhir.client import FhirClient
from kiosk.model.visit import IdKind
from tests.journal.journal_samples import as_child

MIDNIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def appointment(ident="a1", start="2026-11-23T09:30:00+01:00", patient="Patient/7", **more):
    return {
        "resourceType": "Appointment",
        "id": ident,
        "status": "booked",
        "start": start,
        "end": "2026-11-23T10:00:00+01:00",
        "participant": [
            {"actor": {"reference": patient}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/1"}, "status": "accepted"},
        ],
        **more,
    }


def patient(**more):
    return {
        "resourceType": "Patient",
        "id": "7",
        "birthDate": "2026-05-20",
        "name": [{"use": "official", "family": "Normann", "given": ["Kari"]}],
        "identifier": [
            {"system": "urn:x-other", "value": "99"},
            {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "20852612391"},
        ],
        **more,
    }


def test_an_appointment_is_a_child_at_a_time():
    (one,) = booked(slots_of([appointment()]), [patient()])
    assert (one.id, one.at.astimezone(UTC)) == ("a1", datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    assert (one.child.given_name, one.child.birth_date) == ("Kari", date(2026, 5, 20))
    assert (one.child.number, one.child.number_kind) == ("20852612391", IdKind.NATIONAL)
    assert (one.child.patient, one.child.protected) == ("Patient/7", False)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"status": "cancelled"},
        {"start": None},
        {"start": "2026-11-23T09:30:00"},
        {"start": "half past nine"},
        {"participant": []},
        {"participant": [{"actor": {"reference": f"Patient/{n}"}} for n in (7, 8)]},
    ],
)
def test_an_appointment_that_is_not_one_child_at_one_time_is_left_out(spoilt):
    assert slots_of([appointment(**spoilt)]) == ()


@pytest.mark.parametrize(
    "spoilt",
    [{"birthDate": "2026"}, {"birthDate": None}, {"name": []}, {"active": False}],
)
def test_a_record_that_confirms_nobody_is_left_out(spoilt):
    assert child_of("Patient/7", patient(**spoilt)) is None


def test_a_record_without_a_known_number_is_a_child_all_the_same():
    child = child_of("Patient/7", patient(identifier=[]))
    assert (child.number, child.number_kind, child.patient) == ("", IdKind.UNKNOWN, "Patient/7")


def test_a_protected_child_is_known_as_one():
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    assert child_of("Patient/7", patient(meta={"security": [label]})).protected


@pytest.mark.fhir
def test_todays_appointments_come_from_a_real_server_in_their_order(own_url, fhir_children):
    client = FhirClient(Endpoint(own_url))
    first, second = (as_child(one) for one in fhir_children[:2])
    found = [client.look_up(c.number, c.number_kind, c.birth_date) for c in (first, second)]
    refs = [one.reference for one in found]
    headers = {"Content-Type": "application/fhir+json"}
    for start, ref, status in (
        ("2026-11-23T11:00:00+01:00", refs[1], "booked"),
        ("2026-11-23T09:00:00+01:00", refs[0], "booked"),
        ("2026-11-23T10:00:00+01:00", refs[0], "cancelled"),
        ("2026-11-24T09:00:00+01:00", refs[0], "booked"),
    ):
        body = appointment(start=start, patient=ref, status=status)
        body.pop("id")
        body["participant"] = body["participant"][:1]
        body["end"] = "2026-11-25T10:00:00+01:00"
        answer = requests.post(f"{own_url}/Appointment", json=body, headers=headers, timeout=5)
        assert answer.status_code == 201, answer.text
    found = client.booked(MIDNIGHT, MIDNIGHT + timedelta(days=1))
    assert [(one.child.number, one.child.patient) for one in found] == [
        (first.number, refs[0]),
        (second.number, refs[1]),
    ]
    assert client.booked(MIDNIGHT - timedelta(days=9), MIDNIGHT - timedelta(days=8)) == ()
    client.close()
