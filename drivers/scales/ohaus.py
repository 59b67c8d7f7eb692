"""Ohaus Defender 3000 and Ranger print line. Source: Ohaus Defender 3000 manual p. 37.

Sign, blank, seven of weight right aligned, blank, up to five of unit left aligned, ``?`` when not
stable, legend of three (``G`` gross, ``NET``, ``T`` tare), CR LF. There is no checksum. ``IP``
prints at once and changes nothing on the scale; ``Z`` and ``T`` are never sent.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"([ -]) (?=[ \d.]{7} ) *(\d{1,7}(?:\.\d{1,4})?) "
    rb"(kg   |g    |lb   |oz   )([ ?])(G  |NET|T  |   )\r\n"
)
_KINDS = {
    b"G  ": frozenset({Flag.GROSS}),
    b"NET": frozenset({Flag.NET}),
    b"   ": frozenset[Flag](),
}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its lines."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if line == b"ES\r\n":
        return NoReading(Reason.NOT_UNDERSTOOD, raw=line)
    found = _LINE.fullmatch(line)
    if found is None:
        return Garbage(line)
    sign, digits, unit, mark, legend = found.groups()
    if legend not in _KINDS:
        # The number is the tare, never a weight on the platform.
        return NoReading(Reason.OTHER, "tare", line)
    value, flags = signed(digits, minus=sign == b"-")
    stability = Stability.MOVING if mark == b"?" else Stability.STABLE
    return Reading(
        Quantity.WEIGHT, value, unit.decode().strip(), stability, flags | _KINDS[legend], line
    )


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 7:
                raise ValueError("the line has seven characters of number")
            sign = "-" if event.value < 0 else " "
            mark = "?" if event.stability is Stability.MOVING else " "
            legend = "NET" if Flag.NET in event.flags else "G"
            return f"{sign} {digits:>7} {event.unit:<5}{mark}{legend:<3}\r\n".encode()
        case NoReading(reason=Reason.NOT_UNDERSTOOD):
            return b"ES\r\n"
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


DRIVERS = (
    Driver(
        key="ohaus",
        name="Ohaus Defender",
        kind=Kind.SCALE,
        version="1",
        models=("Ohaus Defender 3000", "Ohaus Ranger"),
        sources=("Ohaus Defender 3000 manual p. 37", "Ohaus Ranger manual p. 36"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting("request", ("ip", "stream"), "ip", "asked with IP, or printing by itself"),
        ),
        requests={"ip": Poll(b"IP\r\n"), "stream": None},
    ),
)
