"""Changes in the store: beside what was saved, once, all or nothing, gone with the visit."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kiosk.model.changes import current, moved
from kiosk.model.outbox import Done, Failure, Parked
from kiosk.model.visit import Change, ChangeKind, ChangeReason, Delivery, NewValue, Position
from kiosk.store.errors import StoreError, StoreFault
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, NOW, child, message, visit


def change(of, kind=ChangeKind.CORRECTED, values=()):
    return Change(uuid4(), of.id, kind, ChangeReason.OTHER, NOW, 60, ANNE, tuple(values))


def length(of):
    return NewValue(of.measurements[1].id, 725, "72.5", "cm", Position.STANDING)


def test_a_correction_is_read_back_beside_the_value_it_corrects(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    corrected = change(saved, values=[length(saved)])
    store.save_change(corrected, [message(saved)], None)
    read = store.visit(saved.id)
    assert read.changes == (corrected,)
    assert read.measurements == saved.measurements
    now = current(read).measurements[1]
    assert (now.value, now.text, now.position) == (725, "72.5", Position.STANDING)


def test_the_same_change_twice_is_one(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    corrected = change(saved, values=[length(saved)])
    for _ in range(2):
        store.save_change(corrected, [message(saved)], None)
    assert len(store.visit(saved.id).changes) == 1
    assert [i.state for i in store.delivery_of(saved.id)] == [Delivery.CANCELLED, Delivery.QUEUED]


def test_nothing_of_a_withdrawn_visit_can_be_changed_any_more(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    store.save_change(change(saved, ChangeKind.WITHDRAWN), [], None)
    with pytest.raises(StoreError) as refused:
        store.save_change(change(saved, values=[length(saved)]), [], None)
    assert refused.value.fault is StoreFault.CONTENT_DIFFERS
    assert [c.kind for c in store.visit(saved.id).changes] == [ChangeKind.WITHDRAWN]


def test_a_wrong_child_and_the_right_one_are_one_commit(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    right = moved(saved, uuid4(), child("Sara", "18912650053"), NOW, uuid4)
    broken = moved(saved, uuid4(), child("S" * 200, "18912650053"), NOW, uuid4)
    with pytest.raises(StoreError):
        store.save_change(change(saved, ChangeKind.WRONG_CHILD), [], (broken, [message(broken)]))
    assert store.visit(saved.id).changes == ()
    store.save_change(change(saved, ChangeKind.WRONG_CHILD), [], (right, [message(right)]))
    assert [m.text for m in store.visit(right.id).measurements] == ["8.420", "71.5"]
    listed = {line.id: line for line in store.visits_since(now_utc() - timedelta(hours=1))}
    assert listed[saved.id].change is ChangeKind.WRONG_CHILD
    assert listed[right.id].change is None


def test_each_way_back_leaves_a_trace_without_values(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    store.save_change(change(saved, ChangeKind.WITHDRAWN), [], None)
    row = store.audit_rows()[-1]
    assert (row.kind, row.actor, row.subject) == ("withdrawn", "anne", str(saved.id))


def test_a_change_goes_with_its_visit_and_never_before_the_journal_has_it(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    item = store.claim(now_utc())
    assert store.mark_in_flight(item.id)
    store.settle(item.id, Done("Observation/1"), now_utc())
    store.save_change(change(saved, values=[length(saved)]), [], None)
    later = now_utc() + timedelta(days=40)
    assert store.purge(later) == 0, "the correction has not arrived"
    (correct,) = [i for i in store.delivery_of(saved.id) if i.state is Delivery.QUEUED]
    store.claim(now_utc())
    store.settle(correct.id, Done("Observation/1"), now_utc())
    assert store.purge(later) == 1
    with pytest.raises(LookupError):
        store.visit(saved.id)


def test_what_waits_for_a_person_stays_on_the_list_until_somebody_has_seen_to_it(store):
    saved, sent = visit(), visit()
    for one in (saved, sent):
        store.save_visit(one, [message(one)], ANNE)
    tomorrow = now_utc() + timedelta(days=1)
    assert store.visits_since(tomorrow) == []
    item = store.claim(now_utc())
    store.settle(item.id, Parked(Failure.NO_NUMBER), now_utc())
    assert [line.id for line in store.visits_since(tomorrow)] == [saved.id]


def test_a_child_that_got_its_number_is_a_new_visit_and_the_old_message_never_leaves(store):
    saved = visit("Nora", "")
    store.save_visit(saved, [message(saved, None)], ANNE)
    item = store.claim(now_utc())
    store.settle(item.id, Parked(Failure.NO_NUMBER), now_utc())
    right = moved(saved, uuid4(), child("Nora"), NOW, uuid4)
    store.save_change(change(saved, ChangeKind.NUMBERED), [], (right, [message(right)]))
    assert [i.state for i in store.delivery_of(saved.id)] == [Delivery.CANCELLED]
    assert [i.state for i in store.delivery_of(right.id)] == [Delivery.QUEUED]
