from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Flag, LinkState, LinkStatus, Quantity, Reading, Reason, Stability
from kiosk.weighing import gate
from kiosk.weighing.gate import Gate, Hold, Weighing, grams_of
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


@pytest.mark.parametrize(
    ("grams", "empty"), [("0.050", True), ("0.051", False), ("-0.050", True), ("-0.051", False)]
)
def test_fifty_grams_and_less_are_an_empty_platform_to_the_gram(grams, empty):
    stream = Stream().opened().weight(grams, times=3)
    assert (stream.state.gate is Gate.OPEN) is empty
    assert stream.state.hold is (Hold.EMPTY if empty else refused_as(grams))
    stream.weight("4.236", times=3)
    assert (stream.state.offer is not None) is empty


def refused_as(grams: str) -> Hold:
    return Hold.NEGATIVE if grams.startswith("-") else Hold.NOT_NEW


def test_a_scale_that_tells_grams_and_half_grams_gives_whole_grams():
    stream = Stream().opened().weight("0", unit="g").weight("4236", unit="g", times=3)
    assert stream.state.offer.grams == 4236
    assert [grams_of(weight(text, "g")) for text in ("4236.4", "4236.6")] == [4236, 4237]


def weight(text: str, unit: str = "kg", quantity: Quantity = Quantity.WEIGHT) -> Reading:
    return Reading(quantity, Decimal(text), unit, Stability.STABLE)


def test_only_a_weight_has_grams():
    assert grams_of(weight("54.5", "kg", Quantity.LENGTH)) is None
    assert grams_of(weight("4.236", "lb")) is None


def test_the_times_hold_to_the_tick():
    stream = settled()
    said, offer = stream.now, stream.state.offer
    assert gate.offered(stream.state, offer.key, said + 3.0) is offer
    assert gate.offered(stream.state, offer.key, said + 3.01) is None
    assert gate.offered(stream.state, "another", said) is None
    assert gate.time_passed(stream.state, said + 3.0).offer is offer
    silent = gate.time_passed(stream.state, said + 3.01)
    assert (silent.hold, silent.shown, silent.offer) == (Hold.SILENT, None, None)
    assert silent.equal_frames == 0


def at(state: Weighing, moment: float, text: str, stability: Stability) -> Weighing:
    """One frame at exactly this moment."""
    stamped = Stream().opened().stamped(replace(weight(text), stability=stability))
    return gate.event_arrived(state, replace(stamped, monotonic=moment))


@pytest.mark.parametrize(("seconds", "hold"), [(19.75, Hold.MOVING), (20.0, Hold.RESTLESS)])
def test_advice_comes_after_twenty_seconds_of_motion(seconds, hold):
    state = at(Stream().opened().state, 100.0, "0.000", Stability.STABLE)
    for moment in (101.0, 101.0 + seconds):
        state = at(state, moment, "4.2", Stability.MOVING)
    assert state.hold is hold
    # Still once, and the time begins anew.
    state = at(state, 130.0, "4.236", Stability.STABLE)
    assert at(state, 131.0, "4.2", Stability.MOVING).hold is Hold.MOVING


@pytest.mark.parametrize(("seconds", "offered"), [(1.75, False), (2.0, True)])
def test_an_untold_value_stands_still_for_two_seconds(seconds, offered):
    state = Stream(trusted_frames=2).opened().state
    for moment, text in ((100.0, "0.000"), (101.0, "4.236"), (101.0 + seconds, "4.236")):
        state = at(state, moment, text, Stability.UNKNOWN)
    assert (state.offer is not None) is offered


HOLDS = {
    Reason.OVERLOAD: Hold.OVERLOAD,
    Reason.UNDERLOAD: Hold.UNDERLOAD,
    Reason.NOT_STABLE: Hold.RESTLESS,
    Reason.BUSY: Hold.MOVING,
    Reason.ERROR: Hold.DEVICE_ERROR,
    Reason.RECALLED: Hold.RECALLED,
    Reason.UNCALIBRATED: Hold.UNCALIBRATED,
    Reason.NOT_UNDERSTOOD: Hold.DEVICE_ERROR,
    Reason.TRANSMISSION: Hold.DEVICE_ERROR,
}


