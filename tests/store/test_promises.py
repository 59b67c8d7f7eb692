"""What every method of the store keeps to, whoever calls it and from wherever."""

import os
import sqlite3
import threading
import traceback
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from kiosk.model.outbox import Done, Failure, Later, Parked
from kiosk.model.visit import Quantity, Visit
from kiosk.store import limits
from kiosk.store.database import engine
from kiosk.store.database.key import create_key_file, read_key_file
from kiosk.store.database.opening import FILE_NAME
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.patience import PATIENCE
from tests.store.samples import ANNE, NOW, NUMBER, child, measurement, message, visit


def fault_of(action):
    with pytest.raises(StoreError) as caught:
        action()
    words = "".join(traceback.format_exception(caught.value))
    for canary in ("Kanari", NUMBER, "8.420"):
        assert canary not in words
    return caught.value.fault


def test_no_method_begins_a_transaction_that_could_fail_half_way(file_store):
    store = file_store
    begun = []
    raw = store._write(lambda c: c.connection.driver_connection)
    raw.set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
    saved = visit()
    first = message(saved)
    store.save_visit(saved, [first], ANNE)
    store.recover(now_utc())
    store.claim(now_utc())
    store.freeze(first.id, b"{}")
    store.mark_in_flight(first.id)
    store.settle(first.id, Parked(Failure.REFUSED), now_utc())
    store.retry(first.id, ANNE)
    store.add_person(PersonRow("anne", "Anne", "health-secretary", ""), "2580", "it")
    store.check_pin("anne", "2580", NOW)
    store.remove_person("anne", "it")
    store.note("locked", "anne", "")
    store.purge(now_utc())
    raw.set_trace_callback(None)
    assert set(begun) == {"BEGIN IMMEDIATE"}


def test_the_drain_costs_two_commits_a_message(file_store):
    store = file_store
    for _ in range(10):
        saved = visit()
        store.save_visit(saved, [message(saved, None)], ANNE)
    commits = []
    soon = now_utc() + timedelta(seconds=1)
    item = store.claim(soon)
    raw = store._write(lambda c: c.connection.driver_connection)
    raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    for _ in range(9):
        store.freeze(item.id, b"{}")
        item = store.settle(item.id, Done("x"), soon)
    raw.set_trace_callback(None)
    assert len(commits) == 18


