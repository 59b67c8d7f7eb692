"""A simulated audiometer on a pty: a person works it by script and presses *send*.

It makes no tone. What stands on it is a table of ear and frequency; sending writes the frames
the driver's own renderer makes. Faults are those of a cable: a wrong checksum, a transfer that
breaks off, a record sent twice, two in one piece, a pause in the middle.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from drivers.driver import Driver, Settings
from drivers.hearing import Ear, Masking, Response, Tone, ToneRecord, Transducer
from drivers.simulators.pty_port import PtyPort

HERTZ: Final = (125, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000)
ABORTED_BYTES: Final = 40
PAUSE_SECONDS: Final = 3.0
BETWEEN_SECONDS: Final = 0.05


class Fault(StrEnum):
    """What goes wrong on the cable."""

    CHECKSUM = "checksum"
    ABORT = "abort"
    REPEAT = "repeat"
    JOINED = "joined"
    PAUSE = "pause"


Place = tuple[Ear, Transducer, int]


class SimulatedAudiometer:
    """An audiometer that is plugged in by :meth:`start`; one thread works it."""

    def __init__(self, driver: Driver, link: Path, settings: Settings | None = None) -> None:
        self._driver = driver
        self._link = link
        self._settings = settings or {}
        self._port: PtyPort | None = None
        self._tones: dict[Place, Tone] = {}
        self._sequence = 0
        self._stopping = threading.Event()
        self.faults: set[Fault] = set()

    def start(self) -> None:
        """Plug it in; raises ``OSError`` if the link cannot be made."""
        self._port = PtyPort(self._link)

    def stop(self) -> None:
        """Unplug it, also in the middle of a pause. May be called twice."""
        self._stopping.set()
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def set(self, ear: Ear, transducer: Transducer, hz: int, answer: str) -> None:
        """Note an answer: ``20`` a threshold, ``>90`` no response there, ``>?`` none at all.

        Raises :class:`ValueError` for anything else.
        """
        if hz not in HERTZ:
            raise ValueError(f"{hz} Hz is on no audiometer here")
        self._tones[ear, transducer, hz] = _tone(ear, transducer, hz, answer)

    def send(self) -> None:
        """Send what stands on it; raises :class:`ValueError` for what the protocol cannot say."""
        frames = [frame for record in self._records() for frame in self._frames(record)]
        if Fault.JOINED in self.faults:
            frames = [b"".join(frames)]
        for frame in frames:
            self._write(frame)
            self._wait(BETWEEN_SECONDS)

    def clear(self) -> None:
        """Begin the next child."""
        self._tones.clear()

    def _records(self) -> Iterator[ToneRecord]:
        """One record of everything where the protocol has room for it, else one for each ear."""
        whole = ToneRecord(self._all(Ear.RIGHT, Ear.LEFT, both_paths=True))
        try:
            self._render(whole)
        except ValueError:
            tested = {ear for ear, _, _ in self._tones}
            ears = [ear for ear in (Ear.RIGHT, Ear.LEFT) if ear in tested] or [Ear.RIGHT]
            for number, ear in enumerate(ears, start=1):
                yield ToneRecord(self._all(ear, both_paths=False), number, len(ears))
        else:
            yield whole

    def _all(self, *ears: Ear, both_paths: bool) -> tuple[Tone, ...]:
        paths = (Transducer.HEADPHONE, Transducer.BONE)[: 2 if both_paths else 1]
        return tuple(
            self._tones.get((ear, path, hz), Tone(ear, path, hz, Response.NOT_TESTED))
            for path in paths
            for hz in HERTZ
            for ear in ears
        )

    def _frames(self, record: ToneRecord) -> list[bytes]:
        frame = self._render(replace(record, sequence=str(self._sequence)))
        self._sequence = (self._sequence + 1) % 10
        if Fault.CHECKSUM in self.faults:
            middle = len(frame) // 2
            frame = frame[:middle] + bytes([frame[middle] ^ 1]) + frame[middle + 1 :]
        if Fault.ABORT in self.faults:
            frame = frame[:ABORTED_BYTES]
        return [frame, frame] if Fault.REPEAT in self.faults else [frame]

    def _render(self, record: ToneRecord) -> bytes:
        if self._driver.render_record is None:
            raise ValueError(f"{self._driver.key} sends no records")
        return self._driver.render_record(record, self._settings)

    def _write(self, frame: bytes) -> None:
        if self._port is None:
            return
        if Fault.PAUSE in self.faults:
            half = len(frame) // 2
            self._port.write(frame[:half])
            self._wait(PAUSE_SECONDS)
            frame = frame[half:]
        if self._port is not None:
            self._port.write(frame)

    def _wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)


def _tone(ear: Ear, transducer: Transducer, hz: int, answer: str) -> Tone:
    unheard = answer.startswith(">")
    if answer == ">?":
        return Tone(ear, transducer, hz, Response.NO_RESPONSE_LEVEL_UNKNOWN)
    digits = answer[1:] if unheard else answer
    if not digits.lstrip("-").replace(".", "", 1).isdecimal():
        raise ValueError(f"{answer!r} is no level")
    response = Response.NO_RESPONSE if unheard else Response.THRESHOLD
    return Tone(ear, transducer, hz, response, Decimal(digits), Masking.NONE)
