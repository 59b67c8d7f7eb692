"""Yousheng JCS-B. Source: JCS-B series manual p. 6.

Six bytes: FFh; a byte with decimals (bits 0 to 2, none to five), mode (bits 3 and 4, 00 weighing),
negative (bit 5), stable (bit 6) and out of range (bit 7); three bytes of two decimal digits each,
the last digits first; 0 for kilograms or 1 for pounds. No byte but the first can be FFh, so a frame
that has lost a byte is never read. There is no checksum. The page gives 8N1 and no speed.
"""

from __future__ import annotations

from decimal import Decimal

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FixedDecoder

LENGTH = 6
MODE, NEGATIVE, STABLE, RANGE = 0x18, 0x20, 0x40, 0x80
_UNITS = {0: "kg", 1: "lb"}


def decoder(settings: Settings) -> FixedDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return FixedDecoder(b"\xff", LENGTH, read_frame)


def read_frame(frame: bytes) -> Event:
    """Read six bytes from the FFh on."""
    state, places = frame[1], frame[1] & 7
    digits, unit = frame[4:1:-1].hex(), _UNITS.get(frame[5])
    if unit is None or places > 5 or not digits.isdigit():
        return Garbage(frame)
    if state & RANGE:
        low = state & NEGATIVE
        return NoReading(Reason.UNDERLOAD if low else Reason.OVERLOAD, raw=frame)
    if state & MODE:
        return NoReading(Reason.OTHER, "counting", frame)
    text = f"{Decimal(int(digits)).scaleb(-places):f}".encode()
    value, flags = signed(text, minus=bool(state & NEGATIVE))
    stability = Stability.STABLE if state & STABLE else Stability.MOVING
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, frame)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading(unit="kg" | "lb"):
            return _rendered(event)
        case NoReading(reason=Reason.OVERLOAD):
            return bytes([0xFF, RANGE | 3, 0, 0, 0, 0])
        case NoReading(reason=Reason.UNDERLOAD):
            return bytes([0xFF, RANGE | NEGATIVE | 3, 0, 0, 0, 0])
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the frame has kilograms and pounds, and no such answer")


def _rendered(event: Reading) -> bytes:
    places = len(f"{event.value:f}".partition(".")[2])
    digits = f"{abs(event.value.scaleb(places)):0>6.0f}"
    if places > 5 or len(digits) > 6:
        raise ValueError("the frame has six digits, five of them decimals")
    state = places | (NEGATIVE if event.value < 0 else 0)
    state |= 0 if event.stability is Stability.MOVING else STABLE
    unit = 1 if event.unit == "lb" else 0
    return bytes([0xFF, state]) + bytes.fromhex(digits)[::-1] + bytes([unit])


DRIVERS = (
    Driver(
        key="yousheng",
        name="Yousheng JCS-B",
        kind=Kind.SCALE,
        version="1",
        models=("Yousheng JCS-B",),
        sources=("Yousheng JCS-B series manual p. 6",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
    ),
)
