"""The sender: every message arrives once, outages are told once, nothing stops it."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import requests

from kiosk.journal.contract import Endpoint, PatientRef
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.frozen import read_frozen
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import DeliveryChanged, Failure, JournalState, OutboxStatus
from kiosk.model.visit import Delivery
from kiosk.system.clock import now_utc
from tests.journal.hostile_server import Hostile, certificate, free_port, tls_server
from tests.journal.journal_samples import (
    CHILD,
    SITE,
    MemoryOutbox,
    as_child,
    measurement,
    whole_visit,
)
from tests.patience import until, within

PATIENT = PatientRef("Patient/p1")


class FakeJournal:
    """A FHIR journal of a few lines that keeps what it is sent and can be told to misbehave.

    ``before`` and ``after`` run around the storing of a transaction; returning ``True`` means
    that they have answered themselves.
    """

    def __init__(self) -> None:
        self.stored: dict[str, int] = {}
        self.received: list[bytes] = []
        self.probes = 0
        self.before: Callable[..., bool] = lambda talk: False
        self.after: Callable[..., bool] = lambda talk: False
        self.on_find: Callable[..., bool] = lambda talk: False
        self.patients: list[dict] = [
            {
                "resourceType": "Patient",
                "id": "p1",
                "identifier": [{"value": CHILD.number}],
                "birthDate": CHILD.birth_date.isoformat(),
                "name": [{"given": ["Ada"]}],
            }
        ]

    def __call__(self, talk) -> None:
        line = talk.head.split(b"\r\n")[0].decode()
        if "/metadata" in line:
            self.probes += 1
            head = line.startswith("HEAD")
            talk.answer(200, b"" if head else b'{"resourceType":"CapabilityStatement"}')
        elif "Observation/_search" in line:
            if not self.on_find(talk):
                self.find(talk)
        elif "Patient/_search" in line:
            self.searchset(talk, self.patients)
        elif not self.before(talk):
            self.store(talk)

    def searchset(self, talk, hits: list[dict]) -> None:
        entries = [{"resource": hit} for hit in hits]
        bundle = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
        talk.answer(200, json.dumps(bundle).encode())

    def find(self, talk) -> None:
        value = re.search(rb"identifier=[^&]*%7C([0-9a-f\-]+)", talk.body)
        assert value is not None
        key = value.group(1).decode()
        hit = {"resourceType": "Observation", "identifier": [{"value": key}]}
        self.searchset(talk, [{**hit, "id": f"{key}-{n}"} for n in range(self.stored.get(key, 0))])

    def store(self, talk) -> None:
        self.received.append(talk.body)
        entries = json.loads(talk.body)["entry"]
        for identifier in read_frozen(talk.body).observations:
            self.stored.setdefault(identifier.value, 1)
        if not self.after(talk):
            rows = [{"response": {"status": "201 Created"}} for _ in entries]
            bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": rows}
            talk.answer(200, json.dumps(bundle).encode())


class Newsroom:
    """Collects what the sender publishes."""

    def __init__(self) -> None:
        self.changes: list[DeliveryChanged] = []
        self.statuses: list[OutboxStatus] = []

    def __call__(self, news: DeliveryChanged | OutboxStatus) -> None:
        (self.changes if isinstance(news, DeliveryChanged) else self.statuses).append(news)

    @property
    def turns(self) -> list[tuple[JournalState, Failure | None]]:
        """The states of the line, each once as long as it lasts."""
        found: list[tuple[JournalState, Failure | None]] = []
        for status in self.statuses:
            now = (status.journal, status.failure)
            if not found or found[-1] != now:
                found.append(now)
        return found


@contextmanager
def running(store, url: str, news: Newsroom, **more: object) -> Iterator[Sender]:
    quick = {"connect_timeout": 1.0, "read_timeout": 0.5, "deadline": 2.0}
    pace = more.pop("pace", Pace(idle_probe=0.3, stopped=0.6, status=0.05, after_crash=0.05))
    endpoint = replace(Endpoint(url), **{**quick, **more})
    sender = Sender(store, lambda: FhirInterface(FhirClient(endpoint), SITE), news, pace=pace)
    sender.start()
    try:
        yield sender
    finally:
        assert sender.stop()


def queued(store: MemoryOutbox, count: int = 1, *, frozen: bool = True) -> list[UUID]:
    ids = []
    for _ in range(count):
        visit = replace(whole_visit(), measurements=(measurement(),))
        ids.append(store.add(visit, visit_bundle(visit, PATIENT, SITE) if frozen else None))
    return ids


def all_done(store: MemoryOutbox) -> Callable[[], bool]:
    return lambda: all(row.state is Delivery.DONE for row in store.rows.values())


@pytest.fixture
def journal() -> FakeJournal:
    return FakeJournal()


@pytest.fixture
def server(journal: FakeJournal) -> Iterator[Hostile]:
    with Hostile(journal) as hostile:
        yield hostile


@pytest.fixture
def store() -> MemoryOutbox:
    return MemoryOutbox()


@pytest.fixture
def news() -> Newsroom:
    return Newsroom()


def test_messages_go_in_order_once_each_with_one_commit_a_message_in_a_row(
    store, journal, server, news
):
    queued(store, 50)
    with running(store, server.url, news):
        until(all_done(store))
        spent = store.commits
    bodies = [row.body for row in sorted(store.rows.values(), key=lambda row: row.sequence)]
    assert journal.received == bodies
    # The claim and "in flight" of the first, one a message, and a few idle claims afterwards.
    assert 52 <= spent <= 57
    assert [c.state for c in news.changes[:2]] == [Delivery.IN_FLIGHT, Delivery.DONE]
    assert news.statuses[-1].counts.done == 50
    assert news.turns == [(JournalState.REACHABLE, None)]


def test_a_new_message_goes_as_soon_as_the_sender_is_woken(store, server, news):
    with running(store, server.url, news, pace=Pace(idle_probe=30.0)) as sender:
        until(lambda: bool(news.statuses))
        queued(store)
        sender.wake()
        assert until(all_done(store)) < within(1.0)


def test_patient_is_looked_up_and_the_bytes_frozen_before_sending(store, journal, server, news):
    (ident,) = queued(store, frozen=False)
    with running(store, server.url, news):
        until(all_done(store))
    assert store.rows[ident].body == journal.received[0]
    observation = json.loads(journal.received[0])["entry"][-1]["resource"]
    assert observation["subject"] == {"reference": "Patient/p1"}


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        (lambda p: [], Failure.PATIENT_NOT_FOUND),
        (lambda p: [p[0], {**p[0], "id": "p2"}], Failure.PATIENT_NOT_UNIQUE),
        (lambda p: [{**p[0], "birthDate": "2001-01-01"}], Failure.PATIENT_DIFFERS),
    ],
)
def test_an_uncertain_patient_parks_the_message_and_sends_nothing(
    store, journal, server, news, change, failure
):
    journal.patients = change(journal.patients)
    (ident,) = queued(store, frozen=False)
    with running(store, server.url, news):
        until(lambda: store.rows[ident].state is Delivery.REJECTED)
    assert store.rows[ident].failure is failure
    assert store.rows[ident].attempts == 0
    assert journal.received == []


def test_one_refused_message_is_parked_and_the_others_arrive(store, journal, server, news):
    ids = queued(store, 5)
    poison = store.rows[ids[1]].body

    def refuse(talk) -> bool:
        if talk.body == poison:
            talk.answer(
                422,
                b'{"resourceType":"OperationOutcome","issue":[{"code":"code-invalid",'
                b'"diagnostics":"29463-7 unknown for Ada 18912650053"}]}',
            )
        return talk.body == poison

    journal.before = refuse
    with running(store, server.url, news):
        until(lambda: store.counts().done == 4)
    parked = store.rows[ids[1]]
    assert (parked.state, parked.failure) == (Delivery.REJECTED, Failure.REFUSED)
    assert parked.detail == "422 code-invalid: 29463-7 unknown for ••• •••"
    assert (JournalState.UNREACHABLE, Failure.REFUSED) not in news.turns


def test_a_message_that_always_gets_500_does_not_hold_up_the_others(store, journal, server, news):
    ids = queued(store, 6)
    poison = store.rows[ids[0]].body

    def fail(talk) -> bool:
        if talk.body == poison:
            talk.answer(500)
        return talk.body == poison

    journal.before = fail
    with running(store, server.url, news):
        until(lambda: store.counts().done == 5)
        journal.before = lambda talk: False
        until(all_done(store))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", ["reset", "html", "silent", "cut"])
def test_an_unclear_answer_is_asked_about_and_ends_in_one_value(
    store, journal, server, news, when, how
):
    """Whether the journal had stored it or not, it has it once in the end, from the same bytes."""

    def misbehave(talk) -> bool:
        setattr(journal, when, lambda talk: False)
        if how == "html":
            talk.answer(200, b"<html>")
        elif how == "cut":
            talk.answer(200, b'{"resource', length=900)
            talk.sock.close()
        elif how == "silent":
            talk.ending.wait(1.0)
            talk.sock.close()
        else:
            talk.reset()
        return True

    setattr(journal, when, misbehave)
    (ident,) = queued(store)
    with running(store, server.url, news):
        until(all_done(store))
    assert list(journal.stored.values()) == [1]
    assert len(journal.received) == 1
    assert journal.received[0] == store.rows[ident].body
    assert Delivery.AMBIGUOUS in {change.state for change in news.changes}


def test_a_value_the_journal_has_twice_is_for_a_person(store, journal, server, news):
    (ident,) = queued(store)
    (identifier,) = read_frozen(store.rows[ident].body).observations
    journal.stored[identifier.value] = 2
    journal.before = lambda talk: talk.answer(412) or True
    with running(store, server.url, news):
        until(lambda: store.rows[ident].state is Delivery.REJECTED)
    assert store.rows[ident].failure is Failure.CONFLICT
    assert store.rows[ident].detail.count("Observation/") == 2


@pytest.mark.parametrize("status", [409, 412])
def test_a_conflict_over_a_value_that_is_there_once_is_done(store, journal, server, news, status):
    (ident,) = queued(store)
    (identifier,) = read_frozen(store.rows[ident].body).observations
    journal.stored[identifier.value] = 1
    journal.before = lambda talk: talk.answer(status) or True
    with running(store, server.url, news):
        until(all_done(store))


def test_what_a_crash_left_in_flight_is_asked_about_before_it_is_sent(store, journal, server, news):
    there, missing, claimed = queued(store, 3)
    (identifier,) = read_frozen(store.rows[there].body).observations
    journal.stored[identifier.value] = 1
    for ident in (there, missing):
        store._set(ident, state=Delivery.IN_FLIGHT, attempts=1)
    store._set(claimed, state=Delivery.CLAIMED)
    with running(store, server.url, news):
        until(all_done(store))
    assert journal.received == [store.rows[missing].body, store.rows[claimed].body]
    assert set(journal.stored.values()) == {1}


def test_an_outage_is_told_once_and_ends_within_five_seconds_of_the_return(store, journal, news):
    port = free_port()
    url = f"http://localhost:{port}/fhir"
    queued(store, 20)
    with running(store, url, news):
        until(lambda: bool(news.turns))
        time.sleep(2.5)
        queued(store, 5)
        with Hostile(journal, port=port):
            assert until(all_done(store)) < within(5.0)
            until(lambda: news.statuses[-1].counts.done == 25)
    assert news.turns == [
        (JournalState.UNREACHABLE, Failure.UNREACHABLE),
        (JournalState.REACHABLE, None),
    ]
    assert max(row.attempts for row in store.rows.values()) == 1


def test_backed_off_messages_do_not_wait_out_an_outage(store, journal, news):
    port = free_port()
    ids = queued(store, 4)
    far = now_utc() + timedelta(minutes=4)
    with running(store, f"http://localhost:{port}/fhir", news):
        until(lambda: bool(news.turns))
        for ident in ids:
            if store.rows[ident].state is Delivery.QUEUED:
                store._set(ident, due=far)
        with Hostile(journal, port=port):
            assert until(all_done(store)) < within(5.0)


def test_an_idle_station_notices_that_the_journal_went_and_came_back(store, journal, news):
    with Hostile(journal) as first, running(store, first.url, news):
        until(lambda: news.turns == [(JournalState.REACHABLE, None)])
        first.close()
        until(lambda: len(news.turns) == 2)
        with Hostile(journal, port=first.port):
            assert until(lambda: len(news.turns) == 3) < within(5.0)
    assert [turn[0] for turn in news.turns] == [
        JournalState.REACHABLE,
        JournalState.UNREACHABLE,
        JournalState.REACHABLE,
    ]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.SIGN_IN),
        (403, Failure.CONFIGURATION),
        (404, Failure.CONFIGURATION),
        (307, Failure.CONFIGURATION),
    ],
)
def test_our_own_fault_stops_all_with_one_alarm_and_burns_no_message(
    store, journal, server, news, status, failure
):
    journal.before = lambda talk: talk.answer(status) or True
    queued(store, 10)
    with running(store, server.url, news):
        until(lambda: (JournalState.STOPPED, failure) in news.turns)
        time.sleep(1.0)
        tried = len([h for h, _ in server.requests if h.startswith(b"POST /fhir ")])
        assert tried <= 3
        assert store.counts().waiting == 10
        journal.before = lambda talk: False
        until(all_done(store))
    assert [turn for turn in news.turns if turn[0] is JournalState.STOPPED] == [
        (JournalState.STOPPED, failure)
    ]
    assert news.turns[-1] == (JournalState.REACHABLE, None)


def test_a_person_who_asks_to_try_now_need_not_wait(store, journal, server, news):
    journal.before = lambda talk: talk.answer(403) or True
    queued(store, 2)
    with running(store, server.url, news, pace=Pace(stopped=60.0)) as sender:
        until(lambda: (JournalState.STOPPED, Failure.CONFIGURATION) in news.turns)
        journal.before = lambda talk: False
        sender.wake()
        assert until(all_done(store)) < within(2.0)


def test_a_gone_patient_parks_one_message_a_wrong_address_stops_all(store, journal, server, news):
    outcome = b'{"resourceType":"OperationOutcome","issue":[{"code":"not-found"}]}'
    first = queued(store)[0]
    journal.before = lambda talk: talk.answer(404, outcome) or True
    with running(store, server.url, news):
        until(lambda: store.rows[first].state is Delivery.REJECTED)
    assert store.rows[first].failure is Failure.PATIENT_NOT_FOUND
    assert store.rows[first].detail == "404 not-found"


def test_a_forged_certificate_stops_all_before_a_byte_is_sent(store, journal, news, tmp_path):
    served, trusted = certificate(tmp_path, "forged"), certificate(tmp_path, "ours")
    queued(store, 2)
    with (
        Hostile(journal, tls_server(served)) as forged,
        running(store, forged.url, news, ca_file=trusted),
    ):
        until(lambda: (JournalState.STOPPED, Failure.CERTIFICATE) in news.turns)
    assert forged.requests == []
    assert store.counts().waiting == 2


def test_asked_for_patience_the_sender_waits_even_if_woken(store, journal, server, news):
    answered: list[float] = []

    def patience(talk) -> bool:
        answered.append(time.monotonic())
        if len(answered) == 1:
            talk.answer(429, b"", "Retry-After: 1")
        return len(answered) == 1

    journal.before = patience
    queued(store, 3)
    with running(store, server.url, news) as sender:
        until(lambda: len(answered) == 1)
        for _ in range(5):
            sender.wake()
            time.sleep(0.05)
        until(all_done(store))
    assert answered[1] - answered[0] >= 0.95


def test_a_portal_that_answers_everything_with_a_page_is_not_flooded(store, news):
    queued(store, 5)
    with Hostile(lambda talk: talk.answer(200, b"<html>log in</html>")) as portal:
        with running(store, portal.url, news):
            time.sleep(2.5)
            posts = [h for h, _ in portal.requests if h.startswith(b"POST")]
        assert 1 <= len(posts) <= 12
    assert store.counts().waiting == 5


def test_a_message_that_cannot_be_mapped_or_read_is_parked(store, server, news):
    (wrong,) = queued(store, frozen=False)
    visit = store.visits[store.rows[wrong].visit_id]
    samples = (measurement(text="42.36"),)
    store.visits[visit.id] = replace(visit, measurements=samples)
    (broken,) = queued(store)
    store._set(broken, body=b"{}")
    (good,) = queued(store)
    with running(store, server.url, news):
        until(lambda: store.rows[good].state is Delivery.DONE)
    details = [store.rows[i].detail for i in (wrong, broken)]
    assert details == ["digits-and-number-differ", "message-damaged"]


def test_an_error_of_our_own_with_one_message_or_the_store_stops_nothing(store, server, news):
    ids = queued(store, 3, frozen=False)
    del store.visits[store.rows[ids[0]].visit_id]
    claim, broken = store.claim, [True, True]

    def failing_claim(now, adapters):
        if broken:
            broken.pop()
            raise OSError("disk")
        return claim(now, adapters)

    store.claim = failing_claim
    with running(store, server.url, news):
        until(lambda: store.counts().done == 2)
        assert store.rows[ids[0]].state in {Delivery.QUEUED, Delivery.CLAIMED}


def test_a_clock_that_was_set_back_keeps_nobody_waiting(store, server, news):
    (ident,) = queued(store)
    store._set(ident, due=now_utc() + timedelta(hours=3))
    with running(store, server.url, news):
        assert until(all_done(store)) < within(3.0)


@pytest.mark.parametrize("when", ["sending", "idle", "outage"])
def test_stopping_takes_at_most_two_seconds_and_loses_nothing(store, journal, server, news, when):
    url = server.url
    if when == "sending":
        journal.before = lambda talk: talk.ending.wait(30) or True
        queued(store)
    elif when == "outage":
        url = f"http://127.0.0.1:{free_port()}/fhir"
        queued(store)
    with running(store, url, news, read_timeout=30.0, deadline=30.0, pace=Pace()) as sender:
        until(lambda: len(news.changes) >= 1 if when == "sending" else bool(news.turns))
        begun = time.monotonic()
        assert sender.stop()
        assert time.monotonic() - begun < within(2.0)
    assert store.counts().waiting == (0 if when == "idle" else 1)


def test_nothing_personal_reaches_the_log(store, journal, server, news, caplog):
    for name in ("", "urllib3", "requests", "kiosk"):
        caplog.set_level(logging.DEBUG, logger=name)
    echo = f"no record of Ada {CHILD.number} 4.236 kg".encode()
    outcome = b'{"resourceType":"OperationOutcome","issue":[{"code":"x","diagnostics":"%s"}]}'
    journal.before = lambda talk: talk.answer(422, outcome % echo) or True
    (refused,) = queued(store, frozen=False)
    (crashing,) = queued(store, frozen=False)
    visits = dict(store.visits)

    def visit(ident):
        if ident == store.rows[crashing].visit_id:
            raise RuntimeError(f"{CHILD.number} Ada 4.236")
        return visits[ident]

    store.visit = visit
    with running(store, server.url, news):
        until(lambda: store.rows[refused].state is Delivery.REJECTED)
        until(lambda: any("RuntimeError" in r.getMessage() for r in caplog.records))
    said = caplog.text + repr(news.changes) + repr(news.statuses) + store.rows[refused].detail
    for canary in (CHILD.number, "Ada", CHILD.birth_date.isoformat()):
        assert canary not in said
    assert "4.236" not in caplog.text


@pytest.mark.fhir
def test_real_server_pulled_away_and_back_gets_everything_once(
    store, news, fhir_server, fhir_children
):
    url = fhir_server.base_url

    def add(count: int) -> None:
        for n in range(count):
            child = as_child(fhir_children[n % len(fhir_children)])
            store.add(whole_visit(child), None)

    add(6)
    with running(store, url, news, read_timeout=10.0, deadline=15.0) as sender:
        until(all_done(store))
        fhir_server.stop()
        add(6)
        sender.wake()
        until(lambda: news.turns[-1][0] is JournalState.UNREACHABLE)
        fhir_server.start()
        assert until(all_done(store)) < within(5.0)
    found = requests.get(f"{url}/Observation?_count=200", timeout=5).json()
    sent = {str(m.id) for visit in store.visits.values() for m in visit.measurements}
    stored = [entry["resource"]["identifier"][0]["value"] for entry in found["entry"]]
    assert sorted(stored) == sorted(sent)
    devices = requests.get(f"{url}/Device", timeout=5).json()
    assert devices["total"] == 1
