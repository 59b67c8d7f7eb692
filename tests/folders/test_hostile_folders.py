"""Every place where the station writes, prepared by somebody who may write there too.

The store is never touched, nothing is waited for, and what cannot be done is an ``OSError`` or a
fault of the store, which each of these places already tells.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from drivers import folder as folders
from drivers.audiogram_files.imported import FileRefused, Refusal
from drivers.capture import write_capture
from drivers.folder import Folder, UntrustedError, read_file
from drivers.inbox import Inbox
from drivers.inbox_events import FolderChanged, FolderState
from drivers.inbox_folder import InboxFolder
from drivers.simulators.usbip_printer import serve_printer
from kiosk.cli import run
from kiosk.config.schema import Scale
from kiosk.hearing.filling import draft_of
from kiosk.hearing.protocol import shipped
from kiosk.hearing.signing import sign
from kiosk.journal.files.file_drop import FileDrop
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark
from kiosk.station import learned_profile
from kiosk.station.audiometer import protocol_files
from kiosk.store.database.backup import restore, write_backup
from kiosk.store.database.key import create_key_file, new_key, read_key_file
from kiosk.store.database.locking import take_lock
from kiosk.store.database.opening import make_private
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from kiosk.watching.snapshot import Snapshot
from kiosk.watching.status_file import write_status

KEY = new_key()
MESSAGE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CALM = (OSError, StoreError, FolderGoneError)
PROTOCOL = "se-blekinge-4y"


def refuse(_data, _name):
    raise FileRefused(Refusal.MALFORMED, "XmlError")


def look_at_inbox(path: Path, *, seconds: int = 10) -> list:
    inbox = Inbox(InboxFolder(path), refuse)
    return [event for moment in range(seconds) for event in inbox.poll(float(moment))]


def quarantine(path: Path, _: Path) -> None:
    file = path / "a.xml"
    if not os.path.lexists(file):
        file.write_bytes(b"<Other/>")
    look_at_inbox(path)


def drop(path: Path, _: Path) -> None:
    mark = FolderMark("s1", path.parent / "kept" / "csv")
    if not mark.kept.exists():
        mark.make(path, again=False)
    where = FileDrop(path, ".csv", mark)
    where.write(MESSAGE, b"1;2")
    where.publish(MESSAGE)


def status(path: Path, _: Path) -> None:
    write_status(path / "status.json", Snapshot("s1", "1", 0.0, 1.0, store_up=True))


def protocol(path: Path, _: Path) -> None:
    protocol_files.load(path)
    text = sign(draft_of(shipped()[PROTOCOL]), "Anne", date(2026, 3, 1))
    protocol_files.keep(path, PROTOCOL, text)


def profile(path: Path, _: Path) -> None:
    learned_profile.keep(path, Scale(driver="radwag", port="/dev/x", id="s"), {"unit": "kg"}, NOW)


def ready(path: Path, _: Path) -> None:
    os.environ["KIOSK_READY_FILE"] = str(path / "ready")
    try:
        run._ready()
    finally:
        del os.environ["KIOSK_READY_FILE"]


def capture(path: Path, _: Path) -> None:
    write_capture(path / "scale.jsonl", ())


def slip(path: Path, _: Path) -> None:
    class Picture:
        def png(self) -> bytes:
            return b"png"

    printer = serve_printer(("127.0.0.1", 0), path)
    try:
        printer._collect(Picture())
    finally:
        printer.stop()


def key(path: Path, _: Path) -> None:
    create_key_file(path / "key")


def backup(path: Path, data: Path) -> None:
    write_backup(data, KEY, path / "copy.db")


def brought_back(path: Path, data: Path) -> None:
    copy = data.parent / "a-copy"
    if not copy.exists():
        write_backup(data, KEY, copy)
    restore(copy, path, KEY, NOW)


def opened(path: Path, _: Path) -> None:
    take_lock(path).close()
    make_private(path / "own.db")


@dataclass(frozen=True)
class Writer:
    """``names`` are what it writes, and what it wrote first before it gave a file its name."""

    write: object
    names: tuple[str, ...]


WRITERS = {
    "inbox": Writer(
        quarantine,
        ("quarantine", "imported", "a.xml", "quarantine/a.{mark}.xml.reason.txt"),
    ),
    "files": Writer(
        drop, (f"{MESSAGE}.csv", f"{MESSAGE}.csv.tmp", ".helsestasjon-kiosk-s1", "quarantine")
    ),
    "status": Writer(status, ("status.json", ".status.json.tmp")),
    "protocols": Writer(protocol, (f"{PROTOCOL}.toml", f"{PROTOCOL}.{{version}}.toml")),
    "profiles": Writer(profile, ("profiles", "profiles/s-20260301-090000-000000.toml")),
    "ready file": Writer(ready, ("ready",)),
    "captures": Writer(capture, ("scale.jsonl",)),
    "slips": Writer(slip, ("slip-0001.png", "slip-0001.part")),
    "key": Writer(key, ("key",)),
    "backup": Writer(backup, ("copy.db", f".copy.db.{os.getpid()}.part", "copy.db-wal")),
    "restore": Writer(brought_back, ("store.db", "store.db-wal")),
    "opening": Writer(opened, ("store.lock", "own.db")),
}


def link(place: Path, store: Path) -> None:
    place.symlink_to(store)


def dangling(place: Path, store: Path) -> None:
    place.symlink_to(store.parent / "made-by-a-link")


def linked_folder(place: Path, store: Path) -> None:
    place.symlink_to(store.parent)


def key_link(place: Path, store: Path) -> None:
    place.symlink_to(store.with_name("key"))


def zeros(place: Path, _: Path) -> None:
    place.symlink_to("/dev/zero")


def pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def directory(place: Path, _: Path) -> None:
    (place / "full").mkdir(parents=True)


def second_name(place: Path, store: Path) -> None:
    os.link(store, place)


def foreign(place: Path, _: Path) -> None:
    place.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(place, 12345, 12345)


PREPARATIONS = (
    *(link, dangling, linked_folder, key_link, zeros),
    *(pipe, directory, second_name, foreign),
)


@pytest.fixture
def station(tmp_path):
    data = tmp_path / "data"
    Store.open(data, KEY).close()
    (data / "key").write_text("f" * 64)
    return data


def contents(data: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in data.iterdir() if p.is_file()}


def names_of(writer: Writer) -> list[str]:
    text = sign(draft_of(shipped()[PROTOCOL]), "Anne", date(2026, 3, 1))
    version = protocol_files._hash_of(text.encode())[:12]
    mark = "0a42fe0479173ec5"
    return [name.format(version=version, mark=mark) for name in writer.names]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda p: p.__name__)
@pytest.mark.parametrize("name", WRITERS)
def test_no_preparation_of_a_folder_reaches_the_store(tmp_path, station, name, preparation):
    writer, before = WRITERS[name], contents(station)
    for number, target in enumerate(names_of(writer)):
        place = tmp_path / f"folder-{number}"
        place.mkdir()
        (place / target).parent.mkdir(exist_ok=True)
        preparation(place / target, station / "store.db")
        with suppress(*CALM):
            writer.write(place, station)
        # A second time: what was told once must not have left something half done.
        with suppress(*CALM):
            writer.write(place, station)
        assert contents(station) == before, target
    with Store.open(station, KEY)._reading.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"


@pytest.mark.parametrize("name", ["inbox", "files"])
def test_a_folder_that_became_the_stations_own_is_neither_read_nor_written(tmp_path, station, name):
    place = tmp_path / "shared"
    place.symlink_to(station)
    before = contents(station)
    for _ in range(2):
        if name == "inbox":
            events = look_at_inbox(place)
            assert events == [FolderChanged(place, FolderState.MISSING)]
        else:
            with pytest.raises((FolderGoneError, UntrustedError)):
                drop(place, station)
    assert contents(station) == before


def test_a_reason_is_never_written_through_a_link(tmp_path, station):
    """The whole way: a link with the name that the reason of a refused file will have."""
    inbox, store = tmp_path / "inbox", station / "store.db"
    inbox.mkdir()
    before = store.read_bytes()
    (inbox / "a.xml").write_bytes(b"<Other/>")
    (inbox / "quarantine").mkdir()
    mark = names_of(WRITERS["inbox"])[-1].split(".")[1]
    (inbox / "quarantine" / f"a.{mark}.xml.reason.txt").symlink_to(store)
    look_at_inbox(inbox)
    assert store.read_bytes() == before
    # And the file is put away all the same, beside the link.
    reasons = [p for p in (inbox / "quarantine").iterdir() if p.is_file() and not p.is_symlink()]
    assert sorted(p.name for p in reasons) == [f"a.{mark}.2.xml", f"a.{mark}.2.xml.reason.txt"]


def test_a_sub_folder_of_somebody_else_is_told_and_nothing_is_put_there(tmp_path, monkeypatch):
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "a.xml").write_bytes(b"<Other/>")
    monkeypatch.setattr(folders.os, "geteuid", lambda: 4711)
    events = look_at_inbox(tmp_path)
    assert FolderChanged(tmp_path, FolderState.READ_ONLY) in events
    assert list((tmp_path / "quarantine").iterdir()) == []
    monkeypatch.undo()
    assert FolderChanged(tmp_path, FolderState.READ_ONLY) not in look_at_inbox(tmp_path)


def test_a_sub_folder_that_others_may_write_in_is_closed_to_them(tmp_path):
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine").chmod(0o777)
    with Folder.at(tmp_path) as folder, folder.inside("quarantine") as inside:
        inside.write_new("a", b"x")
    assert stat.S_IMODE((tmp_path / "quarantine").stat().st_mode) == 0o755


def test_a_folder_replaced_while_it_is_open_is_still_the_one_written_to(tmp_path, station):
    place = tmp_path / "inbox"
    place.mkdir()
    with Folder.at(place) as folder, folder.inside("quarantine") as inside:
        place.rename(tmp_path / "away")
        place.symlink_to(station)
        before = contents(station)
        inside.write_new("store.db", b"x")
        folder.replace("store.db", b"y")
        assert contents(station) == before
    assert (tmp_path / "away" / "quarantine" / "store.db").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["", ".", "..", "../outside", "a/b", "a\0b", "{outside}"])
def test_a_name_that_leads_elsewhere_is_refused_by_everything(tmp_path, name):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.write_bytes(b"before")
    name = name.format(outside=outside)
    with Folder.at(inside) as folder:
        folder.write_new("a", b"")
        acts = (
            *(folder.status, folder.has, folder.file, folder.read, folder.fresh, folder.remove),
            folder.inside,
            lambda other: folder.write_new(other, b""),
            lambda other: folder.replace(other, b""),
            lambda other: folder.appear(other, b""),
            lambda other: folder.move("a", folder, other),
            lambda other: folder.move(other, folder, "b"),
        )
        for act in acts:
            with pytest.raises(UntrustedError):
                act(name)
        assert folder.names() == ["a"]
    assert outside.read_bytes() == b"before"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["line\nbreak.xml", "..xml", "-rf.xml", "æøå.xml", "a;b$(c).xml"])
def test_an_odd_name_is_put_away_like_another(tmp_path, name):
    (tmp_path / name).write_bytes(b"<Other/>")
    look_at_inbox(tmp_path)
    waiting = [p.name for p in tmp_path.iterdir() if p.is_file()]
    assert waiting == ([name] if name.startswith(".") else [])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("follow", [False, True])
def test_nothing_but_a_plain_file_is_read(tmp_path, follow):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(folders.LARGEST_BYTES + 1)
    for name in ("pipe", "zeros", "folder", "huge", "gone"):
        with pytest.raises(OSError, match=name):
            read_file(tmp_path / name, follow=follow)
    with pytest.raises(StoreError):
        read_key_file(tmp_path / "pipe")


def test_only_the_module_for_it_opens_files_to_write():
    """A writer that is added later goes the same way."""
    root = Path(folders.__file__).parents[1]
    writes = re.compile(
        r"\.write_(?:text|bytes)\(|open\(\"[wax]|\.open\([^)]*\"[wax]b?\"|mkstemp|NamedTemporaryFile"
        r"|copyfile\(|shutil\.(?:move|copy2?)\("
    )
    elsewhere = {
        str(path.relative_to(root))
        for part in ("kiosk", "drivers")
        for path in (root / part).rglob("*.py")
        if writes.search(path.read_text("utf-8"))
    }
    assert elsewhere == {
        "drivers/folder.py",
        # The maker of the project's own documents.
        "drivers/table.py",
        # Stands for another program, which writes as it likes.
        "drivers/simulators/audiogram_feeder.py",
        # In a folder that was made a moment ago for this process alone.
        "kiosk/demo/fhir_server.py",
        # Where the package is built.
        "kiosk/cli/manual.py",
    } - {"drivers/folder.py"}
