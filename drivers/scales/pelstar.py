"""Pelstar binary frame ("FH"): Health o meter baby scales 522, 524, 553 and chair scale 2595KL.

Sources: Pelstar *Communication Protocols*, revision 2023-07-11; Doran DS8030 manual p. 13, whose
indicator speaks it too and adds the codes for negative values.

The frame: 02h (01h on some baby scales), a code for unit and sign, D7h E4h, the weight as text of
seven (``004.990``) or five characters (``075.0``), CR. There is no checksum and nothing tells
whether the value has settled: the 522 and 524 send whatever they display. Every value is sent
twice. Read with seven data bits the codes lose their high bit; such frames are garbage.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Stability
from drivers.framing import FrameDecoder

_FRAME = re.compile(rb"[\x01\x02]([\x80\x82\xb0\xb2])\xd7\xe4(\d{3}\.\d{3}|\d{3}\.\d)\r")
_CODES = {0x80: ("lb", False), 0x82: ("kg", False), 0xB0: ("lb", True), 0xB2: ("kg", True)}
_BYTES = {meaning: code for code, meaning in _CODES.items()}
_STEP = Decimal("0.001")


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return FrameDecoder(b"\x01\x02", b"\r", read_frame)


def read_frame(frame: bytes) -> Event:
    """Read one frame from its first byte to its CR."""
    found = _FRAME.fullmatch(frame)
    if found is None:
        return Garbage(frame)
    unit, minus = _CODES[found[1][0]]
    value, flags = signed(found[2], minus=minus)
    return Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, frame)


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading(value=value) if abs(value) < 1000 and value == value.quantize(_STEP):
            code = _BYTES.get((event.unit, value < 0))
            if code is None:
                raise ValueError("the frame has kilograms and pounds only")
            return bytes([2, code, 0xD7, 0xE4]) + f"{abs(value):07.3f}\r".encode()
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the frame has a weight of three decimals and nothing else")


DRIVERS = (
    Driver(
        key="pelstar",
        name="Pelstar / Health o meter baby frame",
        kind=Kind.SCALE,
        version="1",
        models=("Health o meter 522, 524, 553", "Health o meter 2595KL", "Doran DS8030 (FH)"),
        sources=("Pelstar Communication Protocols 2023-07-11", "Doran DS8030 manual p. 13"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(baud=2400),
        decoder=decoder,
        render=render,
    ),
)
