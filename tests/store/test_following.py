"""What a change of a visit means for its messages: by how far each has come, and by the change."""

from __future__ import annotations

from uuid import uuid4

import pytest
from uuid6 import uuid7

from kiosk.model.outbox import (
    Delivered,
    DiscardReason,
    Done,
    Failure,
    HandedOver,
    Later,
    MessageKind,
    NewMessage,
    Parked,
)
from kiosk.model.visit import Change, ChangeKind, ChangeReason, Delivery
from tests.store.samples import ANNE, NOW, visit
from tests.store.test_outbox_journey import FAR, THEN

OURS = {
    ChangeKind.CORRECTED: MessageKind.CORRECT,
    ChangeKind.WRONG_CHILD: MessageKind.WITHDRAW,
    ChangeKind.WITHDRAWN: MessageKind.WITHDRAW,
    ChangeKind.NUMBERED: MessageKind.WITHDRAW,
}
DOUBT = Later(THEN, Failure.UNKNOWN_OUTCOME, "cut", ambiguous=True)

# How far it had come: what came of a sending, or of none; what becomes of the message itself; and
# whether something of it can have reached the interface.
CAME = {
    "waits": (None, False, Delivery.CANCELLED, False),
    "is claimed": (None, True, Delivery.CANCELLED, False),
    "stopped unsent": (Parked(Failure.NO_NUMBER), False, Delivery.CANCELLED, False),
    "stopped after a sending": (Parked(Failure.REFUSED), True, Delivery.CANCELLED, True),
    "waits after a sending": (Later(THEN, Failure.BUSY), True, Delivery.CANCELLED, True),
    "in flight": (None, None, Delivery.IN_FLIGHT, True),
    "in doubt": (DOUBT, True, Delivery.AMBIGUOUS, True),
    "arrived": (Done("Observation/1"), True, Delivery.DONE, True),
    "was fetched": (Delivered("a.csv"), True, Delivery.DELIVERED, True),
    "handed over": (HandedOver(), True, Delivery.HANDED_OVER, True),
}


def brought(store, of, outcome, sent) -> None:
    """Bring the only message of a visit so far."""
    (item,) = store.delivery_of(of.id)
    if (outcome, sent) == (None, False):
        return
    assert store.claim(FAR, (item.adapter,)).id == item.id
    if sent is None or (outcome is not None and sent):
        store.mark_in_flight(item.id)
    if outcome is not None:
        store.settle(item.id, outcome, FAR, ("no",))


def changed(of, kind) -> Change:
    return Change(uuid4(), of.id, kind, ChangeReason.OTHER, NOW, 60, ANNE)


def new(of, adapter="fhir-transaction", body=b"{}") -> NewMessage:
    return NewMessage(uuid7(), of.id, MessageKind.NEW, adapter, body)


def told(store, of) -> list[tuple[MessageKind, Delivery, str, bytes | None]]:
    return [(i.kind, i.state, i.adapter, i.body) for i in store.delivery_of(of.id)]


@pytest.mark.parametrize("came", CAME)
def test_what_has_not_left_is_taken_back_and_what_may_have_arrived_is_followed(file_store, came):
    outcome, sent, then, arrived = CAME[came]
    store, ways = file_store, ("fhir-transaction", "fhir-batch", "csv-file", "gdt-file")
    for kind, way in zip(ChangeKind, ways, strict=True):
        of = visit()
        store.save_visit(of, [new(of, way, b"old")], ANNE)
        brought(store, of, outcome, sent)
        corrects = kind is ChangeKind.CORRECTED
        store.save_change(changed(of, kind), [new(of, way, b"new")] if corrects else [], None)
        before = (MessageKind.NEW, then, way, b"old")
        if arrived:
            after = [(OURS[kind], Delivery.QUEUED, way, None)]
        else:
            after = [(MessageKind.NEW, Delivery.QUEUED, way, b"new")] if corrects else []
        assert told(store, of) == [before, *after], kind


def test_what_was_given_up_may_have_arrived(file_store):
    store, of = file_store, visit()
    store.save_visit(of, [new(of)], ANNE)
    brought(store, of, Parked(Failure.CONFLICT), sent=True)
    (item,) = store.delivery_of(of.id)
    store.discard(item.id, DiscardReason.ALREADY_THERE, ANNE)
    store.save_change(changed(of, ChangeKind.WITHDRAWN), [], None)
    assert [(kind, state) for kind, state, _, _ in told(store, of)] == [
        (MessageKind.NEW, Delivery.DISCARDED),
        (MessageKind.WITHDRAW, Delivery.QUEUED),
    ]


def test_each_interface_is_followed_by_itself(file_store):
    store, of = file_store, visit()
    store.save_visit(of, [new(of, "csv-file", b"csv"), new(of, "gdt-file", b"gdt")], ANNE)
    item = store.claim(FAR, ("gdt-file",))
    store.mark_in_flight(item.id)
    store.settle(item.id, Delivered("a.gdt"), FAR, ("no",))
    anew = [new(of, "csv-file", b"csv 2"), new(of, "gdt-file", b"gdt 2")]
    store.save_change(changed(of, ChangeKind.CORRECTED), anew, None)
    assert told(store, of) == [
        (MessageKind.NEW, Delivery.CANCELLED, "csv-file", b"csv"),
        (MessageKind.NEW, Delivery.DELIVERED, "gdt-file", b"gdt"),
        (MessageKind.NEW, Delivery.QUEUED, "csv-file", b"csv 2"),
        (MessageKind.CORRECT, Delivery.QUEUED, "gdt-file", None),
    ]
    # Again: what went out since is followed, what was taken back stays so.
    store.save_change(changed(of, ChangeKind.WITHDRAWN), [], None)
    assert told(store, of)[2:] == [
        (MessageKind.NEW, Delivery.CANCELLED, "csv-file", b"csv 2"),
        (MessageKind.CORRECT, Delivery.CANCELLED, "gdt-file", None),
        (MessageKind.WITHDRAW, Delivery.QUEUED, "gdt-file", None),
    ]


def test_one_part_that_went_out_is_enough_to_be_followed(file_store):
    store, of = file_store, visit()
    store.save_visit(of, [new(of), new(of)], ANNE)
    item = store.claim(FAR)
    store.mark_in_flight(item.id)
    store.settle(item.id, Done(), FAR, ("no",))
    store.save_change(changed(of, ChangeKind.WITHDRAWN), [], None)
    assert [(kind, state) for kind, state, _, _ in told(store, of)] == [
        (MessageKind.NEW, Delivery.DONE),
        (MessageKind.NEW, Delivery.CANCELLED),
        (MessageKind.WITHDRAW, Delivery.QUEUED),
    ]


def test_an_interface_that_is_set_up_otherwise_now_makes_its_message_anew(file_store):
    store, of = file_store, visit()
    store.save_visit(of, [new(of, "fhir-batch", b"batch")], ANNE)
    anew = [new(of, "fhir-transaction", b"whole")]
    store.save_change(changed(of, ChangeKind.CORRECTED), anew, None)
    assert told(store, of) == [
        (MessageKind.NEW, Delivery.CANCELLED, "fhir-batch", b"batch"),
        (MessageKind.NEW, Delivery.QUEUED, "fhir-batch", None),
    ]
