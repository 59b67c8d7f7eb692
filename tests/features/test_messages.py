"""The message page: what a person sees of a message that stopped, and decides about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from kiosk.desk.state import Screen
from kiosk.features.messages import (
    ConfirmDelivered,
    DiscardParked,
    ParkMessage,
    RetryParked,
    looked_at,
)
from kiosk.features.today import ReadVisit
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import DiscardReason, Failure
from kiosk.model.visit import Delivery
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat

WHEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def message(number: int, state: Delivery = Delivery.REJECTED) -> WaitingMessage:
    failure = Failure.REFUSED if state is Delivery.REJECTED else None
    ids = UUID(int=number), UUID(int=number + 50)
    return WaitingMessage(*ids, "fhir-transaction", WHEN, state, 2, failure, "http-422 words")


STOPPED, WAITING, GONE = message(1), message(2, Delivery.QUEUED), message(3, Delivery.DONE)


@pytest.fixture
def bench():
    bench = Bench()
    bench.sign_in()
    bench.send(m.OpenStatus())
    bench.send(m.MessagesListed((STOPPED, WAITING, GONE)))
    return bench


def of(bench, kind):
    return [effect for effect in bench.effects if isinstance(effect, kind)]


def test_a_message_is_looked_at_and_left_again(bench):
    bench.send(m.LookAtMessage(STOPPED.item_id))
    assert looked_at(bench.desk) == STOPPED
    bench.send(m.Back())
    assert looked_at(bench.desk) is None
    assert bench.desk.screen is Screen.STATUS


@pytest.mark.parametrize("state", list(Delivery))
def test_what_was_only_delivered_is_found_in_the_journal_by_a_named_person(bench, state):
    one = message(4, state)
    bench.send(m.MessagesListed((one,)))
    bench.send(m.LookAtMessage(one.item_id))
    bench.send(m.ConfirmMessage())
    confirmed = [(e.item_id, e.performer.user_id) for e in of(bench, ConfirmDelivered)]
    assert confirmed == ([(one.item_id, "anne")] if state is Delivery.DELIVERED else [])


def test_the_visit_of_another_station_is_not_opened_here(bench):
    bench.send(m.MessagesListed((replace(STOPPED, elsewhere=True),)))
    bench.send(m.LookAtMessage(STOPPED.item_id))
    bench.send(m.OpenMessageVisit())
    assert bench.desk.screen is Screen.STATUS


def test_a_stopped_message_is_tried_again_by_a_named_person(bench):
    bench.send(m.LookAtMessage(STOPPED.item_id))
    bench.send(m.RetryMessage(STOPPED.item_id))
    (retried,) = of(bench, RetryParked)
    assert (retried.item_id, retried.performer.user_id) == (STOPPED.item_id, "anne")
    assert looked_at(bench.desk) is None


def test_giving_up_takes_a_reason_and_a_second_touch(bench):
    bench.send(m.LookAtMessage(STOPPED.item_id))
    bench.send(m.DiscardMessage(DiscardReason.WRONG))
    assert not of(bench, DiscardParked)
    bench.send(m.GiveUpMessage())
    assert flat(bench.desk).giving_up
    bench.send(m.Back())
    assert not flat(bench.desk).giving_up
    assert looked_at(bench.desk) == STOPPED
    bench.send(m.GiveUpMessage())
    bench.send(m.DiscardMessage(DiscardReason.MEASURED_AGAIN))
    (given_up,) = of(bench, DiscardParked)
    assert given_up.item_id == STOPPED.item_id
    assert given_up.reason is DiscardReason.MEASURED_AGAIN
    assert given_up.performer.user_id == "anne"


@pytest.mark.parametrize("one", [WAITING, GONE])
def test_only_what_stopped_can_be_given_up(bench, one):
    bench.send(m.LookAtMessage(one.item_id))
    bench.send(m.GiveUpMessage())
    assert not flat(bench.desk).giving_up


@pytest.mark.parametrize(("one", "held"), [(WAITING, 1), (GONE, 0), (STOPPED, 0)])
def test_only_what_waits_can_be_held_back(bench, one, held):
    bench.send(m.LookAtMessage(one.item_id))
    bench.send(m.HoldMessage())
    assert len(of(bench, ParkMessage)) == held


def test_a_message_that_moves_while_it_is_looked_at_is_closed(bench):
    bench.send(m.LookAtMessage(WAITING.item_id))
    bench.send(m.MessagesListed((STOPPED, replace(WAITING, attempts=3), GONE)))
    assert looked_at(bench.desk) is not None
    bench.send(m.MessagesListed((STOPPED, replace(WAITING, state=Delivery.DONE), GONE)))
    assert looked_at(bench.desk) is None


def test_the_visit_of_a_message_is_opened_but_never_over_another_child(bench):
    bench.send(m.LookAtMessage(STOPPED.item_id))
    bench.send(m.OpenMessageVisit())
    assert [one.visit_id for one in of(bench, ReadVisit)] == [STOPPED.visit_id]


def test_over_a_child_that_is_measured_no_visit_is_opened():
    bench = Bench()
    bench.sign_in()
    bench.measuring()
    bench.send(m.OpenStatus())
    bench.send(m.MessagesListed((STOPPED,)))
    bench.send(m.LookAtMessage(STOPPED.item_id))
    bench.send(m.OpenMessageVisit())
    assert not of(bench, ReadVisit)


def test_without_a_signed_in_person_the_words_are_shown_and_nothing_is_decided():
    bench = Bench()
    bench.send(m.OpenStatus())
    bench.send(m.MessagesListed((STOPPED, WAITING)))
    bench.send(m.LookAtMessage(STOPPED.item_id))
    assert looked_at(bench.desk) == STOPPED
    for touch in (
        m.RetryMessage(STOPPED.item_id),
        m.GiveUpMessage(),
        m.DiscardMessage(DiscardReason.WRONG),
        m.OpenMessageVisit(),
    ):
        bench.send(touch)
    assert not of(bench, RetryParked | DiscardParked | ReadVisit)
