"""Several stations on one PostgreSQL: each message once and in order, whoever of them dies."""

from __future__ import annotations

import random
import threading
import traceback
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from kiosk.model.outbox import Done, Failure, Later, Parked, Released
from kiosk.model.visit import ChangeKind, Delivery
from kiosk.store import schema
from kiosk.store.database import server
from kiosk.store.database.key import new_key
from kiosk.store.database.server import join, read_url
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.people.people import PersonRow
from kiosk.system.clock import now_utc
from tests.conftest_postgres import postgres
from tests.store.hearing_samples import RETEST, hearing_test
from tests.store.samples import ANNE, NUMBER, message, visit
from tests.store.test_changes import change, length

__all__ = ["postgres"]


@pytest.fixture
def url(postgres):
    return postgres.database()


@pytest.fixture
def stations(url, key):
    """Three stations of one clinic."""
    opened = [join(url, key, name) for name in ("one", "two", "three")]
    yield opened
    for one in opened:
        one.close()


def soon():
    return now_utc() + timedelta(seconds=1)


def queue(store, bodies=1):
    of = visit()
    messages = [message(of) for _ in range(bodies)]
    store.save_visit(of, messages, ANNE)
    return [one.id for one in messages]


def end_leases(store):
    store._write(lambda c: c.execute(text("UPDATE outbox SET leased_until = 1")))


def fault_of(action):
    with pytest.raises(StoreError) as caught:
        action()
    return caught.value.fault


