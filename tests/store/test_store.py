import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from drivers.printers.jobs import JobChange, JobState
from kiosk.model.outbox import Done
from kiosk.model.visit import Delivery, Position, Quantity
from kiosk.store import schema
from kiosk.store import tables as t
from kiosk.store.database import engine
from kiosk.store.database.key import create_key_file, new_key, read_key_file
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import FILE_NAME, Store
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, NOW, NUMBER, message, visit


def fault_of_opening(folder, key, **options):
    with pytest.raises(StoreError) as caught:
        Store.open(folder, key, **options).close()
    assert str(caught.value) == caught.value.fault.value
    return caught.value.fault


def test_a_saved_visit_comes_back_exactly_as_it_was(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    assert store.visit(saved.id) == saved
    assert store.last_weight() == "8.420 kg"
    (item,) = store.delivery_of(saved.id)
    assert item.state is Delivery.QUEUED
    assert item.body == b"{}"


def test_what_was_saved_is_there_after_closing_and_opening(opens):
    saved = visit()
    first = opens()
    first.save_visit(saved, [message(saved)], ANNE)
    first.close()
    second = opens()
    assert second.visit(saved.id) == saved
    assert second.audit_verify().sound
    second.close()


def test_saving_the_same_visit_twice_is_one_visit_and_one_message(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    store.save_visit(saved, [message(saved)], ANNE)
    assert len(store.delivery_of(saved.id)) == 1


def test_the_same_id_with_other_values_is_refused(store):
    saved, other = visit(), visit("Emil")
    store.save_visit(saved, [], ANNE)
    changed = type(saved)(saved.id, other.child, saved.measurements)
    with pytest.raises(StoreError) as caught:
        store.save_visit(changed, [], ANNE)
    assert caught.value.fault is StoreFault.CONTENT_DIFFERS
    assert store.visit(saved.id) == saved


def test_nothing_is_stored_of_a_visit_whose_message_cannot_be_stored(store):
    saved = visit()
    twice = message(saved)
    with pytest.raises(StoreError):
        store.save_visit(saved, [twice, twice], ANNE)
    with pytest.raises(LookupError):
        store.visit(saved.id)
    assert store.audit_verify().rows == 0


def test_the_pragmas_that_durability_rests_on(tmp_path, key):
    Store.open(tmp_path, key).close()
    connection = engine.connector(tmp_path / FILE_NAME, key)()
    values = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    ]
    connection.close()
    assert values == ["wal", 2, 1, 1]


def test_every_writing_transaction_is_immediate(tmp_path, key):
    Store.open(tmp_path, key).close()
    writing = engine.writing_engine(tmp_path / FILE_NAME, key)
    other = engine.connector(tmp_path / FILE_NAME, key)()
    with writing.begin():
        other.execute("PRAGMA busy_timeout=0")
        with pytest.raises(Exception, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()
    writing.dispose()


def test_the_reading_engine_cannot_write(store):
    with pytest.raises(StoreError):
        store._read(lambda c: c.execute(text("DELETE FROM audit")))


def test_no_parameter_stands_in_an_exception(store):
    saved = visit()

    def insert_twice(connection):
        row = {
            "id": str(saved.id),
            "number": NUMBER,
            "number_kind": "fnr",
            "birth_date": "2026-01-10",
            "given_name": "Kanarinora",
            "saved_at": 0,
            "digest": "",
        }
        connection.execute(t.visit.insert(), row)
        connection.execute(t.visit.insert(), row)

    with pytest.raises(IntegrityError) as caught, store._writer._engine.begin() as connection:
        insert_twice(connection)
    assert NUMBER not in str(caught.value)
    assert "Kanarinora" not in str(caught.value)


def test_a_second_station_process_is_refused(tmp_path, key):
    first = Store.open(tmp_path, key)
    assert fault_of_opening(tmp_path, key) is StoreFault.IN_USE
    looker = Store.open(tmp_path, key, alone=False)
    assert looker.counts().waiting == 0
    looker.close()
    first.close()


def test_a_wrong_key_is_named(tmp_path, key):
    Store.open(tmp_path, key).close()
    assert fault_of_opening(tmp_path, new_key()) is StoreFault.WRONG_KEY


def test_an_unencrypted_file_is_refused(tmp_path, key):
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE x (y)")
    connection.commit()
    connection.close()
    assert fault_of_opening(tmp_path, key) is StoreFault.PLAINTEXT


def test_a_flipped_bit_is_corruption_and_not_a_wrong_key(tmp_path, key):
    opened = Store.open(tmp_path, key)
    for _ in range(20):
        saved = visit()
        opened.save_visit(saved, [message(saved)], ANNE)
    opened.close()
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    for at in range(3 * 4096 + 100, len(data), 4096):
        data[at] ^= 1
    path.write_bytes(data)
    assert fault_of_opening(tmp_path, key) is StoreFault.CORRUPT


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False),
        ("3.51.1", False),
        ("3.51.2", False),
        ("3.44.6", True),
        ("3.50.7", True),
        ("3.51.3", True),
        ("3.53.4", True),
        ("3.50.6", False),
    ],
)
def test_sqlite_versions_with_the_wal_reset_fault_are_refused(version, safe):
    assert engine.version_is_safe(version) is safe


