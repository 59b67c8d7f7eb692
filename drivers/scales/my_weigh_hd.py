"""My Weigh HD. Source: My Weigh HD user manual p. 7.

Fourteen bytes: ``:W``, sign, six of number right aligned, two of unit, ``S`` when stable, ``L``
when the battery is low, CR. There is no checksum and no answer to commands. A low battery is told
as an event of its own, so that neither value nor warning hides the other.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FrameDecoder

BATTERY_LOW = "battery-low"

_FRAME = re.compile(
    rb":W([ +-])(?=[ \d.]{6}[a-z ]{2}[S ]) *(\d{1,6}(?:\.\d{1,4})?)"
    rb"(kg|g | g|lb|oz)([S ])([L ])\r"
)


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return FrameDecoder(b":", b"\r", read_frame)


def read_frame(frame: bytes) -> Event | tuple[Event, ...]:
    """Read one frame from its colon to its CR."""
    found = _FRAME.fullmatch(frame)
    if found is None:
        return Garbage(frame)
    sign, digits, unit, stable, battery = found.groups()
    value, flags = signed(digits, minus=sign == b"-")
    stability = Stability.STABLE if stable == b"S" else Stability.MOVING
    reading = Reading(Quantity.WEIGHT, value, unit.decode().strip(), stability, flags, frame)
    low = NoReading(Reason.OTHER, BATTERY_LOW, frame)
    return (low, reading) if battery == b"L" else reading


def render(event: Event, settings: Settings) -> bytes:
    """Write a reading as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 6:
                raise ValueError("the frame has six characters of number")
            sign = "-" if event.value < 0 else " "
            stable = " " if event.stability is Stability.MOVING else "S"
            return f":W{sign}{digits:>6}{event.unit:<2}{stable} \r".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no answer without a value")


DRIVERS = (
    Driver(
        key="my-weigh-hd",
        name="My Weigh HD",
        kind=Kind.SCALE,
        version="1",
        models=("My Weigh HD",),
        sources=("My Weigh HD user manual p. 7",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
    ),
)
