"""A hearing test in the journal: each answer its own, and only a threshold read as one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.journal import hearing_codes
from kiosk.journal.contract import Endpoint, PatientRef
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.mapping import MappingError, visit_bundle
from kiosk.journal.files.gdt_fields import short_key
from kiosk.journal.rows import rows_of
from kiosk.model.hearing_test import (
    End,
    Followed,
    HearingTest,
    Outcome,
    Result,
    Verdict,
    Verdicts,
    Why,
)
from kiosk.model.performer import Device
from kiosk.model.quantities import LOINC
from kiosk.model.visit import Visit
from tests.journal.journal_samples import CHILD, NURSE, SITE, as_child

PATIENT = PatientRef("Patient/7")
AUDIOMETER = Device("audiometer", "GSI 38", "gsi-38", "1", "A77")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def tone(response, level=None, ear=Ear.RIGHT, hz=1000, path=Transducer.HEADPHONE, **more):
    given_level = None if level is None else Decimal(level)
    return Tone(ear, path, hz, response, given_level, **more)


def hearing_test(*tones, **more):
    return HearingTest(UUID(int=5), tones, AT, AT + timedelta(minutes=3), 60, NURSE, **more)


def audiogram_bundle(test, patient, site):
    return visit_bundle(Visit(UUID(int=6), CHILD, (), hearing=(test,)), patient, site)


def observation(*tones, **more) -> dict:
    body = audiogram_bundle(hearing_test(*tones, **more), PATIENT, SITE)
    return json.loads(body, parse_float=Decimal)["entry"][-1]["resource"]


def component(one: Tone) -> dict:
    heard = tone(Response.THRESHOLD, 20, Ear.LEFT, 8000)
    return observation(one, heard)["component"][0]


@pytest.mark.parametrize(
    ("response", "level", "comparator"),
    [
        (Response.THRESHOLD, "20", None),
        (Response.THRESHOLD, "2.5", None),
        (Response.HEARD, "20", "<="),
        (Response.NO_RESPONSE, "90", ">"),
    ],
)
def test_a_level_says_how_it_is_to_be_read(response, level, comparator):
    value = component(tone(response, level))["valueQuantity"]
    assert (value["value"], value.get("comparator")) == (Decimal(level), comparator)
    assert (value["code"], value["unit"]) == ("dB", "dB HL")


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (Response.NO_RESPONSE_LEVEL_UNKNOWN, "unknown"),
        (Response.NOT_TESTED, "not-performed"),
        (Response.COULD_NOT_BE_TESTED, "not-performed"),
    ],
)
def test_a_tone_without_a_level_has_a_reason_and_never_a_number(response, code):
    sent = component(tone(response))
    assert "valueQuantity" not in sent
    assert sent["dataAbsentReason"]["coding"][0]["code"] == code


def test_the_reasons_are_told_apart_in_words():
    words = {
        response: component(tone(response))["dataAbsentReason"]["text"]
        for response in (
            Response.NO_RESPONSE_LEVEL_UNKNOWN,
            Response.NOT_TESTED,
            Response.COULD_NOT_BE_TESTED,
        )
    }
    assert len(set(words.values())) == 3


def luhn(code: str) -> bool:
    digits = [int(sign) for sign in code.replace("-", "")]
    doubled = [d if i % 2 == 0 else 2 * d for i, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_twenty_two_codes_are_one_to_one_with_ear_and_frequency():
    codes = hearing_codes.THRESHOLDS
    assert len(codes) == len(set(codes.values())) == 22
    assert {ear for ear, _ in codes} == {Ear.RIGHT, Ear.LEFT}
    assert {hz for ear, hz in codes if ear is Ear.RIGHT} == {hz for e, hz in codes if e is Ear.LEFT}
    assert all(luhn(code) for code in (*codes.values(), hearing_codes.PANEL.code))
    assert codes[Ear.LEFT, 500] == "89024-4"


@pytest.mark.parametrize(
    "one",
    [
        tone(Response.THRESHOLD, 20, hz=125),
        tone(Response.THRESHOLD, 20, path=Transducer.BONE),
        tone(Response.THRESHOLD, 20, Ear.BOTH, path=Transducer.FREE_FIELD),
        tone(Response.THRESHOLD, 20, path=Transducer.UNKNOWN),
        tone(Response.THRESHOLD, 20, masking=Masking.MASKED, masking_db=Decimal(50)),
    ],
)
def test_what_loinc_has_no_code_for_never_gets_another_ones(one):
    (code,) = component(one)["code"]["coding"]
    assert code["system"] != LOINC
    assert code["code"] not in hearing_codes.THRESHOLDS.values()


def test_every_transducer_has_a_key_and_words_of_its_own():
    every = [tone(Response.THRESHOLD, 20, path=path) for path in Transducer]
    for told in (hearing_codes.local_key, hearing_codes.words_of):
        assert len(set(map(told, every))) == len(Transducer)
    short = {short_key(hearing_codes.local_key(one)) for one in every}
    assert len(short) == len(Transducer)
    unknown = component(tone(Response.THRESHOLD, 20, path=Transducer.UNKNOWN))
    assert unknown["code"]["text"] == "høyre øre, ukjent lydgiver, 1000 Hz"


def test_a_masked_level_says_the_noise_in_words():
    one = tone(Response.THRESHOLD, 60, masking=Masking.MASKED, masking_db=Decimal(50))
    assert component(one)["code"]["text"] == "høyre øre, luftledning, 1000 Hz, maskert 50 dB"


def test_device_calibration_and_a_broken_off_test_stand_with_the_result():
    sent = observation(
        tone(Response.HEARD, 20),
        device=AUDIOMETER,
        calibrated_on=date(2026, 3, 1),
        end=End.TIRED,
    )
    assert [note["text"] for note in sent["note"]] == [
        "Testen ble avbrutt: barnet var slitent",
        "Audiometeret er kalibrert 2026-03-01",
    ]
    assert sent["device"]["reference"].startswith("urn:uuid:")
    assert sent["effectiveDateTime"] == "2026-11-23T10:30:00+01:00"


def test_a_test_in_which_nothing_was_tested_is_not_sent():
    with pytest.raises(MappingError, match="nothing-was-tested"):
        observation(tone(Response.NOT_TESTED))


def test_that_a_child_would_not_be_tested_is_sent_without_a_level():
    sent = observation(tone(Response.NOT_TESTED), end=End.REFUSED)
    assert sent["note"] == [{"text": "Testen ble avbrutt: barnet ville ikke"}]
    assert "valueQuantity" not in sent["component"][0]


def test_the_outcome_names_the_protocol_its_version_and_the_days():
    sent = observation(
        tone(Response.NO_RESPONSE, 20),
        outcome=Outcome(Result.RETEST, retest_from=date(2027, 1, 4), retest_until=date(2027, 2, 1)),
        followed=Followed("no-4y", "1+2", "ab" * 32),
        is_retest=True,
        catch_trials=2,
        false_answers=2,
    )
    assert [note["text"] for note in sent["note"]] == [
        "Ny test etter en tidligere hørselstest",
        "2 prøver uten tone, 2 av dem ble besvart",
        "Ny test fra 2027-01-04 til 2027-02-01, etter protokoll no-4y 1+2 (abababababab)",
    ]


FOLLOWED = Followed("no-4y", "1+2", "ab" * 32)
BY = ", etter protokoll no-4y 1+2 (abababababab)"
OPEN = Verdicts(Verdict.NOT_MET, Verdict.MET, Verdict.NOT_DECIDED)
GAPS = ((Ear.RIGHT, 4000), (Ear.LEFT, 500), (Ear.LEFT, 1000))
TOLD = "Toner uten svar: høyre øre 4000 Hz; venstre øre 500, 1000 Hz"
OUTCOMES = [
    (Outcome(Result.NORMAL), [f"Normalt{BY}"]),
    (
        Outcome(Result.REFER, refer_to="hørselssentral", missing=GAPS),
        [f"Henvisning til hørselssentral{BY}", TOLD],
    ),
    (
        Outcome(Result.RETEST, verdicts=OPEN, missing=GAPS),
        [f"Ny test, henvisning er ikke avgjort{BY}", TOLD],
    ),
    (Outcome(Result.NOT_COMPLETED, missing=GAPS), [f"Ikke fullført{BY}", TOLD]),
    (Outcome(Result.NOT_TESTABLE, missing=GAPS), [f"Lot seg ikke teste{BY}", TOLD]),
    (
        Outcome(None, Why.UNKNOWN_LEVELS),
        [f"Ikke avgjort: nivåene er ikke kjent godt nok{BY}"],
    ),
    (
        Outcome(None, Why.NO_RULE),
        [f"Ikke avgjort: protokollen sier ikke noe om dette resultatet{BY}"],
    ),
    (
        Outcome(None, Why.UNKNOWN_TRANSDUCER),
        [f"Ikke avgjort: lydgiveren er ukjent for noen toner{BY}"],
    ),
    (
        Outcome(None, Why.GAPS),
        [f"Ikke vurdert: protokollen er ikke fylt ut og godkjent{BY}"],
    ),
    (Outcome(Result.ALREADY_KNOWN), [f"Kjent hørselstap, følges opp fra før{BY}"]),
]


@pytest.mark.parametrize(("outcome", "notes"), OUTCOMES, ids=lambda one: str(one)[:40])
def test_every_interface_says_what_is_decided_and_what_is_not(outcome, notes):
    one = tone(Response.HEARD, 20)
    sent = observation(one, outcome=outcome, followed=FOLLOWED)
    assert [note["text"] for note in sent["note"]] == notes
    test = hearing_test(one, outcome=outcome, followed=FOLLOWED)
    visit = Visit(UUID(int=6), CHILD, (), hearing=(test,))
    (row,) = rows_of(visit, SITE)
    assert list(row.notes) == notes


def test_every_outcome_has_its_words():
    said = {outcome.result for outcome, _ in OUTCOMES} | {o.why for o, _ in OUTCOMES}
    assert said == {None, *Result, *Why}


def test_two_answers_for_one_tone_are_not_sent():
    with pytest.raises(MappingError, match="two-answers"):
        observation(tone(Response.THRESHOLD, 20), tone(Response.THRESHOLD, 60))


def test_the_same_test_gives_the_same_bytes():
    test = hearing_test(tone(Response.HEARD, 20), device=AUDIOMETER)
    assert audiogram_bundle(test, PATIENT, SITE) == audiogram_bundle(test, PATIENT, SITE)


levels = st.integers(-20, 260).map(lambda n: Decimal(n) / 2)
responses = st.one_of(
    st.tuples(st.just(Response.THRESHOLD), levels),
    st.tuples(st.sampled_from([Response.HEARD, Response.NO_RESPONSE]), levels),
    st.tuples(
        st.sampled_from(
            [
                Response.NOT_TESTED,
                Response.NO_RESPONSE_LEVEL_UNKNOWN,
                Response.COULD_NOT_BE_TESTED,
            ]
        ),
        st.none(),
    ),
)


@given(st.lists(responses, min_size=22, max_size=22))
def test_every_test_is_a_valid_resource_and_no_answer_turns_into_another(answers):
    tones = [
        Tone(ear, Transducer.HEADPHONE, hz, *answer)
        for (ear, hz), answer in zip(hearing_codes.THRESHOLDS, answers, strict=True)
    ]
    if all(one.response is Response.NOT_TESTED for one in tones):
        return
    body = audiogram_bundle(hearing_test(*tones, device=AUDIOMETER), PATIENT, SITE)
    Bundle.model_validate_json(body)
    sent = json.loads(body, parse_float=Decimal)["entry"][-1]["resource"]["component"]
    plain = {
        part["code"]["coding"][0]["code"]: Decimal(part["valueQuantity"]["value"])
        for part in sent
        if "valueQuantity" in part and "comparator" not in part["valueQuantity"]
    }
    assert plain == {
        hearing_codes.THRESHOLDS[one.ear, one.hz]: one.threshold
        for one in tones
        if one.threshold is not None
    }


@pytest.mark.fhir
def test_a_real_server_takes_it_once_however_often_it_is_sent(own_url, fhir_children):
    client = FhirClient(Endpoint(own_url))
    child = as_child(fhir_children[2])
    found = client.look_up(child.number, child.number_kind, child.birth_date)
    test = replace(
        hearing_test(tone(Response.HEARD, 20), tone(Response.NOT_TESTED, hz=125)),
        device=AUDIOMETER,
        id=UUID("7a3c1d10-0000-4000-8000-000000000001"),
    )
    body = audiogram_bundle(test, PatientRef(found.reference), SITE)
    assert [client.send(body).status for _ in range(2)] == [200, 200]
    client.close()
