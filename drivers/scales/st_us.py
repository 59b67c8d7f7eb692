"""The "ST, US, OL" family: A&D, KERN, Gram, Brecknell, T-Scale, Excell, Tiger and many others.

Sources: A&D EK-L manual p. 30 and GC p. 51 (one header, sign and eight of number, three of unit
right aligned); A&D HV-WP p. 52 (seven characters); Gram K2 p. 56, Brecknell S122 p. 54, KERN
KIB-TM p. 33 (a second header ``GS`` gross or ``NT`` net, eight characters, two of unit); KERN
GAB-N p. 37 and Excell AM4 p. 13 (``G`` and ``N``); Tiger TI-02 p. 21 (a comma before the unit);
KERN KXS-TM p. 70 (four of unit); A&D AD-4212D p. 29 (a comma before three of unit), AD-4212A p. 39
(the dump print: no comma, eleven of number right aligned, three of unit; ``WT`` stable, ``US``
not). Streams of a T-Scale NHB and QHW and of on-site indicators show a second header without its
comma, units in capitals, a blank before or blanks behind the unit, a trailing decimal point and LF
alone.

So a line is taken by its parts. But a line that is filled up, by blanks or zeros, is as long as its
kind of line is: one that is shorter has lost a character, perhaps a digit, and is garbage. ``ST``
is stable, ``US`` not, ``WT`` with a comma does not say; ``OL`` is out of range and ``UL`` below it,
whatever digits follow. ``QT`` counts pieces; pieces, per cent and tares are told as such. ``HI``,
``OK``, ``LO`` before a line belong to a comparator and change nothing. A decimal comma is refused
unless the profile allows it; it is never left out of a number. There is no checksum.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import no_weight, signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LIMIT = rb"(?:(?:HI|OK|LO),)?"
_KIND = rb"(?P<kind>GS|NT|GW|NW|TR|TW|PT|[GNT](?=[ ,]))(?: ?,|(?=[ +-]))"
_LINE = re.compile(
    _LIMIT + rb"(?P<state>ST|US|WT),(?:" + _KIND + rb")?"
    rb"(?P<field>(?P<pad>[+-]? *| +[+-])(?P<digits>\d{1,8}(?:\.\d{0,6}|,\d{1,6})?))"
    rb"(?P<gap>,? {0,2})(?P<unit>kg|KG|Kg|g|lb|LB|oz|OZ|t|mg) {0,3}\r?\n"
)
_DUMP = re.compile(
    rb"(?P<state>WT|US)(?=[ \d.+-]{11}[ a-zA-Z]{3}\r) *(?P<pad>[+-]?)"
    rb"(?P<digits>\d{1,8}(?:\.\d{1,6})?) {1,2}(?P<unit>kg|g|lb|oz)\r\n"
)
_OTHER = re.compile(
    _LIMIT + rb"(?:ST|US|QT|WT),?(?:" + _KIND + rb")?[ \d.+-]{5,11},?"
    rb"(?P<unit>[ A-Za-z.%]{1,4}) {0,2}\r?\n"
)
_RANGE = re.compile(_LIMIT + rb"[OU]L,(?:" + _KIND + rb")? *(?P<sign>[+-]?)[ -~]{0,18}\r?\n")
_ERROR = re.compile(rb"EC,E(\d{2})\r?\n")
_FILLED = re.compile(rb"[+-]? +[ +-]*\d|[+ -]*0\d")
_FAR = re.compile(rb" *(?P<sign>[+-])9999999E\+19 *\r?\n")
_STATES = {b"ST": Stability.STABLE, b"US": Stability.MOVING, b"WT": Stability.UNKNOWN}
_KINDS: dict[bytes | None, frozenset[Flag]] = {None: frozenset()}
_KINDS |= {kind: frozenset({Flag.GROSS}) for kind in (b"GS", b"GW", b"G")}
_KINDS |= {kind: frozenset({Flag.NET}) for kind in (b"NT", b"NW", b"N")}
_TARES = {b"TR", b"TW", b"PT", b"T"}
LONGEST = 9
"""Characters of sign and number of a line that is not filled up, at most."""
ONE_HEADER = {(9, 3), (9, 4), (7, 2)}
"""Characters of sign and number, and of separator and unit, of a filled line with one header: with
a comma before the unit there are four.
"""

TWO_HEADERS = {b"": {8}, b" ": {8}, b"  ": {8, 9}, b",": {8, 7}}
"""Characters of sign and number of a filled line with two, by what stands before the unit."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for this profile's decimal mark."""
    comma = settings.get("decimal-comma") == "accept"
    return LineDecoder(partial(read_line, comma=comma), b"\n")


