"""USB HID point-of-sale scale, usage page 8Dh.

Sources: USB-IF *HID Usage Tables for Weighing Devices* 1.0; the data report of common scales as the
open program ``usbscale`` reads it: report id 3, status, unit, exponent (a signed power of ten),
weight in two bytes, the low one first. Where the transport hands over the device's report
descriptor, ids and places are taken from it instead. A report has no checksum.

No medical scale of this class is known; it is a scale for developers and demonstrations.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings, UsbClaim
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FixedDecoder
from drivers.hid_report import COMMON, DESCRIPTOR_SETTING, Layout, layout_of

UNITS = {1: "mg", 2: "g", 3: "kg", 4: "ct", 5: "tael", 6: "gr", 7: "dwt", 8: "t", 9: "ton"}
UNITS |= {10: "ozt", 11: "oz", 12: "lb"}
_CODES = {unit: code for code, unit in UNITS.items()}
FAULT, ZERO, MOTION, STABLE, UNDER, OVER, CALIBRATE, REZERO = range(1, 9)
_NO_VALUE = {
    FAULT: (Reason.ERROR, "fault"),
    UNDER: (Reason.UNDERLOAD, ""),
    OVER: (Reason.OVERLOAD, ""),
    CALIBRATE: (Reason.ERROR, "calibrate"),
    REZERO: (Reason.ERROR, "re-zero"),
}
_STATUSES = {meaning: status for status, meaning in _NO_VALUE.items()}
LARGEST_EXPONENT = 4
"""No scale needs more: 65,535 in tenths of a gram up to hundreds of kilograms."""


def decoder(settings: Settings) -> FixedDecoder:
    """A fresh decoder for the described layout, or the common one.

    A device whose descriptor has no scale data report gives nothing but garbage.
    """
    described = settings.get(DESCRIPTOR_SETTING, "")
    layout = layout_of(bytes.fromhex(described)) if described else COMMON
    if layout is None:
        return FixedDecoder(b"", 1, Garbage)
    starts = bytes(range(256)) if layout.report_id is None else bytes([layout.report_id])
    return FixedDecoder(starts, layout.length, partial(read_report, layout=layout))


def read_report(report: bytes, *, layout: Layout) -> Event:
    """Read one data report, its id included where there is one."""
    status, unit = report[layout.status], UNITS.get(report[layout.unit])
    exponent = (report[layout.exponent] ^ 0x80) - 0x80
    if unit is None or not FAULT <= status <= REZERO or abs(exponent) > LARGEST_EXPONENT:
        return Garbage(report)
    if status in _NO_VALUE:
        # Digits beside a fault mean nothing.
        return NoReading(*_NO_VALUE[status], report)
    count = int.from_bytes(report[layout.weight : layout.weight + 2], "little")
    value = Decimal(count).scaleb(exponent) if exponent < 0 else Decimal(count * 10**exponent)
    stability = Stability.MOVING if status == MOTION else Stability.STABLE
    flags = frozenset({Flag.ZERO}) if status == ZERO else frozenset[Flag]()
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, report)


def render(event: Event, settings: Settings) -> bytes:
    """Write a common data report; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            return _rendered(event)
        case NoReading(reason=reason, code=code) if (reason, code) in _STATUSES:
            return bytes([3, _STATUSES[reason, code], _CODES["g"], 0, 0, 0])
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the report has no such status")


def _rendered(event: Reading) -> bytes:
    decimals = len(f"{event.value:f}".partition(".")[2])
    count = int(event.value.scaleb(decimals))
    if not 0 <= count <= 0xFFFF or decimals > LARGEST_EXPONENT or event.unit not in _CODES:
        raise ValueError("the report has an unsigned number of two bytes and a known unit")
    stable = ZERO if Flag.ZERO in event.flags else STABLE
    status = MOTION if event.stability is Stability.MOVING else stable
    head = bytes([3, status, _CODES[event.unit], -decimals & 0xFF])
    return head + count.to_bytes(2, "little")


DRIVERS = (
    Driver(
        key="usb-hid",
        name="USB HID scale",
        kind=Kind.SCALE,
        version="1",
        models=("Dymo M10, M25, S250", "Mettler-Toledo Ariva, BC60", "Fairbanks SCB-R9000"),
        sources=("USB-IF HID Usage Tables for Weighing Devices 1.0", "usbscale.c"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        claims=(
            UsbClaim(0x0922, 0x8003, 3),
            UsbClaim(0x0922, 0x8004, 3),
            UsbClaim(0x0922, 0x8009, 3),
            UsbClaim(0x0EB8, 0x2200, 3),
            UsbClaim(0x0EB8, 0xF000, 3),
            UsbClaim(0x0EB8, 0xF001, 3),
            UsbClaim(0x0B67, 0x555E, 3),
            UsbClaim(0x1446, 0x6A73, 3),
            UsbClaim(0x1446, 0x6A78, 3),
            UsbClaim(0x1446, 0x6A79, 3),
        ),
        settings=(
            Setting(
                DESCRIPTOR_SETTING,
                (),
                "",
                "the device's report descriptor in hexadecimal; read from the device",
                pattern="([0-9a-f]{2})*",
                example="058d0920a101c0",
            ),
        ),
        # These scales repeat the last weighing when they are opened.
        first_frame_stale=True,
    ),
)
