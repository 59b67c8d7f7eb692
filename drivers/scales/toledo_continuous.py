"""Toledo continuous output. Source: Ohaus Defender 5000 manual p. 70, Mettler-Toledo Wildcat
manual p. 41.

The scale sends by itself: STX, three status characters, six digits of weight, six of tare, CR, and
on some settings a checksum. Status A has the place of the decimal point (bits 0 to 2: 2 none, 3
one, 4 two, 5 three decimals); status B net, negative, out of range, motion, kilograms and "zero
not found since power-up" (bits 0 to 4 and 6). Bit 5 of both is always set.

Whether a checksum follows is a setting, for nothing in the frame tells it. As generally
understood it makes the sum of all characters a multiple of 128; the manuals above only name it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FixedDecoder

LENGTH = 17
NET, NEGATIVE, RANGE, MOTION, KILOGRAMS, ALWAYS, NOT_ZEROED = (1 << bit for bit in range(7))
_DECIMALS = {2: 0, 3: 1, 4: 2, 5: 3}
_WEIGHT = re.compile(rb" *\d{1,6}")


def decoder(settings: Settings) -> FixedDecoder:
    """A fresh decoder; untold about the checksum it takes the frame without."""
    checked = settings.get("checksum") == "present"
    read = partial(read_frame, checked=checked)
    return FixedDecoder(b"\x02", LENGTH + checked, read)


def read_frame(frame: bytes, *, checked: bool) -> Event:
    """Read one frame from STX to CR, or to the checksum where there is one."""
    status_a, status_b, digits = frame[1], frame[2], frame[4:10]
    decimals = _DECIMALS.get(status_a & 7)
    sound = frame[16] == 0x0D and status_a & status_b & ALWAYS and (status_a | status_b) < 0x80
    tare = _WEIGHT.fullmatch(frame[10:16])
    if not sound or decimals is None or not (_WEIGHT.fullmatch(digits) and tare):
        return Garbage(frame)
    if checked and sum(frame) & 0x7F:
        return Garbage(frame)
    if status_b & RANGE:
        return NoReading(Reason.UNDERLOAD if status_b & NEGATIVE else Reason.OVERLOAD, raw=frame)
    if status_b & NOT_ZEROED:
        return NoReading(Reason.ERROR, "not-zeroed", frame)
    return replace(_reading(digits, decimals, status_b, frame), checked=checked)


def _reading(digits: bytes, decimals: int, status: int, frame: bytes) -> Reading:
    text = f"{Decimal(int(digits)).scaleb(-decimals):f}".encode()
    value, flags = signed(text, minus=bool(status & NEGATIVE))
    stability = Stability.MOVING if status & MOTION else Stability.STABLE
    unit = "kg" if status & KILOGRAMS else "lb"
    kind = Flag.NET if status & NET else Flag.GROSS
    return Reading(Quantity.WEIGHT, value, unit, stability, flags | {kind}, frame)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    match event:
        case Reading():
            return _frame(_digits(event.value), _status(event), settings)
        case NoReading(reason=Reason.OVERLOAD):
            return _frame((b"000000", 3), ALWAYS | KILOGRAMS | RANGE, settings)
        case NoReading(reason=Reason.UNDERLOAD):
            return _frame((b"000000", 3), ALWAYS | KILOGRAMS | RANGE | NEGATIVE, settings)
        case NoReading(reason=Reason.ERROR):
            return _frame((b"000000", 3), ALWAYS | KILOGRAMS | NOT_ZEROED, settings)
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


def _digits(value: Decimal) -> tuple[bytes, int]:
    """Return six digits and the number of decimals among them."""
    decimals = len(f"{value:f}".partition(".")[2])
    digits = f"{abs(value.scaleb(decimals)):0>6.0f}"
    if decimals > 3 or len(digits) > 6:
        raise ValueError("the frame has six digits, three of them decimals")
    return digits.encode(), decimals


def _status(event: Reading) -> int:
    status = ALWAYS | (KILOGRAMS if event.unit == "kg" else 0)
    status |= NEGATIVE if event.value < 0 else 0
    status |= MOTION if event.stability is Stability.MOVING else 0
    return status | (NET if Flag.NET in event.flags else 0)


def _frame(number: tuple[bytes, int], status: int, settings: Settings) -> bytes:
    digits, decimals = number
    head = bytes([0x02, ALWAYS | decimals + 2, status, ALWAYS])
    frame = head + digits + b"000000\r"
    return frame + bytes([-sum(frame) & 0x7F]) if settings.get("checksum") == "present" else frame


DRIVERS = (
    Driver(
        key="toledo-continuous",
        name="Toledo continuous output",
        kind=Kind.SCALE,
        version="1",
        models=("Ohaus Defender 5000", "Mettler-Toledo Wildcat"),
        sources=("Ohaus Defender 5000 manual p. 70", "Mettler-Toledo Wildcat manual p. 41"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting("checksum", ("absent", "present"), None, "whether a checksum follows the CR"),
        ),
    ),
)
