"""Every kind of HL7 message, judged by hl7apy in strict mode and by the published lengths."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import hl7
import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message
from uuid6 import uuid7

from kiosk.journal.hl7.hl7_message import FILLER, Answers, Status, Version, oru, short_id
from kiosk.model.changes import moved
from kiosk.model.hearing_test import End
from kiosk.model.quantities import DRESSES, ODD_NOTES, POSITIONS, WITH_ADULT
from kiosk.model.visit import Dress, IdKind, OddReason, Position, Quantity, Rule
from tests.journal.journal_samples import (
    CHILD,
    NURSE,
    SCALE,
    SITE,
    WHEN,
    measurement,
    whole_visit,
)
from tests.journal.test_hl7 import ADDRESSES, EVERY_RESPONSE

LONG = replace(
    NURSE, hpr_number="", display="Anne-Lise Ødegård Bjørnstad-Østergaard", user_id="annelise-o"
)
STREAM = measurement(rule=Rule.DIFFERENCE, performer=LONG, dress=Dress.CLOTHED)
CONTEXTS = [
    *(measurement(dress=dress) for dress in Dress),
    *(measurement(Quantity.LENGTH, 545, "54.5", "cm", position=where) for where in Position),
    *(measurement(odd_reason=reason) for reason in OddReason),
    measurement(rule=Rule.DIFFERENCE),
]


def of(*measurements, hearing=(), **child):
    visit = whole_visit()
    return replace(
        visit, child=replace(visit.child, **child), measurements=measurements, hearing=hearing
    )


VISITS = {
    "a whole visit": whole_visit(),
    "every context": of(*CONTEXTS, STREAM),
    "every answer of a hearing test": of(hearing=(EVERY_RESPONSE,)),
    "a test broken off, and a weight": of(
        measurement(), hearing=(replace(EVERY_RESPONSE, end=End.TIRED),)
    ),
    "a retest": of(hearing=(replace(EVERY_RESPONSE, is_retest=True, catch_trials=4),)),
    "a name of many signs": of(measurement(), given_name="Åse|^~&\\\\ Ø\nB"),
}
VISITS |= {f"a number of kind {kind}": of(measurement(), number_kind=kind) for kind in IdKind}
VISITS |= {
    "every way to take every quantity": of(
        *(
            measurement(rule=rule, dress=dress, odd_reason=reason)
            for rule, dress, reason in product(Rule, (None, *Dress), (None, *OddReason))
        ),
        *(
            measurement(quantity, 545, "54,5", "cm", position=where, odd_reason=reason)
            for quantity, where, reason in product(
                [one for one in Quantity if one is not Quantity.WEIGHT],
                (None, *Position),
                (None, *OddReason),
            )
        ),
    ),
    "what was moved to the right child": moved(
        replace(whole_visit(), hearing=(EVERY_RESPONSE,)),
        uuid7(),
        replace(CHILD, number="01010750160", number_kind=IdKind.D_NUMBER),
        WHEN,
        uuid7,
    ),
    "long names and words": of(
        measurement(
            performer=replace(LONG, display=LONG.display * 3),
            device=replace(SCALE, name=LONG.display * 2, serial="S" * 90),
        ),
        given_name=LONG.display * 2,
    ),
    "a child without a name": of(measurement(), given_name=""),
}
LENGTHS = {
    Version.V2_5: {
        "MSH": {3: 227, 4: 227, 5: 227, 6: 227, 7: 26, 9: 15, 10: 20, 11: 3, 12: 60, 18: 16},
        "PID": {1: 4, 3: 250, 5: 250, 7: 26},
        "OBR": {1: 4, 3: 22, 4: 250, 7: 26, 25: 1},
        "OBX": {1: 4, 2: 3, 3: 250, 4: 20, 6: 250, 11: 1, 14: 26, 16: 250, 18: 22},
        "NTE": {1: 4},
    },
    Version.V2_6: {
        "MSH": {3: 227, 4: 227, 5: 227, 6: 227, 7: 24, 9: 15, 10: 199, 11: 3, 12: 60, 18: 16},
        "PID": {1: 4, 3: 250, 5: 250, 7: 24},
        "OBR": {1: 4, 3: 427, 4: 705, 7: 24, 25: 1},
        "OBX": {1: 4, 2: 3, 3: 705, 4: 20, 6: 705, 11: 1, 14: 24, 16: 3220, 18: 427},
        "NTE": {1: 4},
    },
}
"""Characters a field holds (HL7 v2.5 and v2.6, chapters 2, 4 and 7)."""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("kind", VISITS)
def test_every_message_is_valid_and_within_its_lengths(kind, version, status):
    addresses = replace(ADDRESSES, version=version, answers=Answers.BOTH)
    text = oru(VISITS[kind], uuid7(), addresses, SITE, status=status).decode("utf-8")
    message = parse_message(text.rstrip("\r"), validation_level=VALIDATION_LEVEL.STRICT)
    assert message.version == version
    assert message.validate()
    for segment in hl7.parse(text):
        for number, most in LENGTHS[version].get(str(segment[0]), {}).items():
            field = str(segment[number]) if number < len(segment) else ""
            assert len(field) <= most, (str(segment[0]), number)
    assert "odd-value" not in text


@pytest.mark.parametrize("status", Status)
def test_a_change_of_any_one_value_is_valid_and_tells_of_no_other(status):
    visit = replace(whole_visit(), hearing=(EVERY_RESPONSE,))
    for one in (*visit.measurements, *visit.hearing):
        text = sent(visit, status=status, only=frozenset({one.id}))
        message = parse_message(text.rstrip("\r"), validation_level=VALIDATION_LEVEL.STRICT)
        assert message.validate()
        orders = [str(found[3]) for found in hl7.parse(text) if str(found[0]) == "OBR"]
        assert orders == [str(one.id)[:FILLER]]


def notes_under(text):
    """Each OBR and OBX with the words that belong to it, and the numbers of these notes."""
    found = []
    for segment in hl7.parse(text):
        if str(segment[0]) in {"OBR", "OBX"}:
            found.append((str(segment[0]), [], []))
        elif str(segment[0]) == "NTE":
            found[-1][1].append(str(segment[3]))
            found[-1][2].append(str(segment[1]))
    return found


def sent(visit, site=SITE, **more):
    return oru(visit, uuid7(), ADDRESSES, site, **more).decode("utf-8")


def words(one, site=SITE):
    (_, order, _), (_, told, numbers) = notes_under(sent(of(replace(one, device=None)), site))
    assert order == []
    assert numbers == [str(n + 1) for n in range(len(told))]
    return told


def test_how_a_value_was_taken_stands_in_words_under_it():
    plain = measurement(dress=None)
    for dress in Dress:
        assert words(replace(plain, dress=dress)) == [DRESSES[dress]]
    for where in Position:
        length = measurement(Quantity.LENGTH, 545, "54.5", "cm", position=where)
        assert words(length) == [POSITIONS[where]]
    for reason in OddReason:
        assert words(replace(plain, odd_reason=reason)) == [ODD_NOTES[reason]]
    assert words(replace(plain, rule=Rule.DIFFERENCE)) == [WITH_ADULT]
    several = replace(plain, rule=Rule.DIFFERENCE, dress=Dress.LIGHT, odd_reason=OddReason.OTHER)
    assert words(several) == ["Lett kledd", "med voksen", "uvanlig tall, annen grunn"]


def test_the_words_are_in_the_language_of_the_station_and_of_the_screen():
    early = measurement(dress=None, odd_reason=OddReason.PREMATURE)
    assert words(early, replace(SITE, language="nn")) == ["uvanleg tal, fødd for tidleg"]
    assert words(early, replace(SITE, language="xx")) == ["uvanlig tall, født for tidlig"]


def test_lying_and_standing_dressed_and_naked_differ_by_code_too():
    codes = {
        str(hl7.parse(sent(of(one))).segment("OBX")[3]).split("^")[3]
        for one in CONTEXTS
        if one.position is not None or one.dress in {Dress.NAKED, Dress.CLOTHED}
    }
    assert {"8306-3", "8308-9", "8351-9", "8350-1"} <= codes


def test_the_notes_of_a_hearing_test_stand_with_the_test_and_those_of_a_tone_under_the_tone():
    test = replace(EVERY_RESPONSE, end=End.TIRED)
    (kind, told, _), *tones = notes_under(sent(of(hearing=(test,))))
    assert kind == "OBR"
    assert told[0] == "Testen ble avbrutt: barnet var slitent"
    assert {text for _, some, _ in tones for text in some} == {"ikke testet", "lot seg ikke teste"}
    assert max(len(some) for _, some, _ in tones) == 1


@pytest.mark.parametrize("status", [Status.DELETED, Status.WRONG])
def test_what_was_withdrawn_is_not_told_once_more_in_words(status):
    visit = of(*CONTEXTS, hearing=(replace(EVERY_RESPONSE, end=End.TIRED),))
    assert {
        text for _, some, _ in notes_under(sent(visit, status=status)) for text in some
    } == set()


def test_who_measured_has_a_number_with_its_authority_and_a_family_name():
    def who(performer):
        return str(hl7.parse(sent(of(measurement(performer=performer)))).segment("OBX")[16])

    assert who(NURSE) == "9999999^Testesen^Test^^^^^^&2.16.578.1.12.4.1.4.4&ISO"
    assert who(replace(NURSE, display="Ada")).startswith("9999999^Ada^^")
    assert who(LONG) == (
        "annelise-o^Bjørnstad-Østergaard^Anne-Lise Ødegård^^^^^^"
        "&urn:x-helsestasjon-kiosk:999999999:station-1:user&URI"
    )


def test_a_control_id_has_20_characters_and_no_two_messages_share_one():
    names = [uuid7() for _ in range(2000)]
    ids = {short_id(name) for name in names}
    assert len(ids) == len(names)
    assert all(len(one) == 20 and one.isalnum() and one.isascii() for one in ids)
    assert len({str(name)[:FILLER] for name in names}) == len(names)
    assert sorted(ids) == [short_id(name) for name in names], "in the order they were made"


def test_the_device_is_named_in_full_by_2_6_and_in_words_by_2_5():
    short, full = (
        hl7.parse(
            oru(of(measurement()), uuid7(), replace(ADDRESSES, version=one), SITE).decode("utf-8")
        )
        for one in Version
    )
    assert str(short.segment("OBX")[18]) == "S123"
    assert str(short.segment("NTE")[3]) == "Naken"
    assert str(short.segments("NTE")[1][3]) == "Måleutstyr: RADWAG C315, serienummer S123"
    assert str(full.segment("OBX")[18]) == f"scale:radwag:1:S123^^{SITE.system}:device^URI"
    assert str(full.segment("OBR")[3]).endswith(f"^^{SITE.system}^URI")
