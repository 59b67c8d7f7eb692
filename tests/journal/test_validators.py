"""Every kind of resource the station emits, judged by three validators that are not ours.

None of them checks units, which ear a code names, or whether a number is plausible: that is what
``test_mapping`` and ``test_hearing_mapping`` hold our own tables to.
"""

from __future__ import annotations

import json
import uuid
from copy import deepcopy
from dataclasses import replace
from itertools import product

import pytest
from fhir.resources.R4B.bundle import Bundle

from drivers.hearing import Ear, Masking, Response, Transducer
from kiosk.journal.contract import PatientRef, Shape
from kiosk.journal.fhir.hearing_mapping import COMPARATORS
from kiosk.journal.fhir.mapping import visit_bundle, withdrawal_bundle
from kiosk.model.hearing_test import End
from kiosk.model.visit import Dress, OddReason, Position, Quantity, Rule, Visit
from tests.journal.journal_samples import SITE, measurement, whole_visit
from tests.journal.test_hearing_mapping import AUDIOMETER, hearing_test, tone
from tests.journal.validators import complaints

PATIENT = PatientRef("Patient/7")


def measurements():
    for dress, rule in product((None, *Dress), Rule):
        yield measurement(dress=dress, rule=rule)
    for position, reason in product((None, *Position), (None, *OddReason)):
        yield measurement(Quantity.LENGTH, 545, "54,5", "cm", position=position, odd_reason=reason)
    yield measurement(Quantity.HEAD, 380, "38.0", "cm")


def hearing_tests():
    for response, path, ear in product(Response, Transducer, Ear):
        level = 40 if response in COMPARATORS else None
        yield hearing_test(tone(response, level, ear, 1000, path), end=End.TIRED)
    masked = tone(Response.THRESHOLD, 40, path=Transducer.BONE, masking=Masking.MASKED)
    yield hearing_test(masked, device=AUDIOMETER, catch_trials=3, false_answers=1, is_retest=True)
    for end in End:
        yield hearing_test(tone(Response.HEARD, 20), end=end)


def bundles():
    base = whole_visit()
    for shape in Shape:
        yield json.loads(visit_bundle(base, PATIENT, SITE, shape))
        for one in measurements():
            visit = Visit(base.id, base.child, (replace(one, id=uuid.uuid4()),))
            yield json.loads(visit_bundle(visit, PATIENT, SITE, shape))
        for test in hearing_tests():
            visit = Visit(base.id, base.child, (), hearing=(test,))
            yield json.loads(visit_bundle(visit, PATIENT, SITE, shape))


@pytest.fixture(scope="module")
def emitted():
    return list(bundles())


def resources_of(emitted):
    """Each resource as it stands in the journal, and each bundle as it is sent."""
    for bundle in emitted:
        yield bundle
        for entry in bundle["entry"]:
            yield entry["resource"]


def test_both_validators_from_npm_accept_everything(emitted):
    found = list(resources_of(emitted))
    told = complaints(found)
    wrong = {line: resource for resource, lines in zip(found, told, strict=True) for line in lines}
    assert wrong == {}
    assert len(found) > 500


def test_fhir_resources_accepts_everything(emitted):
    for bundle in emitted:
        Bundle.model_validate(deepcopy(bundle))


def test_a_withdrawal_names_what_it_takes_back_and_is_never_sent_as_it_is():
    """It only names identifiers: what is sent is the stored resource with another status."""
    told = json.loads(withdrawal_bundle(whole_visit(), SITE))
    assert all("subject" not in entry["resource"] for entry in told["entry"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.update(status="finall"),
        lambda one: one.pop("code"),
        lambda one: one.pop("subject"),
        lambda one: one.update(effectiveDateTime="yesterday"),
        lambda one: one.pop("valueQuantity"),
        lambda one: one.update(surprise=1),
    ],
)
def test_the_validators_do_see_what_is_wrong(spoil):
    bundle = json.loads(visit_bundle(whole_visit(), PATIENT, SITE))
    weight = next(e["resource"] for e in bundle["entry"] if "valueQuantity" in e["resource"])
    spoil(weight)
    ((*lines,),) = complaints([weight])
    assert lines
