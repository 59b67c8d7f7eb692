"""A store that is gone, emptied, older, cut short or another one is named by the mark beside it."""

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.model.outbox import Failure
from kiosk.model.visit import Delivery
from kiosk.store.database import backup, mark, marker
from kiosk.store.database.backup import restore, write_backup
from kiosk.store.database.mark import SLOT_BYTES, End, Loss, Lost, Mark, line_of, mark_of
from kiosk.store.database.marker import MARK_NAME, Standing, read_mark
from kiosk.store.database.opening import FilePlace
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, message, visit

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOG = f"{FILE_NAME}-wal"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def save(store, number=1):
    for _ in range(number):
        saved = visit()
        store.save_visit(saved, [message(saved)], ANNE)


def begun(folder, key, number=3):
    store = Store.open(folder, key)
    save(store, number)
    store.close()


def killed(folder, key, number=3):
    """A station that saves and is then ended by SIGKILL, so that its log is left."""
    child = os.fork()
    if child == 0:
        save(Store.open(folder, key), number)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def opened(folder, key, **how):
    """Open as the station does, and close again; what was found, or the fault."""
    try:
        store = Store.open(folder, key, new=False, **how)
    except StoreError as error:
        return error.fault
    store.close()
    return store.found


def gone(folder):
    for path in folder.glob(f"{FILE_NAME}*"):
        path.unlink()


def emptied(folder):
    (folder / FILE_NAME).write_bytes(b"")


def emptied_of_rows(folder):
    gone(folder)
    shutil.copy(folder.parent / "of-no-tables", folder / FILE_NAME)


LOST = {
    gone: StoreFault.VANISHED,
    emptied: StoreFault.EMPTIED,
}


@pytest.mark.parametrize("harm", LOST)
@pytest.mark.parametrize("new", [False, True])
def test_a_store_that_is_gone_is_named_and_never_made_anew(folder, key, harm, new):
    begun(folder, key)
    harm(folder)
    there = sorted(path.name for path in folder.iterdir())
    for alone, make in ((True, True), (False, False), (False, True)):
        with pytest.raises(StoreError) as caught:
            Store.open(folder, key, alone=alone, make=make, new=new)
        assert caught.value.fault is LOST[harm]
    assert sorted(path.name for path in folder.iterdir()) == there


def test_a_torn_mark_is_enough_to_know_that_there_was_one(folder, key):
    begun(folder, key)
    gone(folder)
    (folder / MARK_NAME).write_bytes(b"{")
    assert opened(folder, key) is StoreFault.VANISHED


def test_without_a_mark_or_a_store_only_who_may_makes_one(folder, key):
    assert opened(folder, key) is StoreFault.ABSENT
    begun(folder, key)
    assert read_mark(folder).mark.end.row == 3


@pytest.mark.parametrize("copied", ["by-backup", "by-hand"])
def test_yesterdays_copy_is_named_as_older_and_what_it_says_is_doubted(folder, key, copied):
    begun(folder, key)
    copy = folder.parent / "yesterday.db"
    if copied == "by-backup":
        write_backup(folder, key, copy)
    else:
        shutil.copy(folder / FILE_NAME, copy)
    begun(folder, key, 4)
    gone(folder)
    shutil.copy(copy, folder / FILE_NAME)
    looked = Store.open(folder, key, alone=False, make=False)
    looked.close()
    found = opened(folder, key)
    assert (found.standing, found.lost.kind, found.lost.missing) == (
        Standing.OLDER,
        Loss.OLDER,
        4,
    )
    store = Store.open(folder, key, new=False)
    # Told until somebody answers for it.
    assert store.found.standing is Standing.SAME
    assert store.found.lost.missing == 4
    assert [row.kind for row in store.audit_rows()][-1] == "restored"
    assert {(item.state, item.failure) for item in store.items()} == {
        (Delivery.AMBIGUOUS, None)
    } or {item.failure for item in store.items()} == {Failure.MAY_HAVE_ARRIVED}
    store.close()
    accepted = FilePlace(folder, key, alone=True, new=False, accept=True)
    accepted.writing.dispose()
    accepted.close()
    assert opened(folder, key).lost is None


def test_a_log_that_was_cut_is_named_as_shortened(folder, key):
    begun(folder, key, 2)
    killed(folder, key, 3)
    assert (folder / LOG).stat().st_size > 0
    (folder / LOG).write_bytes(b"")
    found = opened(folder, key)
    assert (found.standing, found.lost.missing) == (Standing.SHORTENED, 3)
    assert opened(folder, key).standing is Standing.SAME


