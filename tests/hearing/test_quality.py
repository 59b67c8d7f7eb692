"""Quality of the day: what is said about the audiometer and the room, and when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from drivers.hearing import Ear
from kiosk.hearing import quality as q
from kiosk.hearing.quality import CheckKind, Doubt
from tests.features.hearing.hearing_bench import HZ, SCREENING

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
FRESH = TODAY - timedelta(days=30)


def check(kind=CheckKind.LISTENING, wrong=(), whole=True) -> q.Check:
    made = q.begin(kind, SCREENING, UUID(int=3), NOW, "anne")
    for place in made.places if whole else made.places[:3]:
        made = q.answer(made, place, heard=place not in wrong)
    return made


def doubts(checks=(), calibrated_on=FRESH, passed=()) -> tuple[Doubt, ...]:
    return q.quality_of(TODAY, checks, calibrated_on, passed, SCREENING).doubts


def test_levels_come_from_the_table_and_from_the_protocol():
    assert set(check().level.values()) == {40}
    assert set(check(CheckKind.ROOM).level.values()) == {SCREENING.level[1000] - 10}


def test_a_day_with_a_good_check_has_nothing_to_say():
    assert doubts([check()]) == ()


def test_a_check_counts_only_when_every_tone_was_answered():
    assert doubts([check(whole=False)]) == (Doubt.NO_LISTENING_CHECK,)


def test_a_check_of_fewer_tones_or_at_a_louder_level_does_not_count():
    fewer = replace(SCREENING, order=SCREENING.order[:2], level={1000: 20, 2000: 20})
    small = q.begin(CheckKind.LISTENING, fewer, UUID(int=4), NOW, "anne")
    for place in small.places:
        small = q.answer(small, place, heard=True)
    assert doubts([small]) == (Doubt.NO_LISTENING_CHECK,)
    louder = replace(check(CheckKind.ROOM, {(Ear.LEFT, 1000)}), level=dict.fromkeys(HZ, 15))
    assert doubts([check(), louder]) == ()


def test_the_last_check_holds():
    bad = check(wrong={(Ear.LEFT, 4000)})
    assert doubts([bad]) == (Doubt.LISTENING_FAILED,)
    assert doubts([bad, check()]) == ()
    assert doubts([check(), bad]) == (Doubt.LISTENING_FAILED,)


@pytest.mark.parametrize(
    ("wrong", "doubt"),
    [
        ({(Ear.LEFT, 500), (Ear.RIGHT, 500)}, Doubt.ROOM_FAILED_LOW),
        ({(Ear.LEFT, 500), (Ear.RIGHT, 1000)}, Doubt.ROOM_FAILED),
    ],
)
def test_a_loud_room_is_named_and_500_hz_may_be_left_out(wrong, doubt):
    assert doubts([check(), check(CheckKind.ROOM, wrong)]) == (doubt,)


@pytest.mark.parametrize(
    ("days", "doubt"),
    [
        (0, ()),
        (334, ()),
        (335, (Doubt.CALIBRATION_SOON,)),
        (365, (Doubt.CALIBRATION_SOON,)),
        (366, (Doubt.CALIBRATION_OVERDUE,)),
    ],
)
def test_calibration_runs_out_after_a_year(days, doubt):
    assert doubts([check()], TODAY - timedelta(days=days)) == doubt


def test_a_calibration_that_nobody_wrote_down_is_not_known():
    assert doubts([check()], None) == (Doubt.CALIBRATION_UNKNOWN,)


@pytest.mark.parametrize(
    ("passed", "many"),
    [
        ([True] * 12, False),
        ([False] + [True] * 11, False),
        ([False, True, False], True),
        ([True] * 20 + [False, False], False),
    ],
)
def test_two_of_the_first_twenty_children_point_at_the_room(passed, many):
    said = q.quality_of(TODAY, [check()], FRESH, passed, SCREENING)
    assert (Doubt.MANY_FAIL in said.doubts) is many
    assert said.judged == min(20, len(passed))


def test_an_answer_can_be_taken_back():
    made = q.answer(check(), (Ear.LEFT, 4000), heard=None)
    assert not made.whole
    assert q.answer(made, (Ear.LEFT, 123), heard=True) == made


def test_a_check_survives_being_written_as_text():
    made = check(wrong={(Ear.RIGHT, 500)})
    assert q.from_data(json.loads(json.dumps(q.to_data(made)))) == made


@pytest.mark.parametrize("data", [{}, {"format": 2}, {"format": 1, "id": 5}])
def test_what_is_no_check_is_refused(data):
    with pytest.raises(ValueError, match="not a check"):
        q.from_data(data)


def test_it_is_told_how_many_of_how_many_did_not_pass():
    told = q.quality_of(TODAY, [check()], FRESH, [True, False, False, True], SCREENING)
    assert (told.judged, told.failed) == (4, 2)
