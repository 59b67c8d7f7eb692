"""The locked screen goes dark after a long while, and the first touch only lights it."""

from __future__ import annotations

from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Screen
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m


def test_a_locked_station_nobody_touches_goes_dark():
    bench = Bench(DeskRules(blank_after=30.0)).send(m.Touched())
    assert not bench.wait(29).desk.station.blanked
    assert bench.wait(2).desk.station.blanked


def test_the_touch_that_lights_the_screen_does_nothing_else():
    bench = Bench(DeskRules(blank_after=30.0)).send(m.Touched()).wait(31)
    bench.send(m.ChooseUser("anne"))
    assert (bench.desk.station.blanked, bench.desk.lock.user_id) == (False, None)
    bench.send(m.ChooseUser("anne"))
    assert bench.desk.lock.user_id == "anne"


def test_a_signed_in_station_locks_first_and_is_never_dark_before():
    bench = Bench(DeskRules(lock_after=20.0, blank_after=10.0)).sign_in()
    assert not bench.wait(15).desk.station.blanked
    bench.wait(10)
    assert (bench.desk.screen, bench.desk.station.blanked) == (Screen.LOCK, True)


def test_a_station_that_is_not_to_rest_never_goes_dark():
    bench = Bench(DeskRules(blank_after=0.0)).send(m.Touched()).wait(500)
    assert not bench.desk.station.blanked


def test_a_station_that_was_just_started_is_not_dark_at_once():
    bench = Bench(DeskRules(blank_after=30.0))
    bench.now = 900_000.0
    assert not bench.wait(20).desk.station.blanked
    assert bench.wait(20).desk.station.blanked
