"""Ohaus print lines: Defender 3000, Ranger and Ranger compact, and the older RS232 interfaces.

Sources: Ohaus Defender 3000 manual p. 37 (sign, blank, seven of weight right aligned, blank, five
of unit, ``?`` when not stable, three of legend: ``G`` gross, ``NET``, ``T`` tare); streams of two
Defender 3000 in public code (no blank behind the sign, and a legend of one letter: ``G``, ``N``);
Ohaus RS232 interface manual p. 5 (twelve of weight, blank, five of unit, ``?`` or blank; its format
2: eleven or twelve of weight, blank, unit, blank, ``?`` or blank); Ohaus Ranger compact manual
p. 36 (sign, two blanks, seven of weight, blank, two of unit, blank, ``?`` or blank, blank, ``NET``
or ``B/G``; at its print key three lines that begin with ``G``, ``T`` and ``N``: the net weight is
what the display shows).

Unit, mark and legend are taken as parts; where the number ends tells which of the lines it is, and
so how long it has to be. A line that fits none has lost a character, perhaps a digit, and is
garbage. Pieces and per cent are told as such. All lines end with CR LF. There is no checksum.
``IP`` prints at once and changes nothing on the scale; ``Z`` and ``T`` are never sent.
"""

from __future__ import annotations

import re

from drivers.digits import no_weight, signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"(?P<number>(?P<pad>-? *| +-)(?P<digits>\d{1,7}(?:\.\d{1,4})?)) "
    rb"(?P<tail>(?P<unit>kg|g|lb|oz) *(?P<mark>\??) *(?P<legend>G|NET|N|T|B/G|) *)\r\n"
)
_PRINT = re.compile(
    rb"(?P<legend>[GTN])(?=[ \d.-]{21} [a-z ]{2} )"
    rb" +(?P<pad>-?) *(?P<digits>\d{1,6}(?:\.\d{1,4})?) (?P<unit>kg|g |lb|oz) "
    rb"(?P<mark>[ ?]?)\r\n"
)
_SCALE = re.compile(rb"SCALE: [12]\r\n")
_OTHER = re.compile(rb"(?P<number>[ \d.-]{8,12}) (?P<unit>[A-Za-z:%]{1,5}) *\??[ A-Z/]{0,4}\r\n")
_KINDS = {
    b"G": frozenset({Flag.GROSS}),
    b"NET": frozenset({Flag.NET}),
    b"N": frozenset({Flag.NET}),
    b"B/G": frozenset({Flag.GROSS}),
    b"": frozenset[Flag](),
}
UNIT = 5
"""Characters of the unit where it has a fixed width; the mark stands behind them."""

COMPACT = 10
"""Characters of sign, blanks and number of a Ranger compact."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its lines."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if line == b"ES\r\n":
        return NoReading(Reason.NOT_UNDERSTOOD, raw=line)
    if (printed := _PRINT.fullmatch(line)) is not None:
        # The gross weight of a print is not what the display shows; with no tare both are equal.
        other = {b"G": "gross", b"T": "tare"}.get(printed["legend"])
        return NoReading(Reason.OTHER, other, line) if other else _value(printed, line)
    if _SCALE.fullmatch(line) is not None:
        return NoReading(Reason.OTHER, "heading", line)
    found = _LINE.fullmatch(line)
    if found is not None and _is_whole(found):
        # With T the number is the tare, never a weight on the platform.
        tare = found["legend"] == b"T"
        return NoReading(Reason.OTHER, "tare", line) if tare else _value(found, line)
    other_unit = _OTHER.fullmatch(line)
    called = no_weight(other_unit["unit"]) if other_unit else ""
    return NoReading(Reason.OTHER, called, line) if called else Garbage(line)


def _value(found: re.Match[bytes], line: bytes) -> Reading:
    value, flags = signed(found["digits"], minus=b"-" in found["pad"])
    stability = Stability.MOVING if found["mark"].strip() else Stability.STABLE
    unit = found["unit"].strip().decode()
    return Reading(Quantity.WEIGHT, value, unit, stability, flags | _KINDS[found["legend"]], line)


def _is_whole(found: re.Match[bytes]) -> bool:
    """Whether number, unit, mark and legend stand where one kind of line has them."""
    end, tail, legend = len(found["number"]), found["tail"], found["legend"]
    marks = {found.start(name) - found.start("tail") for name in ("mark", "legend") if found[name]}
    if end == COMPACT and len(tail) == 8:
        places = {3} if found["mark"] else set()
        return marks == (places | {5} if legend else places) and len(legend) != 1
    fixed = len(tail) - UNIT - 1
    if fixed in {1, 3}:
        # The legend has a place of its own, behind that of the mark.
        places = {UNIT} if found["mark"] else set()
        places |= {UNIT + 1} if legend else set()
        return (end, fixed) in {(8, 1), (9, 3)} and marks == places and len(legend) <= fixed
    if legend:
        return False
    free = len(found["unit"]) + 1
    return (end == 12 and fixed == 0 and marks <= {UNIT}) or (
        end == 11 + (b"." in found["digits"]) and len(tail) == free + 1 and marks <= {free}
    )


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 7:
                raise ValueError("the line has seven characters of number")
            sign = "-" if event.value < 0 else " "
            mark = "?" if event.stability is Stability.MOVING else " "
            legend = "NET" if Flag.NET in event.flags else "G"
            return f"{sign} {digits:>7} {event.unit:<5}{mark}{legend:<3}\r\n".encode()
        case NoReading(reason=Reason.NOT_UNDERSTOOD):
            return b"ES\r\n"
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no such answer")


DRIVERS = (
    Driver(
        key="ohaus",
        name="Ohaus Defender",
        kind=Kind.SCALE,
        version="3",
        models=(
            "Ohaus Defender 3000",
            "Ohaus Ranger",
            "Ohaus Ranger compact",
            "Ohaus with an RS232 interface",
        ),
        sources=(
            "Ohaus Defender 3000 manual p. 37",
            "Ohaus Ranger compact manual p. 36",
            "Ohaus RS232 interface manual p. 5",
            "streams of two Defender 3000 in public code",
        ),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting("request", ("ip", "stream"), "ip", "asked with IP, or printing by itself"),
        ),
        requests={"ip": Poll(b"IP\r\n"), "stream": None},
        rhythm=Rhythm.STREAMS,
    ),
)
