"""The inbox of the running station: what waits is told, what is decided is carried out."""

from __future__ import annotations

import logging
import os
import queue
import shutil
import threading
import time
from datetime import UTC, datetime
from itertools import count

import pytest

from drivers.audiogram_files.imported import Refusal
from drivers.audiogram_files.profiles import SAMPLES as PROFILE_FOLDER
from drivers.audiogram_files.profiles import load_profiles
from drivers.audiogram_files.reading import read_file
from drivers.inbox_events import FileHeld, FolderChanged, FolderState, Held
from drivers.inbox_folder import InboxFolder
from drivers.simulators.audiogram_feeder import AudiogramFeeder, Manner
from drivers.simulators.audiogram_samples import SAMPLES, SampleChild, sadata
from kiosk.hearing.waiting_files import Fate, FileSettled, FilesWaiting
from kiosk.station.audiometer.inbox_side import InboxThread

PROFILES = load_profiles(PROFILE_FOLDER)
KARI, OLA = sadata(SampleChild()), sadata(SampleChild("4712", "Ola", "Annen"))
WRITTEN = datetime(2026, 3, 14, 8, 10, tzinfo=UTC)
DEADLINE = 10.0


def reader(data, name):
    return read_file(data, PROFILES, name)


class Desk:
    """An inbox whose seconds are hundredths, and all that it told."""

    def __init__(self, path, folder=None, read=reader, tell=None, **settings):
        self.path = path
        self.news = queue.SimpleQueue()
        seconds = count(100)
        self.inbox = InboxThread(
            folder or InboxFolder(path),
            read,
            tell or self.news.put,
            interval=0.01,
            clock=lambda: float(next(seconds)),
            **settings,
        )

    def hear(self, kind):
        """The next that is told; everything is told in one order."""
        news = self.news.get(timeout=DEADLINE)
        assert isinstance(news, kind), news
        return news

    def waiting(self):
        return self.hear(FilesWaiting).files

    def fate(self):
        return self.hear(FileSettled).fate

    def names(self, place="."):
        return sorted(path.name for path in (self.path / place).iterdir() if path.is_file())


@pytest.fixture
def start(tmp_path):
    desks = []

    def start(path=tmp_path, **settings):
        desks.append(Desk(path, **settings))
        desks[-1].inbox.start()
        return desks[-1]

    yield start
    for desk in desks:
        desk.inbox.stop()


def drop(path, data=KARI, written=WRITTEN):
    """Put a file there in one step, as a program that renames does."""
    begun = path.with_name(path.name + ".tmp")
    begun.write_bytes(data)
    os.utime(begun, (written.timestamp(), written.timestamp()))
    begun.rename(path)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_waits_with_what_it_holds_and_goes_to_the_imported_ones(start, tmp_path, name):
    drop(tmp_path / name, SAMPLES[name](SampleChild()))
    desk = start()
    (offer,) = desk.waiting()
    assert (offer.name, offer.changed_at) == (name, WRITTEN)
    assert offer.changed_at.utcoffset().total_seconds() == 0
    assert offer.imported == reader(SAMPLES[name](SampleChild()), name)
    assert offer.digest == offer.imported.digest
    desk.inbox.accept(offer.digest)
    assert desk.hear(FileSettled) == FileSettled(offer.digest, Fate.MOVED)
    assert desk.waiting() == ()
    (moved,) = desk.names("imported")
    assert offer.digest[:16] in moved
    assert desk.names() == []


def test_a_rejected_file_goes_to_quarantine_with_the_reason(start, tmp_path):
    desk = start()
    list(AudiogramFeeder(tmp_path).deliver("export.xml", Manner.OTHER_CHILD, pieces=1))
    (offer,) = desk.waiting()
    desk.inbox.reject(offer.digest, "other-person")
    assert desk.fate() is Fate.MOVED
    assert desk.waiting() == ()
    kept, reason = desk.names("quarantine")
    assert (tmp_path / "quarantine" / reason).read_text("utf-8") == "other-person\n"
    assert (tmp_path / "quarantine" / kept).read_bytes() == offer.imported.records[0].raw


