"""The real process with one part broken: what the manager hears, and what the screen says."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kiosk.station.lookout import PART_LOST
from kiosk.store.database.key import create_key_file, read_key_file
from kiosk.store.store import Store
from tests.e2e.surroundings import on_display
from tests.patience import PATIENCE

WORKER = Path(__file__).with_name("alive_worker.py")
SECONDS = PATIENCE
CANARIES = ("Kanari", "10915596784", "8,420", "8.420")

pytestmark = [pytest.mark.x11, pytest.mark.timeout(1800)]


class Process:
    """A station of a folder, and everything that can be heard of it."""

    def __init__(self, folder: Path, display: str, fault: str) -> None:
        self.folder, self.key = folder, folder / "key-file"
        if not self.key.exists():
            # A start makes no store; a set-up does.
            Store.open(folder / "data", create_key_file(self.key)).close()
        config = folder / "kiosk.toml"
        config.write_text(
            f'[station]\nclinic = "Solbakken"\ndata_dir = "{folder / "data"}"\nid = "alive"\n'
            f'[database]\nkey_file = "{self.key}"\n[panel]\nwidth = 1024\nheight = 600\n'
        )
        address = folder / f"notify-{time.monotonic_ns()}"
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(str(address))
        self.manager.settimeout(0.2)
        self.heard: list[tuple[float, str]] = []
        self.said: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        self.seen: list[dict[str, object]] = []
        self.process = subprocess.Popen(
            [sys.executable, WORKER, fault, folder, config],
            env=on_display(display, NOTIFY_SOCKET=str(address)),
            stdout=subprocess.PIPE,
            stderr=(folder / f"{fault}.log").open("a"),
            text=True,
        )
        self.log = folder / f"{fault}.log"
        for listen in (self._hear, self._read):
            threading.Thread(target=listen, daemon=True).start()

    def _hear(self) -> None:
        while True:
            try:
                self.heard.append((time.monotonic(), self.manager.recv(300).decode()))
            except TimeoutError:
                continue
            except OSError:
                return

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.put(json.loads(line))

    def until_heard(self, word: str, since: float = 0.0) -> float:
        end = time.monotonic() + SECONDS
        while True:
            found = [at for at, said in list(self.heard) if said.startswith(word) and at > since]
            if found:
                return found[0]
            assert time.monotonic() < end, (word, self.heard, self.log.read_text())
            time.sleep(0.02)

    def until_said(self, **facts: object) -> None:
        end = time.monotonic() + SECONDS
        while True:
            left = end - time.monotonic()
            try:
                said = self.said.get(timeout=max(left, 0.01))
            except queue.Empty:
                raise AssertionError((facts, self.seen, self.log.read_text())) from None
            self.seen.append(said)
            if facts.items() <= said.items():
                return

    def fed_since(self, moment: float) -> bool:
        return any(at > moment and said == "WATCHDOG=1" for at, said in self.heard)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self.manager.close()

    @property
    def told(self) -> str:
        return self.log.read_text()


@pytest.fixture
def display():
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1024x600x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield f":{xvfb.stdout.readline().strip()}"
    xvfb.terminate()
    xvfb.wait()
    xvfb.stdout.close()


@pytest.fixture
def run(tmp_path, display):
    begun = []

    def start(fault: str) -> Process:
        begun.append(Process(tmp_path, display, fault))
        return begun[-1]

    yield start
    for process in begun:
        process.close()


def test_a_start_that_fails_is_said_noted_and_ends_the_process_and_the_screen_stays_honest(run):
    for time_of_starting in range(4):
        process = run("start")
        process.until_heard("READY=1")
        if time_of_starting == 3:
            # The fourth time in a row nobody is told that it will be well in a moment.
            process.until_said(screen="lock", notice="restarts-again")
        else:
            process.until_said(screen="lock", notice="part-stopped")
        missed = process.until_heard("STATUS=no sign of life: starting")
        assert process.process.wait(SECONDS) == PART_LOST
        assert not process.fed_since(missed)
        process.until_heard("STOPPING=1")
        if time_of_starting == 0:
            assert "starting: ValueError at broken_start:" in process.told
        notes = (process.folder / "data" / "restarts").read_text().splitlines()
        assert [line.split()[1] for line in notes] == ["starting"] * (time_of_starting + 1)
    assert not [word for word in CANARIES if word in process.told]


def test_a_save_that_never_returns_is_said_and_one_that_does_is_saved_once(run):
    process = run("stuck-save")
    process.until_said(screen="review")
    process.until_said(screen="review", notice="save-late")
    # While the disk is only slow the manager is kept from starting the station anew.
    missed = process.until_heard("STATUS=no sign of life: store")
    time.sleep(3)
    assert not process.fed_since(missed)
    assert process.process.poll() is None
    (process.folder / "stuck").unlink()
    process.until_said(screen="done", notice=None)
    process.until_heard("WATCHDOG=1", since=missed)
    process.process.terminate()
    assert process.process.wait(SECONDS) == 0
    assert not [word for word in CANARIES if word in process.told]
    store = Store.open(process.folder / "data", read_key_file(process.key))
    assert [row.kind for row in store.audit_rows()].count("save") == 1
    store.close()


def test_a_save_that_hangs_for_ever_does_not_keep_the_process_from_ending(run):
    process = run("stuck-save")
    process.until_said(screen="review", notice="save-late")
    process.process.terminate()
    assert process.process.wait(SECONDS) == PART_LOST
    (process.folder / "stuck").unlink()
    again = run("none")
    again.until_heard("WATCHDOG=1")
    again.process.terminate()
    assert again.process.wait(SECONDS) == 0
    store = Store.open(process.folder / "data", read_key_file(process.key))
    assert [row.kind for row in store.audit_rows()].count("save") == 0
    store.close()


def test_a_chore_that_ends_its_thread_restarts_the_station(run):
    process = run("chores")
    process.until_heard("STATUS=no sign of life: chores")
    process.until_said(notice="part-stopped")
    assert process.process.wait(SECONDS) == PART_LOST


def test_a_station_that_cannot_be_built_says_so_instead_of_a_dark_screen(run):
    process = run("not-built")
    process.until_heard("READY=1")
    assert process.process.wait(SECONDS) == PART_LOST
    assert "starting: ValueError at broken_init:" in process.told
    assert not [word for word in CANARIES if word in process.told]
