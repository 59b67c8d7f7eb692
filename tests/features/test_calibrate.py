"""A calibration on the screen: five loads, each believed after three equal frames."""

from decimal import Decimal

import pytest

from drivers.calibration import Load
from drivers.events import Flag, NoReading, Quantity, Reading, Reason, Stability, Stamped
from drivers.registry import find_driver
from kiosk.desk.state import Screen
from kiosk.features.calibrate import KeepProfile
from kiosk.weighing.calibration_steps import (
    EQUAL_FRAMES,
    LOADS,
    PATIENCE_SECONDS,
    Calibrating,
    Fault,
    typed,
)
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made

SECA = find_driver("seca-rs232")
TRUTH = {"bit-order": "first-is-bit-7", "crc": "ascii-00", "formats": "3=kg/3"}
SHOWN = {
    Load.EMPTY: ("0.000", frozenset()),
    Load.STABLE: ("4.236", frozenset()),
    Load.HELD: ("4.240", frozenset({Flag.HOLD})),
    Load.TARED: ("3.536", frozenset({Flag.NET})),
    Load.NEGATIVE: ("-0.700", frozenset({Flag.NET, Flag.NEGATIVE})),
}


def teaching() -> Bench:
    bench = Bench()
    bench.desk = made(bench.desk, teachable=True, approvers=("anne",))
    return bench.sign_in().send(m.OpenStatus(), m.OpenCalibration())


def frame(load: Load) -> bytes:
    shown, flags = SHOWN[load]
    event = Reading(Quantity.WEIGHT, Decimal(shown), "kg", Stability.STABLE, flags)
    return SECA.render(event, TRUTH)


def sends(bench: Bench, raw: bytes, times: int = EQUAL_FRAMES, link: str = "scale") -> Bench:
    for _ in range(times):
        event = NoReading(Reason.UNCALIBRATED, raw=raw)
        moment = bench.moment()
        bench.send(Stamped(event, link, "seca-rs232", "1", 1, bench.now, moment.wall))
    return bench


def step(bench: Bench, load: Load, display: str = "") -> Bench:
    text = display or SHOWN[load][0].replace(".", ",").removeprefix("-")
    bench.keys(text).send(m.SubmitDisplay())
    return sends(bench, frame(load))


def taught() -> Bench:
    bench = teaching()
    for load in LOADS:
        step(bench, load)
    return bench


def test_five_loads_are_learned_shown_and_kept_only_when_somebody_agrees():
    bench = taught()
    assert flat(bench.desk).calibrating.learned == TRUTH
    assert not bench.of(KeepProfile)
    bench.send(m.KeepLearned())
    assert bench.last(KeepProfile) == KeepProfile(TRUTH, "anne")
    bench.send(m.ProfileKept(kept=True))
    assert (bench.desk.screen, flat(bench.desk).calibrating) == (Screen.STATUS, None)


def test_two_touches_keep_one_profile():
    bench = taught().send(m.KeepLearned(), m.KeepLearned())
    assert len(bench.of(KeepProfile)) == 1


def test_what_came_before_the_display_was_typed_counts_for_nothing():
    bench = teaching()
    sends(bench, frame(Load.EMPTY), times=10)
    bench.keys("0,000").send(m.SubmitDisplay())
    assert not flat(bench.desk).calibrating.seen
    sends(bench, frame(Load.EMPTY), times=EQUAL_FRAMES - 1)
    assert not flat(bench.desk).calibrating.seen
    sends(bench, frame(Load.EMPTY), times=1)
    assert len(flat(bench.desk).calibrating.seen) == 1


def test_a_restless_display_is_waited_for():
    bench = teaching().keys("0,000").send(m.SubmitDisplay())
    for _ in range(5):
        sends(bench, frame(Load.EMPTY), times=2)
        sends(bench, frame(Load.STABLE), times=1)
    assert not flat(bench.desk).calibrating.seen


def test_a_number_the_scale_did_not_send_ends_it():
    bench = step(teaching(), Load.STABLE, display="4,263")
    assert flat(bench.desk).calibrating.fault is Fault.OTHER_DIGITS
    bench.keys("1").send(m.SubmitDisplay(), m.KeepLearned())
    assert flat(bench.desk).calibrating.typed == ""
    assert not bench.of(KeepProfile)
    bench.send(m.BeginAnew())
    assert flat(bench.desk).calibrating == Calibrating()


def test_bits_that_say_something_else_than_the_person_end_it():
    bench = step(teaching(), Load.EMPTY)
    bench.keys("4,240").send(m.SubmitDisplay())
    sends(bench, frame(Load.HELD))
    assert flat(bench.desk).calibrating.fault is Fault.BITS_CONTRADICT


def test_a_silent_scale_ends_it_after_a_while():
    bench = teaching().keys("0,000").send(m.SubmitDisplay())
    bench.desk = made(bench.desk, touched_at=bench.now)
    bench.wait(PATIENCE_SECONDS - 1)
    assert flat(bench.desk).calibrating.fault is None
    bench.wait(2)
    assert flat(bench.desk).calibrating.fault is Fault.SILENT


def test_another_devices_frames_are_not_the_scales():
    bench = teaching().keys("0,000").send(m.SubmitDisplay())
    sends(bench, frame(Load.EMPTY), link="length-board")
    assert not flat(bench.desk).calibrating.seen


def test_a_profile_that_could_not_be_written_is_said_and_nothing_is_in_use():
    bench = taught().send(m.KeepLearned(), m.ProfileKept(kept=False))
    assert flat(bench.desk).calibrating.fault is Fault.NOT_KEPT
    assert bench.desk.screen is Screen.CALIBRATE


def test_leaving_learns_nothing():
    bench = step(teaching(), Load.EMPTY).send(m.Back())
    assert (bench.desk.screen, flat(bench.desk).calibrating) == (Screen.STATUS, None)


def test_only_a_scale_that_can_be_taught_is_taught_and_only_by_somebody_signed_in():
    bench = Bench().sign_in().send(m.OpenStatus(), m.OpenCalibration())
    assert bench.desk.screen is Screen.STATUS
    bench = Bench()
    bench.desk = made(bench.desk, teachable=True)
    bench.send(m.OpenStatus(), m.OpenCalibration())
    assert bench.desk.screen is Screen.STATUS


def test_a_lock_in_between_forgets_the_steps():
    bench = step(teaching(), Load.EMPTY).send(m.Lock())
    assert flat(bench.desk).calibrating is None
    assert bench.desk.screen is Screen.LOCK


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("4,236", "4,236"),
        (",5", "5"),
        ("4,,2", "4,2"),
        ("4.2", "4,2"),
        ("123456789", "1234567"),
        ("4x-2", "42"),
    ],
)
def test_only_what_a_display_can_show_is_typed(keys, shown):
    state = Calibrating()
    for key in keys:
        state = typed(state, key)
    assert state.typed == shown
    assert typed(state, "back").typed == shown[:-1]
    assert typed(state, "clear").typed == ""


def test_the_last_step_has_its_minus():
    bench = teaching()
    for load in LOADS[:4]:
        step(bench, load)
    bench.keys("0,700")
    assert flat(bench.desk).calibrating.display == "-0,700"