def test_all_that_wait_are_told_the_earliest_written_first(start, tmp_path):
    drop(tmp_path / "a.xml", KARI, WRITTEN)
    desk = start()
    assert [offer.name for offer in desk.waiting()] == ["a.xml"]
    drop(tmp_path / "b.xml", OLA, WRITTEN.replace(year=2025))
    both = desk.waiting()
    assert [offer.name for offer in both] == ["b.xml", "a.xml"]
    desk.inbox.accept(both[1].digest)
    assert desk.fate() is Fate.MOVED
    assert desk.waiting() == both[:1]


def test_the_second_of_two_taps_finds_nothing_and_so_does_an_unknown_digest(start, tmp_path):
    drop(tmp_path / "a.xml")
    desk = start()
    (offer,) = desk.waiting()
    desk.inbox.accept(offer.digest)
    desk.inbox.reject(offer.digest, "other-person")
    desk.inbox.accept("0" * 64)
    assert desk.fate() is Fate.MOVED
    assert desk.waiting() == ()
    assert [desk.fate(), desk.fate()] == [Fate.NOT_OFFERED, Fate.NOT_OFFERED]
    assert not (tmp_path / "quarantine").exists()


def test_a_refused_file_is_told_and_nothing_waits(start, tmp_path):
    drop(tmp_path / "a.xml", b"<Other/>")
    held = start().hear(FileHeld)
    assert held.code is Refusal.UNKNOWN_FORMAT
    assert held.path.parent == tmp_path / "quarantine"


def test_a_known_file_is_a_duplicate(start, tmp_path):
    drop(tmp_path / "a.xml")
    desk = start(known=frozenset({reader(KARI, "").digest}))
    assert desk.hear(FileHeld).code is Held.DUPLICATE


def test_a_file_that_is_taken_away_waits_no_longer(start, tmp_path):
    drop(tmp_path / "a.xml")
    desk = start()
    (offer,) = desk.waiting()
    (tmp_path / "a.xml").unlink()
    assert desk.waiting() == ()
    desk.inbox.accept(offer.digest)
    assert desk.fate() is Fate.NOT_OFFERED
    drop(tmp_path / "b.xml")
    assert [again.name for again in desk.waiting()] == ["b.xml"]


@pytest.mark.parametrize(("written", "left"), [(OLA, ["4712"]), (b"<Other/>", [])])
def test_a_file_that_is_replaced_waits_as_what_it_is_now(start, tmp_path, written, left):
    drop(tmp_path / "a.xml")
    desk = start()
    desk.waiting()
    drop(tmp_path / "a.xml", written)
    if not left:
        assert desk.hear(FileHeld).code is Refusal.UNKNOWN_FORMAT
    assert [offer.imported.patient.id for offer in desk.waiting()] == left


def test_a_request_in_the_place_of_a_waiting_file_stays_and_does_not_wait(start, tmp_path):
    drop(tmp_path / "a.gdt", SAMPLES["result.gdt"](SampleChild()))
    desk = start()
    desk.waiting()
    request = b"01380006302\r\n014810000042\r\n0168315STASJON\r\n"
    drop(tmp_path / "a.gdt", request.replace(b"00042", f"{len(request):05}".encode()))
    assert desk.hear(FileHeld).code is Refusal.NOT_A_RESULT
    assert desk.waiting() == ()
    assert desk.names() == ["a.gdt"]


def test_a_file_that_cannot_be_read_again_waits_on(start, tmp_path):
    class Closing(InboxFolder):
        closed = False

        def read(self, name, stamp):
            if self.closed:
                raise PermissionError(name)
            return super().read(name, stamp)

    drop(tmp_path / "a.xml")
    folder = Closing(tmp_path)
    desk = start(folder=folder)
    desk.waiting()
    folder.closed = True
    os.utime(tmp_path / "a.xml")
    assert desk.hear(FileHeld).code is Held.UNREADABLE
    folder.closed = False
    drop(tmp_path / "b.xml", OLA)
    assert len(desk.waiting()) == 2


def test_a_file_replaced_unseen_is_not_moved_for_the_old_one(start, tmp_path):
    class Swapped(InboxFolder):
        def put_away(self, name, stamp, place, mark, reason=""):
            drop(self.path / name, OLA)
            return super().put_away(name, stamp, place, mark, reason)

    drop(tmp_path / "a.xml")
    desk = start(folder=Swapped(tmp_path))
    (old,) = desk.waiting()
    desk.inbox.reject(old.digest, "other-person")
    assert desk.fate() is Fate.CHANGED
    (new,) = desk.waiting()
    assert new.imported.patient.id == "4712"
    assert desk.names() == ["a.xml"]


