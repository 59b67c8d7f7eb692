from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Flag, Quantity, Reading, Reason, Stability
from kiosk.weighing import gate
from kiosk.weighing.gate import Gate, Hold, grams_of
from tests.weighing.scale_stream import Stream


def settled() -> Stream:
    return Stream().opened().weight("0.000", times=3).weight("4.236", times=3)


def test_three_equal_stable_frames_after_an_empty_platform_are_offered_exactly_as_sent():
    state = settled().state
    assert state.offer is not None
    assert (state.offer.grams, state.offer.text, state.offer.unit) == (4236, "4.236", "kg")


def test_two_equal_frames_are_not_enough_without_a_checksum():
    stream = Stream().opened().weight("0.000").weight("4.236", times=2)
    assert stream.state.hold is Hold.SETTLING
    assert stream.state.offer is None


def test_one_frame_is_enough_where_the_protocol_has_a_checksum():
    stream = Stream(trusted_frames=1).opened().weight("0.000").weight("4.236")
    assert stream.state.offer is not None


def test_a_child_already_on_the_scale_at_start_needs_a_person():
    stream = Stream().opened().weight("4.236", times=5)
    assert stream.state.hold is Hold.NOT_NEW
    stream.state = gate.person_says_new(stream.state)
    stream.weight("4.236", times=3)
    assert stream.state.offer is not None


def test_the_value_that_was_taken_is_not_offered_again_until_the_platform_was_empty():
    stream = settled()
    stream.take()
    stream.weight("4.236", times=10)
    assert stream.state.hold is Hold.NOT_NEW
    stream.weight("0.000").weight("4.236", times=3)
    assert stream.take() == 4236


def test_a_moving_zero_does_not_open_the_gate():
    stream = Stream().opened().weight("0.000", moving=True, times=5).weight("4.236", times=5)
    assert stream.state.gate is Gate.CLOSED


def test_unplugging_with_the_load_on_needs_an_empty_platform_again():
    stream = settled().lost()
    assert stream.state.offer is None
    assert stream.state.shown is None
    stream.opened().weight("4.236", times=5)
    assert stream.state.hold is Hold.NOT_NEW


def test_frames_of_the_session_before_the_unplug_are_ignored():
    stream = settled()
    late = stream.stamped(
        Reading(Quantity.WEIGHT, Decimal("9.999"), "kg", Stability.STABLE, frozenset(), b"")
    )
    stream.lost().opened()
    assert gate.event_arrived(stream.state, late) == stream.state


def test_motion_for_twenty_seconds_gives_advice_and_then_exactly_one_offer():
    stream = Stream().opened().weight("0.000")
    for i in range(205):
        stream.weight(f"4.{200 + i}", moving=True)
    assert stream.state.hold is Hold.RESTLESS
    stream.weight("4.236", times=3)
    key = stream.state.offer.key if stream.state.offer else ""
    stream.weight("4.236", times=3)
    assert stream.state.offer is not None
    assert stream.state.offer.key == key


@pytest.mark.parametrize(
    ("reason", "hold"),
    [(Reason.OVERLOAD, Hold.OVERLOAD), (Reason.UNDERLOAD, Hold.UNDERLOAD)],
)
def test_overload_shows_no_number_at_all(reason, hold):
    stream = settled().nothing(reason)
    assert stream.state.hold is hold
    assert stream.state.shown is None
    assert stream.state.offer is None


def test_negative_after_a_tared_blanket_is_shown_and_refused():
    stream = Stream().opened().weight("0.000").weight("-0.350", times=5)
    assert stream.state.hold is Hold.NEGATIVE
    assert stream.state.shown is not None


def test_pounds_are_shown_and_refused():
    stream = Stream().opened().weight("0.000").weight("9.34", unit="lb", times=5)
    assert stream.state.hold is Hold.UNIT


def test_a_recalled_value_is_refused():
    stream = Stream().opened().weight("0.000")
    stream.weight("4.236", times=4, flags=frozenset({Flag.RECALLED}))
    assert stream.state.hold is Hold.RECALLED


def test_a_value_older_than_three_seconds_is_withdrawn():
    stream = settled()
    stale = gate.time_passed(stream.state, stream.now + 3.1)
    assert stale.offer is None
    assert stale.shown is None
    assert gate.time_passed(stream.state, stream.now + 2.9).offer is not None


@given(st.lists(st.sampled_from(["0.000", "4.236", "4.241"]), max_size=60))
def test_no_value_is_ever_offered_twice_without_an_empty_platform_between(frames):
    stream = Stream().opened()
    emptied = False
    for text in frames:
        stream.weight(text)
        emptied = emptied or text == "0.000"
        if stream.state.offer is not None:
            assert emptied
            stream.take()
            emptied = False


@given(st.integers(0, 400_000), st.integers(3, 6))
def test_kilograms_become_the_same_whole_grams(grams, places):
    value = Decimal(grams) / 1000
    reading = Reading(
        Quantity.WEIGHT, value.quantize(Decimal(1).scaleb(-places)), "kg", Stability.STABLE
    )
    assert grams_of(reading) == grams


def test_without_a_word_about_stability_a_value_has_to_stand_still_for_two_seconds():
    stream = Stream().opened().weight("0.000", untold=True).weight("4.236", untold=True, times=15)
    assert stream.state.offer is None
    assert stream.state.hold is Hold.NOT_CONFIRMED
    stream.weight("4.238", untold=True).weight("4.236", untold=True, times=15)
    assert stream.state.offer is None
    stream.weight("4.236", untold=True, times=8)
    assert stream.state.offer is not None
    assert stream.state.offer.stability is Stability.UNKNOWN


def test_a_moving_value_without_its_unit_is_moving():
    stream = Stream().opened().weight("0.000").weight("4.231", moving=True, unit="")
    assert stream.state.hold is Hold.MOVING


def test_a_frame_nobody_taught_the_station_gives_no_number():
    stream = Stream().opened().weight("0.000").nothing(Reason.UNCALIBRATED)
    assert (stream.state.hold, stream.state.shown) == (Hold.UNCALIBRATED, None)
