"""seca RS-232, protocol A: experimental, and of no use before it was calibrated.

Source: seca *Description of New RS232 Interface, Index c*, 30-34-00-605, 2005. The readable copies
give the frame: STX, ``A``, kind (``0``, ``1``: five digits; ``4``: four digits), digits, display
format (one character; two for kind 4), control byte, for kinds 0 and 1 a second one, CRC-8 with
generator 107h (``00`` = not computed), CR LF ETX; every byte is two hexadecimal characters. The
line is 1200 8E1, one frame a second, send-only.

The copies break off before the kinds, the display formats and the order of the control bits, and do
not say what the CRC runs over. So a frame is no value until the profile tells all of that:
``kiosk calibrate`` learns it from one device and what its display shows. Kind 0 is then taken for
the weight and kind 4 for a length; kind 1 is never taken for anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from drivers.checksums import crc8
from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FrameDecoder

_FRAME = re.compile(
    rb"\x02A(?:(?P<kind>[01])(?P<digits>\d{5})(?P<format>[0-9A-F])(?P<control>[0-9A-F]{4})"
    rb"|(?P<kind4>4)(?P<digits4>\d{4})(?P<format4>[0-9A-F]{2})(?P<control4>[0-9A-F]{2}))"
    rb"(?P<crc>[0-9A-F]{2})\r\n\x03"
)
_FORMAT = r"[0-9A-F]{1,2}=(kg|g|lb|cm|mm|m)/[0-4]"
WEIGHT_BITS = ("stable", "battery", "hold", "minus", "net", "no-value", "drift", "zero-timeout")
LENGTH_BITS = ("valid", "periodic", "user-zero", "module-on", "", "minus", "", "")
"""The control bits in the order of the sheet; which end is bit 0 has to be learned."""
FAULTS = frozenset({"no-value", "drift", "zero-timeout"})

_QUANTITIES = {"kg": Quantity.WEIGHT, "g": Quantity.WEIGHT, "lb": Quantity.WEIGHT}
CRCS: Mapping[str, Callable[[bytes], int]] = {
    "packed-00": lambda text: crc8(_packed(text)),
    "packed-ff": lambda text: crc8(_packed(text), 0xFF),
    "ascii-00": crc8,
    "ascii-ff": lambda text: crc8(text, 0xFF),
}
"""What the CRC may run over: the characters from ``A`` on, or the bytes they stand for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A frame taken apart. ``control`` is the first control byte, ``text`` what the CRC covers."""

    kind: int
    digits: str
    format: str
    control: int
    crc: int
    text: bytes


def parts_of(frame: bytes) -> Parts | None:
    """Take a frame apart; ``None`` for anything that is no frame of the sheet."""
    found = _FRAME.fullmatch(frame)
    if found is None:
        return None
    end = "4" if found["kind4"] else ""
    kind, digits, form, control = (
        found[name + end].decode() for name in ("kind", "digits", "format", "control")
    )
    return Parts(int(kind), digits, form, int(control[:2], 16), int(found["crc"], 16), frame[1:-5])


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; what the profile leaves open keeps it from giving values."""
    formats = dict(_formats(settings.get("formats", "")))
    return FrameDecoder(b"\x02", b"\x03", partial(read_frame, settings=settings, formats=formats))


def read_frame(
    frame: bytes, *, settings: Settings, formats: Mapping[str, tuple[str, int]]
) -> Event:
    """Read one frame from its STX to its ETX."""
    parts = parts_of(frame)
    if parts is None or not crc_fits(parts, settings.get("crc", "")):
        return Garbage(frame)
    order, form = settings.get("bit-order", ""), formats.get(parts.format)
    unit_fits = form is not None and (form[0] in _QUANTITIES) == (parts.kind == 0)
    if form is None or not (order and settings.get("crc")) or parts.kind == 1 or not unit_fits:
        return NoReading(Reason.UNCALIBRATED, described(parts), frame)
    event = _value(parts, control_names(parts, order), form, frame)
    checked = parts.crc != 0 and settings.get("crc") in CRCS
    return replace(event, checked=True) if checked and isinstance(event, Reading) else event


def crc_fits(parts: Parts, variant: str) -> bool:
    """Whether the CRC is right; a frame may say that it has none, and untold nothing is checked."""
    return parts.crc == 0 or variant not in CRCS or CRCS[variant](parts.text) == parts.crc


