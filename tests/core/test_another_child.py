"""Nothing that lay, was shown or came before a child was opened becomes a value of that child."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from desk_bench import NOON
from hearing_bench import HearingBench
from test_hearing_arrivals import BOTH, file, tones

from drivers.events import LinkState, LinkStatus, Quantity, Reading, Stability, Stamped
from drivers.hearing import Ear, ToneRecord
from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.receiving import arrivals, key_of
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Screen
from kiosk.core.model import Device, Position


def bench() -> HearingBench:
    made = HearingBench()
    made.rules = DeskRules(
        scale=Device("scale", "RADWAG", "radwag", "1"),
        length_board=Device("board", "Board", "adam-muw", "1"),
    )
    told = replace(made.desk.audiometer, cable=True, inbox=True)
    made.desk = replace(made.desk, audiometer=told)
    made.sign_in().send(LinkStatus("scale", LinkState.OPEN, 1))
    return made


def load(made: HearingBench, text: str, times: int = 4, link: str = "scale") -> HearingBench:
    for _ in range(times):
        made.now += 0.1
        reading = Reading(Quantity.WEIGHT, Decimal(text), "kg", Stability.STABLE, raw=b"raw")
        wall = NOON + timedelta(seconds=made.now)
        made.send(Stamped(reading, link, "radwag", "1", 1, made.now, wall))
    return made


def press(made: HearingBench, text: str, link: str = "board") -> HearingBench:
    """A length from a board, or from the rod of the scale."""
    made.now += 0.1
    reading = Reading(Quantity.LENGTH, Decimal(text), "cm", Stability.UNKNOWN, raw=b"L")
    wall = NOON + timedelta(seconds=made.now)
    return made.send(Stamped(reading, link, "adam-muw", "1", 1, made.now, wall))


def record(made: HearingBench, one: ToneRecord = BOTH) -> HearingBench:
    wall = NOON + timedelta(seconds=made.now)
    return made.send(Stamped(one, "audiometer", "gsi-38", "1", 1, made.now, wall))


def leave(made: HearingBench) -> HearingBench:
    made.send(m.Back(), m.NotThisChild())
    assert made.desk.visit is None
    return made


def test_a_twins_weight_is_not_offered_for_the_other():
    made = load(load(bench().child("Nora"), "0.000"), "16.236")
    assert made.desk.weighing.offer is not None
    leave(made).child("Emil")
    load(made, "16.236")
    assert made.desk.weighing.offer is None
    made.take()
    assert made.desk.visit.drafts == ()


def test_a_length_that_the_device_says_again_is_not_taken_for_the_other():
    made = press(bench().child("Nora"), "104.2")
    leave(made).child("Emil")
    press(made, "104.2").send(m.TakeLength(made.desk.length.key if made.desk.length else ""))
    made.send(m.PlaceChild(Position.LYING))
    assert made.desk.visit.drafts == ()


@pytest.mark.parametrize("way", ["cable", "file"])
def test_a_result_from_before_is_not_taken_for_the_other(way):
    made = bench().child("Nora")
    if way == "cable":
        record(made)
    else:
        made.send(m.FilesToTake((file(""),)))
    leave(made).child("Emil").send(t.OpenHearing(), t.OpenReceive())
    (one,) = arrivals(made.desk)
    made.send(t.TakeArrival(key_of(one)), t.ConfirmAudiogram())
    assert made.desk.visit.hearing == ()


def test_two_sends_are_not_joined_unasked():
    made = bench().child("Per").send(t.OpenHearing(), t.OpenReceive())
    record(made, ToneRecord(tones(Ear.RIGHT), raw=b"R"))
    made.now += 60
    record(made, ToneRecord(tones(Ear.LEFT), raw=b"L"))
    assert made.desk.screen is Screen.AUDIOGRAM
    assert {tone.ear for tone in made.desk.hearing.tones} == {Ear.RIGHT}
