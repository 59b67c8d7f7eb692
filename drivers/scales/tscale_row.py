"""T-Scale ROW: its formats Con2 and Con3. Source: ROW series user manual p. 15.

The World Weigh BWS prints the same page (technical manual p. 22). Con1 is the driver ``st-us``.

Con2: 02h, decimals (22h none to 26h four), status (20h with bits 0 net, 1 negative, 2 out of range,
3 moving, 4 kilograms), unit (21h grams, 23h ounces), six of weight, six of tare, CR LF.
Con3: 01h, sign, seven of weight with its point, two of unit, ``0`` stable or ``1`` moving, CR LF.

Bit 2 is set for an overload and for a gross weight below zero: with it no number counts.
There is no checksum.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import SizedDecoder

SIZES = {2: 18, 1: 14}
"""Bytes of a frame, by its first one."""

NET, NEGATIVE, RANGE, MOVING, KILOGRAMS = (1 << bit for bit in range(5))
_CON2 = re.compile(
    rb"\x02(?P<places>[\x22-\x26])(?P<status>[\x20-\x3f])(?P<unit>[\x20\x21\x23])"
    rb"(?=[ \d]{6}[ \d]{6}\r) *(?P<digits>\d{1,6}) *\d{1,6}\r\n"
)
_CON3 = re.compile(
    rb"\x01(?P<sign>[+-])(?=[ \d.]{7}[a-z ]{2}) *(?P<digits>\d{1,7}(?:\.\d{1,5})?)"
    rb"(?P<unit>kg|g | g|lb|oz)(?P<moving>[01\x00\x01])\r\n"
)
_UNITS = {(True, 0x20): "kg", (False, 0x21): "g", (False, 0x23): "oz"}


def decoder(settings: Settings) -> SizedDecoder:
    """A fresh decoder; which format is set shows from the first byte."""
    del settings
    return SizedDecoder(b"\x01\x02", max(SIZES.values()), lambda held: SIZES[held[0]], read_frame)


def read_frame(frame: bytes) -> Event:
    """Read one frame from its first byte to its LF."""
    if (con2 := _CON2.fullmatch(frame)) is not None and len(con2["digits"]) <= 6:
        return _con2(con2, frame)
    con3 = _CON3.fullmatch(frame)
    if con3 is None:
        return Garbage(frame)
    value, flags = signed(con3["digits"], minus=con3["sign"] == b"-")
    stability = Stability.MOVING if con3["moving"] in {b"1", b"\x01"} else Stability.STABLE
    unit = con3["unit"].decode().strip()
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, frame)


def _con2(found: re.Match[bytes], frame: bytes) -> Event:
    status, negative = found["status"][0], bool(found["status"][0] & NEGATIVE)
    unit = _UNITS.get((bool(status & KILOGRAMS), found["unit"][0]))
    weight = frame[4:10].lstrip(b" ")
    if unit is None or not weight.isdigit():
        return Garbage(frame)
    if status & RANGE:
        return NoReading(Reason.UNDERLOAD if negative else Reason.OVERLOAD, raw=frame)
    places = found["places"][0] - 0x22
    text = f"{Decimal(int(weight)).scaleb(-places):f}".encode()
    value, flags = signed(text, minus=negative)
    flags |= {Flag.NET if status & NET else Flag.GROSS}
    stability = Stability.MOVING if status & MOVING else Stability.STABLE
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, frame)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event in the format that is set; raises ``ValueError`` for what it cannot say."""
    con3 = settings.get("format") == "con3"
    match event:
        case Reading():
            return _rendered3(event) if con3 else _rendered2(event)
        case NoReading(reason=Reason.OVERLOAD) if not con3:
            return b"\x02\x25\x34\x20000000000000\r\n"
        case NoReading(reason=Reason.UNDERLOAD) if not con3:
            return b"\x02\x25\x36\x20000000000000\r\n"
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the format has no such answer")


def _rendered2(event: Reading) -> bytes:
    places = len(f"{event.value:f}".partition(".")[2])
    digits = f"{abs(event.value.scaleb(places)):0>6.0f}"
    codes = {unit: (kilograms, code) for (kilograms, code), unit in _UNITS.items()}
    if places > 4 or len(digits) > 6 or event.unit not in codes:
        raise ValueError("the frame has six digits, four of them decimals, in kg, g or oz")
    kilograms, code = codes[event.unit]
    status = 0x20 | (KILOGRAMS if kilograms else 0) | (NEGATIVE if event.value < 0 else 0)
    status |= MOVING if event.stability is Stability.MOVING else 0
    status |= NET if Flag.NET in event.flags else 0
    return bytes([2, 0x22 + places, status, code]) + f"{digits}000000\r\n".encode()


def _rendered3(event: Reading) -> bytes:
    digits = f"{abs(event.value):f}"
    if len(digits) > 7:
        raise ValueError("the frame has seven characters of number")
    sign = "-" if event.value < 0 else "+"
    moving = int(event.stability is Stability.MOVING)
    return f"\x01{sign}{digits:>7}{event.unit:<2}{moving}\r\n".encode()


DRIVERS = (
    Driver(
        key="tscale-row",
        name="T-Scale ROW (Con2, Con3)",
        kind=Kind.SCALE,
        version="1",
        models=("T-Scale ROW", "World Weigh BWS"),
        sources=("T-Scale ROW manual p. 15", "World Weigh BWS technical manual p. 22"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(Setting("format", ("con2", "con3"), "con2", "as set up; both are read"),),
    ),
)
