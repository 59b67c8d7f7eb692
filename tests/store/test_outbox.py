import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kiosk.model.outbox import DiscardReason, Done, Failure, Later, Parked, Released
from kiosk.model.visit import Delivery
from kiosk.store.database.key import new_key
from kiosk.store.errors import StoreError
from kiosk.system.clock import now_utc
from tests.conftest_postgres import opener
from tests.store.samples import ANNE, NOW, message, visit


def soon():
    return now_utc() + timedelta(seconds=1)


def saved_item(store, body=b"{}"):
    of = visit()
    queued = message(of, body)
    store.save_visit(of, [queued], ANNE)
    return queued.id


def test_messages_are_claimed_in_the_order_of_saving(store):
    ids = [saved_item(store) for _ in range(5)]
    claimed = [store.claim(soon()).id for _ in range(5)]
    assert claimed == ids
    assert store.claim(soon()) is None


def test_a_message_is_not_claimed_before_it_is_due(store):
    item_id = saved_item(store)
    store.claim(soon())
    due = now_utc() + timedelta(minutes=5)
    assert store.settle(item_id, Later(due, Failure.UNREACHABLE), soon()) is None
    assert store.next_due() == due
    assert store.claim(due).id == item_id


def test_settling_claims_the_next_one_in_the_same_commit(store):
    first, second = saved_item(store), saved_item(store)
    store.claim(soon())
    store.mark_in_flight(first)
    assert store.settle(first, Done("Observation/1"), soon()).id == second


def test_a_parked_message_stops_nothing_else_until_a_person_retries_it(store):
    first, second = saved_item(store), saved_item(store)
    store.claim(soon())
    assert store.settle(first, Parked(Failure.REFUSED, "words"), soon()).id == second
    assert store.item(first).detail == "words"
    assert store.counts().parked == 1
    store.retry(first, ANNE)
    assert store.item(first).state is Delivery.QUEUED


def test_only_the_oldest_message_of_a_chain_may_go(store):
    of = visit()
    first, second = message(of), message(of)
    store.save_visit(of, [first, second], ANNE)
    assert store.claim(soon()).id == first.id
    assert store.claim(soon()) is None
    store.settle(first.id, Parked(Failure.REFUSED), soon())
    assert store.claim(soon()) is None


def test_after_a_crash_claimed_is_queued_and_in_flight_is_ambiguous(store):
    claimed, flying = saved_item(store), saved_item(store)
    store.claim(soon())
    store.claim(soon())
    store.mark_in_flight(flying)
    assert store.recover(soon()) == 2
    assert store.item(claimed).state is Delivery.QUEUED
    assert store.item(flying).state is Delivery.AMBIGUOUS
    assert store.item(flying).attempts == 1


def test_what_was_released_unsent_is_not_counted_and_keeps_its_doubt(store):
    item_id = saved_item(store)
    store.claim(soon())
    store.mark_in_flight(item_id)
    store.settle(item_id, Released(now_utc()), soon())
    assert store.item(item_id).attempts == 0


def test_frozen_bytes_never_change(store):
    item_id = saved_item(store, body=None)
    store.claim(soon())
    with pytest.raises(StoreError):
        store.mark_in_flight(item_id)
    store.freeze(item_id, b"one")
    store.freeze(item_id, b"one")
    with pytest.raises(StoreError):
        store.freeze(item_id, b"two")
    assert store.item(item_id).body == b"one"


def test_a_done_message_never_moves_again(store):
    item_id = saved_item(store)
    store.claim(soon())
    store.mark_in_flight(item_id)
    store.settle(item_id, Done(), soon())
    for attempt in (
        lambda: store.mark_in_flight(item_id),
        lambda: store.settle(item_id, Done(), soon()),
        lambda: store.retry(item_id, ANNE),
    ):
        with pytest.raises(StoreError):
            attempt()
    store.recover(soon())
    assert store.claim(soon()) is None


