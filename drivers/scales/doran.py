"""Doran medical indicators: the protocols F1 and Fd. Sources: Doran DS8030 manual p. 13 and 14.

F1: STX, sign, six of weight, ``#``, unit, ``#GRS#``, six of tare, ``#``, unit, ``#``, six of
height, ``#``, its unit, ``#``, five of body mass index, ``#BMI``, CR LF. It does not say whether
the weight has settled.

Fd: time and date, body mass index and height without a unit, then gross, tare and net, each with
unit, blank and a letter, parted by commas, CR LF. ``G`` and ``N`` in capitals mean stable, small
ones moving. Net has to be gross less tare, to the last digit: a line in which it is not was
damaged.

``W`` asks for what is displayed; ``Z``, ``U`` and ``R`` (zero, unit, weigh again) are never sent.
Body mass indices are no measurements. There is no checksum. The protocol FH is the driver
``pelstar``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Stability
from drivers.framing import LineDecoder

_F1 = re.compile(
    rb"\x02(?P<sign>[ -])(?=[ \d.]{6}#) *(?P<weight>\d{1,5}(?:\.\d{1,4})?)#(?P<unit>kg|lb)#GRS#"
    rb"(?=[ \d.]{6}#) *\d{1,5}(?:\.\d{1,4})?#(?P=unit)#"
    rb"(?=[ \d.]{6}#) *(?P<height>\d{1,5}(?:\.\d{1,4})?)#(?P<length>cm|in)#[ \d.]{5}#BMI\r\n"
)
_FD = re.compile(
    rb"[\d:-]{5},[\d/-]{8}, ?[ \d.]{5}, ?[ \d.'\"-]{6},"
    rb"(?P<minus>[ -])(?=[ \d.]{5}[kl]) *(?P<gross>\d{1,5}(?:\.\d{1,4})?)(?P<unit>kg|lb) "
    rb"(?P<g>[Gg]),"
    rb"(?=[ \d.]{6}[kl]) *(?P<tare>\d{1,6}(?:\.\d{1,4})?)(?P=unit) [Tt],"
    rb"(?P<sign>[ -])(?=[ \d.]{5}[kl]) *(?P<weight>\d{1,5}(?:\.\d{1,4})?)(?P=unit) (?P<n>[Nn]),\r\n"
)


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; which protocol is set shows from the line."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event | tuple[Event, ...]:
    """Read one line with its CR LF."""
    if (f1 := _F1.fullmatch(line)) is not None:
        return _f1(f1, line)
    fd = _FD.fullmatch(line)
    return Garbage(line) if fd is None else _fd(fd, line)


def _f1(found: re.Match[bytes], line: bytes) -> Event | tuple[Event, ...]:
    value, flags = signed(found["weight"], minus=found["sign"] == b"-")
    unit, flags = found["unit"].decode(), flags | {Flag.GROSS}
    weight = Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, line)
    height, plain = signed(found["height"], minus=False)
    if not height:
        return weight
    length = found["length"].decode()
    return weight, Reading(Quantity.LENGTH, height, length, Stability.UNKNOWN, plain, line)


def _fd(found: re.Match[bytes], line: bytes) -> Event:
    gross, _ = signed(found["gross"], minus=found["minus"] == b"-")
    tare = Decimal(found["tare"].decode())
    value, flags = signed(found["weight"], minus=found["sign"] == b"-")
    settled = found["g"].isupper()
    if gross - tare != value or settled != found["n"].isupper():
        return Garbage(line)
    flags |= {Flag.NET if tare else Flag.GROSS}
    stability = Stability.STABLE if settled else Stability.MOVING
    return Reading(Quantity.WEIGHT, value, found["unit"].decode(), stability, flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight in the protocol that is set; raises ``ValueError`` for what it cannot say."""
    match event:
        case Reading(quantity=Quantity.WEIGHT, unit="kg" | "lb"):
            return _line(event, f1=settings.get("protocol") == "f1")
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the line has a weight in kg or lb and nothing else")


def _line(event: Reading, *, f1: bool) -> bytes:
    digits, unit = f"{abs(event.value):f}", event.unit
    if len(digits) > (6 if f1 else 5):
        raise ValueError("the line has five or six characters of number")
    sign = "-" if event.value < 0 else " "
    if f1:
        weight, tare = f"{sign}{digits:>6}#{unit}", f"   0.0#{unit}"
        return f"\x02{weight}#GRS#{tare}#   0.0#cm#  0.0#BMI\r\n".encode()
    moving = event.stability is Stability.MOVING
    gross, net = ("g", "n") if moving else ("G", "N")
    value = f"{sign}{digits:>5}{unit}"
    return f"--:--,--/--/--,  0.0,   0.0,{value} {gross},   0.0{unit} T,{value} {net},\r\n".encode()


DRIVERS = (
    Driver(
        key="doran",
        name="Doran F1 and Fd",
        kind=Kind.SCALE,
        version="1",
        models=("Doran DS8030, DS6150",),
        sources=("Doran DS8030 manual p. 13", "Doran DS6150 manual p. 20"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(Setting("protocol", ("fd", "f1"), "fd", "as set in its menu; both are read"),),
        poll=Poll(b"W", interval=0.3),
        rhythm=Rhythm.ANSWERS,
    ),
)
