"""Before a store is migrated a copy is made and read back; at each cut it is old or new."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from kiosk.store import audit, schema
from kiosk.store import tables as t
from kiosk.store.database import backup, engine, upgrading
from kiosk.store.database.backup import verify_copy
from kiosk.store.database.key import derived
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.database.upgrading import COPIES, KEPT, copies_in, forget
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store

BEFORE = schema.KNOWN_VERSIONS[-2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Killed(BaseException):
    pass


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def saved(folder, key, monkeypatch):
    """A store of the release before, with three rows in its trail."""
    folder.mkdir(mode=0o700)
    older(folder, key, monkeypatch)


def older(folder, key, monkeypatch):
    writing = engine.writing_engine(folder / FILE_NAME, key)
    with monkeypatch.context() as patch, writing.begin() as connection:
        patch.setattr(t, "SCHEMA_VERSION", BEFORE)
        schema.migrate(connection)
        audit.begin(connection)
        connection.execute(insert(t.meta), {"key": schema.MODE, "value": "real"})
        rows = [("locked", "anne", "")] * 3
        audit.Trail(derived(key, "audit")).append(connection, NOW, *rows)
    writing.dispose()


def version(path, key):
    reading = engine.copy_engine(path, key)
    with reading.connect() as connection:
        found = schema.current_version(connection)
    reading.dispose()
    return found


def test_before_a_migration_there_is_a_copy_that_was_read_back(folder, key, saved):
    Store.open(folder, key, new=False).close()
    ((copy, _),) = copies_in(folder)
    assert copy.name.startswith(f"store-{BEFORE}-")
    assert verify_copy(copy, key).rows == 3
    assert (version(copy, key), version(folder / FILE_NAME, key)) == (BEFORE, t.SCHEMA_VERSION)
    assert copy.stat().st_mode & 0o777 == 0o600
    Store.open(folder, key, new=False).close()
    assert len(copies_in(folder)) == 1


def test_who_only_looks_makes_no_copy_and_migrates_nothing(folder, key, saved):
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(StoreError):
        Store.open(folder, key, alone=False, make=False)
    assert not (folder / COPIES).exists()
    assert (folder / FILE_NAME).read_bytes() == before


def test_without_room_for_a_copy_nothing_is_migrated(folder, key, saved, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 9 * 10**8, 10**8))
    with pytest.raises(StoreError) as caught:
        Store.open(folder, key)
    assert caught.value.fault is StoreFault.NO_ROOM
    assert version(folder / FILE_NAME, key) == BEFORE
    assert copies_in(folder) == []


def test_a_copy_that_cannot_be_read_back_stops_the_migration(folder, key, saved, monkeypatch):
    def torn(*_):
        raise StoreError(StoreFault.CORRUPT)

    monkeypatch.setattr(backup, "verify_copy", torn)
    with pytest.raises(StoreError):
        Store.open(folder, key)
    assert version(folder / FILE_NAME, key) == BEFORE
    assert list((folder / COPIES).iterdir()) == []


CUTS = {
    "before the copy": (upgrading, "write_backup"),
    "in the copy": (backup.copies, "stamp"),
    "before it is read back": (backup, "verify_copy"),
    "before it has its name": (backup, "_appear"),
    "before the migration": (schema, "migrate"),
    "after the migration": (schema, "migrate"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_anywhere_leaves_the_old_store_or_the_new_one_whole(
    folder, key, saved, monkeypatch, cut
):
    def dies(*_, **__):
        raise Killed

    place, name = CUTS[cut]
    migrate = schema.migrate

    def migrates_and_dies(connection):
        migrate(connection)
        raise Killed

    with monkeypatch.context() as patch:
        if cut == "after the migration":
            patch.setattr(schema, "migrate", migrates_and_dies)
        else:
            patch.setattr(place, name, dies)
        with pytest.raises(Killed):
            Store.open(folder, key)
    assert version(folder / FILE_NAME, key) == BEFORE
    store = Store.open(folder, key, new=False)
    assert (store.audit_verify().rows, store.audit_verify().sound) == (3, True)
    store.close()
    # Also after a start that was broken off there is one copy, of the store as it was.
    ((copy, _),) = copies_in(folder)
    assert version(copy, key) == BEFORE


def test_a_copy_that_was_broken_is_not_used_again(folder, key, saved, monkeypatch):
    Store.open(folder, key).close()
    ((copy, _),) = copies_in(folder)
    content = bytearray(copy.read_bytes())
    content[9000] ^= 1
    copy.write_bytes(content)
    copy.rename(copy.with_name(f"store-{BEFORE}-20260101-000000.db"))
    for path in folder.glob("store.*"):
        path.unlink()
    older(folder, key, monkeypatch)
    Store.open(folder, key).close()
    assert len(copies_in(folder)) == 2
    assert verify_copy(copies_in(folder)[0][0], key).sound


def test_copies_go_by_number_and_by_age(folder):
    (folder / COPIES).mkdir(parents=True)
    for day in range(1, 7):
        (folder / COPIES / f"store-0008-202611{day:02}-090000.db").touch()
    (folder / COPIES / "store-0008-notes.db").touch()
    assert forget(folder, NOW, timedelta.max) == 6 - KEPT
    assert [at.day for _, at in copies_in(folder)] == [6, 5, 4]
    assert forget(folder, NOW, timedelta(days=18)) == 1
    assert (folder / COPIES / "store-0008-notes.db").exists()
    assert forget(folder / "nothing", NOW, timedelta(0)) == 0
