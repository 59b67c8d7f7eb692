"""Something is plugged in: noticed at once by the kernel's word, or by the next look."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from drivers.attached import Attached
from drivers.watching import Change, Watcher
from tests.patience import PATIENCE, until

SCALE = Attached("serial", "FT232R", "/dev/ttyUSB0", 0x0403, 0x6001, "A1", "1-1.4")
BOARD = replace(SCALE, node="/dev/ttyUSB1", serial="A2", location="1-1.3")


class Bus:
    """What is there, and the kernel's word that it changed."""

    def __init__(self, *devices: Attached) -> None:
        self.here = devices
        self.looks = 0
        self.word = threading.Event()

    def look(self) -> tuple[Attached, ...]:
        self.looks += 1
        if self.here is None:
            raise OSError("left while it was read")
        return self.here

    def poll(self, timeout: float) -> object | None:
        if self.word.wait(timeout):
            self.word.clear()
            return "event"
        return None


@pytest.fixture
def watch():
    watchers = []

    def start(bus, *, events: bool, rescan: float = 3600.0) -> list[Change]:
        told: list[Change] = []
        watcher = Watcher(
            told.append, look=bus.look, events=lambda: bus if events else None, rescan=rescan
        )
        watcher.start()
        watchers.append(watcher)
        until(lambda: bus.looks)
        return told

    yield start
    for watcher in watchers:
        watcher.stop()


def test_what_is_there_at_the_start_is_no_news(watch):
    bus = Bus(SCALE)
    told = watch(bus, events=True)
    bus.word.set()
    until(lambda: bus.looks > 1)
    assert told == []


def test_a_cable_is_told_of_as_soon_as_the_kernel_says_so(watch):
    bus = Bus(SCALE)
    told = watch(bus, events=True)
    bus.here = (SCALE, BOARD)
    bus.word.set()
    until(lambda: told)
    assert told == [Change(BOARD, here=True)]
    bus.here = (BOARD,)
    bus.word.set()
    until(lambda: len(told) == 2)
    assert told[1] == Change(SCALE, here=False)


def test_without_a_word_from_the_kernel_the_next_look_finds_it(watch):
    bus = Bus()
    told = watch(bus, events=False, rescan=0.05)
    bus.here = (SCALE,)
    until(lambda: told)
    assert told == [Change(SCALE, here=True)]


def test_another_device_in_the_same_socket_is_a_change_of_both_kinds(watch):
    bus = Bus(SCALE)
    told = watch(bus, events=True)
    bus.here = (replace(SCALE, node="/dev/ttyUSB7"),)
    bus.word.set()
    until(lambda: len(told) == 2)
    assert [change.here for change in told] == [False, True]


def test_a_device_that_leaves_while_it_is_read_ends_nothing(watch):
    bus = Bus(SCALE)
    told = watch(bus, events=True)
    bus.here = None
    bus.word.set()
    until(lambda: told)
    bus.here = (SCALE,)
    bus.word.set()
    until(lambda: len(told) == 2)
    assert told[1].here


def test_the_command_watches_until_it_is_interrupted():
    with subprocess.Popen(
        # A job in the background has Ctrl+C switched off; whoever sits at a terminal does not.
        ["env", "--default-signal=INT", sys.executable, "-m", "kiosk", "devices", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as command:
        assert "Avslutt med Ctrl+C" in command.stdout.readline()
        command.send_signal(signal.SIGINT)
        assert command.wait(PATIENCE) == 0
