"""NCI / Weigh-Tronix SCP-01: Adam MDW, Brecknell MS140/MS300, Ohaus Aviator and others.

Sources: Adam MDW manual p. 13; Brecknell MS140 manual p. 33; NCI 7800 manual p. 32; Ohaus Aviator
7000 manual p. 47; Mettler DIVA service manual p. 35.

``W CR`` is answered by LF, weight and unit, CR LF, two to four status characters, CR ETX. Some
makers (Ohaus, Mettler) put ``S`` before the status, write the unit in capitals, and send the status
alone while the load moves or is out of range. Overload is ``^``, underload ``_``, a zero error
dashes in place of the digits. Bit 7 is parity and overlooked. There is no checksum.

An Adam MDW whose parameter ``S.F.`` is 1 (continuous) or 2 (at PRINT) sends LF, number, unit,
``GR`` or ``NT``, CR ETX (MDW 300L manual p. 12): nothing says whether the value has settled.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LOW7, FrameDecoder

_FRAME = re.compile(
    rb"\n(?:(?P<sign> *-? *)(?P<digits>\d{1,6}(?:\.\d{1,4})?)|(?P<marks>\^+|_+|-{3,}))"
    rb" ?(?P<unit>[A-Za-z]{1,2}) {0,3}\r\nS?(?P<status>[0-?p-\x7f]{2,4})\r\x03"
)
_PRINT = re.compile(
    rb"\n(?:(?P<sign> *-? *)(?P<digits>\d{1,6}(?:\.\d{1,4})?)|(?P<marks>\^+|_+|-{3,}))"
    rb" ?(?P<unit>[A-Za-z]{1,2}) ?(?P<kind>GR|NT) {0,2}\r\x03"
)
_STATUS_ONLY = re.compile(rb"\nS?(?P<status>[0-?p-\x7f]{2,4})\r\x03")
_UNITS = {"kg", "g", "lb", "oz"}
MORE, NET, HOLD = 0x40, 0x04, 0x02
_MARKS = {
    ord("^"): (Reason.OVERLOAD, ""),
    ord("_"): (Reason.UNDERLOAD, ""),
    ord("-"): (Reason.ERROR, "zero"),
}
_NOT_UNDERSTOOD = b"\n?\r\x03"


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return FrameDecoder(b"\n", b"\r\x03", read_frame, low7=True)


def read_frame(frame: bytes) -> Event:
    """Read one frame from its LF to its ETX."""
    plain = frame.translate(LOW7)
    if plain == _NOT_UNDERSTOOD:
        return NoReading(Reason.NOT_UNDERSTOOD, raw=frame)
    if (printed := _PRINT.fullmatch(plain)) is not None:
        flag = Flag.NET if printed["kind"] == b"NT" else Flag.GROSS
        return _value(printed, frame, Stability.UNKNOWN, frozenset({flag}))
    found = _FRAME.fullmatch(plain)
    alone = None if found else _STATUS_ONLY.fullmatch(plain)
    match = found or alone
    if match is None or not _is_chain(match["status"]):
        return Garbage(frame)
    fault = _fault(match["status"])
    if fault is not None:
        return NoReading(*fault, frame)
    return _weight(found, frame) if found else _status_alone(match["status"], frame)


def _is_chain(status: bytes) -> bool:
    """Whether bit 6 says "another follows" from the second character to the last but one."""
    more = [bool(byte & MORE) for byte in status]
    return not more[0] and not more[-1] and all(more[1:-1])


def _fault(status: bytes) -> tuple[Reason, str] | None:
    first, second = status[0], status[1]
    if second & 0x02:
        return Reason.OVERLOAD, ""
    if second & 0x01:
        return Reason.UNDERLOAD, ""
    if first & 0x0C or second & 0x0C or (status[2:3] and status[2] & 0x08):
        return Reason.ERROR, status.decode()
    return None


def _weight(found: re.Match[bytes], frame: bytes) -> Event:
    status = found["status"]
    stability = Stability.MOVING if status[0] & 1 else Stability.STABLE
    return _value(found, frame, stability, _flags(status))


def _value(
    found: re.Match[bytes], frame: bytes, stability: Stability, told: frozenset[Flag]
) -> Event:
    if found["marks"]:
        return NoReading(*_MARKS[found["marks"][0]], frame)
    unit = found["unit"].decode().lower()
    if unit not in _UNITS:
        return Garbage(frame)
    value, flags = signed(found["digits"], minus=b"-" in found["sign"])
    return Reading(Quantity.WEIGHT, value, unit, stability, flags | told, frame)


def _flags(status: bytes) -> frozenset[Flag]:
    flags = {Flag.ZERO} if status[0] & 2 else set()
    if len(status) > 2:
        flags.add(Flag.NET if status[2] & NET else Flag.GROSS)
        # 10 is "hold" on Adam scales; 00 and 11 are the ranges of others.
        flags |= {Flag.HOLD} if status[2] & 3 == HOLD else set()
    return frozenset(flags)


def _status_alone(status: bytes, frame: bytes) -> Event:
    moving = bool(status[0] & 1)
    return NoReading(*((Reason.BUSY, "motion") if moving else (Reason.OTHER, "status")), frame)


_RENDERED = {
    Reason.OVERLOAD: b"\n^^^^^^kg\r\n0r1\r\x03",
    Reason.UNDERLOAD: b"\n______kg\r\n0q1\r\x03",
    Reason.BUSY: b"\nS10\r\x03",
    Reason.OTHER: b"\nS00\r\x03",
    Reason.ERROR: b"\n---------kg\r\n1p1\r\x03",
    Reason.NOT_UNDERSTOOD: _NOT_UNDERSTOOD,
}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as an Adam MDW would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            return _rendered(event)
        case NoReading(reason=reason) if reason in _RENDERED:
            return _RENDERED[reason]
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


def _rendered(event: Reading) -> bytes:
    digits = f"{abs(event.value):f}"
    if len(digits) > 8 or len(digits.partition(".")[0]) > 6:
        raise ValueError("the frame has eight characters of number")
    sign = "-" if event.value < 0 else " "
    first = 0x30 | (event.stability is Stability.MOVING) | (2 if Flag.ZERO in event.flags else 0)
    third = 0x30 | (HOLD if Flag.HOLD in event.flags else 1)
    third |= NET if Flag.NET in event.flags else 0
    status = bytes([first, 0x70, third])
    return f"\n{sign}{digits:>8}{event.unit:<2}\r\n".encode() + status + b"\r\x03"


DRIVERS = (
    Driver(
        key="nci",
        name="NCI / SCP-01",
        kind=Kind.SCALE,
        version="2",
        models=("Adam MDW", "Brecknell MS140, MS300", "NCI 7800", "Ohaus Aviator", "Mettler DIVA"),
        sources=(
            "Adam MDW manual p. 13, MDW 300L manual p. 12",
            "Brecknell MS140 manual p. 33",
            "NCI 7800 manual p. 32",
        ),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting(
                "request", ("w", "stream"), "w", "asked, or sending by itself (Adam MDW: S.F. 1)"
            ),
        ),
        # W reads; Z, T, U, L and X (zero, tare, unit, hold, off) are never sent.
        requests={"w": Poll(b"W\r"), "stream": None},
    ),
)
