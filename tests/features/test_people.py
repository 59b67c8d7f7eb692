"""Who may sign in is looked up again while the station is locked: nobody has to restart it."""

from __future__ import annotations

from kiosk.desk.state import User
from kiosk.features.sign_in import ListPeople
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m

CHRIS = User("chris", "Chris")


def test_the_locked_station_asks_now_and_then_and_a_signed_in_one_does_not():
    bench = Bench().wait(31)
    assert 2 <= len(bench.of(ListPeople)) <= 3
    before = len(bench.sign_in().of(ListPeople))
    assert len(bench.wait(60).of(ListPeople)) == before


def test_somebody_who_was_added_is_on_the_lock_screen_and_can_sign_in():
    bench = Bench().send(m.UsersChanged((*Bench().desk.station.users, CHRIS)))
    assert bench.desk.station.users[-1] == CHRIS
    bench.sign_in("chris")
    assert bench.desk.user.user_id == "chris"


def test_the_pin_pad_of_somebody_who_was_removed_goes():
    bench = Bench().send(m.ChooseUser("bo"), m.PinKey("1"))
    bench.send(m.UsersChanged(bench.desk.station.users[:1]))
    assert (bench.desk.lock.user_id, bench.desk.lock.pin) == (None, "")


def test_a_pin_that_is_being_typed_stays():
    bench = Bench().send(m.ChooseUser("anne"), m.PinKey("1"))
    bench.send(m.UsersChanged((*bench.desk.station.users, CHRIS)))
    assert (bench.desk.lock.user_id, bench.desk.lock.pin) == ("anne", "1")
