"""What can go wrong on the way from a scale, by name.

The faults are those that have broken scale software in the field: values under an error
flag, bytes that are lost, doubled or late, wrong line settings, and lines that go dead.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from random import Random
from typing import Final

BYTE_SECONDS: Final = 0.02
"""Pause after each byte of a slow line: a 21-byte frame takes 0.4 s."""


STRAY: Final = b"\x00"
STRAY_SECONDS: Final = 0.1
"""Seen after the lines of some Tanita scales."""

RESTART_SECONDS: Final = 2.0
"""How long a device that was reset by its modem lines says nothing."""

SLEEP_SECONDS: Final = 8.0
"""An unchanged load puts a battery scale to sleep, here sooner than in life."""

MUTE: Final = frozenset({"silent", "echo", "handshake"})


class Fault(StrEnum):
    """The names the command line and scripts use."""

    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    NEVER_STABLE = "never-stable"
    GARBAGE = "garbage"
    BIT_FLIP = "bit-flip"
    CUT_FRAMES = "cut-frames"
    DUPLICATE_BYTES = "duplicate-bytes"
    SLOW_BYTES = "slow-bytes"
    STALE_BUFFER = "stale-buffer"
    PARITY = "parity"
    ECHO = "echo"
    DROP_BYTES = "drop-bytes"
    TWINS = "twins"
    STRAY_BYTES = "stray-bytes"
    DTR_RESET = "dtr-reset"
    HANDSHAKE = "handshake"
    SLEEP = "sleep"
    SILENT = "silent"
    UNPLUG = "unplug"


MEANINGS: Final = {
    Fault.OVERLOAD: "more than the scale can bear",
    Fault.UNDERLOAD: "below zero range, tray missing",
    Fault.NEVER_STABLE: "the load never comes to rest",
    Fault.GARBAGE: "random bytes instead of frames",
    Fault.BIT_FLIP: "one flipped bit in every frame",
    Fault.CUT_FRAMES: "the end of every frame is lost",
    Fault.DUPLICATE_BYTES: "one byte of every frame comes twice",
    Fault.SLOW_BYTES: "byte by byte with pauses",
    Fault.STALE_BUFFER: "old bytes wait in the port before it is opened",
    Fault.PARITY: "7 bits with even parity, so bit 7 is set in many bytes",
    Fault.ECHO: "requests come back, nothing else",
    Fault.DROP_BYTES: "one byte of every frame is lost",
    Fault.TWINS: "every frame comes twice",
    Fault.STRAY_BYTES: "a stray byte 0.1 s after every frame",
    Fault.DTR_RESET: "the device restarts whenever its port is opened",
    Fault.HANDSHAKE: "the device waits for a modem line nobody raises",
    Fault.SLEEP: "it falls asleep when the load has not changed for a while",
    Fault.SILENT: "the line is open and nothing comes",
    Fault.UNPLUG: "the cable is out until the faults are cleared",
}


def damaged(frame: bytes, faults: Collection[Fault], chance: Random) -> bytes:
    """Return ``frame`` as it arrives with ``faults`` on the line."""
    if not frame:
        return frame
    if Fault.GARBAGE in faults:
        frame = chance.randbytes(len(frame))
    if Fault.BIT_FLIP in faults:
        frame = _flipped(frame, chance.randrange(8 * len(frame)))
    if Fault.CUT_FRAMES in faults:
        frame = frame[: chance.randrange(len(frame))]
    if Fault.DROP_BYTES in faults and frame:
        place = chance.randrange(len(frame))
        frame = frame[:place] + frame[place + 1 :]
    if Fault.DUPLICATE_BYTES in faults and frame:
        place = chance.randrange(len(frame))
        frame = frame[: place + 1] + frame[place:]
    if Fault.PARITY in faults:
        frame = bytes(map(with_even_parity, frame))
    return frame


def pieces(frame: bytes, faults: Collection[Fault]) -> list[tuple[float, bytes]]:
    """Return ``frame`` as (seconds from now, bytes) in the order it goes out."""
    if not frame:
        return []
    if Fault.TWINS in faults:
        frame += frame
    if Fault.SLOW_BYTES in faults:
        return [(n * BYTE_SECONDS, frame[n : n + 1]) for n in range(len(frame))]
    stray = [(STRAY_SECONDS, STRAY)] if Fault.STRAY_BYTES in faults else []
    return [(0.0, frame), *stray]


def with_even_parity(byte: int) -> int:
    """Return the low 7 bits of ``byte`` with bit 7 set if their number of ones is odd."""
    low = byte & 0x7F
    return low | (low.bit_count() & 1) << 7


def _flipped(frame: bytes, bit: int) -> bytes:
    place, mask = bit // 8, 1 << bit % 8
    return frame[:place] + bytes([frame[place] ^ mask]) + frame[place + 1 :]
