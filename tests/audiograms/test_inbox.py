"""What an inbox does with files that come whole, slowly, twice, broken, or not for it."""

import os
from functools import partial

import pytest

from drivers.audiogram_files.imported import Refusal
from drivers.audiogram_files.profiles import SAMPLES as PROFILE_FOLDER
from drivers.audiogram_files.profiles import load_profiles
from drivers.audiogram_files.reading import read_file
from drivers.inbox import Inbox
from drivers.inbox_events import FileArrived, FileHeld, FolderChanged, FolderState, Held
from drivers.inbox_folder import InboxFolder
from drivers.inbox_watch import InboxWatch
from drivers.simulators.audiogram_feeder import AudiogramFeeder, Manner
from drivers.simulators.audiogram_samples import SAMPLES, SampleChild, gdt, sadata
from tests.patience import PATIENCE

PROFILES = load_profiles(PROFILE_FOLDER)
CHILD = SampleChild()


def reader(data, name):
    return read_file(data, PROFILES, name)


class Bench:
    """An inbox with a clock of its own."""

    def __init__(self, path, folder=None, **settings):
        self.path = path
        self.now = 100.0
        self.inbox = Inbox(folder or InboxFolder(path), reader, **settings)

    def look(self, times=1):
        events = []
        for _ in range(times):
            self.now += 1
            events += self.inbox.poll(self.now)
        return events

    def rest(self):
        """Look until a file that does not change must have been taken."""
        return self.look(4)

    def names(self, place="."):
        return sorted(path.name for path in (self.path / place).iterdir() if path.is_file())


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_file_is_offered_once_and_moved_when_it_was_accepted(bench, name):
    (bench.path / name).write_bytes(SAMPLES[name](CHILD))
    (event,) = bench.rest()
    assert isinstance(event, FileArrived)
    assert event.imported.patient.id == "4711"
    assert bench.look(5) == []
    assert bench.names() == [name]
    assert bench.inbox.accept(event) == ()
    assert bench.names() == []
    (moved,) = bench.names("imported")
    assert event.imported.digest[:16] in moved


def test_a_file_is_not_touched_before_it_has_rested(bench):
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    assert bench.look(2) == []


@pytest.mark.parametrize("manner", [Manner.SLOW, Manner.RENAMED, Manner.RESERVED])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_slow_delivery_is_offered_once_and_whole(bench, manner, name):
    feeder = AudiogramFeeder(bench.path)
    events = []
    for _ in feeder.deliver(name, manner):
        events += bench.look()
    assert events == []
    (event,) = bench.rest()
    assert isinstance(event, FileArrived)
    assert len(event.imported.records[0].tones) == 4


@pytest.mark.parametrize("name", ["export.xml", "noah.xml", "result.gdt"])
def test_a_pause_in_the_middle_of_a_delivery_does_not_condemn_the_file(bench, name):
    steps = AudiogramFeeder(bench.path).deliver(name, Manner.SLOW, pieces=2)
    next(steps)
    assert bench.look(30) == []
    list(steps)
    (event,) = bench.rest()
    assert isinstance(event, FileArrived)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_that_stays_half_is_put_in_quarantine_with_its_reason(bench, name):
    list(AudiogramFeeder(bench.path).deliver(name, Manner.HALF))
    (event,) = bench.look(70)
    assert isinstance(event, FileHeld)
    assert event.code in {Refusal.CUT_SHORT, Refusal.WRONG_TOTAL_LENGTH}
    assert event.path.is_file()
    reason = event.path.with_name(event.path.name + ".reason.txt").read_text("utf-8")
    assert reason.splitlines()[0] == event.code
    assert bench.names() == []


def test_the_same_content_under_another_name_is_a_duplicate(bench):
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    (arrived,) = bench.rest()
    (bench.path / "b.xml").write_bytes(sadata(CHILD))
    (held,) = bench.rest()
    assert held.code is Held.DUPLICATE
    assert bench.names() == ["a.xml"]
    bench.inbox.accept(arrived)
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    (held,) = bench.rest()
    assert held.code is Held.DUPLICATE


def test_a_duplicate_is_known_after_a_restart_and_from_the_digests_given(tmp_path):
    first = Bench(tmp_path)
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    (arrived,) = first.rest()
    first.inbox.accept(arrived)
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    assert [event.code for event in Bench(tmp_path).rest()] == [Held.DUPLICATE]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.xml").write_bytes(sadata(CHILD))
    known = Bench(elsewhere, known=frozenset({arrived.imported.digest}))
    assert [event.code for event in known.rest()] == [Held.DUPLICATE]


