"""What the sender relies on, asked of the real store and of the one in memory alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest

from kiosk.journal.contract import PatientRef
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.model.outbox import Done, Failure, Later, MessageKind, NewMessage
from kiosk.model.visit import Delivery
from kiosk.store.database.server import ServerPlace, read_url
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.conftest_postgres import PLACES
from tests.journal.hostile_server import Hostile
from tests.journal.journal_samples import NURSE, SITE, MemoryOutbox, measurement, whole_visit
from tests.journal.test_sender import FakeJournal, Newsroom, running
from tests.patience import until

BODY = b'{"entry":[]}'


class RealOutbox(Store):
    """The real store with the shortcut the tests use to queue a message."""

    def add(self, visit, body) -> UUID:
        ident = uuid.uuid4()
        message = NewMessage(ident, visit.id, MessageKind.NEW, "fhir", body)
        self.save_visit(visit, [message], NURSE)
        return ident


@pytest.fixture(params=["memory", *PLACES])
def outbox(request, tmp_path, key) -> Iterator[MemoryOutbox | RealOutbox]:
    if request.param == "memory":
        yield MemoryOutbox()
        return
    if request.param == "file":
        store = RealOutbox.open(tmp_path / "store", key)
    else:
        url = read_url(request.getfixturevalue("postgres").database())
        store = RealOutbox(ServerPlace(url, key, "one", None, demo=False), key)
    yield store
    store.close()


def a_visit():
    visit_id = uuid.uuid4()
    sample = replace(measurement(), visit_id=visit_id)
    return replace(whole_visit(), id=visit_id, measurements=(sample,))


def state_of(outbox, ident: UUID):
    return next(item for item in outbox.items() if item.id == ident)


def test_launching_puts_only_fixed_bytes_in_flight_and_counts_the_attempt(outbox):
    first, second = (outbox.add(a_visit(), BODY) for _ in range(2))
    third = outbox.add(a_visit(), None)
    assert outbox.claim(now_utc()).id == first
    outbox.mark_in_flight(first)
    launched = outbox.settle(first, Done("Observation/1"), now_utc(), launch=True)
    assert (launched.id, launched.state, launched.attempts) == (second, Delivery.IN_FLIGHT, 0)
    assert launched.body == BODY
    kept = state_of(outbox, second)
    assert (kept.state, kept.attempts) == (Delivery.IN_FLIGHT, 1)
    claimed = outbox.settle(second, Done(), now_utc(), launch=True)
    assert (claimed.id, claimed.state, claimed.attempts) == (third, Delivery.CLAIMED, 0)


def test_an_uncertain_message_is_never_launched_without_being_asked_about(outbox):
    first, second = (outbox.add(a_visit(), BODY) for _ in range(2))
    outbox.claim(now_utc())
    outbox.mark_in_flight(first)
    due = now_utc() - timedelta(minutes=1)
    uncertain = Later(due, Failure.UNKNOWN_OUTCOME, ambiguous=True)
    asked = outbox.settle(first, uncertain, now_utc(), launch=True)
    assert (asked.id, asked.state) == (first, Delivery.AMBIGUOUS)
    outbox.mark_in_flight(first)
    assert outbox.settle(first, Done(), now_utc(), launch=True).id == second


def test_what_was_launched_when_the_process_died_is_uncertain_afterwards(outbox):
    first, second = (outbox.add(a_visit(), BODY) for _ in range(2))
    outbox.claim(now_utc())
    outbox.mark_in_flight(first)
    outbox.settle(first, Done(), now_utc(), launch=True)
    assert outbox.recover(now_utc()) == 1
    assert state_of(outbox, second).state is Delivery.AMBIGUOUS


def test_order_of_saving_is_kept_and_nothing_goes_before_it_is_due(outbox):
    ids = [outbox.add(a_visit(), BODY) for _ in range(5)]
    outbox.claim(now_utc())
    later = Later(now_utc() + timedelta(minutes=5), Failure.BUSY)
    item = outbox.settle(ids[0], later, now_utc())
    seen = []
    while item is not None:
        seen.append(item.id)
        outbox.mark_in_flight(item.id)
        item = outbox.settle(item.id, Done(), now_utc())
    assert seen == ids[1:]
    assert outbox.claim(now_utc() + timedelta(minutes=5)).id == ids[0]


def test_visits_saved_from_another_thread_while_sending_all_arrive_once(outbox):
    journal, news = FakeJournal(), Newsroom()

    def save() -> None:
        for _ in range(40):
            visit = a_visit()
            outbox.add(visit, visit_bundle(visit, PatientRef("Patient/p1"), SITE))
            sender.wake()

    with Hostile(journal) as server, running(outbox, server.url, news) as sender:
        savers = [Thread(target=save) for _ in range(3)]
        for saver in savers:
            saver.start()
        for saver in savers:
            saver.join()
        until(lambda: outbox.counts().done == 120)
    assert len(journal.received) == 120
    assert list(journal.stored.values()) == [1] * 120
