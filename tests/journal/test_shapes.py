"""FHIR as a batch and as single requests: the same values, each once, settled entry by entry."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
import requests
from uuid6 import uuid7

from kiosk.journal.contract import Answer, NoAnswer, PatientRef, Shape, Trouble
from kiosk.journal.fhir import entries
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.frozen import read_targets
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.model.outbox import Failure, MessageKind, NewMessage
from kiosk.model.visit import Delivery
from tests.journal.journal_samples import NURSE, SITE, as_child, whole_visit
from tests.journal.test_changing import Clinic, change, new_weight, weight_of

pytestmark = pytest.mark.fhir
APART = ["fhir-batch", "fhir-single"]


class Apart(Clinic):
    """The same clinic, with messages of another shape."""

    adapter = "fhir-batch"

    def body(self, visit):
        whole = json.loads(super().body(visit))
        patient = whole["entry"][-1]["resource"]["subject"]["reference"]
        return visit_bundle(visit, PatientRef(patient), SITE, Shape(self.adapter[5:]))

    def message(self, visit, body):
        return NewMessage(uuid7(), visit.id, MessageKind.NEW, self.adapter, body)


@pytest.fixture(params=APART)
def clinic(request, store, own_url, fhir_children):
    clinic = Apart(store, own_url, fhir_children)
    clinic.adapter = request.param
    yield clinic
    store.close()


def test_every_value_arrives_once_with_its_device_named_by_identifier(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    assert clinic.states(visit) == [("new", "done", None)]
    weight = clinic.stored(weight_of(visit))
    assert weight["valueQuantity"]["value"] == 4.236
    assert "reference" not in weight["device"]
    token = f"{weight['device']['identifier']['system']}|{weight['device']['identifier']['value']}"
    found = requests.get(f"{clinic.url}/Device", params={"identifier": token}, timeout=5).json()
    assert len(found["entry"]) == 1
    assert all(clinic.stored(m) for m in visit.measurements)


def test_the_message_is_made_later_where_the_patient_was_not_known(clinic):
    visit = clinic.save(known=False)
    clinic.deliver(visit)
    assert clinic.states(visit) == [("new", "done", None)]
    assert all(clinic.stored(m) for m in visit.measurements)


def test_a_correction_and_a_withdrawal_change_the_same_observations(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    before = clinic.stored(weight_of(visit))
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    after = clinic.stored(weight_of(visit))
    assert (after["id"], after["status"]) == (before["id"], "amended")
    assert after["valueQuantity"]["value"] == 4.326


def test_a_message_that_arrived_in_part_is_completed_and_nothing_is_sent_twice(clinic, own_url):
    visit = clinic.save()
    item = clinic.store.delivery_of(visit.id)[0]
    first, *_ = read_targets(item.body)
    for entry in first.create:
        reply = FhirClient(clinic.endpoint).ask(
            "POST",
            entry["request"]["url"],
            entries.to_bytes(entry["resource"]),
            {"If-None-Exist": entry["request"]["ifNoneExist"]},
        )
        assert reply.status in {200, 201}
    clinic.store.claim(clinic_time(clinic))
    assert clinic.store.mark_in_flight(item.id)
    clinic.deliver(visit)
    assert clinic.states(visit) == [("new", "done", None)]
    stored = [clinic.stored(m) for m in visit.measurements]
    assert {one["meta"]["versionId"] for one in stored} == {"1"}


def clinic_time(clinic):
    return clinic.store.next_due()


class Scripted:
    """A journal that answers single requests from a list."""

    def __init__(self, *replies):
        self.replies, self.asked = list(replies), []

    def ask(self, method, path, body, headers):
        self.asked.append((method, path, headers))
        return self.replies.pop(0)


CREATED = Answer(201, {"location": "http://x/fhir/Observation/7/_history/1"}, b"")


def observation_entries(count):
    visit = whole_visit()
    visit = replace(
        visit, measurements=tuple(replace(m, device=None) for m in visit.measurements[:count])
    )
    body = visit_bundle(visit, PatientRef("Patient/1"), SITE, Shape.SINGLE)
    return [entry for target in read_targets(body) for entry in target.create]


def test_single_requests_are_answered_as_a_batch_would_be():
    refused = Answer(422, {}, b'{"resourceType":"OperationOutcome","issue":[{"code":"value"}]}')
    journal = Scripted(CREATED, refused, CREATED)
    sent = entries.send(observation_entries(3), Shape.SINGLE, journal)
    assert sent.partly
    told = [e["response"]["status"] for e in json.loads(sent.reply.body)["entry"]]
    assert told == ["201", "422", "201"]
    assert all("If-None-Exist" in headers for _, _, headers in journal.asked)


@pytest.mark.parametrize(
    "last",
    [
        Answer(503, {"retry-after": "7"}, b""),
        Answer(401, {}, b""),
        Answer(200, {}, b"<html>portal</html>"),
        Answer(201, {"location": "x/Observation/1"}, b"", complete=False),
        NoAnswer(Trouble.NO_ANSWER),
    ],
)
def test_an_answer_about_the_whole_line_ends_the_row_and_tells_that_a_part_arrived(last):
    journal = Scripted(CREATED, last)
    sent = entries.send(observation_entries(3), Shape.SINGLE, journal)
    assert sent == entries.Sent(last, partly=True)
    assert len(journal.asked) == 2


def test_numbers_keep_their_digits_when_a_frozen_message_is_taken_apart():
    (weight, *_) = observation_entries(1)
    assert weight["resource"]["valueQuantity"]["value"] == Decimal("4.236")
    assert b'"value":4.236' in entries.to_bytes(weight["resource"])


def test_a_refused_value_parks_the_message_although_the_others_arrived(clinic):
    visit = whole_visit(as_child(clinic.children[2]))
    measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
    visit = replace(visit, measurements=measured)
    whole = json.loads(clinic.body(visit))
    whole["entry"][-1]["resource"]["valueQuantity"]["value"] = "many"
    spoiled = clinic.message(visit, json.dumps(whole).encode())
    clinic.store.save_visit(visit, [spoiled], NURSE)
    other = clinic.save(child=1)
    clinic.deliver(visit, other)
    (settled,) = clinic.store.delivery_of(visit.id)
    assert (settled.state, settled.failure) == (Delivery.REJECTED, Failure.REFUSED)
    assert clinic.states(other) == [("new", "done", None)]