def control_names(parts: Parts, order: str) -> frozenset[str]:
    """The names of the control bits that are set, for an order of bits."""
    names = LENGTH_BITS if parts.kind == 4 else WEIGHT_BITS
    places = range(8) if order == "first-is-bit-0" else range(7, -1, -1)
    return frozenset(
        n for n, place in zip(names, places, strict=True) if parts.control >> place & 1
    )


def described(parts: Parts) -> str:
    """A frame in words, for a person who compares it with the scale's display."""
    return f"A{parts.kind} {parts.digits} format {parts.format} control {parts.control:02X}"


def _value(parts: Parts, names: frozenset[str], form: tuple[str, int], frame: bytes) -> Event:
    if faults := names & FAULTS:
        return NoReading(Reason.ERROR, min(faults), frame)
    unit, decimals = form
    text = f"{Decimal(int(parts.digits)).scaleb(-decimals):f}".encode()
    value, flags = signed(text, minus="minus" in names)
    flags |= {Flag.NET} if "net" in names else set()
    flags |= {Flag.HOLD} if "hold" in names else set()
    settled = names & {"stable", "valid"}
    stability = Stability.STABLE if settled else Stability.MOVING
    quantity = _QUANTITIES.get(unit, Quantity.LENGTH)
    return Reading(quantity, value, unit, stability, flags, frame)


def _formats(text: str) -> list[tuple[str, tuple[str, int]]]:
    """Read ``3=kg/3,1=kg/2``: display format, unit, decimals."""
    rows = [row.replace("=", "/").split("/") for row in text.split(",") if row]
    return [(code, (unit, int(decimals))) for code, unit, decimals in rows]


def _packed(text: bytes) -> bytes:
    return bytes.fromhex(text.decode())


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight as a calibrated scale would; raises ``ValueError`` for anything else."""
    match event:
        case Reading(quantity=Quantity.WEIGHT):
            for code, (unit, decimals) in _formats(settings.get("formats", "")):
                count = abs(event.value).scaleb(decimals)
                if unit == event.unit and count == count.to_integral_value() and count < 100_000:
                    return _frame(f"A0{int(count):05}{code}", _names(event), settings)
            raise ValueError("no display format of the profile fits")
        case Garbage(raw=raw):
            return raw
        case _:
            return _frame("A0000003", {"no-value"}, settings)


def _names(event: Reading) -> set[str]:
    names = {"stable"} if event.stability is Stability.STABLE else set()
    names |= {"minus"} if event.value < 0 else set()
    names |= {"net"} if Flag.NET in event.flags else set()
    return names | ({"hold"} if Flag.HOLD in event.flags else set())


def _frame(head: str, names: set[str], settings: Settings) -> bytes:
    first_low = settings.get("bit-order") == "first-is-bit-0"
    control = 0
    for index, name in enumerate(WEIGHT_BITS):
        if name in names:
            control |= 1 << (index if first_low else 7 - index)
    text = f"{head}{control:02X}00".encode()
    check = CRCS[settings["crc"]](text) if settings.get("crc") in CRCS else 0
    return b"\x02" + text + f"{check:02X}\r\n\x03".encode()


DRIVERS = (
    Driver(
        key="seca-rs232",
        name="seca RS-232 (protocol A)",
        kind=Kind.SCALE,
        version="1",
        models=("seca scales with the RS-232 accessory 460",),
        sources=("seca 30-34-00-605 index c, 2005",),
        maturity=Maturity.EXPERIMENTAL,
        line=Line(baud=1200, parity="E"),
        decoder=decoder,
        render=render,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting(
                "bit-order",
                ("first-is-bit-0", "first-is-bit-7"),
                None,
                "which end of the control byte the sheet's first name is",
            ),
            Setting("crc", ("none", *CRCS), None, "what the CRC runs over"),
            Setting(
                "formats",
                (),
                None,
                "unit and decimals of each display format",
                pattern=rf"{_FORMAT}(,{_FORMAT})*",
                example="3=kg/3,4=kg/2",
            ),
        ),
        # The CRC may be switched off in the scale, so that equal frames are asked for in any case.
        trusted_frames=3,
    ),
)
