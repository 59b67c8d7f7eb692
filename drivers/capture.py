"""Raw bytes of a device, with times: a bounded ring per link, and a file to keep them in.

A capture file is JSON lines. The first line is a header, every other line one chunk::

    {"capture": 1, "driver": "radwag", "started": "2026-01-02T09:00:00+00:00"}
    {"t": 0.213, "direction": "in", "hex": "5355492020..."}
    {"t": 1.702, "note": "4,236 kg, held"}

``t`` is in seconds since the start; ``direction`` is ``in`` for what the device sent and ``out``
for what was sent to it; a note is what a person typed meanwhile, such as the device's display.
A file holds weights but nothing about whose they are.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Final, TextIO

from drivers.folder import overwrite

FORMAT: Final = 1
RING_BYTES: Final = 65_536
"""What a ring keeps by default: about a minute of a scale at 9600 baud."""

CHUNK_COST: Final = 32
"""What a chunk counts beside its bytes, so that many empty chunks are bounded too."""


class Direction(StrEnum):
    """Which way bytes went, seen from the station."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that went over a line together. ``t`` is in seconds since the capture's start."""

    t: float
    direction: Direction
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """What a person typed during a capture, such as what the device's display showed."""

    t: float
    text: str


@dataclass(frozen=True, slots=True)
class Capture:
    """The content of a capture file. ``started`` is ISO 8601 with offset, or empty."""

    driver: str
    started: str
    chunks: tuple[Chunk, ...]
    notes: tuple[Note, ...] = ()

    def received(self) -> bytes:
        """Return everything the device sent, in order."""
        return b"".join(chunk.data for chunk in self.chunks if chunk.direction is Direction.IN)


class CaptureError(Exception):
    """A capture file cannot be read. The text names the line and never quotes it."""


class CaptureRing:
    """The newest bytes of one link, for support. Bounded, safe to read from any thread."""

    def __init__(self, limit: int = RING_BYTES) -> None:
        self._limit = limit
        self._chunks: deque[Chunk] = deque()
        self._held = 0
        self._lock = Lock()

    def add(self, t: float, direction: Direction, data: bytes) -> None:
        """Keep ``data``; the oldest chunks go when more than the limit is held."""
        if not data:
            return
        chunk = Chunk(t, direction, data[-self._limit :])
        with self._lock:
            self._chunks.append(chunk)
            self._held += len(chunk.data) + CHUNK_COST
            while self._held > self._limit and len(self._chunks) > 1:
                self._held -= len(self._chunks.popleft().data) + CHUNK_COST

    def chunks(self) -> tuple[Chunk, ...]:
        """Return what is held, oldest first, with the times as they were given."""
        with self._lock:
            return tuple(self._chunks)


class CaptureWriter:
    """Writes one capture file, line by line, so that a broken-off capture can be read too.

    Chunks and notes may come from two threads.
    """

    def __init__(self, stream: TextIO, *, driver: str = "", started: str = "") -> None:
        """Write the header to ``stream``; raises ``OSError``."""
        self._stream = stream
        self._lock = Lock()
        self._line({"capture": FORMAT, "driver": driver, "started": started})

    def add(self, chunk: Chunk) -> None:
        """Write one chunk and hand it to the system; raises ``OSError``."""
        self._line(
            {"t": round(chunk.t, 6), "direction": chunk.direction.value, "hex": chunk.data.hex()}
        )

    def note(self, note: Note) -> None:
        """Write what a person typed and hand it to the system; raises ``OSError``."""
        self._line({"t": round(note.t, 6), "note": note.text})

    def _line(self, record: dict[str, object]) -> None:
        with self._lock:
            self._stream.write(json.dumps(record) + "\n")
            self._stream.flush()


def write_capture(
    path: Path, chunks: Iterable[Chunk], *, driver: str = "", started: str = ""
) -> None:
    """Write a whole capture file; raises ``OSError``."""
    with os.fdopen(overwrite(path), "w", encoding="utf-8") as stream:
        writer = CaptureWriter(stream, driver=driver, started=started)
        for chunk in chunks:
            writer.add(chunk)


def read_capture(path: Path) -> Capture:
    """Read a capture file; raises ``OSError`` or :class:`CaptureError`.

    A last line that was cut off, as after a power cut, is left out.
    """
    with path.open(encoding="utf-8", errors="strict") as stream:
        try:
            lines = stream.read().split("\n")
        except UnicodeDecodeError:
            raise CaptureError("not a capture file: not UTF-8 text") from None
    header = _record(lines[0], 1)
    if header.get("capture") != FORMAT:
        raise CaptureError(f"line 1: not a capture file of format {FORMAT}")
    content = tuple(_content(lines[1:-1]))
    return Capture(
        driver=str(header.get("driver", "")),
        started=str(header.get("started", "")),
        chunks=tuple(each for each in content if isinstance(each, Chunk)),
        notes=tuple(each for each in content if isinstance(each, Note)),
    )


def _content(lines: Iterable[str]) -> Iterator[Chunk | Note]:
    for number, line in enumerate(lines, start=2):
        if line.strip():
            record = _record(line, number)
            yield _note(record, number) if "note" in record else _chunk(record, number)


def _note(record: dict[str, object], number: int) -> Note:
    try:
        return Note(float(str(record["t"])), str(record["note"]))
    except (KeyError, ValueError):
        raise CaptureError(f"line {number}: not a note") from None


def _record(line: str, number: int) -> dict[str, object]:
    try:
        record = json.loads(line)
    except ValueError:
        raise CaptureError(f"line {number}: not a JSON object") from None
    if not isinstance(record, dict):
        raise CaptureError(f"line {number}: not a JSON object")
    return record


def _chunk(record: dict[str, object], number: int) -> Chunk:
    try:
        return Chunk(
            t=float(str(record["t"])),
            direction=Direction(str(record["direction"])),
            data=bytes.fromhex(str(record["hex"])),
        )
    except (KeyError, ValueError):
        raise CaptureError(f"line {number}: needs t, direction and hex") from None
