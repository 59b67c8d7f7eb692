"""The journey of a message as a table: from every state, by whatever may come of an attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from uuid6 import uuid7

from kiosk.model.outbox import (
    FINISHED,
    Delivered,
    DiscardReason,
    Done,
    Failure,
    HandedOver,
    Later,
    MessageKind,
    NewMessage,
    Parked,
    Released,
    figure,
)
from kiosk.model.visit import Delivery
from kiosk.store.errors import StoreError, StoreFault
from tests.store.samples import ANNE, message, visit

FAR = datetime(2031, 1, 1, tzinfo=UTC)
"""Later than anything is due that these tests save."""
THEN = FAR + timedelta(hours=3)


def queued(store, body: bytes | None = b"{}", kind: MessageKind = MessageKind.NEW):
    of = visit()
    one = replace(message(of, body), kind=kind)
    store.save_visit(of, [one], ANNE)
    return one.id


def claimed(store):
    ident = queued(store)
    assert store.claim(FAR).id == ident
    return ident


def in_flight(store):
    ident = claimed(store)
    assert store.mark_in_flight(ident)
    return ident


def in_doubt(store):
    ident = in_flight(store)
    store.settle(
        ident, Later(FAR, Failure.UNKNOWN_OUTCOME, "timeout", ambiguous=True), FAR, ("no",)
    )
    assert store.claim(FAR).state is Delivery.AMBIGUOUS
    return ident


BEFORE = {"queued": queued, "claimed": claimed, "in flight": in_flight, "in doubt": in_doubt}

# What came of it: the outcome, and the state (none: as much in doubt as before), the failure, its
# words, the remote name and the due time after it.
OUTCOMES = [
    (Done("Observation/1"), Delivery.DONE, None, "", "Observation/1", FAR),
    (Delivered("a.txt"), Delivery.DELIVERED, None, "", "a.txt", FAR),
    (HandedOver("x"), Delivery.HANDED_OVER, None, "", "", None),
    (Later(THEN, Failure.BUSY, "503"), Delivery.QUEUED, Failure.BUSY, "503", "", THEN),
    (
        Later(THEN, Failure.UNKNOWN_OUTCOME, "cut", ambiguous=True),
        Delivery.AMBIGUOUS,
        Failure.UNKNOWN_OUTCOME,
        "cut",
        "",
        THEN,
    ),
    (Parked(Failure.REFUSED, "422"), Delivery.REJECTED, Failure.REFUSED, "422", "", None),
    (Released(THEN, Failure.CLOCK, "skew"), None, Failure.CLOCK, "skew", "", THEN),
    (Released(THEN), None, None, "", "", THEN),
]


@pytest.mark.parametrize("before", BEFORE)
def test_every_outcome_from_every_state(file_store, before):
    store = file_store
    for outcome, state, failure, words, remote, due in OUTCOMES:
        ident = BEFORE[before](store)
        was = store.item(ident)
        assert store.settle(ident, outcome, FAR, ("no",)) is None
        now = store.item(ident)
        released = isinstance(outcome, Released)
        as_before = Delivery.AMBIGUOUS if before == "in doubt" else Delivery.QUEUED
        uncounted = 1 if released and before == "in flight" else 0
        assert now.state is (state or as_before)
        assert (now.failure, now.detail, now.remote) == (failure, words, remote)
        assert now.due == (was.due if due is None else due), outcome
        assert now.attempts == was.attempts - uncounted
        same = {"state", "failure", "detail", "remote", "due", "attempts"}
        kept = {name: getattr(was, name) for name in same}
        assert replace(now, **kept) == was
        # Out of the way of the next one.
        if now.state is Delivery.AMBIGUOUS or now.state is Delivery.QUEUED:
            store.settle(ident, Parked(Failure.REFUSED), FAR, ("no",))


ENDED = {
    "done": Done(),
    "delivered": Delivered(),
    "handed over": HandedOver(),
    "parked": Parked(Failure.REFUSED),
}


@pytest.mark.parametrize("end", ENDED)
def test_what_has_ended_takes_no_outcome_and_never_flies(file_store, end):
    store = file_store
    ident = in_flight(store)
    store.settle(ident, ENDED[end], FAR, ("no",))
    before = store.item(ident)
    for again in (
        lambda: store.mark_in_flight(ident),
        lambda: store.settle(ident, Later(THEN, Failure.BUSY), FAR),
        lambda: store.settle(ident, Done("other"), FAR),
        lambda: store.settle(ident, Released(THEN), FAR),
    ):
        with pytest.raises(StoreError) as caught:
            again()
        assert caught.value.fault is StoreFault.CONTENT_DIFFERS
    assert store.item(ident) == before
    assert store.claim(THEN) is None


def test_a_message_that_was_taken_back_takes_nothing_but_the_news_that_it_arrived(file_store):
    store = file_store
    ident = claimed(store)
    store.submit(lambda c: cancelled(c, ident)).result()
    assert store.item(ident).state is Delivery.CANCELLED
    assert not store.mark_in_flight(ident)
    assert store.settle(ident, Later(THEN, Failure.BUSY, "503"), FAR) is None
    assert store.item(ident).state is Delivery.CANCELLED
    with pytest.raises(StoreError):
        store.settle(ident, Done(), FAR)


def cancelled(connection, ident):
    from kiosk.store.outbox import queue

    queue.cancel(connection, ident, FAR)


def test_unknown_messages_are_unknown_everywhere(file_store):
    store, nobody = file_store, uuid7()
    for ask in (
        lambda: store.item(nobody),
        lambda: store.mark_in_flight(nobody),
        lambda: store.settle(nobody, Done(), FAR),
        lambda: store.retry(nobody, ANNE),
        lambda: store.hold(nobody, ANNE),
        lambda: store.discard(nobody, DiscardReason.WRONG, ANNE),
        lambda: store.freeze(nobody, b""),
    ):
        with pytest.raises(LookupError):
            ask()


# --- what a person decides -----------------------------------------------------------------


def parked(store, failure: Failure, *, sent: bool = False):
    """One that was to be tried again much later, and then stopped."""
    ident = claimed(store)
    store.settle(ident, Later(THEN, Failure.BUSY), FAR, ("no",))
    assert store.claim(THEN).id == ident
    if sent:
        store.mark_in_flight(ident)
    store.settle(ident, Parked(failure, "words"), FAR, ("no",))
    assert store.item(ident).due == THEN
    return ident


def refused(decide) -> None:
    with pytest.raises(StoreError) as caught:
        decide()
    assert caught.value.fault is StoreFault.CONTENT_DIFFERS


@pytest.mark.parametrize(
    ("sent", "failure", "state"),
    [
        (False, Failure.REFUSED, Delivery.QUEUED),
        (True, Failure.REFUSED, Delivery.AMBIGUOUS),
        (True, Failure.MAY_HAVE_ARRIVED, Delivery.QUEUED),
        (False, Failure.MAY_HAVE_ARRIVED, Delivery.QUEUED),
    ],
)
def test_what_is_tried_again_is_asked_about_if_it_was_ever_sent(file_store, sent, failure, state):
    store = file_store
    ident = parked(store, failure, sent=sent)
    store.retry(ident, ANNE)
    item = store.item(ident)
    assert (item.state, item.attempts) == (state, int(sent))
    # At once, however long it was to wait before.
    assert item.due < FAR


@pytest.mark.parametrize("kind", list(MessageKind))
def test_made_by_hand_is_for_changes_that_stopped(file_store, kind):
    store = file_store
    ident = queued(store, kind=kind)
    refused(lambda: store.made_by_hand(ident, ANNE))
    store.claim(FAR)
    store.settle(ident, Later(THEN, Failure.BUSY), FAR, ("no",))
    store.claim(THEN)
    store.settle(ident, Parked(Failure.BY_HAND), FAR, ("no",))
    if kind is MessageKind.NEW:
        refused(lambda: store.made_by_hand(ident, ANNE))
        return
    store.made_by_hand(ident, ANNE)
    item = store.item(ident)
    assert (item.state, item.remote) == (Delivery.DONE, "by-hand")
    assert item.due < FAR
    assert store.audit_rows()[-1].kind == "made-by-hand"


def test_only_what_was_delivered_is_confirmed_and_by_name(file_store):
    store = file_store
    ident = queued(store)
    for outcome in (None, Parked(Failure.BY_HAND)):
        if outcome is not None:
            store.claim(FAR)
            store.settle(ident, outcome, FAR)
        with pytest.raises(StoreError):
            store.confirm(ident, ANNE)
    ident = queued(store)
    store.claim(FAR)
    store.settle(ident, Delivered("123.gdt"), FAR)
    store.confirm(ident, ANNE)
    item = store.item(ident)
    assert (item.state, item.remote) == (Delivery.DONE, "by-hand")
    row = store.audit_rows()[-1]
    assert (row.kind, row.actor, row.subject) == ("confirmed", ANNE.user_id, str(ident))
    with pytest.raises(StoreError):
        store.confirm(ident, ANNE)


def test_what_waits_or_is_in_doubt_may_be_held_back_and_nothing_else(file_store):
    store = file_store
    for put, may in ((in_doubt, True), (claimed, False), (in_flight, False), (queued, True)):
        ident = put(store)
        if may:
            store.hold(ident, ANNE)
            item = store.item(ident)
            assert (item.state, item.failure, item.detail) == (
                Delivery.REJECTED,
                Failure.HELD,
                "",
            )
        else:
            refused(lambda one=ident: store.hold(one, ANNE))


def test_giving_up_says_why_and_a_message_that_has_ended_is_not_decided_again(file_store):
    store = file_store
    for reason in DiscardReason:
        ident = parked(store, Failure.CONFLICT)
        store.discard(ident, reason, ANNE)
        item = store.item(ident)
        assert (item.state, item.remote) == (Delivery.DISCARDED, reason.value)
        assert item.due < FAR
        refused(lambda one=ident: store.discard(one, DiscardReason.WRONG, ANNE))
        refused(lambda one=ident: store.retry(one, ANNE))


# --- the order -----------------------------------------------------------------------------


def test_what_is_due_longest_goes_first_and_of_equals_the_oldest(file_store):
    store = file_store
    ids = [queued(store) for _ in range(3)]
    for ident, minutes in zip(ids, (20, 10, 10), strict=True):
        store.claim(FAR)
        store.settle(ident, Later(FAR + timedelta(minutes=minutes), Failure.BUSY), FAR, ("no",))
    assert store.next_due() == FAR + timedelta(minutes=10)
    assert store.claim(FAR + timedelta(minutes=9)) is None
    order = [store.claim(FAR + timedelta(minutes=20)).id for _ in ids]
    assert order == [ids[1], ids[2], ids[0]]
    assert store.next_due() is None


def test_a_sender_takes_only_what_its_interface_delivers(file_store):
    store, of = file_store, visit()
    ways = ("csv-file", "gdt-file", "hl7v2-mllp")
    messages = [NewMessage(uuid7(), of.id, MessageKind.NEW, way, b"{}") for way in ways]
    store.save_visit(of, messages, ANNE)
    assert store.claim(FAR, ("fhir-batch",)) is None
    assert store.next_due(("fhir-batch",)) is None
    assert store.claim(FAR, ("hl7v2-mllp", "fhir-batch")).adapter == "hl7v2-mllp"
    assert store.claim(FAR, ("hl7v2-mllp", "fhir-batch")) is None
    assert store.claim(FAR).adapter == "csv-file"
    assert store.counts().waiting == 3
    assert {way: one.waiting for way, one in store.counts_by_interface().items()} == dict.fromkeys(
        ways, 1
    )
    with pytest.raises(ValueError, match="adapter"):
        store.claim(FAR, ("x'; drop table outbox",))


def test_launching_takes_only_what_is_queued_with_its_bytes(file_store):
    store = file_store
    first, bare = claimed(store), queued(store, body=None)
    taken = store.settle(first, Done(), FAR, launch=True)
    assert (taken.id, taken.state, taken.attempts) == (bare, Delivery.CLAIMED, 0)
    store.freeze(bare, b"bytes")
    assert store.item(bare).body == b"bytes"
    ready = queued(store)
    flying = store.settle(bare, Done(), FAR, launch=True)
    assert (flying.id, flying.state, flying.attempts) == (ready, Delivery.IN_FLIGHT, 0)
    assert store.item(ready).attempts == 1
    assert store.settle(ready, Done(), FAR, launch=True) is None


def test_after_a_crash_what_waits_is_due_at_once_and_keeps_its_words(file_store):
    store = file_store
    doubt, flying = in_doubt(store), in_flight(store)
    later = claimed(store)
    store.settle(later, Later(THEN, Failure.BUSY, "503"), FAR, ("no",))
    taken = claimed(store)
    now = FAR - timedelta(days=1)
    assert store.recover(now, ("no",)) == 0
    assert store.recover(now) == 2
    states = [store.item(one).state for one in (doubt, flying, later, taken)]
    assert states == [Delivery.AMBIGUOUS, Delivery.AMBIGUOUS, Delivery.QUEUED, Delivery.QUEUED]
    assert store.item(later).due == now
    assert (store.item(later).failure, store.item(later).detail) == (Failure.BUSY, "503")
    assert store.item(taken).due < now
    assert store.recover(now) == 0


def test_the_states_that_end_are_these():
    assert set(FINISHED) == {
        Delivery.DONE,
        Delivery.DELIVERED,
        Delivery.CANCELLED,
        Delivery.DISCARDED,
    }


def test_a_count_is_said_as_far_as_it_was_counted():
    assert [figure(number) for number in (0, 999, 1000, 1001)] == ["0", "999", "1000+", "1001+"]
