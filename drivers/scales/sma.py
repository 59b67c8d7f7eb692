"""SMA SCP-0499, the Scale Manufacturers Association's protocol: Detecto and Cardinal medical.

Sources: Cardinal 190 manual p. 79 and 124; Detecto solo manual p. 24; Detecto MVWIFI p. 12.

``LF W CR`` (on some medical scales ENQ) is answered by twenty characters: LF, status, range, ``G``
gross ``N`` net or ``T`` tare, ``M`` moving or blank, reserved, ten of weight right aligned, three
of unit, CR. For a zero or tare error the weight is dashes. ``I`` is the error of the first zero:
the scale was switched on under load. There is no checksum.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FrameDecoder

_FRAME = re.compile(
    rb"\n(?P<status>[ ZOUEITe])\d(?P<kind>[GNT])(?P<motion>[M ]) (?P<weight>[ -.\d]{10})"
    rb"(?P<unit>[a-z ]{3})\r"
)
_WEIGHT = re.compile(rb" *(-?) *(\d{1,8}(?:\.\d{1,6})?)")
_UNITS = {b"kg ": "kg", b"g  ": "g", b"lb ": "lb", b"oz ": "oz"}
_STATUS = {
    b"O": (Reason.OVERLOAD, ""),
    b"U": (Reason.UNDERLOAD, ""),
    b"E": (Reason.ERROR, "zero"),
    b"I": (Reason.ERROR, "initial-zero"),
    b"T": (Reason.ERROR, "tare"),
    b"e": (Reason.ERROR, "not-displayed"),
}
_LETTERS = {
    (Reason.OVERLOAD, ""): "O",
    (Reason.UNDERLOAD, ""): "U",
    (Reason.ERROR, "zero"): "E",
    (Reason.ERROR, "initial-zero"): "I",
    (Reason.ERROR, "tare"): "T",
    (Reason.ERROR, "not-displayed"): "e",
}
_NOT_UNDERSTOOD = b"\n?\r"


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its frames."""
    del settings
    return FrameDecoder(b"\n", b"\r", read_frame)


def read_frame(frame: bytes) -> Event:
    """Read one frame from its LF to its CR."""
    if frame == _NOT_UNDERSTOOD:
        return NoReading(Reason.NOT_UNDERSTOOD, raw=frame)
    found = _FRAME.fullmatch(frame)
    if found is None:
        return Garbage(frame)
    if (state := _STATUS.get(found["status"])) is not None:
        return NoReading(*state, frame)
    return _weight(found, frame)


def _weight(found: re.Match[bytes], frame: bytes) -> Event:
    number, unit = _WEIGHT.fullmatch(found["weight"]), _UNITS.get(found["unit"])
    if number is None or unit is None:
        return Garbage(frame)
    if found["kind"] == b"T":
        # The answer to M: the tare, never a weight on the platform.
        return NoReading(Reason.OTHER, "tare", frame)
    value, flags = signed(number[2], minus=bool(number[1]))
    flags |= {Flag.NET if found["kind"] == b"N" else Flag.GROSS}
    flags |= {Flag.ZERO} if found["status"] == b"Z" else set()
    stability = Stability.MOVING if found["motion"] == b"M" else Stability.STABLE
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, frame)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            return _rendered(event)
        case NoReading(reason=Reason.NOT_UNDERSTOOD):
            return _NOT_UNDERSTOOD
        case NoReading(reason=Reason.OTHER, code="tare"):
            return b"\n 1T        0.00kg \r"
        case NoReading(reason=reason, code=code):
            if (reason, code) not in _LETTERS:
                raise ValueError("the protocol has no such answer")
            return f"\n{_LETTERS[reason, code]}1G  {'-' * 10}kg \r".encode()
        case Garbage(raw=raw):
            return raw


def _rendered(event: Reading) -> bytes:
    digits = f"{event.value:f}"
    if len(digits) > 10:
        raise ValueError("the frame has ten characters of number")
    status = "Z" if Flag.ZERO in event.flags else " "
    kind = "N" if Flag.NET in event.flags else "G"
    motion = "M" if event.stability is Stability.MOVING else " "
    return f"\n{status}1{kind}{motion} {digits:>10}{event.unit:<3}\r".encode()


DRIVERS = (
    Driver(
        key="sma",
        name="SMA SCP-0499",
        kind=Kind.SCALE,
        version="2",
        models=("Detecto solo, MVWIFI", "Cardinal 190"),
        sources=(
            "Cardinal 190 manual p. 79",
            "Detecto solo manual p. 24",
            "Scale Manufacturers Association SCP-0499",
        ),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(Setting("request", ("w", "enq", "stream"), "w", "how the scale is asked"),),
        # W and ENQ read; Z (zero), T (tare), C (clear) and U (unit) are never sent.
        requests={"w": Poll(b"\nW\r"), "enq": Poll(b"\x05"), "stream": None},
    ),
)
