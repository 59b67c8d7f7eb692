"""Every thread of a station gives a sign of life, and one that stops is not overlooked."""

from __future__ import annotations

import ast
import contextlib
import ctypes
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from drivers import living
from drivers.living import SILENCE, Part, Parts, Sign
from kiosk.config.schema import (
    Audiometer,
    Config,
    Csv,
    Journal,
    LengthBoard,
    Printer,
    Scale,
    Watching,
)
from kiosk.config.schema import Station as StationTable
from kiosk.desk.notices import Notice
from kiosk.journal.look_up import LOOK_UP_SECONDS
from kiosk.runtime.workers import Workers
from kiosk.station import lookout as looking
from kiosk.station import restarts
from kiosk.station.lookout import LEAVE_SECONDS, LOOP_COUNT, LOOP_SECONDS, PART_LOST, Lookout
from kiosk.station.station import Station
from kiosk.store.database import server
from kiosk.store.database.engine import BUSY_SECONDS
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.watching.openmetrics import exposition
from kiosk.watching.server import CLIENT_SECONDS
from tests.patience import until

ROOT = Path(__file__).parents[2]
NOT_A_STATION = ("drivers/simulators", "kiosk/demo", "kiosk/cli/simul", "kiosk/cli/capture.py")
"""Other processes than the station: what stands for a device, and commands with an end."""
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


# --- the list ----------------------------------------------------------------------------------


@cache
def sources():
    return tuple(_sources())


def _sources():
    for folder in ("kiosk", "drivers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(NOT_A_STATION):
                yield name, ast.parse(path.read_text("utf-8"))


def called(node):
    if not isinstance(node, ast.Call):
        return ""
    name = node.func
    return name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


def test_no_thread_of_a_station_is_started_without_a_sign_of_life():
    """Whoever starts a thread in another way fails here."""
    ways = {"Thread", "Timer", "ThreadPoolExecutor", "start_new_thread", "ProcessPoolExecutor"}
    found = {
        (name, called(node))
        for name, tree in sources()
        for node in ast.walk(tree)
        if called(node) in ways
    }
    bases = {
        (name, base)
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in map(ast.unparse, node.bases)
        if base.split(".")[-1] in ways
    }
    assert found == set()
    assert bases == {("drivers/living.py", "threading.Thread")}


def test_the_table_has_each_kind_that_is_started_and_no_other():
    kinds = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if called(node) in {"Part", "Workers"} and isinstance(node.args[0], ast.Constant):
                kinds.add(node.args[0].value)
    # These two are one class, named by whoever opens the store.
    assert kinds | {"store", "clinic"} == set(SILENCE)


def test_the_documents_name_each_part():
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert {kind for line in rows for kind in SILENCE if f"`{kind}`" in line.split("|")[1]} == set(
        SILENCE
    )


@pytest.mark.parametrize(
    ("kind", "work"),
    [
        ("store", BUSY_SECONDS + 30.0),
        ("clinic", server.CONNECT_SECONDS + 4 * server.STATEMENT_SECONDS),
        ("saver", 2 * SILENCE["store"]),
        ("worker", 2 * SILENCE["store"]),
        ("echo", server.CONNECT_SECONDS + 4 * server.STATEMENT_SECONDS),
        ("looker", LOOK_UP_SECONDS + 60),
        ("look-up-deadline", LOOK_UP_SECONDS),
        ("sender", 300.0 + SILENCE["store"]),
        ("printer", 60.0 + SILENCE["store"]),
        ("inbox", 600.0),
        ("status-file", 600.0),
        ("metrics", CLIENT_SECONDS + SILENCE["store"]),
        ("link", 30.0),
    ],
)
def test_no_part_has_less_time_than_its_longest_work(kind, work):
    assert SILENCE[kind] > work


# --- one part ----------------------------------------------------------------------------------


def test_a_sign_is_due_after_its_silence_and_a_rest_owes_none():
    now = [100.0]
    sign = Sign(10.0, lambda: now[0])
    assert not sign.is_due
    sign.seen()
    now[0] += 10
    assert not sign.is_due
    now[0] += 0.1
    assert sign.is_due
    sign.waits(5.0)
    now[0] += 14.9
    assert not sign.is_due
    now[0] += 0.2
    assert sign.is_due
    sign.rests()
    now[0] += 1e9
    assert not sign.is_due


@pytest.fixture
def alone(monkeypatch):
    parts = Parts()
    monkeypatch.setattr(living, "PARTS", parts)
    return parts


def test_an_exception_is_told_by_its_kind_and_place_and_never_by_its_text(alone, caplog):
    def act():
        raise ValueError("Kanari 01020312345")

    part = Part("chores", act)
    part.start()
    part.join()
    assert alone.lost() == ("chores",)
    assert alone.faults() == {"chores": 1}
    assert "chores: ValueError at act:" in caplog.text
    assert "Kanari" not in caplog.text


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt, MemoryError])
def test_no_way_of_ending_is_overlooked(alone, end):
    def act():
        raise end

    part = Part("chores", act)
    part.start()
    part.join()
    assert alone.lost() == ("chores",)


