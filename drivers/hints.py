"""Why a line that is open makes no sense. Pure: told the time, never asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from drivers.events import Event, Garbage, NoReading, Reason

PARITY_SHARE: Final = 0.3
"""At least this share of the bytes has bit 7 set when 7 bits with parity are read as 8.

About half the printable characters have an odd number of bits set; typical weight frames
with even parity have it set in 35 to 65 of 100 bytes.
"""

TEXT_SHARE: Final = 0.9
"""At least this share is text once bit 7 is removed; of random bytes it would be 0.77."""

ENOUGH: Final = 48
"""Fewer bytes say nothing: one in ten runs of 16 random bytes would pass for text."""

KEPT: Final = 512
"""How many of the newest bytes are looked at."""

TEXT: Final = frozenset(range(0x20, 0x7F)) | {0x02, 0x03, 0x0A, 0x0D, 0x1B}

_NO_SENSE: Final = (Reason.NOT_UNDERSTOOD, Reason.TRANSMISSION)


class Hint(StrEnum):
    """The likely cause, for the person at the desk to act on."""

    SILENT = "silent"
    ECHO = "echo"
    WRONG_PARITY = "wrong-parity"
    NOT_UNDERSTOOD = "not-understood"
    GARBAGE = "garbage"


def is_valid(event: Event) -> bool:
    """Return whether ``event`` shows that device and driver understand each other."""
    if isinstance(event, NoReading):
        return event.reason not in _NO_SENSE
    return not isinstance(event, Garbage)


class LineDoctor:
    """Watches one open line and names what is wrong with it."""

    def __init__(self, request: bytes, now: float, patience: float = 5.0) -> None:
        """``request`` is what is sent, or empty; ``patience`` in seconds."""
        self._request = request
        self._patience = patience
        self._valid_at = now
        self._byte_at = -patience
        self._recent = b""
        self._refused = False

    def heard(self, data: bytes, events: Sequence[Event], now: float) -> None:
        """Take what was read and what it was decoded to."""
        if data:
            self._recent = (self._recent + data)[-KEPT:]
            self._byte_at = now
        for event in events:
            self._refused = isinstance(event, NoReading) and event.reason in _NO_SENSE
        if any(map(is_valid, events)):
            self._valid_at = now
            self._recent = b""

    def hint(self, now: float) -> Hint | None:
        """Return what is wrong, or ``None`` while a valid event is recent enough."""
        if now - self._valid_at < self._patience:
            return None
        if now - self._byte_at >= self._patience:
            return Hint.SILENT
        if is_echo(self._recent, self._request):
            return Hint.ECHO
        if has_parity_bit(self._recent):
            return Hint.WRONG_PARITY
        return Hint.NOT_UNDERSTOOD if self._refused else Hint.GARBAGE


def is_echo(data: bytes, request: bytes) -> bool:
    """Return whether ``data`` is nothing but repetitions of ``request``."""
    if not request or request not in data:
        return False
    return len(data.replace(request, b"")) < len(request)


def has_parity_bit(data: bytes) -> bool:
    """Return whether ``data`` is text with bit 7 set in many bytes."""
    if len(data) < ENOUGH:
        return False
    high = sum(byte >= 0x80 for byte in data)
    text = sum(byte & 0x7F in TEXT for byte in data)
    return high >= PARITY_SHARE * len(data) and text >= TEXT_SHARE * len(data)
