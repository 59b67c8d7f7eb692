"""Ways back of a hearing test, through the real store, sender and a real FHIR server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import requests
from fhir.resources.R4B.observation import Observation
from uuid6 import uuid7

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.session import with_ears_swapped
from kiosk.journal.fhir.comparing import said
from kiosk.model.changes import moved
from kiosk.model.hearing_test import Followed, HearingTest, Outcome, Result
from kiosk.model.outbox import Failure
from kiosk.model.performer import Device
from kiosk.model.visit import ChangeKind
from tests.journal.journal_samples import NURSE
from tests.journal.test_changing import Clinic, change, clinic, new_weight, weight_of

__all__ = ["clinic"]

pytestmark = pytest.mark.fhir
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HZ = (500, 1000, 2000, 4000)


def tone(ear: Ear, hz: int, response=Response.HEARD, level: int | None = 20) -> Tone:
    given = None if level is None else Decimal(level)
    return Tone(ear, Transducer.HEADPHONE, hz, response, given, Masking.NONE)


def audiogram() -> HearingTest:
    right = [tone(Ear.RIGHT, hz) for hz in HZ]
    left = [tone(Ear.LEFT, 500, Response.NO_RESPONSE, 20), *(tone(Ear.LEFT, hz) for hz in HZ[1:])]
    return HearingTest(
        uuid7(),
        (*right, *left),
        AT,
        AT,
        60,
        NURSE,
        Device("audiometer", "SA 202", "by-hand", "1", "70411"),
        followed=Followed("no-4y", "1+1", "ab" * 32),
        outcome=Outcome(Result.NORMAL),
    )


def saved(clinic: Clinic):
    """A visit with weight and a hearing test, delivered."""
    visit = clinic.save()
    test = audiogram()
    both = replace(visit, id=uuid7(), hearing=(test,))
    fresh = [replace(m, id=uuid7(), visit_id=both.id) for m in visit.measurements]
    both = replace(both, measurements=tuple(fresh))
    clinic.store.save_visit(both, [clinic.message(both, clinic.body(both))], NURSE)
    clinic.deliver(both)
    return both, test


def levels(resource):
    return {
        part["code"]["coding"][0]["code"]: (
            part["valueQuantity"].get("comparator", ""),
            part["valueQuantity"]["value"],
        )
        for part in resource["component"]
        if "valueQuantity" in part
    }


def test_a_visit_with_weight_and_hearing_arrives_as_one_transaction(clinic):
    visit, test = saved(clinic)
    stored = clinic.stored(test)
    Observation.model_validate(stored)
    assert len(stored["component"]) == 8
    assert levels(stored)["89024-4"] == (">", 20)
    assert clinic.stored(weight_of(visit))["valueQuantity"]["unit"] == "kg"
    assert stored["device"]["reference"].startswith("Device/")


def test_a_corrected_answer_is_the_same_observation_amended(clinic):
    visit, test = saved(clinic)
    before = clinic.stored(test)
    tones = (*test.tones[:4], tone(Ear.LEFT, 500, Response.THRESHOLD, 20), *test.tones[5:])
    right = replace(test, tones=tones)
    made = replace(change(visit), hearing=(right,))
    clinic.store.save_change(made, (), None)
    clinic.deliver(visit)
    after = clinic.stored(test)
    assert (after["id"], after["status"]) == (before["id"], "amended")
    assert levels(after)["89024-4"] == ("", 20)
    assert after["device"] == before["device"]
    assert clinic.stored(weight_of(visit))["status"] == "final"
    assert clinic.states(visit)[-1] == ("correct", "done", None)


def test_what_a_protocol_makes_of_it_is_amended_although_no_tone_is_another(clinic):
    visit, test = saved(clinic)
    known = replace(test, outcome=Outcome(Result.ALREADY_KNOWN))
    clinic.store.save_change(replace(change(visit), hearing=(known,)), (), None)
    clinic.deliver(visit)
    after = clinic.stored(test)
    assert after["status"] == "amended"
    assert "Kjent hørselstap" in after["note"][0]["text"]
    assert clinic.states(visit)[-1] == ("correct", "done", None)


def test_swapped_ears_are_amended_under_the_right_codes(clinic):
    visit, test = saved(clinic)
    turned = replace(test, tones=with_ears_swapped(test.tones))
    clinic.store.save_change(replace(change(visit), hearing=(turned,)), (), None)
    clinic.deliver(visit)
    after = levels(clinic.stored(test))
    assert (after["89025-1"], after["89024-4"]) == ((">", 20), ("<=", 20))


def test_a_weight_and_a_hearing_test_are_corrected_one_after_the_other(clinic):
    visit, test = saved(clinic)
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    turned = replace(test, tones=with_ears_swapped(test.tones))
    clinic.store.save_change(replace(change(visit), hearing=(turned,)), (), None)
    clinic.deliver(visit)
    assert clinic.stored(weight_of(visit))["valueQuantity"]["value"] == 4.326
    assert levels(clinic.stored(test))["89025-1"] == (">", 20)


def test_what_somebody_changed_in_the_journal_since_is_never_overwritten(clinic):
    visit, test = saved(clinic)
    stored = clinic.stored(test)
    stored["component"][0]["valueQuantity"]["value"] = 35
    url = f"{clinic.url}/Observation/{stored['id']}"
    headers = {"Content-Type": "application/fhir+json"}
    assert requests.put(url, json=stored, headers=headers, timeout=5).ok
    turned = replace(test, tones=with_ears_swapped(test.tones))
    clinic.store.save_change(replace(change(visit), hearing=(turned,)), (), None)
    clinic.deliver(visit)
    assert clinic.states(visit)[-1] == ("correct", "rejected", Failure.CHANGED_THERE)
    assert clinic.stored(test)["component"][0]["valueQuantity"]["value"] == 35


def test_a_withdrawn_visit_takes_its_hearing_test_along(clinic):
    visit, test = saved(clinic)
    clinic.store.save_change(change(visit, ChangeKind.WITHDRAWN), (), None)
    clinic.deliver(visit)
    assert clinic.stored(test)["status"] == "entered-in-error"
    assert clinic.stored(weight_of(visit))["status"] == "entered-in-error"


def test_a_test_of_a_wrong_child_stands_with_the_right_one_only(clinic):
    visit, test = saved(clinic)
    other = clinic.save(child=1)
    right = moved(visit, uuid7(), other.child, AT, uuid7)
    taken_out = change(visit, ChangeKind.WRONG_CHILD)
    clinic.store.save_change(taken_out, (), (right, [clinic.message(right, None)]))
    clinic.deliver(visit, right)
    assert clinic.stored(test)["status"] == "entered-in-error"
    new = clinic.stored(right.hearing[0])
    assert new["status"] == "final"
    assert new["effectiveDateTime"] == clinic.stored(test)["effectiveDateTime"]
    assert new["subject"] != clinic.stored(test)["subject"]


def test_two_observations_say_the_same_whatever_their_order():
    part = {
        "code": {"coding": [{"system": "s", "code": "a"}]},
        "valueQuantity": {"value": 20, "comparator": "<="},
    }
    other = {
        "code": {"coding": [{"system": "s", "code": "b"}]},
        "dataAbsentReason": {"coding": [{"code": "not-performed"}], "text": "ikke testet"},
    }
    assert said({"component": [part, other]}) == said({"component": [other, part]})
    plain = {**part, "valueQuantity": {"value": 20}}
    impossible = {**other, "dataAbsentReason": {**other["dataAbsentReason"], "text": "kan ikke"}}
    assert len({said({"component": [one]}) for one in (part, plain, other, impossible)}) == 4


@pytest.mark.parametrize("odd", [{"component": 5}, {"component": ["x"]}, {"valueQuantity": 7}, {}])
def test_what_is_no_observation_of_ours_says_something_else(odd):
    assert said(odd) != said({"valueQuantity": {"value": 20}})
