"""Journals that answer a little differently: each ends at the journal or at a person."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Timer

import pytest

from kiosk.journal import backoff, line
from kiosk.journal.contract import Endpoint
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.frozen import read_frozen
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import Failure
from kiosk.model.visit import Delivery
from tests.journal.hostile_server import Hostile
from tests.journal.journal_samples import SITE, MemoryOutbox
from tests.journal.test_sender import FakeJournal, Newsroom, queued
from tests.patience import until

PATIENT_ENOUGH = 60


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(backoff, "BASE", timedelta(milliseconds=4))
    monkeypatch.setattr(line, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(line, "LONGEST_PAUSE", 0.05)


@contextmanager
def sending(journal, store, *, doubt=0.0):
    with Hostile(journal) as server:
        endpoint = Endpoint(server.url, read_timeout=0.3, deadline=2.0)
        sender = Sender(
            store,
            lambda: FhirInterface(FhirClient(endpoint), SITE, doubt),
            Newsroom(),
            pace=Pace(idle_probe=0.05, stopped=0.05, status=0.05, after_crash=0.05),
        )
        sender.start()
        try:
            yield sender
        finally:
            assert sender.stop(10)


def keys_of(store, ident):
    return {identifier.value for identifier in read_frozen(store.rows[ident].body).observations}


# --- a health check stricter than the work ---------------------------------------------------


def silent(talk):
    """It never tells of itself."""
    talk.ending.wait(5)


def away(talk):
    talk.answer(503)


@pytest.mark.parametrize("told", [silent, away])
def test_a_journal_that_takes_messages_and_tells_nothing_of_itself_gets_them(told):
    journal, store = FakeJournal(), MemoryOutbox()
    idents = queued(store, 3)

    def script(talk):
        if b"/metadata" in talk.head:
            told(talk)
        else:
            journal(talk)

    with sending(script, store):
        all_there = {Delivery.DONE}
        until(lambda: {store.rows[i].state for i in idents} == all_there, PATIENT_ENOUGH)
    assert set(journal.stored.values()) == {1}


# --- a commit that comes late ----------------------------------------------------------------


class LateJournal(FakeJournal):
    """Ignores the condition of a creation; of the first sending it stores after ``late`` seconds
    what it gave no answer to."""

    def __init__(self, late: float) -> None:
        super().__init__()
        self.late, self.sendings = late, 0

    def store(self, talk) -> None:
        self.sendings += 1
        keys = [identifier.value for identifier in read_frozen(talk.body).observations]
        if self.sendings == 1:
            Timer(self.late, self._keep, [keys]).start()
            talk.reset()
            return
        self._keep(keys)
        rows = [{"response": {"status": "201 Created"}} for _ in json.loads(talk.body)["entry"]]
        bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": rows}
        talk.answer(200, json.dumps(bundle).encode())

    def _keep(self, keys) -> None:
        for key in keys:
            self.stored[key] = self.stored.get(key, 0) + 1


def ended(store, ident, journal, *, doubt):
    with sending(journal, store, doubt=doubt):
        over = {Delivery.DONE, Delivery.REJECTED}
        until(lambda: store.rows[ident].state in over, PATIENT_ENOUGH)
    return store.rows[ident]


def test_a_journal_that_is_still_working_is_given_time_before_it_is_asked():
    journal, store = LateJournal(late=0.3), MemoryOutbox()
    (ident,) = queued(store)
    begun = time.monotonic()
    row = ended(store, ident, journal, doubt=2.0)
    assert time.monotonic() - begun >= 2.0
    assert row.state is Delivery.DONE
    assert journal.sendings == 1
    assert set(journal.stored.values()) == {1}


def test_a_value_that_came_twice_after_all_is_told_to_a_person():
    journal, store = LateJournal(late=1.2), MemoryOutbox()
    (ident,) = queued(store)
    row = ended(store, ident, journal, doubt=0.8)
    assert set(journal.stored.values()) == {2}
    assert (row.state, row.failure) == (Delivery.REJECTED, Failure.CONFLICT)
    assert row.detail.startswith("several: ")


class BusyJournal(LateJournal):
    """Says ``first`` to a sending that it stores all the same, or finishes it while it puts the
    second one off with ``again``.
    """

    def __init__(self, first: int, again: int = 0) -> None:
        super().__init__(late=0.0)
        self.first, self.again = first, again

    def store(self, talk) -> None:
        self.sendings += 1
        keys = [identifier.value for identifier in read_frozen(talk.body).observations]
        if self.sendings == 1 and self.first:
            self._keep(keys)
            talk.answer(self.first)
        elif self.sendings == 1:
            talk.reset()
        elif self.sendings == 2 and self.again:
            self._keep(keys)
            talk.answer(self.again)
        else:
            super().store(talk)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_what_may_have_arrived_is_asked_about_again_after_it_was_put_off(status):
    """The journal finished the first sending while it put off the second."""
    journal, store = BusyJournal(first=0, again=status), MemoryOutbox()
    (ident,) = queued(store)
    row = ended(store, ident, journal, doubt=0)
    assert row.state is Delivery.DONE
    assert set(journal.stored.values()) == {1}


@pytest.mark.parametrize("status", [502, 504])
def test_what_a_gateway_gave_up_waiting_for_is_asked_about(status):
    journal, store = BusyJournal(first=status), MemoryOutbox()
    (ident,) = queued(store)
    row = ended(store, ident, journal, doubt=0)
    assert row.state is Delivery.DONE
    assert set(journal.stored.values()) == {1}


def test_a_search_that_finds_nothing_of_what_was_taken_again_sends_no_third_time_and_is_no_proof():
    journal, store = LateJournal(late=0.0), MemoryOutbox()
    journal.on_find = lambda talk: journal.searchset(talk, []) is None
    (ident,) = queued(store)
    row = ended(store, ident, journal, doubt=0.1)
    # It is there twice, and nobody but a person can see it.
    assert set(journal.stored.values()) == {2}
    assert (row.state, row.failure) == (Delivery.REJECTED, Failure.MAY_HAVE_ARRIVED)
    assert journal.sendings == 2


# --- one message that never gets there -------------------------------------------------------


def others_go_on(store, journal, poisoned):
    """Feed messages until the poisoned one is with a person; returns the others."""
    others = queued(store, 3)
    with sending(journal, store):

        def over():
            if store.rows[poisoned].state is Delivery.REJECTED:
                return True
            if all(store.rows[one].state is Delivery.DONE for one in others):
                others.extend(queued(store))
            return False

        until(over, PATIENT_ENOUGH)
        done = {Delivery.DONE}
        until(lambda: {store.rows[i].state for i in others} == done, PATIENT_ENOUGH)
    assert all(journal.stored[key] == 1 for one in others for key in keys_of(store, one))
    return store.rows[poisoned]


def test_a_message_that_is_always_answered_500_goes_to_a_person():
    journal, store = FakeJournal(), MemoryOutbox()
    (poisoned,) = queued(store)
    keys = keys_of(store, poisoned)

    def before(talk):
        poison = any(key.encode() in talk.body for key in keys)
        if poison:
            talk.answer(500, b"{}")
        return poison

    journal.before = before
    row = others_go_on(store, journal, poisoned)
    assert row.failure is Failure.REFUSED
    assert row.detail.startswith("500")


def refused(_journal, talk):
    talk.answer(400, b"{}")
    return True


def somebody_elses(journal, talk):
    other = {"resourceType": "Observation", "id": "x", "identifier": [{"value": "another"}]}
    journal.searchset(talk, [other])
    return True


@pytest.mark.parametrize("answer", [refused, somebody_elses])
def test_a_message_about_which_no_question_is_understood_goes_to_a_person(answer):
    journal, store = FakeJournal(), MemoryOutbox()
    (doubtful,) = queued(store)
    store._set(doubtful, state=Delivery.AMBIGUOUS, attempts=1)
    journal.on_find = lambda talk: answer(journal, talk)
    row = others_go_on(store, journal, doubtful)
    assert row.failure is Failure.MAY_HAVE_ARRIVED
    assert not keys_of(store, doubtful) & journal.stored.keys()
