"""A3 and A11: from the last byte on the line to the callback, and from cable back to a value.

A3 runs a real link and pyserial's ``readline`` in turn on ptys, frame by frame, fed by a writer
in a process of its own that stamps the moment before each last byte. The bar is for frames that
arrive as USB adapters deliver them, the last byte close behind the others; the note gives the
figures for bytes at the pace of 9600 baud, where ``readline`` has nothing left to do at the end
and the difference is what decoding and stamping cost on a processor that was asleep.
"""

from __future__ import annotations

import contextlib
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import time
import tty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import serial

from drivers.driver import Driver, Line, Settings
from drivers.events import LinkStatus, Reading, Stamped
from drivers.link import Link
from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from tests.bench.result import Result

FRAMES = 60
IDLE = 0.01
BYTE_SECONDS = 10 / 9600
ROUNDS = 5
RATIO_BAR = 1.5
P99_BAR_MS = 5.0
CYCLES = 1_000
BACK_BAR_MS = 500.0

WRITER = """
import os, sys, time
device = int(sys.argv[1])
for line in sys.stdin:
    frame = bytes.fromhex(line.strip())
    pause = float(sys.argv[2])
    if pause:
        for place in range(len(frame) - 1):
            os.write(device, frame[place:place + 1]); time.sleep(pause)
    else:
        os.write(device, frame[:-1])
    now = time.monotonic_ns()
    os.write(device, frame[-1:])
    sys.stdout.write(f"{now}\\n"); sys.stdout.flush()
"""


def run() -> list[Result]:
    """Both anchors."""
    return [*a3(), *a11()]


class Writer:
    """Another process that plays the device at the far end of a new pty."""

    def __init__(self, pause: float) -> None:
        self._device, port = os.openpty()
        tty.setraw(port)
        self.name = os.ttyname(port)
        os.close(port)
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(self._device), str(pause)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[self._device],
            text=True,
        )

    def send(self, frame: bytes) -> None:
        """Have ``frame`` written, its last byte for itself."""
        assert self._process.stdin is not None
        self._process.stdin.write(frame.hex() + "\n")
        self._process.stdin.flush()

    def stamp(self) -> float:
        """Return when the last byte of the frame was about to be written, monotonic seconds."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline()) / 1e9

    def close(self) -> None:
        """End the process and pull the cable."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._device)


def a3() -> list[Result]:
    """Last byte to callback, in milliseconds."""
    ours, peers = _latencies(FRAMES * ROUNDS, 0.0)
    paced = [statistics.median(times) for times in _latencies(FRAMES, BYTE_SECONDS)]
    note = "decoded, checked and stamped, where readline only cuts the line; "
    note += f"byte by byte at 9600 baud {paced[0]:.2f} against {paced[1]:.2f} ms"
    return [*_a3_results(ours, peers, note)]


def _latencies(frames: int, pause: float) -> tuple[list[float], list[float]]:
    """Return milliseconds of the link and of readline, taken in turn on every frame."""
    ours: list[float] = []
    peers: list[float] = []
    closing = contextlib.closing
    radwag = find_driver("radwag")
    with closing(LinkReader(radwag, {}, pause)) as link, closing(LineReader(pause)) as line:
        pair: tuple[tuple[LinkReader | LineReader, list[float]], ...]
        pair = ((link, ours), (line, peers))
        for number in range(frames):
            frame = f"SI    {number / 1000:>9.3f} kg \r\n".encode()
            for reader, times in pair if number % 2 else reversed(pair):
                time.sleep(IDLE)
                times.append(1000 * reader.latency(frame))
    return ours, peers


def driver_latencies(
    driver: Driver, settings: Settings, frame: bytes
) -> tuple[list[float], list[float]]:
    """Return milliseconds of a driver's link and of pyserial reading its frame, in turn."""
    ours: list[float] = []
    peers: list[float] = []
    closing = contextlib.closing
    with closing(LinkReader(driver, settings, 0.0)) as link, closing(CountReader(frame)) as count:
        link.warm_up(frame)
        for _ in range(FRAMES):
            for reader, times in ((link, ours), (count, peers)):
                time.sleep(IDLE)
                times.append(1000 * reader.latency(frame))
    return ours, peers


