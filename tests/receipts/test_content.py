"""A slip holds what may be printed, and nothing that could name, number or command."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.model.performer import Performer
from kiosk.model.visit import Dress, Measurement, Position, Quantity, Source
from kiosk.receipts.age import age_words, date_words
from kiosk.receipts.content import (
    CopyMark,
    SlipContent,
    SlipLine,
    clean,
    initials,
    label,
    lines_of,
    note,
)

LINE = SlipLine(Quantity.WEIGHT, "6,482 kg", dress=Dress.NAKED)
DAY = date(2026, 3, 12)


def slip(**changed) -> SlipContent:
    values = {
        "name": "Ærlend",
        "age": "4 måneder",
        "measured_on": DAY,
        "lines": (LINE,),
        "code": "K7QF",
    }
    return SlipContent(**values | changed)


def measured(quantity: Quantity, value: int, text: str, unit: str, **more) -> Measurement:
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    return Measurement(
        id=UUID(int=1),
        visit_id=UUID(int=2),
        quantity=quantity,
        value=value,
        text=text,
        unit=unit,
        source=Source.DEVICE,
        measured_at=now,
        entered_at=now,
        offset_minutes=60,
        performer=Performer("u1", "Test"),
        **more,
    )


def test_a_slip_has_only_the_fields_that_may_be_printed():
    assert {field.name for field in fields(SlipContent)} == {
        "name",
        "age",
        "measured_on",
        "lines",
        "code",
        "clinic",
        "hearing_done",
        "hearing_unfinished",
        "audiogram",
        "corrected",
        "copy",
        "training",
        "language",
    }


def test_the_clinic_is_off_unless_given():
    assert slip().clinic is None
    assert slip(clinic="  ").clinic is None


@pytest.mark.parametrize("name", ["13820012345", "Ola 7", "a" * 41, "x@y", "Ola;", "Ola/Kari"])
def test_a_name_that_is_not_letters_is_refused_without_being_repeated(name):
    with pytest.raises(ValueError, match="letters only") as error:
        slip(name=name)
    assert name not in str(error.value)


@pytest.mark.parametrize("name", ["", " ", "\x1b\x1d"])
def test_a_slip_may_go_without_a_name(name):
    assert slip(name=name).name == ""


@pytest.mark.parametrize("name", ["Anne-Marie", "D’Arcy", "Ŋilla", "A.M.", "Олена", "Zoë"])
def test_real_names_are_taken(name):
    assert slip(name=name).name == name


@pytest.mark.parametrize("text", ["13820012345", "Tlf. 22 22 22 22", "x" * 81])
def test_a_text_with_a_long_number_is_refused(text):
    with pytest.raises(ValueError, match="short"):
        slip(clinic=text)
    with pytest.raises(ValueError, match="short"):
        slip(age=text)


@pytest.mark.parametrize("value", ["13820012345", "6.482 kg", "6,482", "-1 kg", "1 stone", ""])
def test_a_value_is_a_number_with_its_unit_and_nothing_else(value):
    with pytest.raises(ValueError, match="decimal comma"):
        SlipLine(Quantity.WEIGHT, value)


@pytest.mark.parametrize("code", ["", "abc1", "ABC", "ABCDEFG", "AB\x1bC"])
def test_a_slip_code_is_short_and_plain(code):
    with pytest.raises(ValueError, match="slip code"):
        slip(code=code)


def test_a_slip_without_a_result_is_refused():
    with pytest.raises(ValueError, match="result"):
        slip(lines=())
    assert slip(lines=(), hearing_done=True).hearing_done
    assert slip(lines=(), hearing_unfinished=True).hearing_unfinished


@pytest.mark.parametrize("number", [0, -1, 100])
def test_copies_are_numbered_from_one(number):
    with pytest.raises(ValueError, match="copy"):
        CopyMark(number, time(10, 42))


def test_what_is_personal_is_not_in_the_representation():
    shown = repr(slip(name="Kanari"))
    assert "Kanari" not in shown
    assert "6,482" not in shown
    assert "måneder" not in shown


@given(st.text(max_size=60))
def test_no_control_or_formatting_character_survives(text):
    cleaned = clean(text)
    assert not [c for c in cleaned if unicodedata.category(c).startswith("C")]
    assert not {"\x1b", "\x1d", "\x10", "\x1c", "\x00"} & set(cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(alphabet="abæøå \x1b\x1d\x10\x14\x00\u202e\u200b\x9b", max_size=20))
def test_commands_inside_a_name_vanish_and_its_letters_stay(text):
    letters = [each for each in text if each.isalpha()]
    assume(letters)
    assert [each for each in slip(name=text).name if each != " "] == letters


def test_decomposed_letters_are_composed():
    assert clean("A\u030argot") == "Årgot"


def test_measurements_become_lines_in_the_order_they_are_read():
    lines = lines_of(
        [
            measured(Quantity.HEAD, 412, "41.2", "cm"),
            measured(Quantity.LENGTH, 634, "63.4", "cm", position=Position.LYING),
            measured(Quantity.WEIGHT, 6480, "6.480", "kg", dress=Dress.NAPPY),
        ]
    )
    assert [(label(each), each.value.replace("\u00a0", " "), note(each)) for each in lines] == [
        ("Vekt", "6,480 kg", "veid med bleie"),
        ("Lengde", "63,4 cm", "målt liggende"),
        ("Hodeomkrets", "41,2 cm", ""),
    ]


def test_height_is_told_from_length():
    (line,) = lines_of([measured(Quantity.LENGTH, 1045, "", "cm", position=Position.STANDING)])
    assert (label(line), line.value, note(line)) == ("Høyde", "104,5\u00a0cm", "målt stående")


@pytest.mark.parametrize(
    ("names", "short"), [("Anne Marie", "A.M."), ("åse-lill", "Å.L."), ("Nils", "N.")]
)
def test_initials(names, short):
    assert initials(names) == short


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 3, 12), "0 dager"),
        (date(2026, 3, 11), "1 dag"),
        (date(2026, 2, 27), "13 dager"),
        (date(2026, 2, 26), "2 uker"),
        (date(2025, 12, 12), "12 uker"),
        (date(2025, 12, 11), "3 måneder"),
        (date(2025, 11, 13), "3 måneder"),
        (date(2025, 11, 12), "4 måneder"),
        (date(2024, 3, 13), "23 måneder"),
        (date(2024, 3, 12), "2 år"),
        (date(2024, 2, 12), "2 år og 1 måned"),
        (date(2021, 11, 2), "4 år og 4 måneder"),
    ],
)
def test_age_in_the_words_a_parent_uses(born, words):
    assert age_words(born, DAY) == words


def test_a_child_not_born_yet_has_no_age():
    with pytest.raises(ValueError, match="born"):
        age_words(date(2026, 3, 13), DAY)


@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.dates(date(2000, 1, 1), date(2030, 12, 31))
)
def test_every_age_may_stand_on_a_slip(one, other):
    born, on = sorted((one, other))
    assert slip(age=age_words(born, on)).age


def test_dates_are_written_out():
    assert [date_words(date(2026, month, 1)).split()[1] for month in (1, 5, 12)] == [
        "januar",
        "mai",
        "desember",
    ]


def test_a_quantity_the_slip_has_no_word_for_is_refused_and_never_printed_as_another():
    girth = measured("waist", 480, "48.0", "cm")
    with pytest.raises(ValueError, match="waist"):
        lines_of([girth])


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError, match="number"):
        lines_of([measured(Quantity.LENGTH, -1, "", "cm")])
