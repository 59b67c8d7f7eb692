"""The protocols a station offers, and the order they are proposed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.hearing.protocol import shipped
from kiosk.hearing.protocols_offered import (
    Problem,
    can_be_recorded,
    fits,
    for_age,
    is_signed,
    shelf_of,
    to_fill_in,
)
from kiosk.hearing.writing import write_protocol

SIGNED = {"approved_by": "Kari Lege, lege", "approved_on": date(2026, 11, 23)}
OWN = replace(shipped()["uk-sweep-common"], version="1+1", **SIGNED)

HEAD = 'id = "uk-sweep-common"\nversion = "1"\nsource = ""\nages_months = [1, 2]\n'


def test_the_clinics_own_stands_in_place_of_the_shipped_one():
    shelf = shelf_of({"uk-sweep-common.toml": write_protocol(OWN)}, shipped())
    assert shelf.problems == ()
    assert set(shelf.protocols) == set(shipped())
    own = shelf.protocols["uk-sweep-common"]
    assert (own.version, is_signed(own)) == ("1+1", True)


def test_a_protocol_of_the_clinics_own_comes_to_the_others():
    text = write_protocol(replace(OWN, id="ours"))
    assert set(shelf_of({"ours.toml": text}, shipped()).protocols) == {*shipped(), "ours"}


def test_a_file_under_another_protocols_name_is_a_problem_and_takes_nothings_place():
    shelf = shelf_of({"copy.toml": write_protocol(OWN)}, shipped())
    assert shelf.protocols == shipped()
    assert shelf.problems == (
        Problem("copy.toml", "copy.toml: holds the protocol uk-sweep-common"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "order = ",
        f"{HEAD}level = 5",
        f"{HEAD}retest = []",
        f"{HEAD}order = {'[' * 5000}",
        write_protocol(OWN).replace("order = [1000", "order = [inf"),
        write_protocol(OWN).replace("[pass]", "[passed]"),
    ],
)
def test_a_broken_file_is_a_problem_by_name_and_the_shipped_one_is_back_unsigned(text):
    shelf = shelf_of({"uk-sweep-common.toml": text}, shipped())
    (problem,) = shelf.problems
    assert problem.name == "uk-sweep-common.toml"
    assert problem.what.startswith("uk-sweep-common.toml: ")
    assert shelf.protocols == shipped()


@given(st.text())
def test_no_text_at_all_takes_the_shelf_down(text):
    shelf = shelf_of({"own.toml": text}, shipped())
    assert len(shelf.problems) == 1


def test_signed_ones_that_fit_the_age_are_proposed_first():
    own = {one: replace(shipped()[one], **SIGNED) for one in ("uk-sweep-common",)}
    school = replace(shipped()["eu-euscreen-school"], level=dict.fromkeys((1000,), 20), **SIGNED)
    protocols = {**shipped(), **own, "eu-euscreen-school": school}
    found = [one.id for one in for_age(protocols.values(), 50)]
    assert found == [
        "uk-sweep-common",
        "eu-euscreen-preschool",
        "no-4y",
        "se-blekinge-4y",
        "uk-lincolnshire-reception",
        "eu-euscreen-school",
    ]


@pytest.mark.parametrize(("months", "is_so"), [(44, False), (45, True), (60, True), (61, False)])
def test_both_ends_of_the_age_belong_to_it(months, is_so):
    assert fits(shipped()["no-4y"], months) is is_so


def test_what_can_be_recorded_is_less_than_what_is_signed():
    found = {one.id for one in shipped().values() if can_be_recorded(one)}
    assert found == {"se-blekinge-4y", "uk-lincolnshire-reception", "uk-sweep-common"}
    assert not any(is_signed(one) for one in shipped().values())


def test_what_the_clinic_must_still_fill_in_is_told_for_each():
    found = to_fill_in([OWN, shipped()["eu-euscreen-school"], shipped()["no-4y"]])
    assert found == {
        "eu-euscreen-school": ("level", "approved_by", "approved_on"),
        "no-4y": ("order", "level", "pass", "approved_by", "approved_on"),
    }