class OutboxMachine(RuleBasedStateMachine):
    """Any order of sending, failing, crashing: nothing lost, done stays done, one in flight."""

    place, server = "file", None

    @initialize(target=None)
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        self.opens = opener(self.place, Path(self.folder.name), new_key(), self.server)
        self.store = self.opens()
        self.saved, self.done, self.taken = set(), set(), None

    @rule()
    def save(self):
        self.saved.add(saved_item(self.store))

    @rule()
    def claim(self):
        if self.taken is None:
            self.taken = self.store.claim(soon())

    @rule(
        outcome=st.sampled_from(["done", "later", "ambiguous", "parked", "released"]),
        fly=st.booleans(),
        launch=st.booleans(),
    )
    def settle(self, outcome, fly, launch):
        if self.taken is None:
            return
        item = self.taken
        assert item.id not in self.done
        flying = item.state is Delivery.IN_FLIGHT
        if not flying and (fly or outcome in {"done", "ambiguous"}):
            self.store.mark_in_flight(item.id)
        outcomes = {
            "done": Done("x"),
            "later": Later(now_utc(), Failure.BUSY),
            "ambiguous": Later(now_utc(), Failure.UNKNOWN_OUTCOME, ambiguous=True),
            "parked": Parked(Failure.REFUSED),
            "released": Released(now_utc()),
        }
        if outcome == "done":
            self.done.add(item.id)
        self.taken = self.store.settle(item.id, outcomes[outcome], soon(), launch=launch)

    @rule()
    def retry_parked(self):
        for item in self.store.items():
            if item.state is Delivery.REJECTED:
                self.store.retry(item.id, ANNE)

    @rule()
    def crash(self):
        self.store.close()
        self.store = self.opens()
        self.store.recover(soon())
        self.taken = None

    @invariant()
    def nothing_is_lost_or_undone(self):
        if not hasattr(self, "store"):
            return
        items = {item.id: item for item in self.store.items(1000)}
        assert set(items) == self.saved
        assert {i for i, item in items.items() if item.state is Delivery.DONE} == self.done
        flying = [i for i in items.values() if i.state is Delivery.IN_FLIGHT]
        assert len(flying) <= 1

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


def test_any_order_of_sending_failing_and_crashing(place, request):
    server = request.getfixturevalue("postgres") if place == "server" else None

    class Machine(OutboxMachine):
        pass

    Machine.place, Machine.server = place, server
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=15, stateful_step_count=20, deadline=None),
    )


def test_what_a_person_gives_up_is_finished_and_says_why_and_by_whom(store):
    item_id = saved_item(store)
    store.claim(soon())
    store.settle(item_id, Parked(Failure.REFUSED, "http-422"), soon())
    store.discard(item_id, DiscardReason.MEASURED_AGAIN, ANNE)
    item = store.item(item_id)
    assert (item.state, item.remote) == (Delivery.DISCARDED, "measured-again")
    assert store.counts().parked == store.counts().waiting == 0
    last = store.audit_rows()[-1]
    assert (last.kind, last.actor) == ("discarded", "anne")
    assert last.subject == f"{item_id} measured-again"
    for again in (
        lambda: store.discard(item_id, DiscardReason.WRONG, ANNE),
        lambda: store.retry(item_id, ANNE),
    ):
        with pytest.raises(StoreError):
            again()


def test_only_what_stopped_may_be_given_up(store):
    item_id = saved_item(store)
    with pytest.raises(StoreError):
        store.discard(item_id, DiscardReason.WRONG, ANNE)
    assert store.item(item_id).state is Delivery.QUEUED


def test_what_is_given_up_holds_nothing_up_in_its_chain(store):
    of = visit()
    first, second = message(of), message(of)
    store.save_visit(of, [first, second], ANNE)
    store.claim(soon())
    store.settle(first.id, Parked(Failure.REFUSED), soon())
    assert store.claim(soon()) is None
    store.discard(first.id, DiscardReason.WRONG, ANNE)
    assert store.claim(soon()).id == second.id


def test_a_waiting_message_is_held_back_and_sent_on_by_a_person(store):
    item_id = saved_item(store)
    store.hold(item_id, ANNE)
    item = store.item(item_id)
    assert (item.state, item.failure) == (Delivery.REJECTED, Failure.HELD)
    assert store.claim(soon()) is None
    store.retry(item_id, ANNE)
    assert store.claim(soon()).id == item_id
    assert [row.kind for row in store.audit_rows()][-2:] == ["held", "retry"]


def test_what_is_on_its_way_cannot_be_held_back(store):
    item_id = saved_item(store)
    store.claim(soon())
    store.mark_in_flight(item_id)
    with pytest.raises(StoreError):
        store.hold(item_id, ANNE)
    assert store.item(item_id).state is Delivery.IN_FLIGHT


def test_what_needs_a_person_is_listed_first_then_what_waits(store):
    stopped, done = saved_item(store), saved_item(store)
    store.claim(soon())
    store.settle(stopped, Parked(Failure.REFUSED), soon())
    store.mark_in_flight(done)
    waiting = saved_item(store)
    store.settle(done, Done("x"), NOW)
    listed = [item.id for item in store.to_look_at(10)]
    assert listed == [stopped, waiting, done]
    assert [item.id for item in store.to_look_at(1)] == [stopped]
