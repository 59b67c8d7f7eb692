"""Salter Brecknell 308BP and 304BP at their PRINT command. Source: 308BP user manual p. 23.

A line: STX, blank or ``-``, eight of weight, blank, unit, CR LF, sent once. What the keys for a sum
send begins with blanks and ``+`` or ``T`` and is never a weighing. The line does not say whether
the value has settled and has no checksum. The figure of the continuous mode cannot be read in the
copies that were found, so that mode is not read.
"""

from __future__ import annotations

import re

from drivers.digits import no_weight, signed
from drivers.driver import Driver, Kind, Line, Maturity, Rhythm, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"\x02(?P<sign>[ -])(?=[ \d.]{8} ) *(?P<digits>\d{1,7}(?:\.\d{1,4})?) (?P<unit>kg|g|lb|oz)\r\n"
)
_OTHER = re.compile(rb"\x02[ -][ \d.]{8} (?P<unit>[a-z]{2,3})\r\n")
_SUM = re.compile(rb"\x02 {0,6}[+T][ -~]{1,40}\r\n")


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; the line has no profile settings."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if _SUM.fullmatch(line) is not None:
        return NoReading(Reason.OTHER, "sum", line)
    found = _LINE.fullmatch(line)
    if found is None:
        other = _OTHER.fullmatch(line)
        called = no_weight(other["unit"]) if other else ""
        return NoReading(Reason.OTHER, called, line) if called else Garbage(line)
    value, flags = signed(found["digits"], minus=found["sign"] == b"-")
    unit = found["unit"].decode()
    return Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a settled weight as PRINT does; raises ``ValueError`` for anything else."""
    del settings
    match event:
        case Reading(stability=Stability.MOVING):
            return b""
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 8:
                raise ValueError("the line has eight characters of number")
            sign = "-" if event.value < 0 else " "
            return f"\x02{sign}{digits:>8} {event.unit}\r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the line has a weight and nothing else")


DRIVERS = (
    Driver(
        key="brecknell-bp",
        name="Salter Brecknell BP print line",
        kind=Kind.SCALE,
        version="2",
        models=("Salter Brecknell 308BP, 304BP",),
        sources=("Salter Brecknell 308BP manual p. 23",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        rhythm=Rhythm.ONCE,
    ),
)
