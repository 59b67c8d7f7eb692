"""Adam MUW medical column scales. Source: Adam Equipment MUW user manual p. 16.

``P`` and CR LF prints, as the print key does. ``W`` and ``H`` are never sent: they change the unit
of the weight and of the height. A print is six lines of text, each with CR LF; weight, height and
body mass index are lines such as ``Weight: 80.00 kg``. The manual prints no sign and no mark for a
value that has not settled, so the stability is unknown. The body mass index is never a measurement,
and lines about anything else are told as such.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_VALUE = re.compile(rb"(Weight|Height): +(-?)(\d{1,3}(?:\.\d{1,3})?) (kg|g|lb|cm|in)\r\n")
_OTHER = re.compile(rb"(?!Weight|Height)[A-Z][A-Za-z. ]{0,15}: *[ -~]{1,40}\r\n")
_QUANTITIES = {b"Weight": Quantity.WEIGHT, b"Height": Quantity.LENGTH}
_UNITS = {Quantity.WEIGHT: {"kg", "g", "lb"}, Quantity.LENGTH: {"cm", "in"}}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its lines."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    found = _VALUE.fullmatch(line)
    if found is None:
        return NoReading(Reason.OTHER, raw=line) if _OTHER.fullmatch(line) else Garbage(line)
    label, minus, digits, unit = found.groups()
    quantity = _QUANTITIES[label]
    if unit.decode() not in _UNITS[quantity]:
        return Garbage(line)
    value, flags = signed(digits, minus=bool(minus))
    return Reading(quantity, value, unit.decode(), Stability.UNKNOWN, flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a value as the scale would print it; raises ``ValueError`` for anything else."""
    del settings
    match event:
        case Reading(quantity=quantity):
            label = "Weight" if quantity is Quantity.WEIGHT else "Height"
            return f"{label}: {event.value:f} {event.unit}\r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no answer without a value")


DRIVERS = (
    Driver(
        key="adam-muw",
        name="Adam MUW",
        kind=Kind.SCALE,
        version="2",
        models=("Adam MUW 300L",),
        sources=("Adam Equipment MUW user manual p. 16",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting("request", ("print-key", "p"), "print-key", "who starts a transmission"),
        ),
        # P prints. Z (zero), C (clear), W and H (other units) are never sent.
        requests={"print-key": None, "p": Poll(b"P\r\n", interval=1.0, timeout=3.0)},
        rhythm=Rhythm.ONCE,
    ),
)
