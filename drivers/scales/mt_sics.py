"""MT-SICS, the Mettler-Toledo Standard Interface Command Set, levels 0 and 1.

Source: Mettler-Toledo AL-IC operating instructions p. 72 and AT balances p. 87 (commands, the
answers ``S S``, ``S D``, ``S I``, ``S +``, ``S -``); B-TEK T104 manual p. 44. Error answers as
open drivers for these balances read them.

A value line is ``S S`` (stable) or ``S D`` (moving), the number and the unit, parted by blanks.
The value is the net weight, but no frame says whether a tare is in use, so no flag is set for it:
flags repeat what a frame says. There is no checksum.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.digits import no_weight
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Settings
from drivers.events import (
    Event,
    Flag,
    Garbage,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
)
from drivers.framing import LineDecoder

UNITS = {unit.encode(): unit for unit in ("kg", "g", "mg", "lb", "oz", "t", "ct", "dwt", "ozt")}
"""The units of the protocol, by their bytes."""

_VALUE = re.compile(rb"S ([SD]) +(-?\d{1,8}(?:\.\d{1,6})?) ([A-Za-z]{1,3})\r\n")
_OTHER = re.compile(rb"S [SD] +-?[\d:.]{1,12} ([A-Za-z:%]{1,5})\r\n")
_ERROR = re.compile(rb"S S Error (\d{1,3}[bt])\r\n")
_TARE = re.compile(rb"T[AI]? [SDA] +-?\d{1,8}(?:\.\d{1,6})? [A-Za-z]{1,3}\r\n")
_TEXT = re.compile(rb"I\d{1,2} [AB] [ -~]{0,200}\r\n")
_REFUSED = re.compile(rb"(?:[A-Z]{1,3}|[A-Z]\d{1,2}) ([IL+-])\r\n")

_FIXED = {
    b"ES\r\n": (Reason.NOT_UNDERSTOOD, "ES"),
    b"ET\r\n": (Reason.TRANSMISSION, "ET"),
    b"EL\r\n": (Reason.ERROR, "EL"),
    b"Z A\r\n": (Reason.ZERO_DONE, ""),
    b"Z D\r\n": (Reason.ZERO_DONE, ""),
    b"Z S\r\n": (Reason.ZERO_DONE, ""),
    b"ZI S\r\n": (Reason.ZERO_DONE, ""),
    b"ZI D\r\n": (Reason.ZERO_DONE, ""),
    b"TAC A\r\n": (Reason.TARE_DONE, ""),
}
_DISPLAY = {b"D A\r\n", b"DW A\r\n", b"K A\r\n"}
_REFUSALS = {
    b"I": (Reason.BUSY, ""),
    b"L": (Reason.NOT_UNDERSTOOD, "L"),
    b"+": (Reason.OVERLOAD, ""),
    b"-": (Reason.UNDERLOAD, ""),
}
"""The second word that any command may be answered with instead of a result."""

_WEIGHT = Quantity.WEIGHT
_STATES = {b"S": Stability.STABLE, b"D": Stability.MOVING}
_NO_FLAGS: frozenset[Flag] = frozenset()
_MINUS = ord("-")
_NEGATIVE = frozenset({Flag.NEGATIVE})


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if (found := _VALUE.fullmatch(line)) is not None:
        return _value(found, line)
    if (fixed := _FIXED.get(line)) is not None:
        return NoReading(*fixed, line)
    if (refused := _REFUSED.fullmatch(line)) is not None:
        return NoReading(*_REFUSALS[refused[1]], line)
    if (error := _ERROR.fullmatch(line)) is not None:
        return NoReading(Reason.ERROR, error[1].decode(), line)
    if _TARE.fullmatch(line) is not None:
        # The number is the tare that was taken, never a weight on the platform.
        return NoReading(Reason.TARE_DONE, raw=line)
    if _TEXT.fullmatch(line) is not None:
        return NoReading(Reason.IDENTITY, raw=line)
    if line in _DISPLAY:
        return NoReading(Reason.OTHER, "display", line)
    other = _OTHER.fullmatch(line)
    called = no_weight(other[1]) if other else ""
    return NoReading(Reason.OTHER, called, line) if called else Garbage(line)


def _value(found: re.Match[bytes], line: bytes) -> Event:
    state, number, unit_bytes = found.groups()
    unit = UNITS.get(unit_bytes)
    if unit is None:
        called = no_weight(unit_bytes)
        return NoReading(Reason.OTHER, called, line) if called else Garbage(line)
    value, flags = Decimal(number.decode()), _NO_FLAGS
    if number[0] == _MINUS:
        # A minus before nothing but zeros means zero.
        value, flags = (value, _NEGATIVE) if value else (abs(value), _NO_FLAGS)
    return Reading(_WEIGHT, value, unit, _STATES[state], flags, line)


_RENDERED = {
    Reason.OVERLOAD: b"S +\r\n",
    Reason.UNDERLOAD: b"S -\r\n",
    Reason.BUSY: b"S I\r\n",
    Reason.NOT_STABLE: b"S I\r\n",
    Reason.PENDING: b"S I\r\n",
    Reason.NOT_UNDERSTOOD: b"ES\r\n",
    Reason.TRANSMISSION: b"ET\r\n",
    Reason.ZERO_DONE: b"Z A\r\n",
    Reason.TARE_DONE: b"TAC A\r\n",
    Reason.IDENTITY: b'I4 A "SIM"\r\n',
}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would answer to ``SI``."""
    del settings
    match event:
        case Reading():
            state = "D" if event.stability is Stability.MOVING else "S"
            return f"S {state} {event.value:>10} {event.unit}\r\n".encode()
        case NoReading(reason=Reason.ERROR, code="EL"):
            return b"EL\r\n"
        case NoReading(reason=Reason.ERROR):
            return f"S S Error {event.code or '10b'}\r\n".encode()
        case NoReading(reason=reason) if reason in _RENDERED:
            return _RENDERED[reason]
        case NoReading():
            raise ValueError("the scale answers no such thing to SI")
        case Garbage(raw=raw):
            return raw


DRIVERS = (
    Driver(
        key="mt-sics",
        name="MT-SICS (Mettler-Toledo and compatible)",
        kind=Kind.SCALE,
        version="2",
        models=("Mettler-Toledo level 0/1", "B-TEK T104"),
        sources=("Mettler-Toledo AL-IC manual p. 72", "Mettler-Toledo AT manual p. 87"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        # SI changes nothing on the scale and answers at once, moving or not.
        poll=Poll(b"SI\r\n", interval=0.1, timeout=1.0),
        rhythm=Rhythm.ANSWERS,
    ),
)
