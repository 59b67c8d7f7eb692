"""GDT files by the published table, and whose number and name stand in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from uuid6 import uuid7

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.journal.files.charset import CHARSETS, spelled
from kiosk.journal.files.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.files.gdt_requests import Person, Requests
from kiosk.journal.mapping_error import MappingError
from kiosk.model.visit import IdKind, Quantity
from tests.journal import gdt_table
from tests.journal.gdt_table import fields
from tests.journal.journal_samples import NURSE, SCALE, SITE, measurement, whole_visit
from tests.journal.test_hl7 import EVERY_RESPONSE
from tests.journal.test_hl7_content import VISITS

GDT = GdtAddresses("KIOSK", "JOURNAL")
ADA = Person("4711", "Testesen", "Ada")
EVERY_TONE = replace(
    EVERY_RESPONSE,
    tones=tuple(
        Tone(ear, transducer, hz, response, level, masking, noise)
        for (ear, transducer), (hz, response, level), (masking, noise) in product(
            product(Ear, Transducer),
            [(125, Response.THRESHOLD, Decimal(20)), (8000, Response.NO_RESPONSE, Decimal(90))],
            [(Masking.UNKNOWN, None), (Masking.MASKED, Decimal(100))],
        )
    ),
)
LONG = "Ødegård-Bjørnstad Østergaard Åsmundsdatter av Geirangerfjorden og omegn"
ALL = {
    **VISITS,
    "every tone": replace(whole_visit(), measurements=(), hearing=(EVERY_TONE,)),
    "long words": replace(
        whole_visit(),
        measurements=(
            measurement(
                device=replace(SCALE, name=LONG * 2, serial="S" * 90),
                performer=replace(NURSE, display=LONG),
            ),
        ),
    ),
}


def written(visit, person=ADA, gdt=GDT):
    return gdt_record(visit, uuid7(), gdt, SITE, person)


@pytest.mark.parametrize("characters", CHARSETS)
@pytest.mark.parametrize("kind", ALL)
def test_every_file_obeys_the_published_table(kind, characters):
    body = written(ALL[kind], gdt=replace(GDT, characters=characters))
    assert gdt_table.faults(body) == []
    assert b"?" not in body


@pytest.mark.parametrize("characters", CHARSETS)
@pytest.mark.parametrize("kind", ALL)
def test_every_file_with_the_childs_own_number_and_name_obeys_it_too(kind, characters):
    visit = ALL[kind]
    own = replace(visit.child, number="AB12345", number_kind=IdKind.H_NUMBER)
    gdt = replace(GDT, characters=characters)
    if not own.given_name:
        with pytest.raises(MappingError, match="name-missing"):
            written(replace(visit, child=own), None, gdt)
        return
    assert gdt_table.faults(written(replace(visit, child=own), None, gdt)) == []


def test_the_table_finds_what_is_wrong():
    body = written(whole_visit())
    assert gdt_table.faults(body.replace(b"0173101Testesen\r\n", b"")) != []
    assert gdt_table.faults(body.replace(b"84204.236", b"8420<4.23")) != []


def test_a_limit_is_told_in_words_and_never_as_a_number():
    body = written(replace(whole_visit(), measurements=(), hearing=(EVERY_RESPONSE,)))
    told = [text for field, text in fields(body) if field in {"8420", "8480"}]
    assert "høyst 20 dB HL" in told
    assert "mer enn 20 dB HL" in told
    assert told.count("20") == 1, "the one threshold is a number"


def test_weight_and_height_stand_in_the_fields_that_every_journal_knows():
    found = dict(fields(written(whole_visit())))
    assert (found["3623"], found["3622"], found["8402"]) == ("4.236", "54.5", "ALLG00")
    hearing = written(replace(whole_visit(), measurements=(), hearing=(EVERY_RESPONSE,)))
    assert dict(fields(hearing))["8402"] == "AUDI01"
    withheld = replace(whole_visit(), measurements=(measurement(Quantity.HEAD, 380, "38", "cm"),))
    assert not {"3622", "3623"} & set(dict(fields(written(withheld))))


def test_long_words_are_told_in_several_lines_and_nothing_of_them_is_lost():
    body = written(ALL["long words"])
    told = "".join(text for field, text in fields(body) if field in {"8470", "6227"})
    assert "".join((LONG * 2).split()) in "".join(told.split())
    assert "S" * 90 in "".join(told.split())


NAMES = {
    "Łukasz Żółć": "Lukasz Zólc",
    "Ánde Čáhppe Šáŋŧi Đuommá": "Ánde Cáhppe Sánti Duommá",
    "Зоряна Юлія Єва": "Zoriana Yuliia Yeva",
    "Щербак": "Shcherbak",
    "Згурський Мар'яна": "Zghurskyi Mar'iana",
    "Þór Ðuro Œdipe Ğül Iıß": "Þór Ðuro OEdipe Gül Iiß",
    "Žofia Dvořák Nguyễn": "Zofia Dvorák Nguyen",
    "Åse Øyvor": "Åse Øyvor",
    "Anne\u2013Lise \u201cMia\u201d": 'Anne-Lise "Mia"',
    "Ελένη": "Eleni",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_spelt_with_the_letters_there_are(name):
    body = written(whole_visit(), replace(ADA, given_name=name))
    assert dict(fields(body))["3102"] == NAMES[name]
    assert spelled(name, "ascii").isascii()
    assert "?" not in spelled(name, "ascii")


def test_a_name_that_cannot_be_spelt_goes_to_a_person():
    with pytest.raises(MappingError, match="name-not-in-character-set"):
        written(whole_visit(), replace(ADA, given_name="明"))


def test_a_name_longer_than_its_field_stands_in_words_too():
    body = written(whole_visit(), replace(ADA, family_name=LONG))
    assert gdt_table.faults(body) == []
    told = " ".join(text for field, text in fields(body) if field == "6227")
    assert f"Navn: {LONG}" in told


def test_a_number_longer_than_the_field_is_written_only_where_that_was_agreed():
    with pytest.raises(MappingError, match="patient-number-too-long"):
        written(whole_visit(), None)
    agreed = written(whole_visit(), None, replace(GDT, long_numbers=True))
    assert dict(fields(agreed))["3000"] == "18912650053"
    assert gdt_table.faults(agreed) == ["3000 18912650053"]
    own = replace(whole_visit().child, number="AB12345", number_kind=IdKind.H_NUMBER)
    assert gdt_table.faults(written(replace(whole_visit(), child=own), None)) == []


# --- what the journal asks for ---------------------------------------------------------


def request(kind="6302", number="4711", family="Testesen", given="Ada", born="18112026"):
    lines = [
        ("8315", "KIOSK"), ("9206", "3"), ("9218", "02.10"), ("3000", number),
        ("3101", family), ("3102", given), ("3103", born),
    ]  # fmt: skip

    def line(field, text):
        raw = text.encode("iso-8859-1")
        return b"%03d%s%s\r\n" % (len(raw) + 9, field.encode(), raw)

    rest = b"".join(line(*one) for one in lines if one[1])
    size = len(line("8000", kind)) + 14 + len(rest)
    return line("8000", kind) + line("8100", f"{size:05d}") + rest


@pytest.fixture
def asked(tmp_path):
    def put(*bodies):
        for number, body in enumerate(bodies):
            (tmp_path / f"EDV1KIOS.{number:03d}").write_bytes(body)
        return Requests(tmp_path)

    return put


@pytest.mark.parametrize("kind", ["6301", "6302"])
def test_the_journals_own_number_and_family_name_are_used(asked, kind):
    other = request(number="4712", given="Ola")
    requests = asked(request(kind), other, b"no gdt at all", request("6310", number="1"))
    person = requests.of(whole_visit().child)
    assert person == ADA
    found = dict(fields(written(whole_visit(), person)))
    assert (found["3000"], found["3101"], found["3102"]) == ("4711", "Testesen", "Ada")


@pytest.mark.parametrize(
    "change",
    [{"born": "19112026"}, {"given": "Ola"}, {"number": ""}, {"family": ""}, {"born": ""}],
)
def test_a_request_for_another_child_is_not_used(asked, change):
    with pytest.raises(MappingError, match="no-request-of-the-journal"):
        asked(request(**change)).of(whole_visit().child)


def test_two_requests_that_fit_are_for_a_person_and_two_of_the_same_patient_are_one(asked):
    assert asked(request("6301"), request()).of(whole_visit().child) == ADA
    with pytest.raises(MappingError, match="several-requests-of-the-journal"):
        asked(request(), request(number="4712")).of(whole_visit().child)


def test_names_are_compared_as_they_are_spelt(asked):
    child = replace(whole_visit().child, given_name="łukasz jan")
    assert asked(request(given="Lukasz")).of(child).number == "4711"
    exact = replace(whole_visit().child, given_name="Åse")
    assert asked(request(given="Åse")).of(exact).given_name == "Åse"


def test_the_national_number_in_a_request_is_a_match_of_its_own(asked):
    child = replace(whole_visit().child, given_name="Kallenavn", number="0123456789")
    assert asked(request(number="0123456789")).of(child).given_name == "Ada"


def test_a_request_is_removed_when_it_was_answered_and_no_other(asked, tmp_path):
    requests = asked(request(), request(number="4712", given="Ola"), b"x")
    person = requests.of(whole_visit().child)
    requests.answered(written(whole_visit(), person))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["EDV1KIOS.001", "EDV1KIOS.002"]


def test_a_folder_that_is_not_there_is_no_request(tmp_path):
    with pytest.raises(MappingError, match="no-request-of-the-journal"):
        Requests(tmp_path / "away").of(whole_visit().child)
    assert date(2026, 11, 18) == whole_visit().child.birth_date
