"""A visit becomes a transaction: exact digits, right codes, no child but by reference."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config.load import config_from
from kiosk.journal import codes
from kiosk.journal.contract import PatientRef, Site
from kiosk.journal.fhir.exact_json import to_bytes
from kiosk.journal.fhir.frozen import read_frozen
from kiosk.journal.fhir.mapping import MappingError, exact_value, visit_bundle
from kiosk.journal.fhir.resources import device_identifier
from kiosk.model.quantities import LOINC, MEASURED, Code
from kiosk.model.visit import Dress, IdKind, KeptReading, Part, Position, Quantity, Rule, Source
from kiosk.station.journal_side import site_of
from tests.journal.journal_samples import CHILD, NURSE, SCALE, SITE, measurement, whole_visit

GOLDEN = Path(__file__).parent / "golden"
PATIENT = PatientRef("Patient/abc-1")


def bundle(visit=None) -> dict:
    return json.loads(visit_bundle(visit or whole_visit(), PATIENT, SITE), parse_float=Decimal)


def only(sample) -> dict:
    visit = whole_visit()
    return bundle(type(visit)(visit.id, CHILD, (sample,)))["entry"][-1]["resource"]


def test_whole_visit_matches_the_golden_file():
    body = visit_bundle(whole_visit(fixed=True), PATIENT, SITE)
    expected = (GOLDEN / "visit.json").read_text("utf-8")
    assert json.loads(body, parse_float=str) == json.loads(expected, parse_float=str)
    assert body == "".join(line.strip() for line in expected.splitlines()).replace(
        '": ', '":'
    ).encode("utf-8")


def test_same_visit_gives_the_same_bytes():
    visit = whole_visit()
    assert visit_bundle(visit, PATIENT, SITE) == visit_bundle(visit, PATIENT, SITE)


@pytest.mark.parametrize(
    ("quantity", "value", "text", "unit", "sent"),
    [
        (Quantity.WEIGHT, 4236, "4.236", "kg", "4.236"),
        (Quantity.WEIGHT, 4230, "4.230", "kg", "4.230"),
        (Quantity.WEIGHT, 4230, "4.23", "kg", "4.23"),
        (Quantity.WEIGHT, 4235, "4235", "g", "4.235"),
        (Quantity.WEIGHT, 12500, " 12.50", "kg", "12.50"),
        (Quantity.WEIGHT, 12000, "12", "kg", "12"),
        (Quantity.WEIGHT, 4236, "4.2355", "kg", "4.236"),
        (Quantity.WEIGHT, 100000, "100.0", "kg", "100.0"),
        (Quantity.LENGTH, 545, "54,5", "cm", "54.5"),
        (Quantity.LENGTH, 545, "545", "mm", "54.5"),
        (Quantity.LENGTH, 1100, "110", "cm", "110"),
        (Quantity.LENGTH, 1105, "1.105", "m", "110.5"),
        (Quantity.HEAD, 380, "38.0", "cm", "38.0"),
    ],
)
def test_digits_reach_the_journal_as_they_were_sent(quantity, value, text, unit, sent):
    sample = measurement(quantity, value, text, unit)
    assert format(exact_value(sample), "f") == sent
    raw = visit_bundle(type(whole_visit())(whole_visit().id, CHILD, (sample,)), PATIENT, SITE)
    assert f'"valueQuantity":{{"value":{sent},"unit"'.encode() in raw


@given(st.integers(min_value=1, max_value=300_000), st.sampled_from(["kg", "g"]))
def test_no_gram_is_ever_lost_or_won(grams, unit):
    text = f"{grams // 1000}.{grams % 1000:03}" if unit == "kg" else str(grams)
    sent = only(measurement(value=grams, text=text, unit=unit))["valueQuantity"]
    assert sent["code"] == "kg"
    assert Decimal(sent["value"]) * 1000 == grams


@given(st.integers(min_value=1, max_value=2500))
def test_no_millimetre_is_ever_lost_or_won(mm):
    text = f"{mm // 10},{mm % 10}"
    sent = only(measurement(Quantity.LENGTH, mm, text, "cm"))["valueQuantity"]
    assert Decimal(sent["value"]) * 10 == mm


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("42.36", "kg", "digits-and-number-differ"),
        ("4236", "kg", "digits-and-number-differ"),
        ("4.236", "lb", "unit-not-known"),
        ("4.236", "g", "digits-and-number-differ"),
        ("abc", "kg", "digits-not-a-number"),
        ("NaN", "kg", "digits-not-a-number"),
        ("4E3", "g", "digits-not-a-number"),
        ("", "kg", "digits-not-a-number"),
    ],
)
def test_digits_that_disagree_with_the_number_are_never_sent(text, unit, code):
    with pytest.raises(MappingError) as caught:
        exact_value(measurement(text=text, unit=unit))
    assert caught.value.code == code


def test_oracle_accepts_every_entry_as_r4():
    body = visit_bundle(whole_visit(), PATIENT, SITE)
    checked = Bundle.model_validate_json(body)
    assert [e.resource.__resource_type__ for e in checked.entry] == ["Device"] + ["Observation"] * 3
    assert checked.entry[1].resource.valueQuantity.value == Decimal("4.236")


def test_every_entry_is_a_conditional_create_by_this_stations_identifier():
    visit = whole_visit()
    for entry, sample in zip(bundle(visit)["entry"][1:], visit.measurements, strict=True):
        assert entry["request"]["method"] == "POST"
        (token,) = parse_qs(entry["request"]["ifNoneExist"])["identifier"]
        assert token == f"{SITE.system}|{sample.id}"
        assert entry["resource"]["identifier"] == [{"system": SITE.system, "value": str(sample.id)}]
        assert entry["fullUrl"] == f"urn:uuid:{sample.id}"


def test_frozen_bytes_tell_what_to_ask_for():
    visit = whole_visit()
    frozen = read_frozen(visit_bundle(visit, PATIENT, SITE))
    assert frozen.kinds == ("Device", "Observation", "Observation", "Observation")
    assert [i.token for i in frozen.observations] == [
        f"{SITE.system}|{m.id}" for m in visit.measurements
    ]
    with pytest.raises(ValueError, match="not a frozen"):
        read_frozen(b"{}")


def test_body_says_nothing_of_the_child_but_the_record():
    body = visit_bundle(whole_visit(), PATIENT, SITE).decode("utf-8")
    for canary in (CHILD.given_name, CHILD.number, CHILD.birth_date.isoformat()):
        assert canary not in body


def test_time_keeps_seconds_and_the_offset_of_the_moment():
    # 00:30 UTC on the autumn night is 02:30 for the first time; an hour later for the second.
    first = only(measurement(offset_minutes=120))
    second = only(measurement(offset_minutes=60))
    assert first["effectiveDateTime"] == "2026-10-25T02:30:05+02:00"
    assert second["effectiveDateTime"] == "2026-10-25T01:30:05+01:00"
    assert first["issued"] == "2026-10-25T02:30:25+02:00"


def coded(resource: dict) -> set[str]:
    return {coding["code"] for coding in resource["code"]["coding"]}


@pytest.mark.parametrize(
    ("dress", "loinc", "clothing"),
    [
        (Dress.NAKED, "8351-9", "8101000202100"),
        (Dress.NAPPY, None, "8121000202106"),
        (Dress.LIGHT, "8350-1", "8111000202103"),
        (Dress.CLOTHED, "8350-1", None),
        (None, None, None),
    ],
)
def test_dress_is_told_as_far_as_it_is_known(dress, loinc, clothing):
    resource = only(measurement(dress=dress))
    assert {"29463-7", "3141-9"} <= coded(resource)
    assert coded(resource) - {"29463-7", "3141-9", "27113001"} == ({loinc} if loinc else set())
    extension = [e["valueCoding"]["code"] for e in resource.get("extension", [])]
    assert extension == ([clothing] if clothing else [])


@pytest.mark.parametrize(
    ("position", "loinc", "snomed"),
    [(Position.LYING, "8306-3", "4801000202104"), (Position.STANDING, "8308-9", "10904000")],
)
def test_length_says_lying_or_standing(position, loinc, snomed):
    resource = only(measurement(Quantity.LENGTH, 545, "54.5", "cm", position=position))
    assert {"8302-2", loinc} <= coded(resource)
    extension, norwegian = resource["extension"]
    assert norwegian["valueCoding"]["code"] == snomed
    assert extension["valueCodeableConcept"]["coding"][0]["code"] == snomed


def test_performer_is_named_by_hpr_number_or_else_by_the_stations_own_id():
    with_hpr = only(measurement())["performer"]
    assert with_hpr[0]["identifier"] == {"system": codes.HPR_SYSTEM, "value": "9999999"}
    assert with_hpr[0]["display"] == "Test Testesen, helsesekretær"
    assert with_hpr[1]["identifier"]["value"] == "999999999"
    nurse = type(NURSE)("u2", "Prøve Prøvesen", role="student")
    without = only(measurement(performer=nurse))["performer"]
    assert without[0]["identifier"] == {"system": f"{SITE.system}:user", "value": "u2"}
    assert without[0]["display"] == "Prøve Prøvesen, student"


def test_typed_value_has_no_device_and_says_so():
    resource = only(measurement(source=Source.TYPED, device=None))
    assert "device" not in resource
    assert resource["method"]["text"] == codes.METHODS[Source.TYPED]


def test_two_values_of_one_device_share_it_and_a_new_driver_version_is_another():
    newer = type(SCALE)(SCALE.link_id, SCALE.name, SCALE.driver, "2", SCALE.serial)
    visit = whole_visit()
    shared = type(visit)(visit.id, CHILD, (measurement(), measurement()))
    other = type(visit)(visit.id, CHILD, (measurement(), measurement(device=newer)))
    kinds = [e["resource"]["resourceType"] for e in bundle(shared)["entry"]]
    assert kinds == ["Device", "Observation", "Observation"]
    assert len({e["fullUrl"] for e in bundle(other)["entry"][:2]}) == 2


def test_a_visit_too_large_for_one_transaction_or_empty_is_refused():
    visit = whole_visit()
    for count, code in ((8, "too-many-entries"), (0, "visit-is-empty")):
        samples = tuple(measurement() for _ in range(count))
        with pytest.raises(MappingError, match=code):
            visit_bundle(type(visit)(visit.id, CHILD, samples), PATIENT, SITE)


def test_exact_json_refuses_floats_and_keeps_norwegian_letters():
    with pytest.raises(TypeError):
        to_bytes({"value": 0.1})
    with pytest.raises(TypeError):
        to_bytes({"value": Decimal("NaN")})
    assert (
        to_bytes({"å": [True, 1, Decimal("1.10"), 'q"']}) == '{"å":[true,1,1.10,"q\\""]}'.encode()
    )


@pytest.mark.parametrize("system", ["", "no-colon", "urn:x y", "urn:x|y", "urn:x,y"])
def test_identifier_system_must_be_usable_in_a_search(system):
    with pytest.raises(ValueError, match="URI"):
        Site(system)


def luhn(code: str) -> bool:
    digits = [int(c) for c in reversed(code.replace("-", ""))]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


_D = [[(i + j) % 5 if j < 5 else 5 + (i + j) % 5 for j in range(10)] for i in range(5)] + [
    [5 + (i - j) % 5 if j < 5 else (i - j) % 5 for j in range(10)] for i in range(5)
]
_P1 = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff(code: str) -> bool:
    check = 0
    for place, char in enumerate(reversed(code)):
        digit = int(char)
        for _ in range(place % 8):
            digit = _P1[digit]
        check = _D[check][digit]
    return check == 0


def every_code() -> list[Code]:
    rows = MEASURED.values()
    tables = [codes.POSITIONS, codes.CLOTHING, *(row.exact for row in rows)]
    flat = [code for table in tables for code in table.values()]
    return flat + [code for row in rows for code in row.codes]


@pytest.mark.parametrize("code", every_code(), ids=lambda code: code.code)
def test_every_code_passes_its_check_digit(code):
    if code.system == LOINC:
        assert luhn(code.code)
        assert not luhn(code.code.replace(code.code[0], str((int(code.code[0]) + 1) % 10), 1))
    else:
        assert verhoeff(code.code)
        assert not verhoeff(code.code[:-1] + str((int(code.code[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        (IdKind.NATIONAL, "urn:oid:2.16.578.1.12.4.1.4.1|1"),
        (IdKind.D_NUMBER, "urn:oid:2.16.578.1.12.4.1.4.2|1"),
        (IdKind.FH_NUMBER, "urn:oid:2.16.578.1.12.4.1.4.3|1"),
        (IdKind.DUF, "urn:oid:2.16.578.1.12.4.1.4.5|1"),
        (IdKind.H_NUMBER, "1"),
        (IdKind.UNKNOWN, "1"),
    ],
)
def test_each_series_is_searched_under_its_own_system(kind, token):
    assert codes.search_token("1", kind) == token


def test_a_difference_is_sent_as_the_child_alone_and_says_how_it_was_made():
    sample = measurement(Quantity.WEIGHT, 8240, "8.240")
    kept = tuple(
        KeptReading(part, grams, f"{grams / 1000:.3f}", "kg", "stable", b"", sample.measured_at)
        for part, grams in ((Part.TOGETHER, 78420), (Part.ADULT, 70180))
    )
    resource = only(replace(sample, rule=Rule.DIFFERENCE, readings=kept))
    assert resource["method"] == {
        "text": "Differanse: voksen med barn minus voksen alene, begge lest av direkte"
    }
    assert resource["valueQuantity"]["value"] == Decimal("8.240")
    # The adult's own weight is another person's and has no place in the child's record.
    assert "78" not in json.dumps(resource["valueQuantity"], default=str)
    assert not {"78.420", "70.180", "78.42", "70.18"} & set(strings_of(resource))


def strings_of(value) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings_of(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings_of(inner)]
    return [str(value)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule.MEAN, "Gjennomsnitt av flere avlesninger"),
        (Rule.LARGEST, "Største av flere avlesninger"),
    ],
)
def test_a_value_of_several_readings_says_by_which_rule(rule, said):
    assert only(measurement(Quantity.HEAD, 454, "45.4", "cm", rule=rule))["method"] == {
        "text": said
    }


def test_two_scales_of_a_kind_without_serial_numbers_are_two_devices():
    plain = replace(SCALE, serial="")
    names = {
        device_identifier(plain, replace(SITE, station=station)).value for station in ("s1", "s2")
    }
    links = {device_identifier(replace(plain, link_id=link), SITE).value for link in ("a", "b")}
    assert len(names) == len(links) == 2
    # A serial number says which one it is, wherever it stands.
    told = {device_identifier(SCALE, replace(SITE, station=one)).value for one in ("s1", "s2")}
    assert told == {"scale:radwag:1:S123"}


def test_the_stations_of_a_clinic_tell_their_devices_apart_and_a_station_alone_stays_as_it_was():
    tables = {"station": {"clinic": "x", "id": "s1"}}
    assert site_of(config_from(tables, "x")).station == ""
    shared = {**tables, "database": {"url": "postgresql://db/kiosk", "clinic_id": "solbakken"}}
    site = site_of(config_from(shared, "x"))
    assert (site.station, site.system) == ("s1", "urn:x-helsestasjon-kiosk:local:solbakken")
