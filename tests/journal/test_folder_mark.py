"""Only the folder that was marked counts: nothing is written to another, or concluded from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.__main__ import main
from kiosk.config.load import load_config
from kiosk.journal.files import file_drop, file_interface
from kiosk.journal.files.file_drop import FileDrop, Lies
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark, Gone, Marked
from kiosk.model.outbox import Failure, JournalState, OutboxStatus
from kiosk.model.visit import Delivery
from kiosk.station.doctor.examination import Level, examine
from tests.journal.journal_samples import NURSE
from tests.journal.test_files import Office, done, mark_beside, marked_drop


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=50))


@pytest.fixture(params=["gdt-file", "csv-file"])
def office(request, tmp_path, store):
    return Office(tmp_path, request.param, store)


def lose(folder: Path) -> Path:
    """The share is gone, and its empty mount point stands there."""
    away = folder.with_name("share-away")
    folder.rename(away)
    folder.mkdir()
    return away


def come_back(away: Path, folder: Path) -> None:
    assert list(folder.iterdir()) == [], "something was written to the mount point"
    folder.rmdir()
    away.rename(folder)


def told(office, failure):
    return any(
        isinstance(news, OutboxStatus) and news.failure is failure and news.journal in DOWN
        for news in office.news
    )


DOWN = {JournalState.UNREACHABLE, JournalState.STOPPED}


def files(office):
    return sorted(path.stem for path in office.folder.glob(f"*{office.kind_suffix}"))


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_an_unmounted_share_gets_nothing_and_proves_nothing(office):
    office.save()
    if office.adapter == "gdt-file":
        waiting = (Delivery.AMBIGUOUS, Failure.NOT_COLLECTED)
        office.run(lambda: office.states() == [waiting])
    away = lose(office.folder)
    office.save()
    office.run(lambda: told(office, Failure.OTHER_FOLDER))
    ended = {Delivery.DONE, Delivery.DELIVERED}
    assert not ended & {state for state, _ in office.states()}
    come_back(away, office.folder)
    office.run(done(office), fetch=True)
    office.fetch()
    assert len(office.fetched) == 2


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_a_folder_that_nobody_marked_gets_nothing(office):
    """As after an upgrade: only the empty file is there that older releases wrote by themselves."""
    (office.folder / office.mark.name).write_bytes(b"")
    office.mark.kept.unlink()
    office.save()
    office.run(lambda: told(office, Failure.FOLDER_UNMARKED))
    assert [path.name for path in office.folder.iterdir()] == [office.mark.name]
    office.run(lambda: office.states() == [(Delivery.QUEUED, Failure.FOLDER_UNMARKED)])
    assert office.mark.make(office.folder, again=False) is Marked.NEW
    office.run(done(office), fetch=True)


def test_a_mark_clears_the_stop_although_nothing_is_to_be_sent(tmp_path, store):
    office = Office(tmp_path, "gdt-file", store)
    office.mark.kept.unlink()
    office.run(lambda: told(office, Failure.FOLDER_UNMARKED))
    (office.folder / office.mark.name).unlink()
    office.mark.make(office.folder, again=False)
    office.news.clear()
    office.run(
        lambda: any(getattr(n, "journal", None) is JournalState.REACHABLE for n in office.news)
    )


@pytest.mark.parametrize("place", ["file"], indirect=True)
@pytest.mark.parametrize("how", ["emptied", "made anew", "an older copy of it"])
def test_a_file_that_is_gone_without_a_trace_goes_to_a_person(tmp_path, store, how):
    office = Office(tmp_path, "gdt-file", store)
    copy = {path.name: path.read_bytes() for path in office.folder.iterdir()}
    office.save()
    office.run(lambda: office.states() == [(Delivery.AMBIGUOUS, Failure.NOT_COLLECTED)])
    for path in office.folder.iterdir():
        path.unlink()
    if how == "an older copy of it":
        for name, content in copy.items():
            (office.folder / name).write_bytes(content)
    else:
        office.run(lambda: told(office, Failure.OTHER_FOLDER))
        assert office.states()[0][0] is Delivery.AMBIGUOUS
        office.mark.make(office.folder, again=True)
    wanted = (Delivery.REJECTED, Failure.MAY_HAVE_ARRIVED)
    office.run(lambda: office.states() == [wanted])
    # The person has looked into the journal: it is not there.
    (item,) = office.store.items()
    office.store.retry(item.id, NURSE)
    office.run(done(office), fetch=True)
    assert len(office.fetched) == 1


def test_the_traces_of_what_is_settled_go(office):
    for _ in range(3):
        office.save()
    office.run(done(office), fetch=True)
    left = [path.name for path in office.folder.iterdir() if path.name.startswith(".")]
    assert left == [office.mark.name]


# --- one step ---------------------------------------------------------------------------

STEPS = {
    "write": lambda drop, message: drop.write(message, b"whole"),
    "publish": lambda drop, message: drop.publish(message),
    "look": lambda drop, message: drop.where(message),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "in between"])
def test_a_share_that_goes_away_during_a_step_is_noticed(tmp_path, monkeypatch, step, moment):
    share, message = tmp_path / "share", uuid4()
    share.mkdir()
    drop = marked_drop(share)
    if step != "write":
        drop.write(message, b"whole")
    if moment == "before":
        away = lose(share)
    else:
        # The folder is swapped while the step has it open: right after the mark was compared.
        real, lost = FolderMark.check, []

        def check(mark, handle):
            real(mark, handle)
            if not lost:
                lost.append(lose(share))

        monkeypatch.setattr(FolderMark, "check", check)
    with pytest.raises(FolderGoneError) as caught:
        STEPS[step](drop, message)
    assert caught.value.why is Gone.OTHER_FOLDER
    monkeypatch.undo()
    come_back(away if moment == "before" else lost[0], share)
    assert drop.where(message) in {Lies.NOWHERE, Lies.UNFINISHED, Lies.THERE}


def test_links_are_never_followed(tmp_path):
    share, victim, message = tmp_path / "share", tmp_path / "victim", uuid4()
    share.mkdir()
    victim.write_bytes(b"precious")
    drop = marked_drop(share)
    (share / f"{message}.gdt.tmp").symlink_to(victim)
    (share / f"{message}.gdt").symlink_to(victim)
    drop.write(message, b"whole")
    assert drop.where(message) is Lies.THERE
    drop.publish(message)
    assert (share / f"{message}.gdt").read_bytes() == b"whole"
    assert victim.read_bytes() == b"precious"


def test_a_link_to_the_mark_is_no_mark(tmp_path):
    share, other = tmp_path / "share", tmp_path / "other"
    share.mkdir()
    other.mkdir()
    marked_drop(share)
    mark = mark_beside(share)
    (other / mark.name).symlink_to(share / mark.name)
    with pytest.raises(FolderGoneError, match="other-folder"):
        FileDrop(other, ".gdt", mark).reach()


# --- marking ----------------------------------------------------------------------------


def test_a_station_that_knows_a_folder_does_not_mark_its_empty_mount_point_unasked(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    mark = mark_beside(share)
    assert mark.make(share, again=False) is Marked.NEW
    assert mark.make(share, again=False) is Marked.KNOWN
    away = lose(share)
    with pytest.raises(FolderGoneError, match="other-folder"):
        mark.make(share, again=False)
    assert list(share.iterdir()) == []
    # Marked by mistake and unmounted again, the mount point is no longer what the mark says.
    assert mark.make(share, again=True) is Marked.NEW
    point = share.rename(tmp_path / "point")
    away.rename(share)
    with pytest.raises(FolderGoneError, match="other-folder"):
        FileDrop(share, ".gdt", mark).reach()
    assert mark.make(share, again=True) is Marked.TAKEN_UP
    FileDrop(share, ".gdt", mark).reach()
    with pytest.raises(FolderGoneError, match="other-folder"):
        FileDrop(point, ".gdt", mark).reach()


def test_a_station_set_up_anew_takes_up_its_own_mark_and_nobody_else_s(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    one, two = FolderMark("s1", tmp_path / "one"), FolderMark("s2", tmp_path / "two")
    one.make(share, again=False)
    assert two.make(share, again=False) is Marked.NEW
    one.kept.unlink()
    with pytest.raises(FolderGoneError, match="unmarked"):
        FileDrop(share, ".gdt", one).reach()
    assert one.make(share, again=False) is Marked.TAKEN_UP
    for mark in (one, two):
        FileDrop(share, ".gdt", mark).reach()


def test_doctor_and_the_command_say_what_to_type_and_it_works(tmp_path, capsys):
    config, share = tmp_path / "kiosk.toml", tmp_path / "share"
    config.write_text(
        f'[station]\nclinic = "S"\ndata_dir = "{tmp_path / "data"}"\n[gdt]\nfolder = "{share}"\n'
        f'[csv]\nfolder = "{share}"\n'
    )

    def found():
        return [(f.level, f.text) for f in examine(load_config(config)) if f.check == "folder"]

    def mark(*more):
        status = main(["outbox", "mark", *more, "--config", str(config)])
        return status, capsys.readouterr()

    # A folder that is missing is told with the configuration, as every other file and folder.
    missing = [f for f in examine(load_config(config)) if str(share) in f.text]
    assert [f.level for f in missing] == [Level.SICK] * 2
    assert found() == []
    assert mark()[0] == 1
    share.mkdir()
    assert all(text.endswith("skriv: kiosk outbox mark") for _, text in found())
    status, said = mark()
    assert status == 0
    assert said.out.count(str(share)) == 2
    assert [level for level, _ in found()] == [Level.FINE] * 2
    lose(share)
    assert all(text.endswith("skriv: kiosk outbox mark --again") for _, text in found())
    status, said = mark()
    assert status == 1
    assert said.err.count("--again") == 2
    assert list(share.iterdir()) == []
    assert mark("--again")[0] == 0
    assert [level for level, _ in found()] == [Level.FINE] * 2


# --- a real mount -----------------------------------------------------------------------

MOUNTED = """
import subprocess, sys
from pathlib import Path
from uuid import uuid4
sys.path[:0] = sys.argv[2:]
from tests.journal.test_files import marked_drop
from drivers.folder import Folder
from kiosk.journal.files.folder_mark import FolderGoneError