def test_a_measurement_belongs_to_one_visit_for_ever(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    other = visit("Emil")
    stolen = Visit(
        other.id, other.child, tuple(replace(m, visit_id=other.id) for m in saved.measurements)
    )
    save = lambda: store.save_visit(stolen, [message(stolen)], ANNE)  # noqa: E731
    assert fault_of(save) is StoreFault.CONTENT_DIFFERS
    with pytest.raises(LookupError):
        store.visit(other.id)
    assert store.delivery_of(other.id) == []
    assert store.visit(saved.id) == saved
    assert store.audit_verify().rows == 1


@pytest.mark.parametrize("name", ["Kanari\0", "Kanari\udc80", "Kanari" * 20])
def test_a_name_no_database_keeps_is_refused_as_a_whole(store, name):
    odd = visit(name)
    refused = fault_of(lambda: store.save_visit(odd, [message(odd)], ANNE))
    assert refused is StoreFault.UNSTORABLE
    assert store.items() == []


@pytest.mark.parametrize("noise", ["8.\x00420", "8.420" * 5])
def test_noise_in_the_digits_is_refused(store, noise):
    saved = visit()
    spoilt = replace(saved.measurements[0], text=noise)
    odd = Visit(saved.id, saved.child, (spoilt,))
    assert fault_of(lambda: store.save_visit(odd, [], ANNE)) is StoreFault.UNSTORABLE


def test_odd_words_of_the_server_stop_nothing(store):
    saved = visit()
    queued = message(saved)
    store.save_visit(saved, [queued], ANNE)
    soon = now_utc() + timedelta(seconds=1)
    store.claim(soon)
    store.settle(queued.id, Later(soon, Failure.BUSY, "a\0b\udc80"), soon)
    assert store.item(queued.id).detail == "a b?"
    assert limits.clean("æøå") == "æøå"


def test_readers_see_whole_visits_while_another_thread_writes(store):
    torn, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            for item in store.items(5):
                if len(store.visit(item.visit_id).measurements) != 2:
                    torn.append(item)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(60):
        saved = visit()
        store.save_visit(saved, [message(saved)], ANNE)
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []
    assert len(store.items()) == 60


def test_many_threads_write_and_the_trail_has_each_once(store):
    def save():
        for _ in range(15):
            saved = visit()
            store.save_visit(saved, [message(saved)], ANNE)

    writers = [threading.Thread(target=save) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(store.items()) == 90
    assert (store.audit_verify().rows, store.audit_verify().sound) == (90, True)


def test_a_submitted_command_is_durable_when_its_future_is_done(store):
    futures = [store.submit(lambda c: c.execute(text("SELECT 1")).scalar()) for _ in range(20)]
    assert [f.result(PATIENCE) for f in futures] == [1] * 20


def test_closing_carries_out_what_is_queued_and_refuses_what_comes_later(opens):
    store = opens()
    entered, go_on = threading.Event(), threading.Event()

    def hold(_):
        entered.set()
        go_on.wait(PATIENCE)

    holding = store.submit(hold)
    entered.wait(PATIENCE)
    queued = store.submit(lambda _: "done")
    closing = threading.Thread(target=store.close)
    closing.start()
    while not store._writer._closed:
        pass
    late = store.submit(lambda _: "late")
    go_on.set()
    closing.join()
    assert (holding.result(0), queued.result(0)) == (None, "done")
    assert late.exception(0).fault is StoreFault.CLOSED


def test_a_command_that_fails_in_its_own_way_stops_nothing(store):
    def fall_over(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store._write(fall_over)
    with pytest.raises(ZeroDivisionError):
        store.submit(fall_over).result(PATIENCE)
    store.note("locked", "anne", "")
    assert store.audit_verify().sound


def test_a_typed_value_keeps_its_digits_and_has_no_device(store):
    visit_id = visit().id
    typed = measurement(visit_id, Quantity.LENGTH, 715, "71,5")
    saved = Visit(visit_id, child(), (typed,))
    store.save_visit(saved, [], ANNE)
    (kept,) = store.visit(visit_id).measurements
    assert (kept.text, kept.device) == ("71,5", None)


def test_the_store_s_files_are_nobody_else_s(tmp_path, key):
    before = os.umask(0)
    try:
        store = Store.open(tmp_path / "data", key)
        store.note("locked", "anne", "")
        modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "data").iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert {f"{FILE_NAME}{end}" for end in ("", "-wal", "-shm")} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_library_without_encryption_is_refused(tmp_path, key, monkeypatch):
    monkeypatch.setattr(engine.sqlcipher, "connect", sqlite3.connect)
    assert fault_of(lambda: Store.open(tmp_path, key)) is StoreFault.NO_CIPHER


def test_an_encrypted_file_of_another_program_is_refused(tmp_path, key):
    other = engine.keyed(tmp_path / FILE_NAME, key)
    other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    other.execute("INSERT INTO alembic_version VALUES ('0001')")
    other.close()
    with pytest.raises(StoreError):
        Store.open(tmp_path, key)
    # The refusal lets go of everything.
    (tmp_path / FILE_NAME).unlink()
    Store.open(tmp_path, key).close()


def test_a_key_file_appears_whole_and_private(tmp_path):
    before = os.umask(0)
    try:
        key = create_key_file(tmp_path / "key")
    finally:
        os.umask(before)
    assert [p.name for p in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert read_key_file(tmp_path / "key") == key


@pytest.mark.parametrize("content", [b"", b"ab" * 31, b"ab" * 33, b"\xff" * 64, b"zz" * 32])
def test_a_key_file_that_holds_no_key_is_malformed(tmp_path, content):
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(content)
    assert fault_of(lambda: read_key_file(path)) is StoreFault.KEY_MALFORMED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_somebody_else_is_refused(tmp_path):
    create_key_file(tmp_path / "key")
    os.chown(tmp_path / "key", 12345, 12345)
    assert fault_of(lambda: read_key_file(tmp_path / "key")) is StoreFault.KEY_OWNER