def test_each_message_goes_once_and_each_chain_in_order(stations):
    chains = [queue(stations[0], bodies=4) for _ in range(15)]
    place = {
        item_id: (chain, number)
        for chain, items in enumerate(chains)
        for number, item_id in enumerate(items)
    }
    sent, lock, chance = defaultdict(list), threading.Lock(), random.Random(6)
    taken: Counter = Counter()

    def work(store):
        item = store.claim(soon())
        while True:
            if item is None:
                if store.counts().waiting == 0:
                    return
                item = store.claim(soon())
                continue
            if item.state is not Delivery.IN_FLIGHT:
                assert store.mark_in_flight(item.id)
            with lock:
                chain, number = place[item.id]
                sent[chain].append(number)
                taken[store] += 1
            item = store.settle(item.id, Done("x"), soon(), launch=chance.random() < 0.5)

    threads = [threading.Thread(target=work, args=(store,)) for store in stations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(sent.values()) == [[0, 1, 2, 3]] * 15
    assert stations[0].counts().done == 60
    assert len(taken) > 1
    assert stations[0].audit_verify().sound


def test_what_one_station_has_the_others_pass_by(stations):
    one, two, three = stations
    first, second = *queue(one), *queue(one)
    assert one.claim(soon()).id == first
    assert two.claim(soon()).id == second
    assert three.claim(soon()) is None
    assert three.next_due() is None


def test_a_message_in_doubt_is_asked_about_by_one_station_only(stations):
    one, two, _ = stations
    (item_id,) = queue(one)
    one.claim(soon())
    one.mark_in_flight(item_id)
    one.settle(item_id, Later(now_utc(), Failure.UNKNOWN_OUTCOME, ambiguous=True), soon())
    # Settling took the next message that is due: this very one.
    assert one.item(item_id).state is Delivery.AMBIGUOUS
    assert two.claim(soon()) is None
    assert two.next_due() is None
    one.settle(item_id, Done("found"), soon())
    assert two.item(item_id).state is Delivery.DONE


def test_what_a_dead_station_held_is_taken_over_in_doubt_if_it_had_left(stations):
    one, two, _ = stations
    flying, claimed = *queue(one), *queue(one)
    one.claim(soon())
    one.mark_in_flight(flying)
    one.claim(soon())
    assert two.claim(soon()) is None
    end_leases(two)
    taken = [two.claim(soon()), two.claim(soon())]
    assert [(item.id, item.state) for item in taken] == [
        (flying, Delivery.AMBIGUOUS),
        (claimed, Delivery.CLAIMED),
    ]
    assert taken[0].attempts == 1


def test_a_station_that_slept_through_its_lease_sends_and_records_nothing(stations):
    one, two, _ = stations
    (item_id,) = queue(one)
    one.claim(soon())
    end_leases(two)
    assert one.mark_in_flight(item_id) is False
    assert two.claim(soon()).id == item_id
    assert two.mark_in_flight(item_id)
    one.settle(item_id, Parked(Failure.REFUSED, "late"), soon())
    assert two.item(item_id).state is Delivery.IN_FLIGHT
    two.settle(item_id, Done("once"), soon())
    assert one.item(item_id).remote == "once"


def test_a_station_that_starts_again_takes_back_its_own_and_nothing_else(stations):
    one, two, _ = stations
    mine, theirs = *queue(one), *queue(one)
    one.claim(soon())
    two.claim(soon())
    two.mark_in_flight(theirs)
    assert one.recover(soon()) == 1
    assert one.item(mine).state is Delivery.QUEUED
    assert one.item(theirs).state is Delivery.IN_FLIGHT
    one.settle(one.claim(soon()).id, Released(now_utc()), now_utc() - timedelta(hours=1))
    assert two.claim(soon()).id == mine


def test_a_withdrawal_waits_for_no_sender_and_stops_what_has_not_left(stations):
    one, two, _ = stations
    of = visit()
    queued = message(of)
    one.save_visit(of, [queued], ANNE)
    two.claim(soon())
    one.save_change(change(of, ChangeKind.WITHDRAWN), [], None)
    assert two.mark_in_flight(queued.id) is False
    assert one.item(queued.id).state is Delivery.CANCELLED


def test_the_trail_of_many_writers_is_one_unbroken_chain(stations):
    def write(store):
        for number in range(20):
            store.note(f"row-{number}", "anne", "")

    threads = [threading.Thread(target=write, args=(store,)) for store in stations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    report = stations[0].audit_verify()
    assert (report.rows, report.sound) == (60, True)


def test_pins_tried_at_several_stations_are_counted_together(stations):
    stations[0].add_person(PersonRow("anne", "Anne", "health-secretary", ""), "2580", "it")
    tries = [
        threading.Thread(target=s.check_pin, args=("anne", "0000", now_utc())) for s in stations
    ]
    for thread in tries:
        thread.start()
    for thread in tries:
        thread.join(30)
    assert stations[1].check_pin("anne", "0000", now_utc()).tries_left == 1


# --- the server ------------------------------------------------------------------------


def test_two_stations_that_come_first_at_the_same_moment_furnish_the_database_once(url, key):
    opened, errors = [], []

    def come(name):
        try:
            opened.append(join(url, key, name))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=come, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(opened), errors) == (4, [])
    for one in opened:
        one.close()


def test_nobodys_name_number_or_message_stands_in_the_servers_tables(url, stations):
    of = visit()
    of = replace(of, hearing=(hearing_test(RETEST, raw=(b"PID|Kanarinora",)),))
    stations[0].save_visit(of, [message(of, b'{"given": "Kanarinora"}')], ANNE)
    assert stations[1].visit(of.id) == of
    (awaited,) = stations[1].hearing.awaited()
    assert awaited.given_name == of.child.given_name
    stations[0].hearing.keep_session(uuid4(), {"child": "Kanarinora"})
    stations[0].hearing.hold(uuid4(), now_utc(), "audiometer", {"name": "Kanarinora"})
    assert stations[1].hearing.held()[0].data == {"name": "Kanarinora"}
    plain = url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        told = "".join(
            repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in tables
        )
    assert str(of.id) in told
    for canary in ("Kanari", NUMBER, b64encode(b"PID|Kanari").decode()[:12]):
        assert canary not in told
        assert canary.encode().hex() not in told


def test_a_station_with_another_key_is_turned_away(url, stations):
    assert fault_of(lambda: join(url, new_key(), "four")) is StoreFault.WRONG_KEY


def test_training_never_joins_the_real_database(url, key, stations):
    assert fault_of(lambda: join(url, key, "four", demo=True)) is StoreFault.MODE_MIX


def test_a_crowd_of_stations_joins_at_once(url, key, monkeypatch):
    """Those that come first take longer than anything else may wait for a lock."""
    monkeypatch.setattr(server, "LOCK_SECONDS", 1)
    joined, wrong = [], []

    def come(number):
        try:
            joined.append(join(url, key, f"station-{number}"))
        except StoreError as error:
            wrong.append(error.fault)

    crowd = [threading.Thread(target=come, args=(number,)) for number in range(12)]
    with psycopg.connect(read_url(url).set(drivername="postgresql").render_as_string()) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", (schema._PREPARING,))
        for one in crowd:
            one.start()
        threading.Event().wait(1.6)  # longer than a station waits for any other lock
        first.rollback()
        for one in crowd:
            one.join(60)
        assert wrong == []
        assert len(joined) == len(crowd)
        # Where everything is made nobody waits: the lock is held, and a station joins.
        first.execute("SELECT pg_advisory_xact_lock(%s)", (schema._PREPARING,))
        joined.append(join(url, key, "late"))
    for one in joined:
        one.close()


def test_a_database_of_a_newer_station_is_refused(url, key, stations, postgres):
    postgres.run("UPDATE alembic_version SET version_num = '9999'", read_url(url).database)
    assert fault_of(lambda: join(url, key, "four")) is StoreFault.NEWER_SCHEMA


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (lambda url: url.replace("/clinic_", "/nowhere_"), StoreFault.ABSENT),
        (lambda url: url.replace("kiosk@", "stranger@"), StoreFault.NOT_ADMITTED),
        (lambda url: url + "-no-such-folder", StoreFault.UNREACHABLE),
    ],
)
def test_what_keeps_a_station_out_is_named(url, key, spoilt, fault):
    def words():
        with pytest.raises(StoreError) as caught:
            join(spoilt(url), key, "one", password="".join(["hem", "melig"]))
        assert "hemmelig" not in "".join(traceback.format_exception(caught.value))
        return caught.value.fault

    assert words() is fault