point, first, second = Path(sys.argv[1]), uuid4(), uuid4()
def mount(): subprocess.run(["mount", "-t", "tmpfs", "none", point], check=True)
def unmount(): subprocess.run(["umount", "-l", point], check=True)
def why(step, *arguments):
    try: step(*arguments)
    except FolderGoneError as error: return str(error)
    return "done"

mount()
drop = marked_drop(point)
drop.write(first, b"first"); drop.publish(first); drop.write(second, b"second")
real = Folder.has
def lost(folder, name):
    if not lost.away:
        lost.away = True
        unmount()
    return real(folder, name)
lost.away = False
def where(message):
    # In the middle of the look: the mark was there a moment ago.
    Folder.has = lambda folder, name: (lost if name.endswith(".gdt") else real)(folder, name)
    return drop.where(message)
assert why(where, first) == "other-folder"
Folder.has = real
assert why(drop.where, first) == "other-folder"
assert why(drop.write, uuid4(), b"x") == "other-folder"
assert why(drop.publish, second) == "other-folder"
assert why(drop.reach) == "other-folder"
assert list(point.iterdir()) == []
mount()
assert why(drop.where, first) == "other-folder"
print("seen")
"""


def test_a_real_share_that_is_unmounted_is_noticed(tmp_path):
    share = ["unshare", "--mount", sys.executable]
    if subprocess.run([*share, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    (tmp_path / "point").mkdir()
    ways = [path for path in sys.path if path]
    done = subprocess.run(
        [*share, "-c", MOUNTED, str(tmp_path / "point"), *ways],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if "permission denied" in done.stderr.lower():
        pytest.skip("this machine lets nobody mount")
    assert (done.stdout, done.stderr) == ("seen\n", "")


def test_the_handle_of_a_step_is_given_back(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    drop = marked_drop(share)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        drop.where(uuid4())
        with pytest.raises(FolderGoneError):
            file_drop.FileDrop(tmp_path, ".gdt", mark_beside(share)).where(uuid4())
    assert len(list(Path("/proc/self/fd").iterdir())) == before
