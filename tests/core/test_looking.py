"""Help, and a look of one's own: at hand on every page, remembered for the person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_bench import Bench

from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import KeepLook
from kiosk.core.desk.look import Hand, Look, Palette, read_look
from kiosk.core.desk.state import Aside, Screen

LEFT = Look(Palette.CONTRAST, Hand.LEFT, 150)


def test_help_lies_over_the_page_and_goes_without_leaving_it():
    bench = Bench().measuring().send(m.OpenHelp())
    assert (bench.desk.screen, bench.desk.aside) == (Screen.MEASURE, Aside.HELP)
    bench.send(m.Back())
    assert (bench.desk.screen, bench.desk.aside) == (Screen.MEASURE, None)


def test_a_question_is_answered_before_help_is_read():
    bench = Bench().measuring().scale("0.000", "42.000").take()
    assert bench.desk.asking
    assert bench.send(m.OpenHelp()).desk.aside is None


def test_a_look_is_drawn_at_once_and_kept_for_the_person():
    bench = Bench().sign_in().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT))
    assert (bench.desk.look, bench.last(KeepLook)) == (LEFT, KeepLook("anne", LEFT))


def test_the_locked_station_looks_as_configured_and_each_person_as_chosen():
    bench = Bench().sign_in().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT), m.Back(), m.Lock())
    assert bench.desk.look == Look()
    assert bench.sign_in("bo").desk.look == Look()
    assert bench.send(m.Lock()).sign_in().desk.look == LEFT


def test_work_that_comes_back_after_locking_has_the_persons_look():
    bench = Bench().measuring().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT), m.Lock())
    assert (bench.desk.look, bench.desk.aside) == (Look(), None)
    bench.sign_in()
    assert (bench.desk.screen, bench.desk.look, bench.desk.aside) == (Screen.MEASURE, LEFT, None)


def test_a_look_chosen_on_the_locked_station_lasts_until_somebody_signs_in():
    bench = Bench().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT))
    assert bench.desk.look == LEFT
    assert not bench.of(KeepLook)
    assert bench.send(m.Back()).sign_in().desk.look == Look()


def test_the_station_may_be_configured_to_look_otherwise():
    bench = Bench()
    bench.desk = replace(bench.desk, look=LEFT, station_look=LEFT)
    assert bench.sign_in().desk.look == LEFT


@pytest.mark.parametrize("look", [Look(), LEFT, Look(text=125)])
def test_a_kept_look_is_read_as_it_was(look):
    assert read_look(str(look)) == look


@pytest.mark.parametrize("kept", ["", "light", "light right 99", "dark right 100", "a b c d"])
def test_what_is_no_look_is_none(kept):
    assert read_look(kept) is None