def test_a_return_that_nobody_asked_for_is_a_loss_and_one_that_was_is_none(alone):
    going = threading.Event()
    left, asked = (Part(kind, going.wait) for kind in ("chores", "inbox"))
    done = Part("note", going.wait, ends=True)
    for part in (left, asked, done):
        part.start()
    assert alone.lost() == ()
    threading.Timer(0.05, going.set).start()
    asked.end(10)
    left.join()
    done.join()
    assert alone.lost() == ("chores",)


def test_an_exception_that_leaves_a_job_ends_its_worker_and_is_told(alone):
    workers = Workers("worker", 2)
    done = []
    workers.submit(lambda: done.append(1))
    workers.submit(lambda: 1 / 0)
    until(lambda: alone.lost() == ("worker",))
    workers.submit(lambda: done.append(2))
    until(lambda: done == [1, 2])
    workers.close(10)
    assert alone.lost() == ()


def test_what_nobody_caught_anywhere_else_is_told_in_the_same_way(alone, caplog, monkeypatch):
    import sys

    for owner, name in ((threading, "excepthook"), (sys, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    living.catch_the_rest()

    def act():
        raise ValueError("Kanari")

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
    sys.excepthook(KeyError, KeyError("Kanari"), None)
    assert alone.lost() == ("thread",)
    assert alone.faults() == {"thread": 1, "main": 1}
    assert "Kanari" not in caplog.text


# --- the lookout -------------------------------------------------------------------------------


class Desk:
    """What a lookout needs of its surroundings, with a service manager that listens."""

    def __init__(self, folder: Path, parts: Parts) -> None:
        self.told: list[Notice | None] = []
        self.left = 0
        self.now = 1000.0
        self.folder = folder
        self.wall = NOW
        self.lookout = Lookout(
            lambda news: self.told.append(news.notice),
            self._leave,
            folder,
            parts=parts,
            clock=lambda: self.now,
            now=lambda: self.wall,
        )

    def _leave(self) -> None:
        self.left += 1

    def look(self, heard: socket.socket) -> list[str]:
        self.lookout.look()
        said = []
        heard.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                said.append(heard.recv(200).decode())
        return said


@pytest.fixture
def heard(tmp_path, monkeypatch) -> Iterator[socket.socket]:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        yield listener


def test_a_lost_part_is_said_and_noted_and_the_process_ends_with_its_code(alone, heard, tmp_path):
    desk = Desk(tmp_path, alone)
    assert desk.look(heard) == ["WATCHDOG=1"]
    part = Part("chores", lambda: 1 / 0)
    part.start()
    part.join()
    assert desk.look(heard) == ["STATUS=no sign of life: chores"]
    assert (desk.told, desk.left) == ([Notice.PART_STOPPED], 0)
    desk.now += LEAVE_SECONDS - 1
    assert desk.look(heard) == []
    assert desk.left == 0
    desk.now += 1
    desk.look(heard)
    assert (desk.left, desk.lookout.code) == (1, PART_LOST)
    until(lambda: restarts.since(tmp_path, NOW) == 1)


def test_a_silent_part_stops_the_feeding_until_it_is_heard_again(alone, heard, tmp_path):
    desk = Desk(tmp_path, alone)
    going = threading.Event()
    part = Part("link", going.wait, ends=True)
    part.start()
    assert desk.look(heard) == ["WATCHDOG=1"]
    part.sign._clock = lambda: time.monotonic() + SILENCE["link"] + 1
    assert desk.look(heard) == ["STATUS=no sign of life: link"]
    assert desk.look(heard) == []
    part.sign.seen()
    assert desk.look(heard) == ["STATUS=", "WATCHDOG=1"]
    assert (desk.told, desk.left) == ([Notice.PART_STOPPED, None], 0)
    going.set()
    part.join()


def test_a_station_that_starts_again_and_again_says_so_until_it_has_run_for_long(
    alone, heard, tmp_path
):
    for minute in range(LOOP_COUNT):
        restarts.note(tmp_path, ("starting",), NOW - timedelta(minutes=minute))
    desk = Desk(tmp_path, alone)
    desk.lookout.begin()
    desk.look(heard)
    assert desk.told == [Notice.RESTARTS_AGAIN]
    desk.now += LOOP_SECONDS + 1
    desk.look(heard)
    assert desk.told == [Notice.RESTARTS_AGAIN, None]
    later = Desk(tmp_path, alone)
    later.wall = NOW + timedelta(seconds=LOOP_SECONDS)
    later.lookout.begin()
    assert later.told == []


def test_the_note_of_restarts_survives_what_a_disk_may_hold(tmp_path):
    assert restarts.since(tmp_path / "gone", NOW) == 0
    (tmp_path / restarts.NAME).write_bytes(b"\xff\xfe nonsense\n2026-03-02 x\n\n")
    assert restarts.since(tmp_path, NOW - timedelta(days=1)) == 0
    for _ in range(restarts.KEPT + 5):
        restarts.note(tmp_path, ("store", "saver"), NOW)
    assert restarts.since(tmp_path, NOW) == restarts.KEPT


# --- a whole station ---------------------------------------------------------------------------


BEFORE: set[threading.Thread] = set()
"""Threads that other tests of this process have left behind."""


@pytest.fixture
def station(tmp_path, monkeypatch):
    BEFORE.clear()
    BEFORE.update(threading.enumerate())
    parts = Parts()
    for module in (living, looking):
        monkeypatch.setattr(module, "PARTS", parts)
    monkeypatch.setattr("kiosk.station.watching_side.PARTS", parts)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "csv").mkdir()
    config = Config(
        station=StationTable("Solbakken", data_dir=str(tmp_path / "data"), id="all"),
        scale=Scale(driver="radwag", port=str(tmp_path / "no-scale")),
        length_board=LengthBoard(
            driver="health-o-meter", port=str(tmp_path / "no-board"), id="board"
        ),
        audiometer=Audiometer(
            name="Audiometer",
            driver="gsi-38",
            port=str(tmp_path / "no-audiometer"),
            inbox=str(tmp_path / "inbox"),
        ),
        printer=Printer(str(tmp_path / "no-printer")),
        journal=Journal(url="http://127.0.0.1:9/fhir"),
        csv=Csv(folder=str(tmp_path / "csv")),
        watching=Watching(
            listen="127.0.0.1:0", status_file=str(tmp_path / "status.json"), every=3600
        ),
    )
    opened = Station(config, Store.open(tmp_path / "data", new_key()), training=False)
    starting = Part("starting", opened.start, ends=True)
    starting.start()
    starting.join()
    yield opened, parts
    opened.stop()


RUNNING = {
    *("store", "saver", "worker", "link", "watcher", "inbox", "sender", "looker", "printer"),
    *("chores", "metrics", "status-file"),
}


def test_every_thread_of_a_whole_station_is_a_part_and_lives(station):
    _, parts = station
    until(lambda: set(parts.kinds()) >= RUNNING)
    own = parts._all()
    assert {t.kind for t in own} >= RUNNING
    strangers = {t.name for t in set(threading.enumerate()) - BEFORE if not isinstance(t, Part)}
    assert {name for name in strangers if "Dummy" not in name} == set()
    assert (parts.silent(), parts.lost()) == ((), ())
    # A slow journal, a printer that takes a minute, a disk that takes half of one: all is well.
    for part in own:
        later = 30 if part.kind == "store" else 60
        part.sign._clock = partial(lambda seconds: time.monotonic() + seconds, later)
    assert parts.silent() == ()


@pytest.mark.parametrize("kind", sorted(RUNNING))
def test_each_part_is_missed_when_it_is_killed_and_when_it_hangs(station, heard, tmp_path, kind):
    opened, parts = station
    until(lambda: kind in parts.kinds())
    part = next(t for t in parts._all() if t.kind == kind)
    desk = Desk(tmp_path, parts)
    assert "WATCHDOG=1" in desk.look(heard)
    # It hangs at work: its last sign grows old.
    part.sign._clock, before = (lambda: 0.0), part.sign._clock
    part.sign.seen()
    part.sign._clock = lambda: SILENCE[kind] + 1
    part.sign.seen, part.sign.waits, part.sign.rests = (lambda *_: None,) * 3
    assert "WATCHDOG=1" not in desk.look(heard)
    assert desk.told == [Notice.PART_STOPPED]
    assert f'kiosk_part_alive{{part="{kind}"}} 0' in exposition(opened._watched.look())
    for name in ("seen", "waits", "rests"):
        delattr(part.sign, name)
    part.sign._clock = before
    part.sign.rests()
    assert "WATCHDOG=1" in desk.look(heard)
    # It is killed: whatever it waits for, it gets an exception that no code of ours expects.
    kill(part, opened)
    assert parts.lost() == (kind,)
    assert "WATCHDOG=1" not in desk.look(heard)
    desk.now += LEAVE_SECONDS
    desk.look(heard)
    assert desk.lookout.code == PART_LOST


def kill(part, opened):
    """Raise in another thread, and wake it so that it notices."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(part.ident), ctypes.py_object(SystemExit)
    )
    end = time.monotonic() + 30
    while part.is_alive():
        assert time.monotonic() < end, part
        nudge(part.kind, opened)
        part.join(0.05)


def nudge(kind, opened):
    match kind:
        case "store":
            opened.store._writer._queue.put((lambda _: None, None))
        case "saver":
            opened._performing._saver.submit(lambda: None)
        case "worker":
            opened._performing._workers.submit(lambda: None)
            opened._performing._workers.submit(lambda: None)
        case "looker":
            opened._looker().ask_booked(NOW, NOW)
        case "sender":
            opened._send_now()
        case "chores":
            opened._chores._stopping.set()
            opened._chores._stopping.clear()
        case "status-file":
            opened._watched._stopping.set()
            opened._watched._stopping.clear()


def test_the_status_tells_the_parts_their_faults_and_the_restarts(station, tmp_path):
    opened, parts = station
    until((tmp_path / "status.json").exists)
    parts.count("screen")
    restarts.note(tmp_path / "data", ("saver",), datetime.now(UTC))
    told = exposition(opened._watched.look())
    assert 'kiosk_faults{part="screen"} 1' in told
    assert "kiosk_restarts 1" in told
    assert 'kiosk_part_alive{part="store"} 1' in told
    assert json.loads((tmp_path / "status.json").read_text("utf-8"))["parts"]["store"] is True


def test_a_turn_at_the_store_that_takes_too_long_is_the_stores_own_silence(station):
    opened, parts = station
    going, begun = threading.Event(), threading.Event()

    def command(_):
        begun.set()
        going.wait(30)

    clock = opened.store._writer._thread.sign
    future = opened.store.submit(command)
    assert begun.wait(10)
    clock._clock = lambda: time.monotonic() + SILENCE["store"] - 10
    assert parts.silent() == ()
    clock._clock = lambda: time.monotonic() + SILENCE["store"] + 1
    assert parts.silent() == ("store",)
    going.set()
    future.result(10)
    until(lambda: parts.silent() == ())
