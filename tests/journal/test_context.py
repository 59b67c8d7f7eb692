"""How a value was taken reaches every interface: as a field of its own or in words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from uuid6 import uuid7

from drivers.hearing import Response
from kiosk.journal import codes
from kiosk.journal.contract import PatientRef, Shape
from kiosk.journal.fhir.hearing_mapping import notes_of
from kiosk.journal.fhir.mapping import method_of, visit_bundle
from kiosk.journal.files.csv_message import csv_file
from kiosk.journal.files.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.hl7.hl7_message import Addresses, Version, oru
from kiosk.model.hearing_test import End
from kiosk.model.quantities import DRESSES, ODD_NOTES, POSITIONS, WITH_ADULT
from kiosk.model.visit import Dress, OddReason, Position, Quantity, Rule, Source
from tests.journal.journal_samples import SITE, measurement, whole_visit
from tests.journal.test_hl7 import EVERY_RESPONSE

PLAIN = measurement(dress=None)
LENGTH = measurement(Quantity.LENGTH, 545, "54.5", "cm")
TOLD = {
    **{DRESSES[dress]: replace(PLAIN, dress=dress) for dress in Dress},
    **{POSITIONS[where]: replace(LENGTH, position=where) for where in Position},
    **{ODD_NOTES[reason]: replace(PLAIN, odd_reason=reason) for reason in OddReason},
    WITH_ADULT: replace(PLAIN, rule=Rule.DIFFERENCE),
    **{method_of(replace(PLAIN, rule=rule)): replace(PLAIN, rule=rule) for rule in Rule},
    **{method_of(one): one for one in (replace(PLAIN, source=source) for source in Source)},
}
"""Every word on how a value was taken, and a value that it is said of."""

GDT = GdtAddresses("K", "J", long_numbers=True)


def hl7(visit, version=Version.V2_5):
    return oru(visit, uuid7(), Addresses("K", "K", "J", "J", version=version), SITE).decode("utf-8")


def fhir(visit, shape=Shape.TRANSACTION):
    """The text of a message with the words of its codes: those a journal shows for them."""
    text = visit_bundle(visit, PatientRef("Patient/1"), SITE, shape).decode("utf-8")
    told = {
        word
        for table, word in (
            *((codes.CLOTHING[dress], DRESSES[dress]) for dress in codes.CLOTHING),
            *((codes.POSITIONS[where], POSITIONS[where]) for where in Position),
        )
        if f'"{table.code}"' in text
    }
    if method_of(replace(PLAIN, rule=Rule.DIFFERENCE)) in text:
        told.add(WITH_ADULT)
    return text + " ".join(told)


WAYS = {
    "hl7 2.5": hl7,
    "hl7 2.6": lambda visit: hl7(visit, Version.V2_6),
    "gdt": lambda visit: " ".join(
        gdt_record(visit, uuid7(), GDT, SITE).decode("iso-8859-1").replace("\r\n", " ").split()
    ),
    "csv": lambda visit: csv_file(visit, uuid7(), SITE, "final").decode("utf-8"),
    **{f"fhir {shape}": lambda visit, shape=shape: fhir(visit, shape) for shape in Shape},
}
IN_TWO = {"gdt"}
"""Interfaces in which a long sentence stands in several lines."""


def is_told(words, sent, way):
    """Whether the words are there, in their order; in GDT the head of a line may be between."""
    if way not in IN_TWO:
        return words in sent
    place = 0
    for word in words.split():
        place = sent.find(word, place)
        if place < 0:
            return False
    return True


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("words", TOLD)
def test_nothing_of_how_a_value_was_taken_is_dropped(way, words):
    one = TOLD[words]
    sent = WAYS[way](replace(whole_visit(), measurements=(one,)))
    assert is_told(words, sent, way)
    assert not any(reason.value in sent for reason in OddReason if "-" in reason.value)
    assert "odd-value" not in sent
    other = replace(
        one,
        position=None,
        dress=None,
        odd_reason=None,
        rule=Rule.MEAN if one.rule is not Rule.MEAN else Rule.LARGEST,
    )
    assert words not in WAYS[way](replace(whole_visit(), measurements=(other,)))


HEARD = replace(EVERY_RESPONSE, end=End.TIRED, is_retest=True, catch_trials=4, false_answers=1)


@pytest.mark.parametrize("way", WAYS)
def test_the_notes_of_a_hearing_test_are_the_tests_own_in_every_interface(way):
    sent = WAYS[way](replace(whole_visit(), measurements=(), hearing=(HEARD,)))
    told = notes_of(HEARD)
    assert len(told) >= 3
    for note in told:
        assert is_told(note, sent, way)
        if way not in IN_TWO:
            assert sent.count(note) == 1, "once a test, not once a tone"
    for response in Response:
        assert response.value not in sent or "-" not in response.value


def test_the_notes_of_a_test_stand_beside_its_tones_not_in_one_of_them():
    visit = replace(whole_visit(), measurements=(), hearing=(HEARD,))
    entry = json.loads(visit_bundle(visit, PatientRef("Patient/1"), SITE))["entry"][-1]["resource"]
    assert [one["text"] for one in entry["note"]] == list(notes_of(HEARD))
    assert not any("note" in component for component in entry["component"])
    rows = list(csv.DictReader(io.StringIO(WAYS["csv"](visit), newline="")))
    assert rows[0]["note"] == "; ".join(notes_of(HEARD))
    assert {row["id"] for row in rows} == {str(HEARD.id)}


def test_a_journal_that_knows_only_the_norwegian_extension_can_tell_lying_from_standing():
    told = {}
    for where in Position:
        visit = replace(whole_visit(), measurements=(replace(LENGTH, position=where),))
        resource = json.loads(visit_bundle(visit, PatientRef("Patient/1"), SITE))["entry"][-1]
        (norwegian,) = [
            one["valueCoding"]["code"]
            for one in resource["resource"]["extension"]
            if one["url"] == "http://hl7.no/fhir/no-domain/vitalsigns/StructureDefinition/"
            "NoDomainVitalSignsBodyHeightBodyPositionExtension"
        ]
        told[where] = norwegian
    assert told == {Position.LYING: "4801000202104", Position.STANDING: "10904000"}
