"""However much waits, nothing that runs at a start, at a touch or in a loop goes through it."""

from datetime import timedelta

import pytest

from kiosk.model.interfaces import CLINIC
from kiosk.model.outbox import Failure, Later
from kiosk.model.visit import Delivery
from kiosk.store.outbox import lists
from kiosk.system.clock import now_utc
from tests.store.long_queue import fill, work
from tests.store.samples import ANNE, NOW, message, visit

FEW, MANY = 150, 1500
OTHER = ("gdt-file",)
MINE = ("fhir-transaction",)
DUE_LATER = timedelta(days=400)


def claimed_and_put_back(store, adapters):
    item = store.claim(now_utc(), adapters)
    if item is not None:
        store.mark_in_flight(item.id)
        store.settle(item.id, Later(now_utc(), Failure.BUSY), NOW - timedelta(days=900))


CALLS = {
    "start": lambda store: store.recover(now_utc(), MINE),
    "start of all": lambda store: store.recover(now_utc()),
    "counts": lambda store: store.counts(),
    "counts by interface": lambda store: store.counts_by_interface(),
    "today's list": lambda store: store.visits_since(now_utc() - timedelta(hours=12)),
    "messages page": lambda store: store.to_look_at(100),
    "newest": lambda store: store.items(100),
    "next due": lambda store: store.next_due(MINE),
    "next due of all": lambda store: store.next_due(),
    "claim": lambda store: claimed_and_put_back(store, MINE),
    "claim of all": lambda store: claimed_and_put_back(store, ()),
    "claim beside another's queue": lambda store: claimed_and_put_back(store, ("hl7v2-mllp",)),
    "next due beside another's queue": lambda store: store.next_due(("hl7v2-mllp",)),
    "idle purge": lambda store: store.purge(now_utc()),
    "last weight": lambda store: store.last_weight(),
    "handed over": lambda store: store.handed_over(),
}

QUEUES = {
    "due": {"ways": (*MINE, *OTHER)},
    "not due": {"ways": (*MINE, *OTHER), "due": DUE_LATER},
    "in doubt": {"ways": OTHER, "states": (Delivery.AMBIGUOUS,), "due": DUE_LATER},
    "handed over": {"ways": (CLINIC,), "states": (Delivery.HANDED_OVER,)},
    "done": {"ways": MINE, "states": (Delivery.DONE,)},
}


@pytest.mark.parametrize("queue", QUEUES)
def test_what_runs_all_day_does_the_same_work_beside_a_long_queue(store, queue, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 100)
    monkeypatch.setattr("kiosk.store.visits.saved.MOST_LISTED", 100)
    monkeypatch.setattr("kiosk.store.outbox.recovery.RECOVERED_AT_ONCE", 100)
    monkeypatch.setattr("kiosk.store.visits.mirror._AT_ONCE", 100)
    lists._numbers.cache_clear()
    since = now_utc() - timedelta(days=20)
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    fill(store, FEW, since, **QUEUES[queue])
    few = {name: _work(store, call) for name, call in CALLS.items()}
    fill(store, MANY - FEW, since + timedelta(minutes=FEW), **QUEUES[queue])
    many = {name: _work(store, call) for name, call in CALLS.items()}
    lists._numbers.cache_clear()
    grown = {name: (few[name], many[name]) for name in CALLS if many[name] > 1.5 * few[name] + 60}
    assert not grown


def _work(store, call) -> int:
    if store._holder is not None:
        store.submit(lambda c: c.exec_driver_sql("ANALYZE")).result()
    with work(store) as done:
        call(store)
    return done[0]


def test_a_count_goes_no_further_than_is_shown(store, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 100)
    lists._numbers.cache_clear()
    since = now_utc() - timedelta(days=20)
    fill(store, 120, since, (*MINE, *OTHER))
    assert store.counts().waiting == 100
    assert store.counts_by_interface()["gdt-file"].waiting == 100
    assert store.counts().oldest_waiting == since
    lists._numbers.cache_clear()


def test_a_start_makes_the_first_that_wait_due_and_leaves_the_rest(file_store):
    store = file_store
    since = now_utc() - timedelta(days=1)
    fill(store, 500, since, MINE, due=DUE_LATER)
    store.recover(now_utc())
    now_due = [item for item in store.items(1000) if item.due <= now_utc()]
    assert len(now_due) == 200
    assert min(item.sequence for item in now_due) == min(i.sequence for i in store.items(1000))


def test_a_long_delivered_queue_is_forgotten_in_pieces(store, monkeypatch):
    monkeypatch.setattr("kiosk.store.database.purge.AT_ONCE", 40)
    fill(store, 100, now_utc() - timedelta(days=60), MINE, states=(Delivery.DONE,))
    fill(store, 50, now_utc() - timedelta(days=60), MINE)
    assert store.purge(now_utc(), 10) == 100
    assert len(store.items(1000)) == 50
    kinds = [row.subject.split()[0] for row in store.audit_rows() if row.kind == "purged"]
    assert kinds == ["40", "40", "20"]
