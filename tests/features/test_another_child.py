"""Nothing that lay, was shown or came before a child was opened becomes a value of that child.

Every way to leave a child, to open one, and every kind of value, each with each. Random walks over
them are in test_another_child_walk.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest

from drivers.events import LinkState, LinkStatus
from drivers.hearing import Ear, ToneRecord
from kiosk.desk.notices import Notice
from kiosk.desk.opening import AnotherSend
from kiosk.desk.state import Screen
from kiosk.features.hearing.receive import arrivals
from kiosk.hearing.arrivals import key_of
from kiosk.model.visit import Part, Position
from kiosk.weighing import child_on_scale
from kiosk.weighing.gate import Gate, Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.features.hearing.test_receive import tones
from tests.features.ways_bench import (
    KINDS,
    LEAVING,
    OPENING,
    TWINS,
    Ways,
    armed,
    both_ears,
    everything_but_the_name,
    everything_by_name,
    find,
    lock_and_back,
    numberless,
)

NORA, EMIL = TWINS


def has_nothing(bench: Ways) -> bool:
    visit = bench.desk.visit
    assert visit is not None
    return (visit.drafts, visit.together, visit.hearing, visit.used) == ((), None, (), ())


@pytest.mark.parametrize(("leave", "enter"), [*product(LEAVING, OPENING)])
def test_nothing_of_the_child_before_is_used_without_the_question(leave, enter):
    for kind in KINDS.values():
        bench = Ways()
        numberless(bench, NORA)
        kind.come(bench)
        LEAVING[leave](bench)
        assert bench.desk.visit is None
        OPENING[enter](bench, EMIL)
        assert bench.desk.visit.child.given_name == EMIL
        kind.stay(bench)
        everything_but_the_name(bench)
        assert has_nothing(bench), (kind, bench.desk.visit)


@pytest.mark.parametrize(
    "kind", [name for name in KINDS if name not in {"first-of-two", "board-once"}]
)
def test_after_the_question_one_touch_is_enough(kind):
    bench = Ways()
    numberless(bench, NORA)
    KINDS[kind].come(bench)
    LEAVING["drop"](bench)
    find(bench, EMIL)
    KINDS[kind].stay(bench)
    everything_by_name(bench)
    assert not has_nothing(bench) or bench.desk.hearing.received is not None


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"first-of-two"}))
def test_behind_the_lock_the_babies_may_have_changed_places(kind):
    bench = Ways()
    numberless(bench, NORA)
    KINDS[kind].come(bench)
    lock_and_back(bench)
    assert bench.desk.visit.child.given_name == NORA
    KINDS[kind].stay(bench)
    everything_but_the_name(bench)
    assert has_nothing(bench)


def test_at_the_opening_nothing_is_offered_or_asked_about():
    bench = Ways()
    bench.press("104.2")
    find(bench, NORA)
    shown = bench.press("104.2").send(m.TakeLength(flat(bench.desk).length.key))
    assert flat(shown.desk).doubt is not None
    bench.shows("0.000").shows("16.236").press("104.2")
    assert bench.desk.station.weighing.offer is not None
    lock_and_back(bench)
    found = bench.desk
    assert (flat(found).doubt, flat(found).length, found.station.weighing.offer) == (
        None,
        None,
        None,
    )


def test_a_platform_that_was_seen_empty_asks_nothing():
    bench = Ways()
    numberless(bench, NORA)
    bench.shows("0.000").shows("16.236")
    LEAVING["drop"](bench)
    find(bench, EMIL)
    bench.shows("16.236").shows("0.000").shows("15.100")
    assert not child_on_scale.asks_whose(bench.desk.station.weighing)
    bench.take()
    assert [draft.text for draft in bench.desk.visit.drafts] == ["15.100"]


def test_the_question_says_what_the_scale_showed_before():
    bench = Ways()
    bench.shows("16.236")
    find(bench, NORA)
    bench.shows("16.238")
    assert child_on_scale.asks_whose(bench.desk.station.weighing)
    assert bench.desk.station.weighing.lay.value == Decimal("16.236")
    bench.named().shows("16.238").take()
    assert [draft.text for draft in bench.desk.visit.drafts] == ["16.238"]


def test_an_empty_scale_is_told_only_once_it_was_seen_since_the_opening():
    bench = Ways()
    bench.shows("0.000")
    find(bench, NORA)
    assert bench.desk.station.weighing.hold is Hold.NO_VALUE
    bench.shows("0.000", times=1)
    assert (bench.desk.station.weighing.hold, bench.desk.station.weighing.gate) == (
        Hold.EMPTY,
        Gate.OPEN,
    )


def test_of_a_scale_that_said_nothing_before_nothing_is_known():
    bench = Ways()
    bench.send(LinkStatus("scale", LinkState.LOST, 1, "unplugged"))
    find(bench, NORA)
    bench.send(LinkStatus("scale", LinkState.OPEN, 1)).shows("16.236")
    assert child_on_scale.asks_whose(bench.desk.station.weighing)
    assert bench.desk.station.weighing.lay is None


def test_a_cable_that_comes_back_answers_no_question():
    bench = Ways()
    bench.shows("16.236")
    find(bench, NORA)
    bench.send(LinkStatus("scale", LinkState.LOST, 1, "unplugged"))
    bench.send(LinkStatus("scale", LinkState.OPEN, 2)).send(m.ChildIsOnScale())
    assert bench.desk.station.weighing.gate is Gate.BEFORE


def test_the_adult_alone_is_named_too_after_a_lock():
    bench = Ways()
    numberless(bench, NORA)
    KINDS["first-of-two"].come(bench)
    lock_and_back(bench)
    bench.shows("70.180")
    assert child_on_scale.asks_whose(bench.desk.station.weighing)
    bench.named().shows("70.180").take()
    (draft,) = bench.desk.visit.drafts or [flat(bench.desk).question.draft]
    assert [kept.part for kept in draft.readings] == [Part.TOGETHER, Part.ADULT]


def test_no_to_a_length_drops_it_and_no_to_a_result_leaves_it():
    bench = Ways()
    bench.press("104.2").record(both_ears(15))
    find(bench, NORA)
    bench.press("104.2").send(m.TakeLength(flat(bench.desk).length.key)).named(yes=False)
    assert (flat(bench.desk).length, flat(bench.desk).placing) == (None, None)
    (one,) = arrivals(armed(bench).desk)
    bench.send(m.TakeArrival(key_of(one))).named(yes=False)
    assert flat(bench.desk).doubt is None
    assert arrivals(bench.desk) == (one,)


def test_another_length_from_the_board_is_a_new_one():
    bench = Ways()
    bench.press("104.2")
    bench.now += 20
    find(bench, NORA)
    bench.press("98.6").send(
        m.TakeLength(flat(bench.desk).length.key), m.PlaceChild(Position.STANDING)
    )
    assert [draft.text for draft in bench.desk.visit.drafts] == ["98.6"]


def test_a_board_that_goes_on_sending_asks_until_it_was_still():
    bench = Ways()
    bench.press("104.2")
    find(bench, NORA)
    for text in ("104.3", "104.1", "104.4"):
        bench.now += 2
        bench.press(text)
        assert flat(bench.desk).length.doubtful
    bench.now += 4
    bench.press("98.6")
    assert not flat(bench.desk).length.doubtful


def test_a_yes_for_the_scale_holds_for_its_rod():
    bench = Ways()
    bench.shows("16.236")
    find(bench, NORA)
    bench.press("104.2", "scale")
    assert flat(bench.desk).length.doubtful
    bench.named()
    assert not flat(bench.desk).length.doubtful


# Results of an audiometer


def test_what_came_since_the_child_was_opened_is_taken_without_a_question():
    bench = Ways()
    find(bench, NORA)
    bench.record(both_ears(15)).export(20)
    armed(bench)
    for one in arrivals(bench.desk):
        bench.send(m.TakeArrival(key_of(one)))
        assert (flat(bench.desk).doubt, bench.desk.screen) == (None, Screen.AUDIOGRAM)
        bench.send(m.Back())


@pytest.mark.parametrize("wrong", ["folder-was-away", "clock-is-fast", "seen-before"])
def test_a_file_that_may_be_old_asks(wrong):
    bench = Ways()
    bench.export(20)
    (one,) = bench.files
    fresh = Ways()
    if wrong == "seen-before":
        one = replace(one, changed_at=fresh.moment().wall + timedelta(seconds=10))
        fresh.send(m.FilesToTake((one,)))
    find(fresh, NORA)
    if wrong == "clock-is-fast":
        one = replace(one, changed_at=fresh.moment().wall.replace(year=2027))
    fresh.now += 60
    fresh.send(m.FilesToTake((one,)))
    (found,) = arrivals(armed(fresh).desk)
    fresh.send(m.TakeArrival(key_of(found)))
    assert flat(fresh.desk).doubt == found


def test_a_record_from_before_the_start_asks():
    bench = Ways()
    bench.record(both_ears(15))
    fresh = Ways()
    find(fresh, NORA)
    armed(fresh).send(m.HeldListed(bench.desk.station.held))
    (one,) = arrivals(fresh.desk)
    fresh.send(m.TakeArrival(key_of(one)))
    assert flat(fresh.desk).doubt == one


RIGHT = ToneRecord(tones(Ear.RIGHT), 1, 2, "1", raw=b"R")
LEFT = ToneRecord(tones(Ear.LEFT), 2, 2, "2", raw=b"L")


def test_a_group_is_one_send():
    bench = Ways()
    find(bench, NORA)
    armed(bench).record(RIGHT).record(RIGHT).record(LEFT)
    assert bench.desk.screen is Screen.AUDIOGRAM
    assert len(bench.desk.hearing.held) == 3


@pytest.mark.parametrize("change", ["late", "place-taken", "size"])
def test_a_part_of_another_send_does_not_make_a_group_whole(change):
    bench = Ways()
    find(bench, NORA)
    armed(bench).record(RIGHT)
    if change == "late":
        bench.now += 11
        bench.record(LEFT)
    elif change == "place-taken":
        bench.record(replace(RIGHT, tones=tones(Ear.RIGHT, 40)))
    else:
        bench.record(replace(LEFT, number=2, count=3))
    assert bench.desk.screen is Screen.RECEIVE
    assert len(bench.desk.hearing.received.records) == 1
    assert len(arrivals(bench.desk)) == 1


@pytest.mark.parametrize("yes", [True, False])
def test_a_second_send_asks_whether_it_is_of_the_same_test(yes):
    bench = Ways()
    find(bench, NORA)
    armed(bench).record(ToneRecord(tones(Ear.RIGHT), raw=b"R"))
    bench.now += 60
    bench.record(RIGHT).record(LEFT)
    assert isinstance(flat(bench.desk).doubt, AnotherSend)
    assert len(flat(bench.desk).doubt.records) == 2
    bench.send(m.ConfirmAudiogram())
    assert bench.desk.visit.hearing == ()
    bench.named(yes=yes)
    assert {tone.ear for tone in bench.desk.hearing.tones} == (
        {Ear.RIGHT, Ear.LEFT} if yes else {Ear.RIGHT}
    )
    bench.send(m.ConfirmAudiogram())
    assert len(bench.desk.visit.used) == (3 if yes else 1)


def test_the_same_result_of_another_press_is_not_thrown_away_with_this_one():
    bench = Ways()
    find(bench, NORA)
    armed(bench).record(both_ears(15))
    bench.now += 60
    bench.record(both_ears(15)).named(yes=False).send(m.ConfirmAudiogram())
    assert len(bench.desk.visit.used) == 1
    assert len(bench.desk.station.held) == 2


def test_a_result_of_another_child_does_not_ask_to_be_joined():
    bench = Ways()
    find(bench, NORA)
    armed(bench).record(both_ears(15))
    bench.now += 60
    bench.record(replace(both_ears(25), patient="18912650053"))
    assert flat(bench.desk).doubt is None


def test_a_yes_of_an_earlier_opening_answers_nothing():
    bench = Ways()
    bench.shows("16.236")
    find(bench, NORA)
    old = bench.desk.station.opening.id
    LEAVING["drop"](bench)
    find(bench, EMIL)
    bench.shows("16.236").send(m.LiesThere(old)).shows("16.236")
    assert bench.desk.station.weighing.hold is Hold.NOT_NEW
    assert bench.desk.front.notice is not Notice.WEIGHT_TAKEN
    assert UUID(int=0) not in bench.openings
