"""A4, A7 and A8: last byte to pixels, process start to first page, and what idling costs.

Each is measured on real processes with software GL; A7 and A8 beside Kivy's hello world in the
same run. ``run`` takes the command line of the station and how it says that it is ready; left
out, the screen alone is measured (``screen_only``), without store, links and journal.
"""

from __future__ import annotations

import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.bench.result import Result

HERE = Path(__file__).resolve().parent
HELLO = (sys.executable, str(HERE / "hello_kivy.py"))
SCREEN_ONLY = (sys.executable, str(HERE / "screen_only.py"))
FRAME_MS = 1000 / 60
FRAMES_BAR = 2
FLOOD = 150
STARTS = 7
START_BAR_SECONDS = 0.4
IDLE_SECONDS = 8.0
SETTLE_SECONDS = 4.0
CPU_BAR_POINTS = 2.0
MEMORY_BAR_MB = 60.0
PATIENCE_SECONDS = 30.0
SWITCH_BAR_MS = 50.0


@dataclass(frozen=True, slots=True)
class Program:
    """A command, and how it tells that its first page is up.

    Ready is the line ``marker`` on standard output, or, where ``ready_file`` is set, the file
    of the environment variable of that name coming into being.
    """

    command: Sequence[str]
    marker: str = "READY"
    ready_file: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def run(station: Program | None = None) -> list[Result]:
    """All three anchors. Without ``DISPLAY`` they run offscreen."""
    ours = station or Program(SCREEN_ONLY)
    return [*last_byte_to_pixels(), start_time(ours), *idle_cost(ours), *drawing()]


def last_byte_to_pixels(count: int = FLOOD) -> list[Result]:
    """A4: from the last byte of a frame on a pty to the flip that shows it, milliseconds."""
    peer, _ = _latencies(count, "--bare")
    taken, tail = _latencies(count)
    bare_tail = peer[_last_but_one_in_100(peer)]
    enough = len(taken) >= 0.95 * count
    note = (
        f"median {statistics.median(taken):.1f} ms against {statistics.median(peer):.1f} ms of a "
        f"single Kivy label, {len(taken)} of {count} seen, software GL"
    )
    bar = f"<= {FRAMES_BAR} frames ({FRAMES_BAR * FRAME_MS:.0f} ms), 99 of 100"
    what = "last byte on the line to pixels, 99 of 100 within, ms"
    passed = enough and tail <= FRAMES_BAR * FRAME_MS
    return [Result("A4", what, tail, bare_tail, tail / bare_tail, bar, passed, note)]


def _latencies(count: int, *options: str) -> tuple[list[float], float]:
    command = (*SCREEN_ONLY, "--flood", str(count), "--pty", *options)
    done = subprocess.run(
        command, env=_environment({}), capture_output=True, text=True, check=True, timeout=120
    )
    taken = sorted(1000 * seconds for seconds in json.loads(done.stdout.splitlines()[-1]))
    if not taken:
        raise RuntimeError("no weight was ever seen on the screen")
    return taken, taken[_last_but_one_in_100(taken)]


def _last_but_one_in_100(ordered: list[float]) -> int:
    return min(len(ordered) - 1, int(len(ordered) * 0.99))


def start_time(ours: Program, starts: int = STARTS) -> Result:
    """A7: process start to first page, medians of interleaved starts, seconds."""
    mine, theirs = [], []
    for _ in range(starts):
        theirs.append(_start_once(Program(HELLO)))
        mine.append(_start_once(ours))
    one, other = statistics.median(mine), statistics.median(theirs)
    return Result(
        "A7",
        f"process start to first usable page, median of {starts}, s",
        one,
        other,
        one / other,
        f"<= Kivy hello world + {START_BAR_SECONDS} s",
        one <= other + START_BAR_SECONDS,
        f"best {min(mine):.2f} against {min(theirs):.2f} s",
    )


def idle_cost(ours: Program, seconds: float = IDLE_SECONDS) -> list[Result]:
    """A8: percent of one core, and resident megabytes, of a screen that nobody touches."""
    dark = Program((*SCREEN_ONLY, "--dark"))
    with Running(Program(HELLO)) as hello, Running(ours) as station, Running(dark) as resting:
        running = hello, station, resting
        time.sleep(SETTLE_SECONDS)
        before = [one.cpu_seconds() for one in running]
        start = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - start
        after = [one.cpu_seconds() for one in running]
        memory = hello.megabytes(), station.megabytes()
    peer, mine, rested = (100 * (b - a) / elapsed for a, b in zip(before, after, strict=True))
    return [
        Result(
            "A8", f"idle, percent of a core over {seconds:.0f} s", mine, peer,
            mine / peer if peer else None, f"<= hello world + {CPU_BAR_POINTS:.0f} points",
            mine <= peer + CPU_BAR_POINTS,
        ),
        Result(
            "A8", "idle and dark, percent of a core", rested, mine, rested / mine if mine else None,
            "<= idle and lit", rested <= mine,
        ),
        Result(
            "A8", "idle, resident MB", memory[1], memory[0], memory[1] / memory[0],
            f"<= hello world + {MEMORY_BAR_MB:.0f} MB", memory[1] <= memory[0] + MEMORY_BAR_MB,
        ),
    ]  # fmt: skip


def drawing() -> list[Result]:
    """U1 and U2: switching the language live, and drawing a weight twenty times a second."""
    done = subprocess.run(
        (sys.executable, str(HERE / "drawing.py")),
        env=_environment({}), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    taken = json.loads(done.stdout.splitlines()[-1])
    switch, frame = sorted(taken["switch"]), sorted(taken["frame"])
    one, other = statistics.median(switch), statistics.median(frame)
    return [
        Result(
            "U1", "live language switch to its first frame, median, ms", one, None, None,
            "<= 50 ms", one <= SWITCH_BAR_MS, f"longest of {len(switch)}: {switch[-1]:.0f} ms",
        ),
        Result(
            "U2", "frame with a new live weight at 20 Hz, median, ms", other, None, None,
            f"<= {FRAME_MS:.1f} ms", other <= FRAME_MS,
            f"longest of {len(frame)}: {frame[-1]:.1f} ms, multisamples off, software GL",
        ),
    ]  # fmt: skip


def _start_once(program: Program) -> float:
    start = time.monotonic()
    with Running(program):
        return time.monotonic() - start


class Running:
    """A program from its start to its first page, killed at the end."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        ready = Path(self._folder.name) / "ready"
        extra = dict(self._program.environment)
        if self._program.ready_file:
            extra[self._program.ready_file] = str(ready)
        self._process = subprocess.Popen(
            list(self._program.command),
            env=_environment(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait(ready if self._program.ready_file else None)
        return self

    def _wait(self, file: Path | None) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        assert self._process.stdout is not None
        seen = b""
        while time.monotonic() < deadline and self._process.poll() is None:
            if file is not None:
                if file.exists():
                    return
                time.sleep(0.002)
                continue
            if select.select([self._process.stdout], [], [], 0.1)[0]:
                seen += os.read(self._process.stdout.fileno(), 4096)
                if self._program.marker.encode() in seen:
                    return
        raise RuntimeError(f"{self._program.command[-1]} never became ready")

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text("ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Resident memory."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        kilobytes = next(row.split()[1] for row in status.splitlines() if row.startswith("VmRSS"))
        return int(kilobytes) / 1024

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KIVY", "SDL"))}
    if not env.get("DISPLAY"):
        env["SDL_VIDEODRIVER"] = "offscreen"
    return {**env, **extra}


if __name__ == "__main__":
    for result in run():
        print(result)