def test_an_unsafe_library_stops_the_opening(tmp_path, key, monkeypatch):
    monkeypatch.setattr(engine.sqlcipher, "sqlite_version", "3.51.1")
    assert fault_of_opening(tmp_path, key) is StoreFault.SQLITE_UNSAFE


def test_training_and_real_data_never_mix(tmp_path, key):
    Store.open(tmp_path / "real", key).close()
    assert fault_of_opening(tmp_path / "real", key, demo=True) is StoreFault.MODE_MIX
    Store.open(tmp_path / "demo", key, demo=True).close()
    assert fault_of_opening(tmp_path / "demo", key) is StoreFault.MODE_MIX


def test_a_store_of_a_newer_station_is_refused(tmp_path, key):
    Store.open(tmp_path, key).close()
    connection = engine.connector(tmp_path / FILE_NAME, key)()
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert fault_of_opening(tmp_path, key) is StoreFault.NEWER_SCHEMA


def test_the_migrations_lead_to_the_tables(tmp_path, key):
    def schema_of(folder):
        connection = engine.connector(folder / FILE_NAME, key)()
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        connection.close()
        # The order of clauses within a table means nothing.
        words = {name: " ".join((sql or "").replace('"', "").split()) for name, sql in rows}
        return {name: sorted(sql.removesuffix(" )").split(", ")) for name, sql in words.items()}

    for name in ("created", "migrated"):
        (tmp_path / name).mkdir()
    Store.open(tmp_path / "created", key).close()
    writing = engine.writing_engine(tmp_path / "migrated" / FILE_NAME, key)
    with writing.begin() as connection:
        schema.migrate(connection)
    writing.dispose()
    created, migrated = schema_of(tmp_path / "created"), schema_of(tmp_path / "migrated")
    del created["alembic_version"], migrated["alembic_version"]
    assert migrated == created


def test_a_failed_migration_leaves_the_store_as_it_was(tmp_path, key, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    writing = engine.writing_engine(folder / FILE_NAME, key)

    def migrate_and_fall_over():
        with writing.begin() as connection:
            schema.migrate(connection)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError):
        migrate_and_fall_over()
    with writing.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    writing.dispose()


def test_key_files(tmp_path):
    path = tmp_path / "key"
    key = create_key_file(path)
    assert read_key_file(path) == key
    with pytest.raises(FileExistsError):
        create_key_file(path)
    path.chmod(0o644)
    with pytest.raises(StoreError, match="key-permissions"):
        read_key_file(path)
    path.chmod(0o600)
    path.write_text("not a key")
    with pytest.raises(StoreError, match="key-malformed"):
        read_key_file(path)
    with pytest.raises(StoreError, match="key-missing"):
        read_key_file(tmp_path / "none")
    with pytest.raises(StoreError, match="key-unreadable"):
        read_key_file(tmp_path / "key" / "below-a-file")


