"""Toledo 8217, the weight-only till protocol. Sources: Mettler DIVA service manual p. 39 to 45;
Rice Lake BenchPro manual p. 30.

``W`` is answered by STX, the weight such as ``04.236``, ``N`` when it is net, CR; or, while the
load moves or is out of range, by STX ``?``, one status character, CR. The frame has no unit, so the
profile has to tell it. Bit 5 of the status means net with some makers and is always set with others
(Rice Lake): it never turns an answer down. Some makers send zeros instead of an overload, so the
profile also has to tell what zeros mean; until then their stability is unknown.

The line is 7E1. A port opened with eight bits leaves the parity in bit 7, which is overlooked.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LOW7, FrameDecoder

_WEIGHT = re.compile(rb"\x02(\d{2}\.\d{3}|\d{2,3}\.\d{1,2})(N?)\r")
_STATUS = re.compile(rb"\x02\?([@-\x7f])\r")
MOTION, OVER, UNDER, NET = 1, 2, 4, 32
_FIXED = {b"\x02\r": "self-test", b"\x02E\r": "echo", b"\x02F\r": "echo-off"}


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; untold about the unit it gives none."""
    return FrameDecoder(b"\x02", b"\r", partial(read_frame, settings=settings), low7=True)


def read_frame(frame: bytes, *, settings: Settings) -> Event:
    """Read one frame from its STX to its CR."""
    plain = frame.translate(LOW7)
    if (weight := _WEIGHT.fullmatch(plain)) is not None:
        return _reading(weight, frame, settings)
    if (status := _STATUS.fullmatch(plain)) is not None:
        return _no_weight(status[1][0], frame, settings)
    if plain in _FIXED:
        return NoReading(Reason.OTHER, _FIXED[plain], frame)
    return Garbage(frame)


def _reading(found: re.Match[bytes], frame: bytes, settings: Settings) -> Event:
    value, _ = signed(found[1], minus=False)
    zeros = settings.get("zero-frames", "")
    if not value and zeros == "no-value":
        return NoReading(Reason.ERROR, "zeros", frame)
    # A moving load is answered with a status instead, so a weight has settled.
    stability = Stability.STABLE if value or zeros == "zero" else Stability.UNKNOWN
    flags = frozenset({Flag.NET if found[2] else Flag.GROSS})
    return Reading(Quantity.WEIGHT, value, settings.get("unit", ""), stability, flags, frame)


def _no_weight(status: int, frame: bytes, settings: Settings) -> Event:
    if status & OVER:
        return NoReading(Reason.OVERLOAD, raw=frame)
    if status & UNDER:
        return NoReading(Reason.UNDERLOAD, raw=frame)
    if status & MOTION:
        return NoReading(Reason.BUSY, "motion", frame)
    net = status & NET and settings.get("bit-5") == "net"
    return NoReading(Reason.OTHER, "net" if net else "status", frame)


_STATUS_BYTES = {Reason.OVERLOAD: b"B", Reason.UNDERLOAD: b"D", Reason.BUSY: b"A"}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading(stability=Stability.MOVING):
            return b"\x02?A\r"
        case Reading(value=value) if 0 <= value < 100 and value == round(value, 3):
            net = "N" if Flag.NET in event.flags else ""
            return f"\x02{value:06.3f}{net}\r".encode()
        case NoReading(reason=reason) if reason in _STATUS_BYTES:
            return b"\x02?" + _STATUS_BYTES[reason] + b"\r"
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the frame has weights from 00.000 to 99.999 only")


DRIVERS = (
    Driver(
        key="toledo-8217",
        name="Toledo 8217",
        kind=Kind.SCALE,
        version="1",
        models=("Mettler DIVA", "Rice Lake BenchPro (8217 mode)"),
        sources=("Mettler DIVA service manual p. 39", "Rice Lake BenchPro manual p. 30"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(bits=7, parity="E"),
        decoder=decoder,
        render=render,
        settings=(
            Setting("unit", ("kg", "lb"), None, "the unit the scale displays"),
            Setting("zero-frames", ("zero", "no-value"), None, "what 00.000 means on this scale"),
            Setting("bit-5", ("net", "always-set"), None, "what bit 5 of the status means"),
        ),
        # W reads; Z, T, C (zero, tare, clear) and A (self test) are never sent.
        poll=Poll(b"W"),
        rhythm=Rhythm.ANSWERS,
    ),
)
