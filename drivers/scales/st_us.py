"""The "ST, US, OL" family: A&D standard, A&D platform "format 2", KERN KIB, Gram, Brecknell.

Sources: A&D EK-L manual p. 30 and GC p. 51 (15 characters: header, comma, sign and eight of number
filled with zeros, three of unit right aligned); A&D HV-WP p. 52 (seven characters, two of unit);
Gram K2 p. 56, Brecknell S122 p. 54, KERN KIB-TM p. 33 (a second header ``GS`` gross or ``NT`` net,
eight characters with the sign first, two of unit). All lines end with CR LF.

``ST`` is stable, ``US`` not; ``OL`` is out of range, whatever digits follow. ``HI``, ``OK``, ``LO``
before a line belong to a comparator and change nothing. A decimal comma is refused unless the
profile allows it; it is never left out of a number. There is no checksum.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"(?:(?:HI|OK|LO),)?(?P<state>ST|US),(?:(?P<kind>GS|NT),)?"
    rb"(?P<field>(?P<sign>[+ -]) *(?P<digits>\d{1,8}(?:[.,]\d{1,6})?))"
    rb" {0,2}(?P<unit>kg|g|lb|oz|t|mg)\r\n"
)
_RANGE = re.compile(rb"(?:(?:HI|OK|LO),)?OL,(?:(?:GS|NT),)?(?P<sign>[+ -]?)[ -~]{0,18}\r\n")
_ERROR = re.compile(rb"EC,E(\d{2})\r\n")
_STATES = {b"ST": Stability.STABLE, b"US": Stability.MOVING}
_KINDS = {b"GS": frozenset({Flag.GROSS}), b"NT": frozenset({Flag.NET}), None: frozenset[Flag]()}
WIDTHS = {True: (8,), False: (9, 7)}
"""Characters of sign and number: with a second header, and without."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for this profile's decimal mark."""
    return LineDecoder(partial(read_line, comma=settings.get("decimal-comma") == "accept"))


def read_line(line: bytes, *, comma: bool) -> Event:
    """Read one line with its CR LF."""
    if (found := _LINE.fullmatch(line)) is not None:
        return _value(found, line, comma=comma)
    if (out := _RANGE.fullmatch(line)) is not None:
        # Digits beside the mark mean nothing, however plausible they look.
        return NoReading(Reason.UNDERLOAD if out["sign"] == b"-" else Reason.OVERLOAD, raw=line)
    if (error := _ERROR.fullmatch(line)) is not None:
        return NoReading(Reason.ERROR, f"E{error[1].decode()}", line)
    return Garbage(line)


def _value(found: re.Match[bytes], line: bytes, *, comma: bool) -> Event:
    digits = found["digits"]
    fits = len(found["field"]) in WIDTHS[found["kind"] is not None]
    if not fits or (b"," in digits and not comma):
        return Garbage(line)
    value, flags = signed(digits.replace(b",", b"."), minus=found["sign"] == b"-")
    state, kind, unit = _STATES[found["state"]], _KINDS[found["kind"]], found["unit"].decode()
    return Reading(Quantity.WEIGHT, value, unit, state, flags | kind, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event in the form with two headers; raises ``ValueError`` for what it cannot say."""
    match event:
        case Reading():
            return _rendered(event, comma=settings.get("decimal-comma") == "accept")
        case NoReading(reason=Reason.OVERLOAD):
            return b"OL,GS,+       kg\r\n"
        case NoReading(reason=Reason.UNDERLOAD):
            return b"OL,GS,-       kg\r\n"
        case NoReading(reason=Reason.ERROR, code=code):
            return f"EC,{code}\r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


def _rendered(event: Reading, *, comma: bool) -> bytes:
    digits = f"{abs(event.value):f}"
    if len(digits) > 7:
        raise ValueError("the line has seven characters of number")
    if comma:
        digits = digits.replace(".", ",")
    state = "US" if event.stability is Stability.MOVING else "ST"
    kind = "NT" if Flag.NET in event.flags else "GS"
    sign = "-" if event.value < 0 else "+"
    return f"{state},{kind},{sign}{digits:>7}{event.unit:>2}\r\n".encode()


DRIVERS = (
    Driver(
        key="st-us",
        name="ST/US/OL family (A&D, KERN KIB, Gram, Brecknell)",
        kind=Kind.SCALE,
        version="1",
        models=("A&D EK-L, GC, HV-WP", "KERN KIB-TM", "Gram K2", "Brecknell S122"),
        sources=("A&D EK-L manual p. 30", "Gram K2 manual p. 56", "KERN KIB-TM manual p. 33"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting("request", ("stream", "q", "w"), "stream", "sending by itself, or asked"),
            Setting(
                "decimal-comma",
                ("refuse", "accept"),
                "refuse",
                "whether the scale was set to write a comma for the decimal point",
            ),
        ),
        # Q (A&D) and W (KERN EOC) read; Z, R and T (zero, tare) are never sent.
        requests={"stream": None, "q": Poll(b"Q\r\n"), "w": Poll(b"W\r\n")},
    ),
)