def test_a_folder_that_goes_and_comes_back_keeps_what_waits(start, tmp_path):
    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    drop(share / "a.xml")
    desk = start(share)
    (offer,) = desk.waiting()
    share.rename(away)
    assert desk.hear(FolderChanged).state is FolderState.MISSING
    away.rename(share)
    assert desk.hear(FolderChanged).state is FolderState.READY
    desk.inbox.accept(offer.digest)
    assert desk.fate() is Fate.MOVED


@pytest.mark.parametrize("accepted", [True, False])
def test_what_is_decided_while_the_folder_is_away_is_done_when_it_is_back(
    start, tmp_path, accepted
):
    class Counting(InboxFolder):
        looks = 0

        def look(self):
            self.looks += 1
            return super().look()

    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    drop(share / "a.xml")
    folder = Counting(share)
    desk = start(share, folder=folder)
    (offer,) = desk.waiting()
    share.rename(away)
    assert desk.hear(FolderChanged).state is FolderState.MISSING
    if accepted:
        desk.inbox.accept(offer.digest)
    else:
        desk.inbox.reject(offer.digest, "other-person")
    assert desk.fate() is Fate.LATER
    assert desk.waiting() == ()
    looks = folder.looks
    assert reached(lambda: folder.looks >= looks + 3)
    away.rename(share)
    assert desk.hear(FolderChanged).state is FolderState.READY
    place = share / ("imported" if accepted else "quarantine")
    assert reached(lambda: any(path.suffix == ".xml" for path in place.iterdir()))
    assert desk.names() == []
    desk.inbox.stop()
    assert desk.news.empty()


def test_a_folder_that_is_not_there_yet(start, tmp_path):
    desk = start(tmp_path / "share")
    assert desk.hear(FolderChanged).state is FolderState.MISSING
    (tmp_path / "share").mkdir()
    assert desk.hear(FolderChanged).state is FolderState.READY
    drop(tmp_path / "share" / "a.xml")
    assert len(desk.waiting()) == 1


@pytest.mark.parametrize("accepted", [True, False])
def test_what_cannot_be_moved_is_moved_later_and_waits_no_longer(start, tmp_path, accepted):
    class ReadOnly(InboxFolder):
        closed = True

        def put_away(self, *arguments):
            if self.closed:
                raise OSError(30, "read only")
            return super().put_away(*arguments)

    drop(tmp_path / "a.xml")
    folder = ReadOnly(tmp_path)
    desk = start(folder=folder)
    (offer,) = desk.waiting()
    if accepted:
        desk.inbox.accept(offer.digest)
    else:
        desk.inbox.reject(offer.digest, "other-person")
    assert desk.hear(FolderChanged).state is FolderState.READ_ONLY
    assert desk.fate() is Fate.LATER
    assert desk.waiting() == ()
    folder.closed = False
    assert desk.hear(FolderChanged).state is FolderState.READY
    assert reached(lambda: desk.names() == [])
    assert (tmp_path / ("imported" if accepted else "quarantine")).is_dir()


def test_who_listens_and_fails_does_not_end_the_listening(start, tmp_path, caplog):
    told = queue.SimpleQueue()

    def tell(news):
        told.put(news)
        raise RuntimeError("Kari Prøve")

    desk = start(tell=tell)
    drop(tmp_path / "kari.xml")
    (offer,) = told.get(timeout=DEADLINE).files
    desk.inbox.accept(offer.digest)
    assert told.get(timeout=DEADLINE) == FileSettled(offer.digest, Fate.MOVED)
    assert told.get(timeout=DEADLINE) == FilesWaiting(())
    assert "RuntimeError" in caplog.text
    assert "Kari" not in caplog.text


def test_a_folder_that_fails_in_an_unknown_way_is_logged_once_and_looked_at_again(
    start, tmp_path, caplog
):
    class Broken(InboxFolder):
        looks = 0

        def look(self):
            self.looks += 1
            if self.looks < 5:
                raise RuntimeError("kari.xml")
            return super().look()

    drop(tmp_path / "kari.xml")
    assert len(start(folder=Broken(tmp_path)).waiting()) == 1
    assert caplog.messages == ["inbox: RuntimeError"]