def read_line(line: bytes, *, comma: bool) -> Event:
    """Read one line with its LF, and the CR before it."""
    if (found := _LINE.fullmatch(line)) is not None:
        return _value(found, line, comma=comma)
    if (dump := _DUMP.fullmatch(line)) is not None:
        stable = Stability.STABLE if dump["state"] == b"WT" else Stability.MOVING
        return _reading(dump, stable, line)
    if (out := _RANGE.fullmatch(line) or _FAR.fullmatch(line)) is not None:
        # Digits beside the mark mean nothing, however plausible they look.
        low = out["sign"] == b"-" or b"UL," in line[:6]
        return NoReading(Reason.UNDERLOAD if low else Reason.OVERLOAD, raw=line)
    if (error := _ERROR.fullmatch(line)) is not None:
        return NoReading(Reason.ERROR, f"E{error[1].decode()}", line)
    other = _OTHER.fullmatch(line)
    called = no_weight(other["unit"]) if other else ""
    return NoReading(Reason.OTHER, called, line) if called else Garbage(line)


def _value(found: re.Match[bytes], line: bytes, *, comma: bool) -> Event:
    digits = found["digits"]
    if not _is_whole(found) or (b"," in digits and not comma):
        return Garbage(line)
    if found["kind"] in _TARES:
        # The number is the tare, never a weight on the platform.
        return NoReading(Reason.OTHER, "tare", line)
    return _reading(found, _STATES[found["state"]], line, _KINDS[found["kind"]])


def _reading(
    found: re.Match[bytes], state: Stability, line: bytes, kind: frozenset[Flag] = frozenset()
) -> Reading:
    digits = found["digits"].replace(b",", b".").rstrip(b".")
    value, flags = signed(digits, minus=b"-" in found["pad"])
    unit = found["unit"].lower().decode()
    return Reading(Quantity.WEIGHT, value, unit, state, flags | kind, line)


def _is_whole(found: re.Match[bytes]) -> bool:
    """Whether no character can be missing: a filled line has the width of its kind of line."""
    field = found["field"]
    if _FILLED.match(field) is None:
        return len(field) <= LONGEST
    before_unit = found["gap"] + found["unit"]
    if found["kind"] is None:
        comma = found["gap"].startswith(b",")
        return (len(field), len(before_unit)) in ONE_HEADER and comma == (len(before_unit) == 4)
    return len(field) in TWO_HEADERS.get(found["gap"], ())


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
        name="ST/US/OL family (A&D, KERN, Gram, Brecknell, T-Scale, Excell, Tiger)",
        kind=Kind.SCALE,
        version="3",
        models=(
            "A&D EK-L, GC, HV-WP",
            "KERN KIB-TM, KXS-TM",
            "KERN GAB-N",
            "Gram K2",
            "Brecknell S122",
            "T-Scale NHB, QHW",
            "Excell AM4",
            "Tiger TI-02",
        ),
        sources=(
            "A&D EK-L manual p. 30, AD-4212A p. 39, AD-4212D p. 29, HV-WP p. 52",
            "Gram K2 manual p. 56",
            "KERN KIB-TM manual p. 33, GAB-N p. 37, KXS-TM p. 70",
            "Excell AM4 manual p. 13",
            "Tiger TI-02 manual p. 21",
            "streams of a T-Scale NHB and QHW in public code",
        ),
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
