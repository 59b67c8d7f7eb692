"""Health o meter ESC packets: weight, height and body mass index in one.

Sources: Pelstar *Communication Protocols*, revision 2023-07-11; Rice Lake 160-10-7N manual p. 22,
350-10 p. 14, whose heads answer a request.

A packet is a run of fields, each ESC, a letter and text: ``R`` first, then patient number ``I``,
weight ``W``, height ``H`` (0 = not measured), body mass index ``B``, tare ``T``, unit ``N`` (``m``
kilograms and centimetres, ``c`` pounds and inches), ``E`` last. No line end, no length, no
checksum. On serial numbers beginning with L the first ESC arrives as ``6``.

The scale sends once its weight is locked. Firmware 3.1.12 (597, 599, 752KL) and 3.2.02 (600KL)
sends unlocked weights too; the profile of such a scale says so, and its values are of unknown
stability. 600KL 3.2.02 fills the height with noise until its rod was moved: a height that is no
number is left out. Rice Lake sends 999.99 out of range. The body mass index is no measurement.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FrameDecoder

_PACKET = re.compile(rb"[\x1b6]R((?:\x1b[IWHBTN][^\x1b]{0,16})+)\x1bE")
_FIELD = re.compile(rb"\x1b([A-Z])([^\x1b]*)")
_NUMBER = re.compile(rb"(-?)(\d{1,3}(?:\.\d{1,3})?)")
_ANSWER = re.compile(rb"\x1b([OFLPZ])[ -~]{0,40}\x1bE")
_UNITS = {b"m": ("kg", "cm"), b"c": ("lb", "in")}
_OUT_OF_RANGE = Decimal("999.99")
_ANSWERS = {b"O": "on", b"F": "off", b"L": "low-power", b"P": "setting", b"Z": "self-test"}


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder for locked or live weights."""
    live = settings.get("weights") == "live"
    stability = Stability.UNKNOWN if live else Stability.STABLE
    return FrameDecoder(b"\x1b6", b"\x1bE", partial(read_packet, stability=stability))


def read_packet(packet: bytes, *, stability: Stability) -> Event | tuple[Event, ...]:
    """Read one packet from its first ESC to its ``E``."""
    if (answer := _ANSWER.fullmatch(packet)) is not None:
        return NoReading(Reason.OTHER, _ANSWERS[answer[1]], packet)
    found = _PACKET.fullmatch(packet)
    fields = _FIELD.findall(found[1]) if found else []
    table: dict[bytes, bytes] = dict(fields)
    if table.get(b"N") not in _UNITS or len(table) != len(fields):
        return Garbage(packet)
    if b"W" not in table:
        return NoReading(Reason.OTHER, "no-weight", packet)
    return _values(table, packet, stability)


def _values(
    table: dict[bytes, bytes], packet: bytes, stability: Stability
) -> Event | tuple[Event, ...]:
    number = _NUMBER.fullmatch(table[b"W"])
    if number is None:
        return Garbage(packet)
    value, flags = signed(number[2], minus=bool(number[1]))
    if value == _OUT_OF_RANGE:
        return NoReading(Reason.OVERLOAD, raw=packet)
    mass, length = _UNITS[table[b"N"]]
    flags |= _kind(table.get(b"T"))
    weight = Reading(Quantity.WEIGHT, value, mass, stability, flags, packet)
    height = _NUMBER.fullmatch(table.get(b"H", b""))
    if height is None or height[1] or not (size := Decimal(height[2].decode())):
        return weight
    return weight, Reading(Quantity.LENGTH, size, length, stability, frozenset(), packet)


def _kind(tare: bytes | None) -> frozenset[Flag]:
    """Net with a tare in use, gross with none, nothing where the field is missing or odd."""
    number = _NUMBER.fullmatch(tare or b"")
    if number is None:
        return frozenset()
    return frozenset({Flag.NET if Decimal(number[2].decode()) else Flag.GROSS})


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading(quantity=Quantity.WEIGHT, unit="kg" | "lb"):
            if abs(event.value) >= 1000 or event.value != round(event.value, 3):
                raise ValueError("the field has three digits before and after the point")
            if event.stability is Stability.MOVING:
                return b""
            tare = "0.5" if Flag.NET in event.flags else "0.0"
            unit = "m" if event.unit == "kg" else "c"
            fields = f"I0000000000,W{event.value:f},H0.0,B0.0,T{tare},N{unit},E"
            return b"\x1bR" + b"".join(b"\x1b" + part.encode() for part in fields.split(","))
        case NoReading(reason=Reason.OVERLOAD):
            return b"\x1bR\x1bW999.99\x1bNm\x1bE"
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the packet has a weight in kg or lb and nothing else")


DRIVERS = (
    Driver(
        key="health-o-meter",
        name="Health o meter ESC packets",
        kind=Kind.SCALE,
        version="1",
        models=("Health o meter 2210KL-AM, 498KL to 752KL", "Rice Lake 160-10, 350-10"),
        sources=("Pelstar Communication Protocols 2023-07-11", "Rice Lake 160-10-7N manual p. 22"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting(
                "request", ("stream", "r"), "stream", "sending by itself, or asked (Rice Lake)"
            ),
            Setting(
                "weights",
                ("locked", "live"),
                "locked",
                "live for firmware 3.1.12 and 3.2.02, which sends weights that are not locked",
            ),
        ),
        requests={"stream": None, "r": Poll(b"\x1bR\x1bE", interval=0.5)},
    ),
)