def test_a_file_that_was_offered_and_not_settled_is_offered_again_after_a_restart(tmp_path):
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    for _ in range(2):
        (event,) = Bench(tmp_path).rest()
        assert isinstance(event, FileArrived)


def test_a_file_replaced_after_the_offer_is_offered_anew_and_not_moved_for_the_old_one(bench):
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    (old,) = bench.rest()
    (bench.path / "a.xml").write_bytes(sadata(SampleChild("4712")))
    assert bench.inbox.accept(old) == ()
    assert bench.names() == ["a.xml"]
    (new,) = bench.rest()
    assert new.imported.patient.id == "4712"


def test_a_touched_file_is_not_offered_twice(bench):
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    (arrived,) = bench.rest()
    os.utime(bench.path / "a.xml", (1, 1))
    assert bench.rest() == []
    bench.inbox.accept(arrived)
    assert bench.names() == []


def test_a_rejected_file_goes_to_quarantine_with_the_reason_given(bench):
    list(AudiogramFeeder(bench.path).deliver("export.xml", Manner.OTHER_CHILD))
    (arrived,) = bench.rest()
    bench.inbox.reject(arrived, "other-person")
    kept, reason = bench.names("quarantine")
    assert (bench.path / "quarantine" / reason).read_text("utf-8") == "other-person\n"
    assert (bench.path / "quarantine" / kept).read_bytes() == arrived.imported.records[0].raw


def test_equal_names_in_quarantine_do_not_overwrite_each_other(bench):
    for _ in range(3):
        (bench.path / "a.xml").write_bytes(b"<Other/>")
        (held,) = bench.rest()
        assert held.code is Refusal.UNKNOWN_FORMAT
    assert len(bench.names("quarantine")) == 6


def test_a_request_for_another_program_is_named_once_and_stays(bench):
    request = b"01380006302\r\n014810000042\r\n0168315STASJON\r\n"
    request = request.replace(b"00042", f"{len(request):05}".encode())
    (bench.path / "request.gdt").write_bytes(request)
    (held,) = bench.look(20)
    assert held.code is Refusal.NOT_A_RESULT
    assert bench.names() == ["request.gdt"]


