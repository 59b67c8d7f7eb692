"""KERN: the line forms of its scales, which cannot be taken for one another.

1. KCP, the KERN Communications Protocol, a sibling of MT-SICS: ``S S`` stable or ``S D`` moving,
   number, unit. Sources: KERN KIB-TM manual p. 33, KCP-ZB-e, CKE manual p. 79.
2. Eighteen bytes (DE, EMB, PCB and others): ``M`` or blank, eleven of number with its sign at the
   left or next to the digits, blank, three of unit. A stable value has its unit, a moving one has
   blanks there or ends before them, and none is invented. An error is blanks and ``Error``.
   Sources: PCB manual p. 36, FKB p. 37; a real line with the minus next to the digits.
   FKT, IKT and PKT send the same with a star (automatic tare; FKT manual p. 59, IKT p. 48) and with
   a counter in front (20 or 26 bytes), and their manual does not say that only stable values have a
   unit: what they send, and what a scale asked with ``w-crlf`` sends, is of unknown stability.
3. Fourteen to sixteen bytes (EW, EG, PNJ): sign, seven to nine of number, two of unit, a type
   (``L``, ``G``, ``H`` or blank), a state (``S`` stable, ``U`` moving, ``E`` out of range), as an
   open driver for these scales reads them. Verified models have a slash before a last digit that is
   finer than the verified step (PNJ manual p. 69): it is told apart and is part of the value only
   where the profile says so. Without a decimal point before the slash its place is unknown, and the
   line is garbage.

Each line ends with CR LF; there is no checksum. Pieces and per cent are told as such. Which form a
model speaks is seen from its first line; only the request that makes it speak has to be chosen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from drivers.digits import no_weight, signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_NUMBER = rb"(?P<sign>[ +-]) *(?P<digits>\d{1,8}(?:\.\d{1,6})?)"
_SIGNED = rb"(?P<sign>[+-]? *| *[+-])(?P<digits>\d{1,8}(?:\.\d{1,6})?)"
_KCP = re.compile(
    rb"S (?P<state>[SD]) +(?P<sign>-?)(?P<digits>\d{1,8}(?:\.\d{1,6})?) "
    rb"(?P<unit>[A-Za-z]{1,3}|%)\r\n"
)
_ANSWER = re.compile(rb"(?:S|SI|Z|ZI|T|TI) ([I+-])\r\n")
_LONG = re.compile(
    rb"(?P<mark>[M* ])(?=[ \d.+-]{11} )" + _SIGNED + rb" (?P<unit>[A-Za-z% ]{3}|)\r\n"
)
_COUNTED = re.compile(
    rb"(?:\d{3}[* ](?=[ \d.+-]{10} [A-Za-z% ]{3}\r)|\d{5}[* ](?=[ \d.+-]{14}[A-Za-z% ]{4}\r))"
    + _SIGNED
    + rb"(?P<unit>[A-Za-z% ]{4})\r\n"
)
_LONG_ERROR = b" " * 11 + b"Error\r\n"
_ERROR = re.compile(rb" {5,13}Error\r\n")
_SHORT = re.compile(
    rb"(?=[ +-][ \d./]{7,9}[ A-Za-z%]{2}[LGH ][USE ]\r\n)"
    + _NUMBER
    + rb"(?:/(?P<finer>\d))?(?P<unit>[A-Za-z% ]{2})[LGH ](?P<state>[USE ])\r\n"
)
UNITS = frozenset({"kg", "g", "lb", "oz", "mg", "t"})
_REASONS = {b"I": Reason.BUSY, b"+": Reason.OVERLOAD, b"-": Reason.UNDERLOAD}
_STATES = {b"S": Stability.STABLE, b"D": Stability.MOVING, b"U": Stability.MOVING}
_FIXED = {
    b"ES\r\n": (Reason.NOT_UNDERSTOOD, "ES"),
    b"ET\r\n": (Reason.TRANSMISSION, "ET"),
    b"EL\r\n": (Reason.ERROR, "EL"),
}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for this profile."""
    untold = settings.get("request") == "w-crlf"
    finer = settings.get("finer-digit") == "include"
    return LineDecoder(partial(read_line, untold=untold, finer=finer))


def read_line(line: bytes, *, untold: bool = False, finer: bool = False) -> Event:
    """Read one line with its CR LF.

    ``untold``: a unit does not say that the value is stable. ``finer``: the digit behind a slash is
    part of the value.
    """
    if line in _FIXED:
        return NoReading(*_FIXED[line], line)
    if _ERROR.fullmatch(line) is not None:
        return NoReading(Reason.ERROR, raw=line)
    if (answer := _ANSWER.fullmatch(line)) is not None:
        return NoReading(_REASONS[answer[1]], raw=line)
    if (kcp := _KCP.fullmatch(line)) is not None:
        return _value(kcp, _STATES[kcp["state"]], line)
    if (long := _LONG.fullmatch(line)) is not None:
        return _long(long, line, untold=untold or long["mark"] == b"*")
    if (counted := _COUNTED.fullmatch(line)) is not None:
        return _value(counted, Stability.UNKNOWN, line)
    short = _SHORT.fullmatch(line)
    return Garbage(line) if short is None else _short(short, line, finer=finer)


def _long(found: re.Match[bytes], line: bytes, *, untold: bool) -> Event:
    if not found["unit"].strip():
        return _value(found, Stability.MOVING, line)
    return _value(found, Stability.UNKNOWN if untold else Stability.STABLE, line)


def _short(found: re.Match[bytes], line: bytes, *, finer: bool) -> Event:
    if found["state"] == b"E":
        low = b"-" in found["sign"]
        return NoReading(Reason.UNDERLOAD if low else Reason.OVERLOAD, raw=line)
    beyond = found["finer"] or b""
    if not found["unit"].strip() or (beyond and b"." not in found["digits"]):
        return Garbage(line)
    event = _value(found, _STATES.get(found["state"], Stability.UNKNOWN), line, beyond * finer)
    if isinstance(event, Reading) and not finer:
        return replace(event, finer=beyond.decode())
    return event


def _value(found: re.Match[bytes], stability: Stability, line: bytes, beyond: bytes = b"") -> Event:
    unit = found["unit"].decode().strip()
    unit = unit.lower() if unit in {"G", "KG"} else unit
    if unit not in UNITS and (unit or stability is not Stability.MOVING):
        called = no_weight(unit.encode())
        return NoReading(Reason.OTHER, called, line) if called else Garbage(line)
    value, flags = signed(found["digits"] + beyond, minus=b"-" in found["sign"])
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
        name="KERN (KCP, lines of 18, 20 and 26 bytes, and of 14 to 16)",
        kind=Kind.SCALE,
        version="3",
        models=(
            "KERN with KCP",
            "KERN DE, EMB, PCB, 572, 573, KB, DS, FKB",
            "KERN FKT, IKT, PKT",
            "KERN EW, EG, PNJ",
        ),
        sources=(
            "KERN KIB-TM manual p. 33",
            "KERN PCB manual p. 36, FKB p. 37, FKT p. 59, IKT p. 48, PNJ p. 69",
            "libsigrok kern.c",
            "lines of a KERN posted in OpenTrickler-RP2040-Controller issue 15",
        ),
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
            Setting(
                "finer-digit",
                ("leave-out", "include"),
                "leave-out",
                "whether the digit behind a slash, finer than the step, is part of the value",
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
