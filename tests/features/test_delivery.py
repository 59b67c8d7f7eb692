"""A visit stands as its worst message: in any order of news, and never better than any part."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.desk.drafts import SavedVisit
from kiosk.features.save import SaveVisit
from kiosk.model.delivery import (
    LINES_WORST_FIRST,
    WORST_FIRST,
    Part,
    moved,
    overall,
    worst,
    worst_line,
)
from kiosk.model.outbox import DeliveryChanged, Failure, JournalState
from kiosk.model.visit import Delivery
from kiosk.runtime.headless import outcome_of
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import made

STATES = st.sampled_from(Delivery)
NEWS = st.lists(st.tuples(st.integers(1, 4), STATES), max_size=30)
VISIT = UUID(int=99)


def rank(state: Delivery) -> int:
    return WORST_FIRST.index(state)


def test_the_rule_knows_every_state():
    assert sorted(WORST_FIRST) == sorted(Delivery)
    assert sorted(LINES_WORST_FIRST) == sorted(JournalState)


@given(st.lists(STATES, min_size=1), st.randoms(use_true_random=False))
def test_the_whole_is_one_of_its_parts_never_better_than_any_and_knows_no_order(states, chance):
    whole = overall(states)
    assert whole in states
    assert all(rank(whole) <= rank(state) for state in states)
    chance.shuffle(states)
    assert overall(states) is whole
    parts = [Part(UUID(int=number), state) for number, state in enumerate(states)]
    assert worst(parts).state is whole
    equals = [part for part in parts if part.state is whole]
    assert worst(parts) is equals[-1]


def test_what_is_worse_is_written_down_once_more():
    """The order is a decision, not a consequence: whoever changes it changes it twice."""
    assert WORST_FIRST == (
        Delivery.REJECTED,
        Delivery.AMBIGUOUS,
        Delivery.QUEUED,
        Delivery.CLAIMED,
        Delivery.IN_FLIGHT,
        Delivery.HANDED_OVER,
        Delivery.DISCARDED,
        Delivery.DELIVERED,
        Delivery.DONE,
        Delivery.CANCELLED,
    )


@given(st.dictionaries(st.integers(), st.sampled_from(JournalState), min_size=1))
def test_the_worst_line_tells_how_all_of_them_stand(lines):
    worse = [JournalState.STOPPED, JournalState.UNREACHABLE, JournalState.UNKNOWN]
    worse.append(JournalState.REACHABLE)
    told = next(state for state in worse if state in lines.values())
    assert lines[worst_line(lines)] is told


def test_a_message_that_has_told_nothing_waits_and_has_no_failure():
    assert Part(VISIT) == Part(VISIT, Delivery.QUEUED, None)
    news = DeliveryChanged(UUID(int=1), VISIT, Delivery.REJECTED, Failure.REFUSED)
    here, other = Part(UUID(int=1)), Part(UUID(int=2), Delivery.DONE)
    moved_here = Part(UUID(int=1), Delivery.REJECTED, Failure.REFUSED)
    assert moved((here, other), news) == (moved_here, other)
    assert moved((other,), news) == (other, moved_here)


def test_accepted_is_only_said_where_nothing_else_is_left():
    for other in Delivery:
        expected = {Delivery.DONE, Delivery.CANCELLED}
        assert (overall([Delivery.DONE, other]) is Delivery.DONE) == (other in expected), other
    assert overall([]) is Delivery.QUEUED


@given(NEWS)
def test_the_marks_are_those_of_the_newest_news_of_each_message(news):
    parts = tuple(Part(UUID(int=number)) for number in range(1, 4))
    newest = {part.id: part.state for part in parts}
    for number, state in news:
        parts = moved(parts, DeliveryChanged(UUID(int=number), VISIT, state))
        newest[UUID(int=number)] = state
        assert worst(parts).state is overall(newest.values())


def at_done(*messages: UUID) -> Bench:
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    return bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id, messages))


FHIR, GDT = UUID(int=501), UUID(int=502)


@pytest.mark.parametrize("other", [state for state in Delivery if state is not Delivery.CANCELLED])
@pytest.mark.parametrize("last", [FHIR, GDT])
def test_what_one_interface_told_last_does_not_speak_for_the_other(other, last):
    bench = at_done(FHIR, GDT)
    told = [(FHIR, Delivery.DONE), (GDT, other)]
    for message, state in told if last is GDT else reversed(told):
        failure = Failure.REFUSED if state is Delivery.REJECTED else None
        bench.send(DeliveryChanged(message, bench.desk.saved.id, state, failure))
    saved = bench.desk.saved
    assert saved.delivery is other
    assert saved.message == GDT
    assert (saved.failure is Failure.REFUSED) is (other is Delivery.REJECTED)
    assert (outcome_of(bench.desk) == "accepted") is (other is Delivery.DONE)


def test_an_interface_that_has_told_nothing_yet_is_not_spoken_for():
    bench = at_done(FHIR, GDT)
    bench.send(DeliveryChanged(FHIR, bench.desk.saved.id, Delivery.DONE))
    assert bench.desk.saved.delivery is Delivery.QUEUED
    assert outcome_of(bench.desk) == "queued"


def test_a_message_that_was_worst_and_is_done_leaves_the_next_worst():
    bench = at_done()
    parts = (Part(FHIR, Delivery.REJECTED, Failure.REFUSED), Part(GDT, Delivery.AMBIGUOUS))
    read: SavedVisit = bench.desk.saved.standing(parts)
    assert (read.delivery, read.failure, read.message) == (
        Delivery.REJECTED,
        Failure.REFUSED,
        FHIR,
    )
    bench.desk = made(bench.desk, saved=read)
    bench.send(DeliveryChanged(FHIR, read.id, Delivery.DONE))
    assert bench.desk.saved.delivery is Delivery.AMBIGUOUS
