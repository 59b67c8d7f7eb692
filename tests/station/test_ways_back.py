"""Ways back through the real store: what the desk asks for is committed and shown again."""

from __future__ import annotations

from datetime import date
from queue import SimpleQueue
from uuid import uuid4

import pytest
from uuid6 import uuid7

from drivers.printers.jobs import JobChange, JobState
from kiosk.desk.notices import Notice
from kiosk.model.outbox import MessageKind, NewMessage
from kiosk.model.performer import Performer
from kiosk.model.visit import (
    Change,
    ChangeKind,
    ChangeReason,
    Child,
    Delivery,
    IdKind,
    Measurement,
    NewValue,
    Quantity,
    Source,
    Visit,
)
from kiosk.runtime.effects_runner import Performing
from kiosk.station.decisions import Decisions
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.desk.every import effects as e
from tests.desk.every import messages as m
from tests.patience import PATIENCE

ANNE = Performer("anne", "Anne")


def visit() -> Visit:
    visit_id, now = uuid4(), now_utc()
    weight = Measurement(
        uuid4(), visit_id, Quantity.WEIGHT, 8420, "8.420", "kg", Source.TYPED, now, now, 60, ANNE
    )
    child = Child("10915596784", IdKind.NATIONAL, date(2026, 1, 10), "Kanarinora")
    return Visit(visit_id, child, (weight,))


class Composer:
    """One message a visit, with its weight for a body."""

    def compose(self, of):
        body = of.measurements[0].text.encode()
        return [NewMessage(uuid7(), of.id, MessageKind.NEW, "fhir-transaction", body)]


@pytest.fixture
def hands(tmp_path):
    store, posted = Store.open(tmp_path, new_key()), SimpleQueue()
    performing = Performing(
        store=store,
        decide=Decisions(store, None).decide,
        looker=lambda: None,
        press=lambda: None,
        compose=Composer().compose,
        send_now=lambda: None,
        post=posted.put,
        trouble_of=lambda error: Notice.NOT_SAVED,
        teach=lambda settings: None,
        listen=lambda task: None,
        devices=(),
        failed=lambda effect: None,
        users=tuple,
        shelve=lambda protocol, text: (),
        accept_file=lambda digest: None,
        reject_file=lambda digest, code: None,
    )
    yield store, performing, posted
    performing.close()
    store.close()


def answer(posted, kind):
    while not isinstance(said := posted.get(timeout=PATIENCE), kind):
        pass
    return said


def change(of, kind, values=()):
    return Change(
        uuid4(), of.id, kind, ChangeReason.OTHER, now_utc(), 60, ANNE, values=tuple(values)
    )


def test_a_correction_is_committed_and_the_unsent_message_carries_the_new_value(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, Composer().compose(saved), ANNE)
    value = NewValue(saved.measurements[0].id, 8240, "8.24", "kg")
    performing.perform(e.SaveChange(change(saved, ChangeKind.CORRECTED, [value])))
    assert answer(posted, m.ChangeSaved).shown == saved.id
    old, new = store.delivery_of(saved.id)
    assert (old.state, new.state, new.body) == (Delivery.CANCELLED, Delivery.QUEUED, b"8.24")
    performing.perform(e.ReadVisit(saved.id))
    shown = answer(posted, m.VisitRead).saved
    assert (shown.message, shown.delivery) == (new.id, Delivery.QUEUED)
    assert (shown.drafts[0].text, shown.drafts[0].was.text) == ("8.24", "8.420")


def test_a_slip_printed_before_the_correction_is_to_be_replaced(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, [], ANNE)
    store.record(JobChange(str(saved.id), JobState.CONFIRMED, 1, ""))
    value = NewValue(saved.measurements[0].id, 8240, "8.24", "kg")
    performing.perform(e.SaveChange(change(saved, ChangeKind.CORRECTED, [value])))
    answer(posted, m.ChangeSaved)
    performing.perform(e.ReadVisit(saved.id))
    assert answer(posted, m.VisitRead).saved.replaces
    store.record(JobChange(str(saved.id), JobState.CONFIRMED, 2, ""))
    performing.perform(e.ReadVisit(saved.id))
    assert not answer(posted, m.VisitRead).saved.replaces


def test_moved_values_are_a_visit_of_the_right_child_and_shown(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, Composer().compose(saved), ANNE)
    right = Child("70108299920", IdKind.D_NUMBER, saved.child.birth_date, "Sara")
    performing.perform(e.SaveChange(change(saved, ChangeKind.WRONG_CHILD), right))
    shown = answer(posted, m.ChangeSaved).shown
    assert shown != saved.id
    assert store.visit(shown).child == right
    assert [i.state for i in store.delivery_of(saved.id)] == [Delivery.CANCELLED]
    assert [i.state for i in store.delivery_of(shown)] == [Delivery.QUEUED]


def test_a_change_that_could_not_be_committed_is_told(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, [], ANNE)
    for _ in range(2):
        performing.perform(e.SaveChange(change(saved, ChangeKind.WITHDRAWN)))
    answer(posted, m.ChangeSaved)
    failed = answer(posted, m.ChangeNotSaved)
    assert (failed.visit_id, failed.notice) == (saved.id, Notice.CHANGE_NOT_SAVED)
