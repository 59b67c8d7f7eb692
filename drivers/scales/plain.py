"""A plain line: a number and a unit, and nothing that says more.

Sources: real lines ``···0.1748kg`` and ``-··0.0409kg`` posted in ADLIV issue 17 (blanks are shown
as points); lines of a G&G balance posted in OpenTrickler-RP2040-Controller issue 15.

Nothing in such a line tells that its head is missing, and with the head a digit or the sign would
be lost. So a line counts only if it has as many characters as this scale's lines have: its profile
tells how many. Whether the value has settled is unknown. A line ends with LF, with or without a CR
before it. There is no checksum.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Stability
from drivers.framing import LineDecoder

WIDTH = "11"
"""Characters of the real lines, without their ending."""

_LINE = re.compile(
    rb"(?P<text>(?P<pad>[+-]? *| +[+-])(?P<digits>\d{1,8}(?:\.\d{1,6})?)"
    rb" {0,2}(?P<unit>kg|KG|Kg|g|lb|LB|oz) *)\r?\n"
)


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for lines of this profile's width."""
    width = int(settings.get("width", WIDTH))
    return LineDecoder(partial(read_line, width=width), b"\n")


def read_line(line: bytes, *, width: int) -> Event:
    """Read one line with its ending; ``width`` is how many characters it has before it."""
    found = _LINE.fullmatch(line)
    if found is None or len(found["text"]) != width:
        return Garbage(line)
    value, flags = signed(found["digits"], minus=b"-" in found["pad"])
    unit = found["unit"].decode().lower()
    return Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight right aligned, its sign first; raises ``ValueError`` for anything else."""
    width = int(settings.get("width", WIDTH))
    match event:
        case Reading():
            sign = "-" if event.value < 0 else " "
            text = f"{abs(event.value):f}{event.unit}"
            if len(text) >= width:
                raise ValueError("the line has no room for the number")
            return f"{sign}{text:>{width - 1}}\r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the line has a weight and nothing else")


DRIVERS = (
    Driver(
        key="plain",
        name="Plain line of number and unit",
        kind=Kind.SCALE,
        version="1",
        models=("scales that send a number and a unit",),
        sources=(
            "lines posted in ADLIV issue 17",
            "lines of a G&G balance posted in OpenTrickler-RP2040-Controller issue 15",
        ),
        maturity=Maturity.EXPERIMENTAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting(
                "width",
                (),
                WIDTH,
                "characters of each line before its ending",
                pattern=r"[1-9]|[1-3][0-9]",
                example=WIDTH,
            ),
        ),
    ),
)