def test_a_file_that_no_reader_can_bear_keeps_no_other_waiting(start, tmp_path, caplog):
    def read(data, name):
        if data == OLA:
            raise RecursionError("Ola Annen")
        return reader(data, name)

    drop(tmp_path / "a.xml", OLA)
    drop(tmp_path / "b.xml", KARI)
    desk = start(read=read)
    held = desk.hear(FileHeld)
    assert (held.code, held.detail) == (Refusal.MALFORMED, "RecursionError")
    assert [offer.name for offer in desk.waiting()] == ["b.xml"]
    assert "Ola" not in caplog.text


def test_no_name_of_a_file_is_logged_or_in_a_text_form(start, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    drop(tmp_path / "kari-4711.xml")
    desk = start()
    (offer,) = desk.waiting()
    drop(tmp_path / "kari-4711.gdt", b"<Other/>")
    desk.hear(FileHeld)
    desk.inbox.accept(offer.digest)
    desk.fate()
    desk.waiting()
    assert "kari" not in caplog.text + repr(offer)
    assert "4711" not in caplog.text + repr(offer)


def test_a_time_in_no_calendar_is_no_reason_to_lose_a_file(start, tmp_path):
    class Late(InboxFolder):
        def look(self):
            late = 10**24
            return {n: type(s)(s.device, s.node, s.size, late) for n, s in super().look().items()}

        def read(self, name, stamp):
            return (self.path / name).read_bytes()

    drop(tmp_path / "a.xml")
    (offer,) = start(folder=Late(tmp_path)).waiting()
    assert offer.changed_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_stopping_is_prompt_and_carries_out_what_was_decided_before(tmp_path):
    drop(tmp_path / "a.xml")
    desk = Desk(tmp_path)
    desk.inbox.start()
    (offer,) = desk.waiting()
    desk.inbox.accept(offer.digest)
    desk.inbox.stop()
    assert reached(lambda: has_ended(desk.inbox))
    assert len(desk.names("imported")) == 1
    desk.inbox.accept(offer.digest)
    desk.inbox.stop()


def test_stopping_does_not_wait_for_the_next_look_or_for_a_share_that_hangs(tmp_path):
    looked, let_go = threading.Event(), threading.Event()

    class Hanging(InboxFolder):
        def look(self):
            looked.set()
            let_go.wait(DEADLINE)
            return super().look()

    hanging = InboxThread(Hanging(tmp_path), reader, lambda news: None)
    hanging.start()
    assert looked.wait(DEADLINE)
    before = time.monotonic()
    hanging.stop()
    assert time.monotonic() - before < DEADLINE / 2
    let_go.set()
    slow = InboxThread(InboxFolder(tmp_path), reader, lambda news: None, interval=600)
    slow.start()
    slow.stop()
    assert reached(lambda: has_ended(slow))
    InboxThread(InboxFolder(tmp_path), reader, lambda news: None).stop()


def test_a_listener_may_decide_and_stop(tmp_path):
    done = threading.Event()

    def tell(news):
        if isinstance(news, FilesWaiting) and news.files:
            desk.inbox.accept(news.files[0].digest)
        if isinstance(news, FileSettled):
            desk.inbox.stop()
            done.set()

    desk = Desk(tmp_path, tell=tell)
    drop(tmp_path / "a.xml")
    desk.inbox.start()
    assert done.wait(DEADLINE)
    assert len(desk.names("imported")) == 1


def test_a_slow_delivery_is_offered_whole(start, tmp_path):
    staging = tmp_path / "staging"
    staging.mkdir()
    share = tmp_path / "share"
    share.mkdir()
    desk = start(share)
    for step in AudiogramFeeder(staging).deliver("result.gdt", Manner.RENAMED):
        shutil.copy(step, share / step.name)
    (offer,) = desk.waiting()
    assert len(offer.imported.records[0].tones) == 4


def has_ended(inbox):
    return not inbox._thread.is_alive()


def reached(condition):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except FileNotFoundError:
            pass
        time.sleep(0.005)
    return False
