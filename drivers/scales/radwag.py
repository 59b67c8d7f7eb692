"""RADWAG character protocol: medical baby scales C315.6/15 and C315.10/20 and PUE indicators.

Source: RADWAG PUE C/31H user manual, p. 58 (commands, answers and the 21-character mass
frame); PS series technical data, p. 82, and AS R2 PLUS manual, p. 83 (the variant with one more
blank, and the range markers). That the C315 speaks the same follows only from all RADWAG
indicators sharing it.

The frame: command in three characters, stability (blank stable, ``?`` moving, ``^`` above and
``v`` below the range), blank, sign, nine characters of mass right aligned, blank, three of unit
left aligned, CR LF. In the longer variant a blank stands between command and stability. What the
print key sends (PS series, p. 69) is the same from the stability on. A tare or a threshold that was
asked for is told as such. There is no checksum, no net flag and no battery flag; a tare is applied
silently.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.digits import no_weight
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Settings
from drivers.events import (
    Event,
    Flag,
    Garbage,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
)
from drivers.framing import LineDecoder

UNITS = frozenset({"kg", "g", "mg", "lb", "oz", "ct", "N", "dag", "t"})

_MASS = re.compile(
    rb"(?:(?:S  |SI |SU |SUI)(?P<state>[ ?^v] | [ ?^v] |[ ?^v]  )|(?P<printed>[ ?^v]) )"
    rb"(?P<sign>[ -])(?P<mass>[ -~]{9}) "
    rb"(?P<unit>[A-Za-z]{3}|[A-Za-z]{2} |[A-Za-z%]  )\r\n"
)
_SET = re.compile(rb"(?P<what>OT|UH|DH)_? {0,2}[ \d.]{9} [A-Za-z ]{2,3} ?\r\n")
_TEXT = re.compile(rb'(?:PC|NB|BN|FS|RV|UI|UG) A "[ -~]{0,120}"\r\n')
_NUMBER = re.compile(rb" *(\d{1,8}(?:\.\d{1,6})?)")
_ANSWER = re.compile(rb"(?P<command>[A-Z][A-Z0-9]{0,2}) (?P<code>A|D|OK|I|\^|v|E)\r\n")
_NOT_UNDERSTOOD = b"ES\r\n"

_ANSWERS = {
    b"A": Reason.PENDING,
    b"I": Reason.BUSY,
    b"^": Reason.OVERLOAD,
    b"v": Reason.UNDERLOAD,
    b"E": Reason.NOT_STABLE,
}
_DONE = {b"Z": Reason.ZERO_DONE, b"T": Reason.TARE_DONE, b"UT": Reason.TARE_DONE}
_RANGE = {b"^": Reason.OVERLOAD, b"v": Reason.UNDERLOAD}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; the protocol has no profile settings."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if (mass := _MASS.fullmatch(line)) is not None:
        return _mass(mass, line)
    if (answer := _ANSWER.fullmatch(line)) is not None:
        return _answer(answer, line)
    if line == _NOT_UNDERSTOOD:
        return NoReading(Reason.NOT_UNDERSTOOD, raw=line)
    if (asked := _SET.fullmatch(line)) is not None:
        what = "tare" if asked["what"] == b"OT" else "threshold"
        return NoReading(Reason.OTHER, what, line)
    if _TEXT.fullmatch(line) is not None:
        return NoReading(Reason.IDENTITY, raw=line)
    return Garbage(line)


def _mass(found: re.Match[bytes], line: bytes) -> Event:
    mark = (found["state"] or found["printed"]).strip()
    if mark in _RANGE:
        # Digits beside a range marker mean nothing, however plausible they look.
        return NoReading(_RANGE[mark], raw=line)
    unit = found["unit"].rstrip().decode()
    number = _NUMBER.fullmatch(found["mass"])
    if number is None or unit not in UNITS:
        called = no_weight(found["unit"]) if number else ""
        return NoReading(Reason.OTHER, called, line) if called else Garbage(line)
    value = Decimal(number[1].decode())
    flags: frozenset[Flag] = frozenset()
    if found["sign"] == b"-" and value:
        value, flags = -value, frozenset({Flag.NEGATIVE})
    stability = Stability.MOVING if mark == b"?" else Stability.STABLE
    return Reading(Quantity.WEIGHT, value, unit, stability, flags, line)


def _answer(found: re.Match[bytes], line: bytes) -> Event:
    command, code = found["command"], found["code"]
    if code in {b"D", b"OK"}:
        return NoReading(_DONE.get(command, Reason.PENDING), raw=line)
    return NoReading(_ANSWERS[code], raw=line)


_RENDERED = {
    Reason.OVERLOAD: b"SI ^\r\n",
    Reason.UNDERLOAD: b"SI v\r\n",
    Reason.NOT_STABLE: b"S E\r\n",
    Reason.PENDING: b"S A\r\n",
    Reason.ZERO_DONE: b"Z D\r\n",
    Reason.TARE_DONE: b"T D\r\n",
    Reason.BUSY: b"SI I\r\n",
}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would answer to ``SI``."""
    del settings
    match event:
        case Reading():
            mark = "?" if event.stability is Stability.MOVING else " "
            sign = "-" if event.value < 0 else " "
            return f"SI {mark} {sign}{abs(event.value):>9} {event.unit:<3}\r\n".encode()
        case NoReading(reason=reason):
            return _RENDERED.get(reason, _NOT_UNDERSTOOD)
        case Garbage(raw=raw):
            return raw


DRIVERS = (
    Driver(
        key="radwag",
        name="RADWAG",
        kind=Kind.SCALE,
        version="2",
        models=("C315.6/15.D", "C315.10/20.D", "PUE C/31H"),
        sources=("RADWAG PUE C/31H manual p. 58", "RADWAG PS series technical data p. 69 and 82"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        # SI changes nothing on the scale and answers at once; S would wait for rest, and show
        # nothing of a restless child. SI also answers in the base unit of the calibration, so
        # that a unit key pressed by mistake does not reach the station; SUI would follow it.
        poll=Poll(b"SI\r\n", interval=0.1, timeout=1.0),
        rhythm=Rhythm.ANSWERS,
    ),
)
