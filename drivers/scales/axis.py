"""AXIS series B. Source: AXIS series B user manual p. 12.

Sixteen characters answer ``SI``: sign, blank, eight of number right aligned, blank, two of unit,
blank, CR LF. The frame does not say whether the value has settled, and has no checksum.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Settings
from drivers.events import Event, Flag, Garbage, Quantity, Reading, Stability
from drivers.framing import LineDecoder

UNITS = frozenset({"kg", "g"})

_LINE = re.compile(rb"([ -]) (?=[ 0-9.]{8} ) *(\d{1,8}(?:\.\d{1,6})?) ([a-z]{2}|[a-z] ) \r\n")


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    found = _LINE.fullmatch(line)
    if found is None or len(line) != 16:
        return Garbage(line)
    sign, digits, unit = (part.decode().strip() for part in found.groups())
    if unit not in UNITS:
        return Garbage(line)
    value = Decimal(digits)
    flags: frozenset[Flag] = frozenset()
    if sign and value:
        value, flags = -value, frozenset({Flag.NEGATIVE})
    return Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a reading as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            sign = "-" if event.value < 0 else " "
            return f"{sign} {abs(event.value):>8} {event.unit:<2} \r\n".encode()
        case Garbage(raw=raw):
            return raw
        case _:
            raise ValueError("the protocol has no answer without a value")


DRIVERS = (
    Driver(
        key="axis",
        name="AXIS series B",
        kind=Kind.SCALE,
        version="1",
        models=("AXIS series B",),
        sources=("AXIS series B user manual p. 12",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(baud=4800),
        decoder=decoder,
        render=render,
        # SI reads and changes nothing. ST (tare), SZ (zero) and SS (power) are never sent.
        poll=Poll(b"SI\r\n"),
        rhythm=Rhythm.ANSWERS,
    ),
)