def test_nothing_personal_stands_in_the_files(tmp_path, key):
    opened = Store.open(tmp_path, key)
    saved = visit()
    opened.save_visit(saved, [message(saved, b"Kanaribody")], ANNE)
    files = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    opened.close()
    files |= {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    for canary in (b"Kanari", NUMBER.encode(), b"8.420", b"Synn"):
        assert not [name for name, data in files.items() if canary in data]


def test_a_full_disk_refuses_and_loses_nothing_and_recovers(file_store, monkeypatch):
    store = file_store
    kept, refused = visit(), visit()
    store.save_visit(kept, [message(kept)], ANNE)
    pages = store._write(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
    store._write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}"))

    def save_until_it_is_full():
        nonlocal refused
        for _ in range(50):
            refused = visit()
            store.save_visit(refused, [message(refused, b"x" * 4000)], ANNE)

    with pytest.raises(StoreError) as caught:
        save_until_it_is_full()
    assert caught.value.fault is StoreFault.DISK_FULL
    with pytest.raises(LookupError):
        store.visit(refused.id)
    assert store.visit(kept.id) == kept
    # The connection was opened anew after the error, and with it the limit is gone.
    store.save_visit(refused, [message(refused)], ANNE)
    assert store.visit(refused.id) == refused
    assert store.audit_verify().sound


def test_below_the_watermark_a_visit_is_refused_before_sqlite_fails(file_store, monkeypatch):
    store = file_store
    monkeypatch.setattr("kiosk.store.database.disk.FULL_BYTES", 2**62)
    with pytest.raises(StoreError) as caught:
        store.save_visit(visit(), [], ANNE)
    assert caught.value.fault is StoreFault.DISK_FULL


def test_one_visit_is_one_commit(file_store):
    store = file_store
    commits = []
    raw = store._write(lambda c: c.connection.driver_connection)
    raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    raw.set_trace_callback(None)
    assert len(commits) == 1


def test_a_closed_store_refuses(opens):
    opened = opens()
    opened.close()
    with pytest.raises(StoreError, match="closed"):
        opened.note("x", "y", "z")


def test_done_messages_are_kept(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    item = store.claim(NOW + timedelta(days=3650))
    store.mark_in_flight(item.id)
    store.settle(item.id, Done("Observation/1"), NOW)
    assert store.item(item.id).remote == "Observation/1"
    with store._reading.connect() as connection:
        assert connection.execute(select(t.outbox.c.settled)).scalar() is not None


def test_the_list_of_a_day_has_its_visits_newest_first_and_how_far_they_came(store):
    early, late = visit("Nora"), visit("Emil")
    store.save_visit(early, [message(early)], ANNE)
    middle = now_utc()
    store.save_visit(late, [message(late)], ANNE)
    start = middle - timedelta(hours=1)
    both = store.visits_since(start)
    assert [(line.id, line.given_name) for line in both] == [(late.id, "Emil"), (early.id, "Nora")]
    assert both[0].measured == ((Quantity.WEIGHT, None), (Quantity.LENGTH, Position.LYING))
    assert both[0].delivery is Delivery.QUEUED
    assert [line.id for line in store.visits_since(middle)] == [late.id]


def test_slips_of_a_visit_are_counted_by_what_was_handed_to_the_printer(store):
    saved = visit()
    store.save_visit(saved, [], ANNE)
    assert store.slips_of(saved.id) == 0
    for attempt in (1, 2):
        store.record(JobChange(str(saved.id), JobState.SENDING, attempt, ""))
    store.record(JobChange(str(saved.id), JobState.CONFIRMED, 2, ""))
    assert store.slips_of(saved.id) == 2