def _a3_results(ours: list[float], peers: list[float], note: str) -> Iterator[Result]:
    mine, theirs = statistics.median(ours), statistics.median(peers)
    ratio = mine / theirs
    yield Result(
        "A3",
        f"last byte to callback over a pty, median of {len(ours)} frames, ms",
        mine,
        theirs,
        ratio,
        f"<= {RATIO_BAR} x pyserial readline",
        ratio <= RATIO_BAR,
        note,
    )
    tail, peer_tail = _p99(ours), _p99(peers)
    bar = f"<= {P99_BAR_MS:.0f} ms"
    yield Result(
        "A3",
        "last byte to callback over a pty, 99 of 100 within, ms",
        tail,
        peer_tail,
        tail / peer_tail,
        bar,
        tail <= P99_BAR_MS,
    )


class LinkReader:
    """The station's own link with a driver, which here only listens."""

    def __init__(self, driver: Driver, settings: Settings, pause: float) -> None:
        self._writer = Writer(pause)
        self._arrived: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._opened: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._link = Link(
            "scale",
            _listening(driver),
            self._writer.name,
            self._take,
            settings=settings,
            line=Line(),
        )
        self._link.start()
        self._opened.get(timeout=5)
        time.sleep(0.2)

    def warm_up(self, frame: bytes) -> None:
        """Send what a driver drops that repeats the last weighing when it is opened."""
        for _ in range(2):
            self._writer.send(frame)
            self._writer.stamp()
        time.sleep(0.2)
        while not self._arrived.empty():
            self._arrived.get()

    def latency(self, frame: bytes) -> float:
        """Return the seconds from the last byte to the callback."""
        self._writer.send(frame)
        arrived = self._arrived.get(timeout=5)
        return arrived - self._writer.stamp()

    def close(self) -> None:
        """Stop the link, then the writer."""
        self._link.stop()
        self._writer.close()

    def _take(self, item: Stamped | LinkStatus) -> None:
        if isinstance(item, LinkStatus):
            self._opened.put(None)
        elif isinstance(item.event, Reading):
            self._arrived.put(time.monotonic())


class LineReader:
    """pyserial's ``readline``, which waits for the line's end as most scripts do."""

    def __init__(self, pause: float) -> None:
        self._writer = Writer(pause)
        self._port = serial.Serial(self._writer.name, 9600, timeout=5)

    def latency(self, frame: bytes) -> float:
        """Return the seconds from the last byte to the return of ``readline``."""
        self._writer.send(frame)
        self._read()
        arrived = time.monotonic()
        return arrived - self._writer.stamp()

    def _read(self) -> None:
        self._port.readline()

    def close(self) -> None:
        """Close the port, then the writer."""
        self._port.close()
        self._writer.close()


class CountReader(LineReader):
    """pyserial byte by byte to the end of a frame, as its ``readline`` does inside."""

    def __init__(self, frame: bytes) -> None:
        super().__init__(0.0)
        self._length = len(frame)

    def _read(self) -> None:
        for _ in range(self._length):
            self._port.read(1)


def a11() -> list[Result]:
    """Cable back to the next reading, in milliseconds, and descriptors left over."""
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        arrived: queue.SimpleQueue[Stamped] = queue.SimpleQueue()
        driver = find_driver("radwag")
        place = Path(folder) / "scale"
        scale = SimulatedScale(driver, place)
        scale.start()
        link = Link("scale", driver, str(place), lambda item: _keep_value(item, arrived))
        link.start()
        session = arrived.get(timeout=5).session
        before = _descriptors()
        for _ in range(CYCLES):
            scale.unplug()
            # Long enough for the link to have noticed and to be waiting.
            time.sleep(0.02)
            back = time.monotonic()
            scale.replug()
            while (stamped := arrived.get(timeout=5)).session == session:
                continue
            session = stamped.session
            times.append(1000 * (stamped.monotonic - back))
        leaked = _descriptors() - before
        link.stop()
        scale.stop()
    worst = max(times)
    what = f"cable back to the next reading, worst of {CYCLES}, ms"
    note = f"median {statistics.median(times):.0f} ms; {leaked} descriptors left over"
    bar = f"<= {BACK_BAR_MS:.0f} ms and no descriptor left over"
    return [Result("A11", what, worst, None, None, bar, worst <= BACK_BAR_MS and not leaked, note)]


def _keep_value(item: Stamped | LinkStatus, arrived: queue.SimpleQueue[Stamped]) -> None:
    if isinstance(item, Stamped) and isinstance(item.event, Reading):
        arrived.put(item)


def _listening(driver: Driver) -> Driver:
    """Return ``driver`` without its request, so that the writer alone sets the pace."""
    return replace(driver, poll=None, requests=None)


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]


if __name__ == "__main__":
    for result in run():
        print(result)
