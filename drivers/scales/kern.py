"""KERN: the three line forms of its scales, which cannot be taken for one another.

1. KCP, the KERN Communications Protocol, a sibling of MT-SICS: ``S S`` stable or ``S D`` moving,
   number, unit. Sources: KERN KIB-TM manual p. 33, KCP-ZB-e, CKE manual p. 79.
2. Eighteen bytes (DE, EMB, PCB and others): ``M`` or blank, sign or blank, ten of number, blank,
   three of unit. A stable value has its unit, a moving one has blanks there, and none is invented.
   An error is eleven blanks and ``Error``. Source: PCB manual p. 36.
3. Fourteen or fifteen characters (EW, EG): sign, seven or eight of number, two of unit, a type
   (``L``, ``G``, ``H`` or blank), a state (``S`` stable, ``U`` moving, ``E`` out of range), as an
   open driver for these scales reads them.

Each line ends with CR LF; there is no checksum. Which form a model speaks is seen from its first
line; only the request that makes it speak has to be chosen.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_NUMBER = rb"(?P<sign>[ +-]) *(?P<digits>\d{1,8}(?:\.\d{1,6})?)"
_KCP = re.compile(
    rb"S (?P<state>[SD]) +(?P<sign>-?)(?P<digits>\d{1,8}(?:\.\d{1,6})?) (?P<unit>[A-Za-z]{1,3})\r\n"
)
_ANSWER = re.compile(rb"(?:S|SI|Z|ZI|T|TI) ([I+-])\r\n")
_LONG = re.compile(rb"[M ](?=[ \d.+-]{11} )" + _NUMBER + rb" (?P<unit>[A-Za-z ]{3})\r\n")
_LONG_ERROR = b" " * 11 + b"Error\r\n"
_SHORT = re.compile(
    rb"(?=[ +-][ \d.]{7,8}[ A-Za-z]{2}[LGH ][USE ]\r\n)"
    + _NUMBER
    + rb"(?P<unit>[A-Za-z ]{2})[LGH ](?P<state>[USE ])\r\n"
)
UNITS = frozenset({"kg", "g", "lb", "oz", "mg", "t"})
_REASONS = {b"I": Reason.BUSY, b"+": Reason.OVERLOAD, b"-": Reason.UNDERLOAD}
_STATES = {b"S": Stability.STABLE, b"D": Stability.MOVING, b"U": Stability.MOVING}
_FIXED = {
    _LONG_ERROR: (Reason.ERROR, ""),
    b"ES\r\n": (Reason.NOT_UNDERSTOOD, "ES"),
    b"ET\r\n": (Reason.TRANSMISSION, "ET"),
    b"EL\r\n": (Reason.ERROR, "EL"),
}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its lines."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if line in _FIXED:
        return NoReading(*_FIXED[line], line)
    if (answer := _ANSWER.fullmatch(line)) is not None:
        return NoReading(_REASONS[answer[1]], raw=line)
    if (kcp := _KCP.fullmatch(line)) is not None:
        return _value(kcp, _STATES[kcp["state"]], line)
    if len(line) == 18 and (long := _LONG.fullmatch(line)) is not None:
        settled = bool(long["unit"].strip())
        return _value(long, Stability.STABLE if settled else Stability.MOVING, line)
    short = _SHORT.fullmatch(line)
    return Garbage(line) if short is None else _short(short, line)


def _short(found: re.Match[bytes], line: bytes) -> Event:
    if found["state"] == b"E":
        low = found["sign"] == b"-"
        return NoReading(Reason.UNDERLOAD if low else Reason.OVERLOAD, raw=line)
    if not found["unit"].strip():
        return Garbage(line)
    return _value(found, _STATES.get(found["state"], Stability.UNKNOWN), line)


def _value(found: re.Match[bytes], stability: Stability, line: bytes) -> Event:
    unit = found["unit"].decode().strip()
    unit = unit.lower() if unit in {"G", "KG"} else unit
    if unit not in UNITS and (unit or stability is not Stability.MOVING):
        return Garbage(line)
    value, flags = signed(found["digits"], minus=found["sign"] == b"-")
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, line)


_LETTERS = {Reason.BUSY: b"S I\r\n", Reason.OVERLOAD: b"S +\r\n", Reason.UNDERLOAD: b"S -\r\n"}
_LETTERS |= {Reason.NOT_UNDERSTOOD: b"ES\r\n", Reason.TRANSMISSION: b"ET\r\n"}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as KCP, or in eighteen characters for scales that are asked with ``w``."""
    match event:
        case Reading():
            long = settings.get("request", "").startswith("w")
            return _eighteen(event) if long else _kcp(event)
        case NoReading(reason=Reason.ERROR):
            return _LONG_ERROR
        case NoReading(reason=reason) if reason in _LETTERS:
            return _LETTERS[reason]
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


def _kcp(event: Reading) -> bytes:
    state = "D" if event.stability is Stability.MOVING else "S"
    return f"S {state} {event.value:>10f} {event.unit}\r\n".encode()


def _eighteen(event: Reading) -> bytes:
    digits = f"{abs(event.value):f}"
    if len(digits) > 10:
        raise ValueError("the line has ten characters of number")
    sign = "-" if event.value < 0 else " "
    unit = "" if event.stability is Stability.MOVING else event.unit
    return f" {sign}{digits:>10} {unit:<3}\r\n".encode()


DRIVERS = (
    Driver(
        key="kern",
        name="KERN (KCP, 18-character and 14/15-character lines)",
        kind=Kind.SCALE,
        version="1",
        models=("KERN with KCP", "KERN DE, EMB, PCB, 572, 573, KB, DS, FKB", "KERN EW, EG"),
        sources=("KERN KIB-TM manual p. 33", "KERN PCB manual p. 36", "libsigrok kern.c"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting(
                "request",
                ("kcp", "w", "w-crlf", "stream"),
                None,
                "kcp: SI; w: a single letter (DE, PCB, EMB); w-crlf: with line end (FKT, IKT, PKT)",
            ),
        ),
        # SI and w read; Z and t (zero, tare) are never sent. KCP: no faster than every 100 ms.
        requests={
            "kcp": Poll(b"SI\r\n", interval=0.15),
            "w": Poll(b"w"),
            "w-crlf": Poll(b"w\r\n"),
            "stream": None,
        },
    ),
)
