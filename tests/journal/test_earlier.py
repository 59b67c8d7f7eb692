"""The values of last time: read exactly, only this child's, only those that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal.contract import Endpoint, PatientRef
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.earlier import newest, read_earlier
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.look_up import Looker
from kiosk.model.visit import Position, Quantity
from kiosk.weighing.earlier import Earlier
from tests.journal.hostile_server import free_port
from tests.journal.journal_samples import SITE, as_child, whole_visit

PATIENT = "Patient/7"


def weight(value=Decimal("4.236"), unit="kg", when="2026-10-14T10:00:00+02:00", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": PATIENT},
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "effectiveDateTime": when,
        "valueQuantity": {
            "value": value,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
        **more,
    }


def test_a_weight_is_read_to_the_gram_and_dated_by_the_clinics_day():
    assert read_earlier(weight()) == Earlier(Quantity.WEIGHT, 4236, date(2026, 10, 14))
    late = weight(when="2026-10-14T23:30:00+02:00")
    assert read_earlier(late).measured_on == date(2026, 10, 14)


@given(st.integers(200, 300_000))
def test_kilograms_and_grams_are_the_same_weight(grams):
    kilograms = weight(Decimal(grams).scaleb(-3))
    assert read_earlier(kilograms).value == grams == read_earlier(weight(grams, "g")).value


@pytest.mark.parametrize(
    "spoilt",
    [
        {"valueQuantity": None},
        {"valueQuantity": {"value": Decimal("4.2"), "code": "[lb_av]"}},
        {"valueQuantity": {"value": "4.2", "code": "kg", "system": "http://unitsofmeasure.org"}},
        {"effectiveDateTime": "last week"},
        {"effectiveDateTime": None},
        {"code": {"coding": [{"code": "8867-4"}]}},
        {"code": {"text": "weight"}},
    ],
)
def test_what_cannot_be_told_is_left_out(spoilt):
    assert read_earlier(weight(**spoilt)) is None


def test_at_most_and_at_least_are_no_values():
    most = weight()
    most["valueQuantity"]["comparator"] = "<"
    assert read_earlier(most) is None


def test_only_the_newest_that_holds_and_only_of_this_patient():
    resources = [
        weight(Decimal("4.0"), when="2026-09-01"),
        weight(Decimal("4.5")),
        weight(Decimal("9.9"), when="2026-11-01", status="entered-in-error"),
        weight(Decimal("8.8"), when="2026-11-02", subject={"reference": "Patient/8"}),
        weight(Decimal("7.7"), when="2026-11-03", subject={"reference": "Patient/17"}),
    ]
    assert newest(resources, PATIENT) == (Earlier(Quantity.WEIGHT, 4500, date(2026, 10, 14)),)


@pytest.mark.fhir
def test_what_the_station_sent_comes_back_from_a_real_server_as_it_was(own_url, fhir_children):
    client = FhirClient(Endpoint(own_url))
    child = as_child(fhir_children[0])
    found = client.look_up(child.number, child.number_kind, child.birth_date)
    patient = PatientRef(found.reference)
    assert client.earlier(patient) == ()
    for day, grams, text in ((4, 4236, "4.236"), (25, 4300, "4.300")):
        visit = whole_visit(child)
        at = datetime(2026, 10, day, 9, tzinfo=UTC)
        weighed = replace(visit.measurements[0], value=grams, text=text)
        measured = (weighed, *visit.measurements[1:])
        visit = replace(visit, measurements=tuple(replace(m, measured_at=at) for m in measured))
        assert client.send(visit_bundle(visit, patient, SITE)).status == 200
    told = {one.quantity: one for one in client.earlier(patient)}
    assert told[Quantity.LENGTH].position is Position.LYING
    values = [told[q].value for q in (Quantity.WEIGHT, Quantity.LENGTH, Quantity.HEAD)]
    assert values == [4300, 545, 380]
    other = as_child(fhir_children[1])
    found = client.look_up(other.number, other.number_kind, other.birth_date)
    assert client.earlier(PatientRef(found.reference)) == ()
    client.close()


def test_a_journal_that_does_not_answer_leaves_the_station_without_and_in_time():
    def connect():
        return FhirClient(Endpoint(f"http://127.0.0.1:{free_port()}/fhir", connect_timeout=0.5))

    looker = Looker(connect, seconds=2)
    looker.start()
    assert looker.ask_earlier(PatientRef(PATIENT)).result(timeout=5) == ()
    assert looker.stop()