def test_without_its_library_the_database_is_not_tried(url, key, monkeypatch):
    monkeypatch.setattr(server, "find_spec", lambda _: None)
    assert fault_of(lambda: join(url, key, "one")) is StoreFault.NO_DRIVER


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("mysql://db/clinic", "not PostgreSQL"),
        ("postgresql://kiosk:secret@db/clinic", "password"),
        ("postgresql://kiosk@db", "no database"),
        ("nonsense", "not an address"),
    ],
)
def test_an_address_that_cannot_work_is_refused_before_anything_is_tried(address, word):
    with pytest.raises(ValueError, match=word):
        read_url(address)


def test_a_reading_connection_cannot_write(stations):
    with pytest.raises(StoreError):
        stations[0]._read(lambda c: c.execute(text("DELETE FROM audit")))


# --- taking over ----------------------------------------------------------------------


def composed(of):
    return [replace(message(of), body=of.measurements[1].text.encode())]


def corrected():
    of = visit()
    return of, change(of, values=[length(of)])


def test_a_visit_is_taken_over_once_however_often_it_is_handed_over(stations):
    of = visit()
    for doubtful in (False, True, False):
        stations[0].take_over(of, composed, "one", doubtful=doubtful)
    (item,) = stations[1].delivery_of(of.id)
    assert (item.state, item.body) == (Delivery.QUEUED, b"71.5")
    assert [row.kind for row in stations[1].audit_rows()] == ["taken-over"]


def test_a_doubtful_handover_is_asked_about_before_it_is_sent(stations):
    of = visit()
    stations[0].take_over(of, composed, "one", doubtful=True)
    (item,) = stations[1].delivery_of(of.id)
    assert item.state is Delivery.AMBIGUOUS


def test_what_was_corrected_before_it_was_handed_over_never_shows_the_old_value(stations):
    of, later = corrected()
    stations[0].take_over(replace(of, changes=(later,)), composed, "one", doubtful=False)
    (item,) = stations[1].delivery_of(of.id)
    assert item.body == b"72.5"


def test_a_withdrawn_visit_is_known_there_and_sends_nothing(stations):
    of = visit()
    gone = replace(of, changes=(change(of, ChangeKind.WITHDRAWN),))
    stations[0].take_over(gone, composed, "one", doubtful=False)
    assert stations[1].delivery_of(of.id) == []
    assert stations[1].visit(of.id).changes == gone.changes


def test_a_correction_that_comes_later_replaces_what_has_not_left(stations):
    of, later = corrected()
    stations[0].take_over(of, composed, "one", doubtful=False)
    stations[0].take_over(replace(of, changes=(later,)), composed, "one", doubtful=False)
    old, new = stations[1].delivery_of(of.id)
    assert old.state is Delivery.CANCELLED
    assert (new.state, new.body) == (Delivery.QUEUED, b"72.5")


def test_a_visit_with_other_values_under_the_same_id_is_refused(stations):
    of = visit()
    stations[0].take_over(of, composed, "one", doubtful=False)
    other = replace(of, child=replace(of.child, given_name="Annen"))
    assert (
        fault_of(lambda: stations[0].take_over(other, composed, "one", doubtful=False))
        is StoreFault.CONTENT_DIFFERS
    )