def test_a_log_cut_in_the_middle_is_named(folder, key):
    killed(folder, key, 8)
    content = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(content[: len(content) * 2 // 3])
    found = opened(folder, key)
    assert found.standing is Standing.SHORTENED
    assert 0 < found.lost.missing < 8


def test_a_kill_alone_is_no_loss(folder, key):
    for _ in range(3):
        killed(folder, key)
        assert opened(folder, key).standing in {Standing.SAME, Standing.FIRST}


def test_another_store_is_closed_until_a_person_takes_it(folder, key):
    begun(folder, key)
    begun(folder.parent / "other", key, 5)
    gone(folder)
    shutil.copy(folder.parent / "other" / FILE_NAME, folder / FILE_NAME)
    assert opened(folder, key) is StoreFault.FOREIGN
    place = FilePlace(folder, key, alone=True, new=False, accept=True)
    place.writing.dispose()
    place.close()
    found = opened(folder, key)
    assert (found.standing, found.lost) == (Standing.SAME, None)


def test_a_copy_that_lived_on_elsewhere_is_another_history(folder, key):
    begun(folder, key)
    (folder.parent / "other").mkdir()
    shutil.copy(folder / FILE_NAME, folder.parent / "other" / FILE_NAME)
    begun(folder.parent / "other", key, 9)
    begun(folder, key, 2)
    gone(folder)
    shutil.copy(folder.parent / "other" / FILE_NAME, folder / FILE_NAME)
    assert opened(folder, key) is StoreFault.FOREIGN


@pytest.mark.parametrize(
    "harm", ["gone", "torn", "empty", "of-a-later-format", "a-folder", "older"]
)
def test_what_becomes_of_the_mark_never_stops_the_work(folder, key, harm, caplog):
    begun(folder, key)
    path = folder / MARK_NAME
    older = path.read_bytes()
    begun(folder, key, 2)
    if harm in {"gone", "a-folder"}:
        path.unlink()
    if harm == "a-folder":
        path.mkdir()
    if harm == "torn":
        path.write_bytes(b"x" * 700 + path.read_bytes()[700:1700])
    if harm == "empty":
        path.write_bytes(b"")
    if harm == "of-a-later-format":
        path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    if harm == "older":
        path.write_bytes(older)
    store = Store.open(folder, key, new=False)
    expected = Standing.SAME if harm == "older" else Standing.UNMARKED
    assert (store.found.standing, store.found.lost) == (expected, None)
    save(store)
    store.close()
    assert ("cannot be written" in caplog.text) is (harm == "a-folder")
    if harm != "a-folder":
        assert opened(folder, key).standing is Standing.SAME
        assert read_mark(folder).mark.end.row == 6


def test_a_store_from_before_there_were_marks_gets_one_in_silence(folder, key):
    begun(folder, key)
    place = FilePlace(folder, key, alone=True)
    with place.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'store'")
    place.writing.dispose()
    place.close()
    (folder / MARK_NAME).unlink()
    assert opened(folder, key).standing is Standing.FIRST
    assert opened(folder, key).standing is Standing.SAME


def test_a_store_taken_away_under_the_station_takes_nothing_more(folder, key):
    store = Store.open(folder, key)
    save(store)
    gone(folder)
    with pytest.raises(StoreError) as caught:
        save(store)
    assert caught.value.fault is StoreFault.VANISHED
    store.close()
    assert read_mark(folder).mark.end.row == 1


def test_what_is_rolled_back_is_not_marked(folder, key):
    store = Store.open(folder, key)
    save(store)

    def fails(connection):
        store._trail.append(connection, NOW, ("x", "y", ""))
        raise LookupError

    with pytest.raises(LookupError):
        store._write(fails)
    store._write(lambda _: None)
    assert read_mark(folder).mark.end.row == 1
    store.close()


def test_a_save_costs_no_sync_of_its_own_for_the_mark(folder, key, monkeypatch):
    store = Store.open(folder, key)
    synced = []
    monkeypatch.setattr(marker.os, "fsync", synced.append)
    save(store, 5)
    assert read_mark(folder).mark.end.row == 5
    assert synced == []
    store.close()


def test_now_and_then_the_log_is_moved_so_that_older_and_shortened_stay_apart(
    folder, key, monkeypatch
):
    now = [0.0]
    monkeypatch.setattr("kiosk.store.database.opening.time.monotonic", lambda: now[0])
    store = Store.open(folder, key)
    save(store, 2)
    assert read_mark(folder).mark.whole == 0
    now[0] = 601.0
    save(store)
    assert read_mark(folder).mark.whole == 3
    store.close()


# --- restoring ---------------------------------------------------------------------------------


def test_a_copy_that_is_brought_back_is_the_store_from_then_on(folder, key):
    begun(folder, key)
    write_backup(folder, key, folder.parent / "copy.db")
    begun(folder, key, 4)
    for harm in (emptied, gone):
        harm(folder)
        restore(folder.parent / "copy.db", folder, key, NOW)
        found = opened(folder, key)
        assert (found.standing, found.lost) == (Standing.SAME, None)


def test_what_a_lost_store_left_is_set_apart_before_a_copy_is_brought_back(folder, key):
    begun(folder, key)
    write_backup(folder, key, folder.parent / "copy.db")
    killed(folder, key)
    log = (folder / LOG).read_bytes()
    (folder / FILE_NAME).unlink()
    restore(folder.parent / "copy.db", folder, key, NOW)
    assert opened(folder, key).lost is None
    (apart,) = folder.glob("apart-*")
    assert (apart / LOG).read_bytes() == log


class Killed(BaseException):
    pass


STEPS = ["_copy", "verify_copy", "_bring_back", "_appear"]


@pytest.mark.parametrize("moment", [*STEPS, "after-all", "arrived"])
@pytest.mark.parametrize("had", [False, True])
def test_a_kill_anywhere_in_a_restore_leaves_nothing_or_the_whole_copy(
    folder, key, monkeypatch, moment, had
):
    """As a kill leaves it: nothing after that moment is carried out."""
    begun(folder, key)
    write_backup(folder, key, folder.parent / "copy.db")
    begun(folder, key, 4)
    if not had:
        (folder / MARK_NAME).unlink()
    gone(folder)

    def dies(*_, **__):
        raise Killed

    after = {"after-all": "arrived", "arrived": "close"}
    with monkeypatch.context() as patch:
        if moment in after:
            patch.setattr(marker.Marker, after[moment], dies)
        else:
            patch.setattr(backup, moment, dies)
        with pytest.raises(Killed):
            restore(folder.parent / "copy.db", folder, key, NOW, sent_since=False)
    if moment in STEPS:
        began = had or moment == "_appear"
        assert opened(folder, key) is (StoreFault.VANISHED if began else StoreFault.ABSENT)
        restore(folder.parent / "copy.db", folder, key, NOW, sent_since=False)
    found = opened(folder, key)
    assert (found.standing, found.lost) == (Standing.SAME, None)
    store = Store.open(folder, key, new=False)
    assert {item.state for item in store.items()} == {Delivery.QUEUED}
    store.close()


@pytest.mark.parametrize("moment", ["before-mark", "after-mark", "after-commit"])
def test_a_kill_while_an_older_store_is_taken_leaves_it_named(folder, key, monkeypatch, moment):
    begun(folder, key)
    shutil.copy(folder / FILE_NAME, folder.parent / "yesterday.db")
    begun(folder, key, 4)
    gone(folder)
    shutil.copy(folder.parent / "yesterday.db", folder / FILE_NAME)
    write, arrived = marker.Marker._write, marker.Marker.arrived

    def dies(*args, **how):
        if moment == "after-mark":
            write(*args, **how)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(marker.Marker, "arrived" if moment == "after-commit" else "_write", dies)
        with pytest.raises(Killed):
            opened(folder, key)
    assert arrived is marker.Marker.arrived
    found = opened(folder, key)
    assert (found.lost.kind, found.lost.missing) == (Loss.OLDER, 4)
    assert opened(folder, key).standing is Standing.SAME


@pytest.mark.parametrize("moment", ["create", "before-mark", "after-mark", "arrived"])
def test_a_kill_while_a_store_is_begun_leaves_none_or_a_whole_one(folder, key, monkeypatch, moment):
    write = marker.Marker._write

    def dies(*args, **how):
        if moment == "after-mark":
            write(*args, **how)
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "create":
            patch.setattr("kiosk.store.schema.audit.begin", dies)
        else:
            patch.setattr(marker.Marker, "arrived" if moment == "arrived" else "_write", dies)
        with pytest.raises(Killed):
            Store.open(folder, key)
    store = Store.open(folder, key)
    save(store)
    store.close()
    assert opened(folder, key).standing is Standing.SAME


# --- the format --------------------------------------------------------------------------------


def full_mark():
    lost = Lost(Loss.OLDER, 9, 4, NOW)
    return Mark("a", End(9, "f" * 64), 7, NOW, ("b", End(5, "e" * 64)), lost, 2**40, {"later": [1]})


def test_a_mark_is_read_as_it_was_written_and_keeps_what_it_does_not_know():
    assert mark_of(line_of(full_mark())) == full_mark()
    assert len(line_of(full_mark())) == SLOT_BYTES


def test_of_two_lines_the_newer_whole_one_holds():
    one, two = full_mark(), mark.moved(full_mark(), End(10, "d" * 64), NOW + timedelta(1))
    assert mark_of(line_of(one) + line_of(two)) == two
    assert mark_of(line_of(two) + line_of(one)) == two
    for at in range(0, SLOT_BYTES, 37):
        torn = bytearray(line_of(two))
        torn[at] ^= 1
        assert mark_of(line_of(one) + bytes(torn)) == one
        assert mark_of(bytes(torn)) is None


def test_the_mark_names_nobody(folder, key):
    begun(folder, key)
    assert b"Kanari" not in (folder / MARK_NAME).read_bytes()
    assert (folder / MARK_NAME).stat().st_mode & 0o777 == 0o600
    assert now_utc() >= read_mark(folder).mark.at