@pytest.mark.parametrize("reason", list(Reason))
def test_what_an_answer_without_a_value_says_of_the_one_before(reason):
    stream = settled()
    before = stream.state
    stream.nothing(reason)
    if reason in HOLDS:
        state = stream.state
        assert (state.hold, state.shown, state.offer) == (HOLDS[reason], None, None)
        assert (state.shown_at, state.equal_frames, state.gate) == (stream.now, 0, before.gate)
    else:
        assert stream.state == before


def test_a_link_tells_of_itself_and_of_no_other():
    stream = settled()
    other = LinkStatus("board", LinkState.LOST, 9, "unplugged")
    assert gate.scale_changed(stream.state, other) == stream.state
    silent = gate.scale_changed(stream.state, LinkStatus("scale", LinkState.SILENT, 1, "no-data"))
    assert (silent.state, silent.hold, silent.hint) == (LinkState.SILENT, Hold.SILENT, "no-data")
    lost = stream.lost().state
    assert (lost.state, lost.hold, lost.hint) == (LinkState.LOST, Hold.NO_SCALE, "unplugged")
    assert (lost.equal_frames, lost.restless_since, lost.offer) == (0, None, None)


def test_the_same_port_session_told_again_keeps_what_is_shown_and_a_new_one_does_not():
    stream = settled()
    told = LinkStatus("scale", LinkState.OPEN, stream.session, "slow")
    again = gate.scale_changed(stream.state, told)
    assert (again.shown, again.gate, again.hint) == (stream.state.shown, Gate.OPEN, "slow")
    assert (again.offer, again.hold, again.equal_frames) == (None, Hold.NO_VALUE, 0)
    new = gate.scale_changed(stream.state, LinkStatus("scale", LinkState.OPEN, 2))
    assert (new.shown, new.gate, new.session) == (None, Gate.CLOSED, 2)
    before = replace(stream.state, gate=Gate.BEFORE)
    assert gate.scale_changed(before, LinkStatus("scale", LinkState.OPEN, 2)).gate is Gate.BEFORE


def test_a_person_opens_the_gate_but_not_for_what_may_be_another_childs():
    closed = Stream().opened().weight("4.236", times=5).state
    opened = gate.person_says_new(closed)
    assert (opened.gate, opened.equal_frames, opened.offer) == (Gate.OPEN, 0, None)
    before = replace(closed, gate=Gate.BEFORE)
    assert gate.person_says_new(before) is before


def test_what_is_taken_leaves_nothing_to_take_and_what_is_dropped_may_be_read_again():
    stream = settled()
    state, offer = stream.state, stream.state.offer
    taken = gate.taken(state)
    assert (taken.gate, taken.offer, taken.hold) == (Gate.CLOSED, None, Hold.NOT_NEW)
    assert taken.equal_frames == 0
    assert gate.dropped(state, offer) is state


def test_an_offer_says_where_it_came_from():
    offer = settled().state.offer
    assert offer.key.startswith("scale:1:")
    assert (offer.unit, offer.stability, offer.compare) == ("kg", Stability.STABLE, False)
    assert offer.reading.session == 1
    untold = replace(offer, stability=Stability.UNKNOWN)
    assert untold.compare
    assert not replace(untold, proved=True).compare
    assert replace(offer, proved=False).compare


def test_a_frame_that_differs_in_anything_begins_to_count_anew():
    for other in ({"unit": "g"}, {"untold": True}, {"flags": frozenset({Flag.NET})}):
        stream = Stream().opened().weight("0.000").weight("4.236", times=2)
        stream.weight("4.236", **other).weight("4.236", times=2)
        assert stream.state.offer is None, other
        assert stream.state.equal_frames == 2


def test_a_frame_tells_that_the_port_is_open_and_which_session_it_is():
    stream = Stream().opened()
    silent = LinkStatus("scale", LinkState.SILENT, 1, "no-data")
    stream.state = gate.scale_changed(stream.state, silent)
    stream.session = 2
    state = stream.weight("4.236").state
    assert (state.state, state.session, state.hint) == (LinkState.OPEN, 2, "")


def test_what_was_offered_is_gone_with_the_first_frame_that_speaks_against_it():
    for other in ({"moving": True}, {"text": "0.000"}, {"text": "-0.4"}, {"unit": "lb"}):
        stream = settled()
        stream.weight(other.pop("text", "4.236"), **other)
        assert stream.state.offer is None, other
