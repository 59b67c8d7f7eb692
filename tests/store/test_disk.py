"""Real file systems that are full, read-only or spoil what they keep."""

import errno
import os
import subprocess

import pytest

from kiosk.store.database import engine
from kiosk.store.database.disk import DiskState, disk_state
from kiosk.store.database.opening import FILE_NAME
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from tests.store.samples import ANNE, message, visit


def mount(*arguments):
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)):
        pytest.skip("mounting a file system is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def no_watermark(monkeypatch):
    monkeypatch.setattr("kiosk.store.database.disk.FULL_BYTES", 0)
    monkeypatch.setattr("kiosk.store.database.disk.LOW_BYTES", 0)


def save(store):
    saved = visit()
    store.save_visit(saved, [message(saved, b"x" * 3000)], ANNE)
    return saved


def fault_of(action):
    with pytest.raises(StoreError) as caught:
        action()
    return caught.value.fault


def test_a_disk_that_fills_up_loses_nothing_and_the_store_goes_on_when_there_is_room(
    small_disk, key, no_watermark
):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(400_000))
    store, kept = Store.open(small_disk / "data", key), []

    def save_until_full():
        while True:
            kept.append(save(store))

    assert fault_of(save_until_full) in {StoreFault.DISK_FULL, StoreFault.INPUT_OUTPUT}
    assert fault_of(lambda: save(store)) in {StoreFault.DISK_FULL, StoreFault.INPUT_OUTPUT}
    assert kept
    assert [store.visit(v.id) for v in kept] == kept
    ballast.unlink()
    kept.append(save(store))
    store.close()
    again = Store.open(small_disk / "data", key)
    assert [again.visit(v.id) for v in kept] == kept
    assert len(again.items()) == len(kept)
    assert again.audit_verify().sound
    again.close()


def test_below_the_watermark_the_small_disk_is_full_before_anything_fails(small_disk, key):
    store = Store.open(small_disk / "data", key)
    assert store.disk_state() is DiskState.FULL
    assert fault_of(lambda: save(store)) is StoreFault.DISK_FULL
    assert store.items() == []
    store.close()


def test_a_disk_gone_read_only_is_named_and_the_store_goes_on_when_it_is_back(
    small_disk, key, no_watermark
):
    store = Store.open(small_disk / "data", key)
    first = save(store)
    # A file open for writing keeps the disk from being made read-only, so the store is closed.
    store.close()
    assert mount("-o", "remount,ro", str(small_disk))
    opening = fault_of(lambda: Store.open(small_disk / "data", key))
    assert mount("-o", "remount,rw", str(small_disk))
    assert opening is StoreFault.READ_ONLY
    again = Store.open(small_disk / "data", key)
    assert again.visit(first.id) == first
    again.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_read_only(tmp_path, key):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o500)
    assert fault_of(lambda: Store.open(tmp_path / "data", key)) is StoreFault.READ_ONLY


def test_the_watermarks_divide_the_free_space(tmp_path, monkeypatch):
    def free_is(size):
        usage = type("Usage", (), {"free": size})
        monkeypatch.setattr("kiosk.store.database.disk.shutil.disk_usage", lambda _: usage)
        return disk_state(tmp_path)

    mebi = 1024 * 1024
    assert free_is(100 * mebi - 1) is DiskState.FULL
    assert free_is(100 * mebi) is DiskState.LOW
    assert free_is(500 * mebi - 1) is DiskState.LOW
    assert free_is(500 * mebi) is DiskState.OK


def test_a_disk_that_cannot_be_asked_counts_as_full(file_store, monkeypatch):
    store = file_store

    def gone(_):
        raise OSError(5, "gone")

    monkeypatch.setattr("kiosk.store.database.disk.shutil.disk_usage", gone)
    assert store.disk_state() is DiskState.FULL


def test_after_an_error_of_the_disk_the_file_is_checked_before_anything_is_written(
    file_store, monkeypatch
):
    store = file_store
    checked = []
    check = engine.check_content
    monkeypatch.setattr(
        "kiosk.store.database.engine.check_content", lambda c: (checked.append(1), check(c))[1]
    )

    def spoil(connection):
        connection.exec_driver_sql("SELECT 1")
        raise OSError(errno.EIO, "Input/output error")

    assert fault_of(lambda: store._write(spoil)) is StoreFault.INPUT_OUTPUT
    assert checked == []
    saved = save(store)
    assert checked == [1]
    assert store.visit(saved.id) == saved
    save(store)
    assert checked == [1]


def test_a_store_that_was_left_open_and_is_damaged_is_not_opened(tmp_path, key):
    store = Store.open(tmp_path, key)
    for _ in range(30):
        save(store)
    store.close()
    path = tmp_path / FILE_NAME
    spoilt = bytearray(path.read_bytes())
    # A page that is read only when somebody looks for one of its rows.
    spoilt[-200] ^= 1
    path.write_bytes(spoilt)
    Store.open(tmp_path, key).close()
    # A log that is still there tells that nobody closed the store.
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(bytes(32))
    assert fault_of(lambda: Store.open(tmp_path, key)) is StoreFault.CORRUPT


def test_a_damaged_first_page_is_damage_and_not_a_wrong_key(tmp_path, key):
    store = Store.open(tmp_path, key)
    save(store)
    store.close()
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    assert fault_of(lambda: Store.open(tmp_path, key)) is StoreFault.CORRUPT
    assert fault_of(lambda: Store.open(tmp_path, bytes(32))) is StoreFault.WRONG_KEY