def test_links_folders_pipes_and_temporary_names_are_not_looked_at(bench, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "a.xml"
    outside.write_bytes(sadata(CHILD))
    (bench.path / "link.xml").symlink_to(outside)
    (bench.path / "folder.xml").mkdir()
    os.mkfifo(bench.path / "pipe.xml")
    for name in (".hidden.xml", "a.xml.tmp", "b.xml.part", "c.xml~"):
        (bench.path / name).write_bytes(sadata(CHILD))
    assert bench.look(20) == []
    assert outside.is_file()


def test_a_file_of_200_megabytes_is_refused_unread(bench):
    class Unread(InboxFolder):
        def read(self, name, stamp):
            raise AssertionError("read")

    bench = Bench(bench.path, Unread(bench.path))
    with (bench.path / "huge.xml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    (held,) = bench.rest()
    assert held.code is Refusal.TOO_LARGE
    assert held.detail == str(200 * 1024 * 1024)


def test_a_file_that_vanishes_while_it_is_taken_is_forgotten(bench):
    class Vanishing(InboxFolder):
        def read(self, name, stamp):
            (self.path / name).unlink()
            return super().read(name, stamp)

    bench = Bench(bench.path, Vanishing(bench.path))
    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    assert bench.look(10) == []


def test_a_file_written_while_it_is_read_waits_again(bench):
    class Written(InboxFolder):
        def read(self, name, stamp):
            with (self.path / name).open("ab") as file:
                file.write(b" ")
            return super().read(name, stamp)

    (bench.path / "a.xml").write_bytes(sadata(CHILD))
    assert Bench(bench.path, Written(bench.path)).look(10) == []


def test_a_file_without_the_right_to_read_is_told_once_and_read_when_it_comes(tmp_path):
    class Closed(InboxFolder):
        closed = True

        def read(self, name, stamp):
            if self.closed:
                raise PermissionError(name)
            return super().read(name, stamp)

    folder = Closed(tmp_path)
    bench = Bench(tmp_path, folder)
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    (held,) = bench.look(10)
    assert (held.code, held.detail) == (Held.UNREADABLE, "PermissionError")
    folder.closed = False
    (arrived,) = bench.look()
    assert isinstance(arrived, FileArrived)


def test_a_read_only_folder_offers_and_holds_once_says_so_once_and_recovers(tmp_path):
    class ReadOnly(InboxFolder):
        closed = True

        def put_away(self, *arguments):
            if self.closed:
                raise OSError(30, "read only")
            return super().put_away(*arguments)

    folder = ReadOnly(tmp_path)
    bench = Bench(tmp_path, folder)
    (tmp_path / "bad.xml").write_bytes(b"<Other/>")
    (tmp_path / "good.xml").write_bytes(sadata(CHILD))
    events = bench.look(10)
    assert FolderChanged(tmp_path, FolderState.READ_ONLY) in events
    (arrived,) = [event for event in events if isinstance(event, FileArrived)]
    assert [event.path.name for event in events if isinstance(event, FileHeld)] == ["bad.xml"]
    assert len(events) == 3
    assert bench.inbox.accept(arrived) == ()
    assert bench.look(5) == []
    folder.closed = False
    assert bench.look(2) == [FolderChanged(tmp_path, FolderState.READY)]
    assert bench.names() == []
    assert len(bench.names("imported")) == 1
    assert len(bench.names("quarantine")) == 2


def test_a_folder_that_vanishes_is_told_once_and_again_when_it_is_back(tmp_path):
    path = tmp_path / "share"
    path.mkdir()
    bench = Bench(path)
    (path / "a.xml").write_bytes(sadata(CHILD))
    (arrived,) = bench.rest()
    path.rename(tmp_path / "away")
    assert bench.look(5) == [FolderChanged(path, FolderState.MISSING)]
    (tmp_path / "away").rename(path)
    assert bench.look(5) == [FolderChanged(path, FolderState.READY)]
    bench.inbox.accept(arrived)
    assert bench.names() == []


def test_a_folder_missing_from_the_start_is_told(tmp_path):
    bench = Bench(tmp_path / "nowhere")
    assert bench.look(3) == [FolderChanged(bench.path, FolderState.MISSING)]


def test_a_quarantine_that_is_a_link_is_not_written_through(bench, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (bench.path / "quarantine").symlink_to(outside)
    (bench.path / "a.xml").write_bytes(b"<Other/>")
    assert FolderChanged(bench.path, FolderState.READ_ONLY) in bench.rest()
    assert list(outside.iterdir()) == []


def test_the_thread_hands_over_what_arrives_and_ends(tmp_path):
    import queue

    heard = queue.SimpleQueue()
    ticks = iter(range(10_000))
    inbox = Inbox(InboxFolder(tmp_path), reader)
    watch = InboxWatch(inbox, heard.put, pace=0.01, clock=partial(next, ticks))
    (tmp_path / "a.gdt").write_bytes(gdt(CHILD))
    watch.start()
    try:
        arrived = heard.get(timeout=PATIENCE)
        watch.accept(arrived)
    finally:
        watch.stop()
    assert len(list((tmp_path / "imported").iterdir())) == 1


def test_quick_looks_do_not_replace_the_quiet_seconds(tmp_path):
    inbox = Inbox(InboxFolder(tmp_path), reader)
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    assert [inbox.poll(tenths / 10) for tenths in range(20)] == [()] * 20
    assert isinstance(inbox.poll(2.0)[0], FileArrived)


def test_a_long_pause_does_not_replace_the_looks(tmp_path):
    inbox = Inbox(InboxFolder(tmp_path), reader)
    (tmp_path / "a.xml").write_bytes(sadata(CHILD))
    assert [inbox.poll(now) for now in (0.0, 500.0)] == [(), ()]
    assert isinstance(inbox.poll(1000.0)[0], FileArrived)


def test_a_name_that_became_a_link_or_a_pipe_after_the_look_is_not_followed(tmp_path):
    folder = InboxFolder(tmp_path)
    original = tmp_path / "a.xml"
    original.write_bytes(sadata(CHILD))
    stamp = folder.look()["a.xml"]
    original.rename(tmp_path / "b.xml")
    original.symlink_to("b.xml")
    with pytest.raises(OSError, match="symbolic links"):
        folder.read("a.xml", stamp)
    original.unlink()
    os.mkfifo(original)
    with pytest.raises(OSError, match=r"a\.xml"):
        folder.read("a.xml", stamp)
