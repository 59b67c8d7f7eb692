"""A session is its taps: each kept, each undone, and no tap turns into another's number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing import Ear, Response
from kiosk.hearing.outcome import outcome_of
from kiosk.hearing.protocol import shipped
from kiosk.hearing.session import (
    Fault,
    Kind,
    Session,
    Step,
    StepRefused,
    answers,
    begin,
    catch_trials,
    finish,
    from_data,
    next_tone,
    take,
    to_data,
    tones,
    undo,
)
from kiosk.model.hearing_test import End, Result

BLEKINGE = replace(
    shipped()["se-blekinge-4y"], approved_by="Kari Lege", approved_on=date(2026, 1, 2)
)


def fresh() -> Session:
    return begin(BLEKINGE, UUID(int=7), loudest=90)


def taps(session: Session, count: int) -> Session:
    """So many times "heard" at what is asked for."""
    for _ in range(count):
        ear, hz, level = next_tone(session)
        session = take(session, Step(Kind.HEARD, ear, hz, level))
    return session


def at(session: Session, ear: Ear, hz: int):
    return next(tone for tone in tones(session) if (tone.ear, tone.hz) == (ear, hz))


def test_ten_taps_are_ten_times_at_most_twenty_and_no_threshold():
    session = taps(fresh(), 10)
    assert next_tone(session) is None
    assert {(t.response, t.level_db, t.threshold) for t in tones(session)} == {
        (Response.HEARD, Decimal(20), None)
    }
    assert outcome_of(BLEKINGE, tones(session), date(2026, 11, 23)).result is Result.NORMAL


def test_the_right_ear_first_and_the_protocols_order():
    asked, session = [], fresh()
    while (following := next_tone(session)) is not None:
        asked.append(following[:2])
        session = taps(session, 1)
    assert asked == [(ear, hz) for ear in (Ear.RIGHT, Ear.LEFT) for hz in BLEKINGE.order]


def test_not_heard_then_a_threshold_on_the_strip():
    session = take(fresh(), Step(Kind.NOT_HEARD, Ear.RIGHT, 1000, 20))
    assert at(session, Ear.RIGHT, 1000).response is Response.NO_RESPONSE
    session = take(session, Step(Kind.THRESHOLD, Ear.RIGHT, 1000, 35))
    assert at(session, Ear.RIGHT, 1000).threshold == 35


def test_no_response_at_the_loudest_the_device_has():
    session = take(fresh(), Step(Kind.NO_RESPONSE, Ear.LEFT, 4000, 90))
    tone = at(session, Ear.LEFT, 4000)
    assert (tone.response, tone.level_db, tone.threshold) == (
        Response.NO_RESPONSE,
        Decimal(90),
        None,
    )


@pytest.mark.parametrize("level", [99, 999, 95, -15, 21, None])
def test_a_level_the_audiometer_does_not_have_is_refused(level):
    with pytest.raises(StepRefused) as caught:
        take(fresh(), Step(Kind.THRESHOLD, Ear.RIGHT, 1000, level))
    assert caught.value.fault is Fault.LEVEL


@pytest.mark.parametrize(
    "step",
    [
        Step(Kind.HEARD, Ear.RIGHT, 8000, 20),
        Step(Kind.HEARD, Ear.BOTH, 1000, 20),
        Step(Kind.HEARD, None, 1000, 20),
    ],
)
def test_a_tone_that_is_not_asked_for_is_refused(step):
    with pytest.raises(StepRefused) as caught:
        take(fresh(), step)
    assert caught.value.fault is Fault.TONE


def test_what_could_not_be_tested_has_no_level_to_give():
    with pytest.raises(StepRefused):
        take(fresh(), Step(Kind.IMPOSSIBLE, Ear.RIGHT, 1000, 0))
    session = take(fresh(), Step(Kind.IMPOSSIBLE, Ear.RIGHT, 1000))
    assert at(session, Ear.RIGHT, 1000).response is Response.COULD_NOT_BE_TESTED


def test_the_ears_change_places_as_one_step_and_back_again():
    session = take(fresh(), Step(Kind.THRESHOLD, Ear.RIGHT, 1000, 35))
    swapped = take(session, Step(Kind.SWAP))
    assert at(swapped, Ear.LEFT, 1000).threshold == 35
    assert at(swapped, Ear.RIGHT, 1000).response is Response.NOT_TESTED
    assert tones(undo(swapped)) == tones(session)
    assert [step.kind for step in swapped.steps].count(Kind.SWAP) == 1


def test_answers_without_a_tone_are_counted_and_not_hidden():
    session = fresh()
    for answered in (True, False, True):
        session = take(session, Step(Kind.CATCH, answered=answered))
    assert catch_trials(session) == (3, 2)
    assert answers(session) == {}


def test_three_taps_and_a_power_cut():
    session = taps(fresh(), 3)
    again = from_data(json.loads(json.dumps(to_data(session))))
    assert again == session
    assert next_tone(again)[:2] == (Ear.RIGHT, BLEKINGE.order[3])


def test_after_the_end_nothing_is_recorded_until_it_is_taken_back():
    ended = finish(taps(fresh(), 2), End.TIRED)
    with pytest.raises(StepRefused) as caught:
        take(ended, Step(Kind.CATCH))
    assert caught.value.fault is Fault.ENDED
    assert undo(ended).end is None
    assert len(undo(ended).steps) == 2


def test_a_protocol_without_numbers_begins_no_session():
    with pytest.raises(StepRefused):
        begin(shipped()["no-4y"], UUID(int=1), loudest=90)


@pytest.mark.parametrize(
    "data",
    [{}, {"format": 2}, {**to_data(fresh()), "steps": [["sung"]]}, {**to_data(fresh()), "id": "x"}],
)
def test_what_is_no_session_is_refused(data):
    with pytest.raises(ValueError, match="not a session"):
        from_data(data)


ears, hertz = st.sampled_from([Ear.RIGHT, Ear.LEFT]), st.sampled_from(BLEKINGE.order)
levels = st.integers(-2, 18).map(lambda n: 5 * n)
steps = st.one_of(
    st.builds(
        Step,
        st.sampled_from([Kind.HEARD, Kind.NOT_HEARD, Kind.THRESHOLD, Kind.NO_RESPONSE]),
        ears,
        hertz,
        levels,
    ),
    st.builds(Step, st.sampled_from([Kind.SKIPPED, Kind.IMPOSSIBLE]), ears, hertz),
    st.builds(lambda answered: Step(Kind.CATCH, answered=answered), st.booleans()),
    st.just(Step(Kind.SWAP)),
)


@given(st.lists(steps, max_size=40))
def test_every_session_comes_back_as_it_was_and_every_step_is_undone(taken):
    session = fresh()
    for step in taken:
        after = take(session, step)
        assert undo(after) == session
        session = after
    assert from_data(json.loads(json.dumps(to_data(session)))) == session


@given(st.lists(steps, max_size=40))
def test_only_a_threshold_that_was_entered_is_one(taken):
    session = fresh()
    for step in taken:
        session = take(session, step)
    given_answers = answers(session)
    for tone in tones(session):
        step = given_answers.get((tone.ear, tone.hz))
        entered = step is not None and step.kind is Kind.THRESHOLD
        assert (tone.threshold is not None) is entered
        if entered:
            assert tone.threshold == step.level


@given(st.lists(steps, max_size=40))
def test_swapping_twice_changes_nothing(taken):
    session = fresh()
    for step in taken:
        session = take(session, step)
    twice = take(take(session, Step(Kind.SWAP)), Step(Kind.SWAP))
    assert tones(twice) == tones(session)
