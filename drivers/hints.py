"""Why a line that is open makes no sense. Pure: told the time, never asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from drivers.driver import Line, Rhythm
from drivers.events import DeviceEvent, Garbage, NoReading, Reason

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

SPEED_SHARE: Final = 0.6
"""At most this share is text, with or without bit 7, when text is sampled at a wrong speed.

A UART that samples too fast reads each bit several times and gets bytes such as 00, 78, 80, E6;
of random bytes 0.77 would be text.
"""

PRINTOUT_SHARE: Final = 0.97
"""At least this share of a printout is plain text."""

FOREIGN: Final = re.compile(rb"(?:\A|[\r\n])AT(?:[EIQZ&+]|\r)")
"""What ModemManager writes to a port to find out whether it is a modem, at a line's start."""

_NO_SENSE: Final = (Reason.NOT_UNDERSTOOD, Reason.TRANSMISSION)


class Hint(StrEnum):
    """The likely cause, for the person at the desk to act on.

    ``UNANSWERED`` belongs to a port that is open and has yet to prove that a scale is behind it.
    ``PARITY_STRIPPED`` is a warning beside good values: the device sends 7 bits with parity, the
    port reads 8, and nothing checks the parity any more.
    """

    UNANSWERED = "unanswered"
    SILENT = "silent"
    SILENT_OR_PARITY = "silent-or-parity"
    ASLEEP = "asleep"
    ECHO = "echo"
    FOREIGN_COMMANDS = "foreign-commands"
    WRONG_PARITY = "wrong-parity"
    PARITY_STRIPPED = "parity-stripped"
    NOT_UNDERSTOOD = "not-understood"
    WRONG_SPEED = "wrong-speed"
    PRINTOUT = "printout"
    GARBAGE = "garbage"


LOOKS_LIKE: Final = "looks-like:"
"""Stands before the name of another device whose driver reads what came, in place of a hint."""

UNREAD: Final = (Hint.PRINTOUT, Hint.GARBAGE, Hint.NOT_UNDERSTOOD, Hint.WRONG_SPEED)
"""Where something came that this driver cannot read, and another may."""


def is_valid(event: DeviceEvent) -> bool:
    """Return whether ``event`` shows that device and driver understand each other."""
    if isinstance(event, NoReading):
        return event.reason not in _NO_SENSE
    return not isinstance(event, Garbage)


class LineDoctor:
    """Watches one open line and names what is wrong with it."""

    def __init__(
        self,
        request: bytes,
        now: float,
        patience: float = 5.0,
        line: Line | None = None,
        *,
        rhythm: Rhythm = Rhythm.STREAMS,
    ) -> None:
        """``request`` is what is sent, or empty; ``patience`` in seconds.

        ``line`` is how the driver says the device talks, whatever the port was opened with. In the
        ``rhythm`` *once* silence is no sign of anything.
        """
        self._may_be_silent = rhythm is Rhythm.ONCE
        self._request = request
        self._patience = patience
        self._line = line or Line()
        self._valid_at = now
        self._byte_at = -patience
        self._recent = b""
        self._checked = b""
        self._refused = False
        self._ever_valid = False

    def heard(self, data: bytes, events: Sequence[DeviceEvent], now: float) -> None:
        """Take what was read and what it was decoded to."""
        if data:
            self._recent = (self._recent + data)[-KEPT:]
            self._byte_at = now
            if self._line.bits == 7:
                self._checked = (self._checked + data)[-KEPT:]
        for event in events:
            self._refused = isinstance(event, NoReading) and event.reason in _NO_SENSE
        if any(map(is_valid, events)):
            self._valid_at = now
            self._ever_valid = True
            self._recent = b""

    def hint(self, now: float) -> Hint | None:
        """Return what is wrong, or ``None`` while a valid event is recent enough."""
        if now - self._valid_at < self._patience:
            return None
        if now - self._byte_at >= self._patience:
            return None if self._may_be_silent else self._silence()
        if is_echo(self._recent, self._request):
            return Hint.ECHO
        if FOREIGN.search(self._recent):
            return Hint.FOREIGN_COMMANDS
        if has_parity_bit(self._recent):
            return Hint.WRONG_PARITY
        if self._refused:
            return Hint.NOT_UNDERSTOOD
        if is_wrong_speed(self._recent):
            return Hint.WRONG_SPEED
        return Hint.PRINTOUT if is_printout(self._recent) else Hint.GARBAGE

    @property
    def unread(self) -> bytes:
        """The newest bytes that came since the last valid event."""
        return self._recent

    def warning(self) -> Hint | None:
        """Return what is doubtful although values arrive, or ``None``."""
        return Hint.PARITY_STRIPPED if has_parity_bit(self._checked) else None

    def _silence(self) -> Hint:
        """A port that checks parity drops what fails, so a wrong parity is silence as well."""
        if self._ever_valid:
            return Hint.ASLEEP
        return Hint.SILENT if self._line.parity == "N" else Hint.SILENT_OR_PARITY


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


def is_wrong_speed(data: bytes) -> bool:
    """Return whether so little of ``data`` is text that it looks sampled at a wrong speed."""
    text = sum(byte & 0x7F in TEXT for byte in data)
    return len(data) >= ENOUGH and text <= SPEED_SHARE * len(data)


def is_printout(data: bytes) -> bool:
    """Return whether ``data`` is lines of plain text, such as a scale sends to a printer."""
    text = sum(byte in TEXT for byte in data)
    lines = data.count(b"\r") + data.count(b"\n")
    return lines > 0 and len(data) >= ENOUGH and text >= PRINTOUT_SHARE * len(data)
