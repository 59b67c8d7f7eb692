"""Detecto clinical heads: the solo's report line and the icon's network line.

Sources: Detecto solo manual p. 24 (``P`` between LF and CR is answered by time, date, body mass
index, height and weight, parted by commas, ended by CR); Detecto icon connectivity notes (``S``,
status ``D`` moving, ``I`` above the range or blank, blank, weight and unit, height, body mass
index, CR LF).

The solo's printed example gives the height in feet and inches, which is no number of one unit, so
only its weight is taken; the metric report of the ProDoc (PD300 manual p. 45) has it in
centimetres, and both are taken. The line does not say whether the weight has settled. The icon's
height has no unit: it is taken only if the profile tells which one. Body mass indices are no
measurements.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_SOLO = re.compile(
    rb"\n?\d{1,2}:\d{2},\d{2}/\d{2}/\d{2},[ \d.]{0,6},"
    rb"(?:[ \d.'\"]{0,9}| *(?P<height>\d{1,3}(?:\.\d{1,2})?) ?(?P<length>cm|in)),"
    rb" *(?P<sign>-?)(?P<weight>\d{1,3}(?:\.\d{1,3})?) ?(?P<unit>kg|lb|g)\r"
)
_ICON = re.compile(rb"S([D ]) (-?)(\d{1,3}\.\d{1,3})(kg|lb),(\d{1,3}\.\d),(\d{1,3}\.\d)\r\n")
_ICON_OVER = re.compile(rb"SI [ -~]{0,24}\r\n")


def solo(settings: Settings) -> LineDecoder:
    """A decoder for the solo; it has no profile settings."""
    del settings
    return LineDecoder(read_solo, b"\r")


def icon(settings: Settings) -> LineDecoder:
    """A decoder for the icon; untold about ``height-unit`` it gives no height."""
    return LineDecoder(partial(read_icon, height_unit=settings.get("height-unit", "")))


def read_solo(line: bytes) -> Event | tuple[Event, ...]:
    """Read one report line with its CR, and the LF that another device may have put before it."""
    found = _SOLO.fullmatch(line)
    if found is None:
        return Garbage(line)
    value, flags = signed(found["weight"], minus=bool(found["sign"]))
    unit = found["unit"].decode()
    weight = Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags, line)
    height, no_flags = signed(found["height"] or b"0", minus=False)
    if not height:
        return weight
    length = found["length"].decode()
    return weight, Reading(Quantity.LENGTH, height, length, Stability.UNKNOWN, no_flags, line)


def read_icon(line: bytes, *, height_unit: str) -> Event | tuple[Event, ...]:
    """Read one line with its CR LF."""
    if _ICON_OVER.fullmatch(line):
        return NoReading(Reason.OVERLOAD, raw=line)
    found = _ICON.fullmatch(line)
    if found is None:
        return Garbage(line)
    value, flags = signed(found[3], minus=bool(found[2]))
    stability = Stability.MOVING if found[1] == b"D" else Stability.STABLE
    weight = Reading(Quantity.WEIGHT, value, found[4].decode(), stability, flags, line)
    height, no_flags = signed(found[5], minus=False)
    if not (height and height_unit):
        return weight
    return weight, Reading(Quantity.LENGTH, height, height_unit, stability, no_flags, line)


def render_solo(event: Event, settings: Settings) -> bytes:
    """Write a weight as the solo would; raises ``ValueError`` for anything else."""
    del settings
    match event:
        case Reading(quantity=Quantity.WEIGHT):
            return f"12:00,08/07/15,,,{event.value:f}{event.unit}\r".encode()
        case Garbage(raw=raw):
            return raw
        case _:
            raise ValueError("the line has a weight and nothing else that counts")


def render_icon(event: Event, settings: Settings) -> bytes:
    """Write a weight as the icon would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading(quantity=Quantity.WEIGHT) if "." in f"{event.value:f}":
            status = "D" if event.stability is Stability.MOVING else " "
            return f"S{status} {event.value:f}{event.unit},000.0,000.0\r\n".encode()
        case NoReading(reason=Reason.OVERLOAD):
            return b"SI \r\n"
        case Garbage(raw=raw):
            return raw
        case _:
            raise ValueError("the line always has a weight with decimals")


DRIVERS = (
    Driver(
        key="detecto-solo",
        name="Detecto solo and ProDoc",
        kind=Kind.SCALE,
        version="2",
        models=("Detecto solo", "Detecto ProDoc PD300"),
        sources=("Detecto solo manual p. 24", "Detecto ProDoc PD300 manual p. 45"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=solo,
        render=render_solo,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting("request", ("p", "print-key"), "p", "asked with P, or sent by its PRINT key"),
        ),
        # P reports what was measured and changes nothing.
        requests={"p": Poll(b"\nP\r", interval=0.5), "print-key": None},
        rhythm=Rhythm.ONCE,
    ),
    Driver(
        key="detecto-icon",
        name="Detecto icon over the network",
        kind=Kind.SCALE,
        version="1",
        models=("Detecto icon",),
        sources=("Detecto icon connectivity notes, 2018",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=icon,
        render=render_icon,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting("height-unit", ("cm", "in"), None, "the unit of the height, as displayed"),
        ),
    ),
)
