"""The test that is sent twice: at a real server, and at one that ignores the condition."""

from __future__ import annotations

import json

import pytest
import requests

from kiosk.journal.contract import Answer, Endpoint, Identifier, PatientRef, Shape
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.self_test import Honours, SelfTest, _resource, self_test
from kiosk.system.clock import now_utc
from tests.journal.journal_samples import SITE
from tests.journal.validators import complaints

pytestmark = pytest.mark.fhir


@pytest.fixture
def patient(own_url, fhir_children):
    query = {"identifier": fhir_children[0].number}
    found = requests.get(f"{own_url}/Patient", params=query, timeout=5).json()
    return PatientRef(f"Patient/{found['entry'][0]['resource']['id']}")


class Deaf(FhirClient):
    """A journal that ignores the condition of a creation, as some do."""

    def send(self, body):
        whole = json.loads(body)
        for entry in whole["entry"]:
            entry["request"].pop("ifNoneExist", None)
        return super().send(json.dumps(whole).encode())

    def ask(self, method, path, body, headers):
        kept = {key: value for key, value in headers.items() if key != "If-None-Exist"}
        return super().ask(method, path, body, kept)


@pytest.mark.parametrize("shape", list(Shape))
def test_a_server_that_honours_the_condition_keeps_it_once(own_url, patient, shape):
    told = self_test(FhirClient(Endpoint(own_url)), patient, SITE, shape)
    assert told.honours is Honours.ONCE
    system = f"{SITE.system}:self-test"
    query = {"identifier": f"{system}|", "_count": "50"}
    found = requests.get(f"{own_url}/Observation", params=query, timeout=5).json()
    assert {e["resource"]["status"] for e in found["entry"]} == {"entered-in-error"}


@pytest.mark.parametrize("shape", list(Shape))
def test_a_server_that_ignores_it_is_found_out(own_url, patient, shape):
    client = Deaf(Endpoint(own_url))
    assert self_test(client, patient, SITE, shape).honours is Honours.TWICE


class Refusing(FhirClient):
    def send(self, body):
        outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "not-supported"}]}
        return Answer(422, {}, json.dumps(outcome).encode())


def test_a_refusal_is_told_in_the_servers_words(own_url, patient):
    told = self_test(Refusing(Endpoint(own_url)), patient, SITE, Shape.TRANSACTION)
    assert told == SelfTest(Honours.REFUSED, "422 not-supported")


def test_the_test_resource_is_valid_and_holds_no_measurement():
    resource = _resource(PatientRef("Patient/1"), Identifier("urn:x", "1"), now_utc())
    assert complaints([resource]) == [[]]
    assert "valueQuantity" not in resource
