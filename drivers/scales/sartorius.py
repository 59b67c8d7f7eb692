"""Sartorius SBI. Sources: Sartorius CP323S manual p. 55, GC803S p. 57, Practum p. 86 and 88, Entris
II p. 3, ME215S p. 136, Quintix p. 87, MC1 p. 111, Combics 1 p. 98.

Sixteen characters: sign, blank or the first digit, eight of number right aligned, blank, three of
unit left aligned, CR LF; with identification six characters stand before them (``N`` and blanks for
net, ``G`` for gross, ``Stat`` where there is no value; any other, such as ``T1`` or ``Qnt``, is of
something that is not on the platform now). A blank unit means that the value has not
settled. Digits finer than the verified step may stand in square brackets, the last of them in
place of the blank: they are kept, as sent. A decimal comma is refused unless the profile allows it.

What a balance shows in place of a value stands in any column, in letters that differ from model to
model: ``H``, ``HH``, ``High``; ``L``, ``LL``, ``Low``; ``C``, ``Cal.``, ``Cal.Ext.``, ``Cal.Int.``;
``Err 054``, ``ERR 101``, ``E 54``, ``APP.ERR``; ``OFF`` in standby. As it leaves the factory the
scale speaks 1200 7O1 and waits for the handshake line.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import no_weight, signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"(?P<kind>(?:N1?|G#?|) *)(?P<sign>[ +-])(?P<number>[ \d.,\[\]]{9}[ \]])"
    rb"(?P<unit>kg |g  |mg |lb |oz |   )\r\n"
)
_OTHER = re.compile(
    rb"(?P<ident>(?=[A-Za-z])[A-Za-z0-9.# %-]{6}|)[ +-][ \d.,\[\]]{9}[ \]]"
    rb"(?P<unit>[A-Za-z% ]{3})\r\n"
)
_STATE = re.compile(
    rb"(?:Stat {2})? *(?P<code>HH?|High|LL?|Low|CC?|Cal\.?(?: ?Ext\.?| ?Int\.?)?|--"
    rb"|(?:Err|ERR|E) {1,2}\d{1,3}|(?:APP|DIS|PRT) ?\. ?ERR?|OFF|ON) *\r\n"
)
_NUMBER = re.compile(rb" *(?P<digits>\d+(?:[.,]\d*)?)(?:\[(?P<open>\d)\])? *")
_KINDS = {b"N": frozenset({Flag.NET}), b"G": frozenset({Flag.GROSS}), b"": frozenset[Flag]()}
_IDENTS = {
    **dict.fromkeys((b"T", b"T1", b"T2", b"PT", b"PT1", b"PT2"), "tare"),
    **dict.fromkeys((b"Qnt", b"nRef"), "counting"),
    **dict.fromkeys((b"Prc", b"pRef"), "percent"),
    **dict.fromkeys((b"wRef", b"Setp", b"Min", b"Max", b"Nom", b"mDef", b"Mul"), "stored"),
    **dict.fromkeys((b"x-Net", b"x-Res", b"Res", b"n", b"Total", b"Avg.", b"s", b"Diff"), "sum"),
}
"""What stands before a value that is none of the platform."""

_REASONS = {
    b"H": Reason.OVERLOAD,
    b"HH": Reason.OVERLOAD,
    b"High": Reason.OVERLOAD,
    b"L": Reason.UNDERLOAD,
    b"LL": Reason.UNDERLOAD,
    b"Low": Reason.UNDERLOAD,
}
"""What is no error of the balance; its code is told as it stands."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for this profile's decimal mark."""
    return LineDecoder(partial(read_line, comma=settings.get("decimal-comma") == "accept"))


def read_line(line: bytes, *, comma: bool) -> Event:
    """Read one line with its CR LF."""
    if len(line) not in {16, 22}:
        return Garbage(line)
    if (state := _STATE.fullmatch(line)) is not None:
        return _no_value(state["code"], line)
    found = _LINE.fullmatch(line)
    if found is not None and len(found["kind"]) == len(line) - 16:
        return _value(found, line, comma=comma)
    other = _OTHER.fullmatch(line)
    called = _called(other["ident"].strip(), other["unit"]) if other else ""
    return NoReading(Reason.OTHER, called, line) if called else Garbage(line)


def _called(ident: bytes, unit: bytes) -> str:
    """What a line is about that has no weight of now; empty for one that may be a damaged value."""
    if ident in _IDENTS:
        return _IDENTS[ident]
    return no_weight(unit) if ident.rstrip(b"1#") in {b"", b"N", b"G"} else ""


def _no_value(code: bytes, line: bytes) -> Event:
    if code in _REASONS:
        return NoReading(_REASONS[code], code.decode(), line)
    if code[:1] == b"C":
        return NoReading(Reason.ERROR, "calibration", line)
    return NoReading(Reason.ERROR, "off" if code == b"OFF" else code.decode(), line)


def _value(found: re.Match[bytes], line: bytes, *, comma: bool) -> Event:
    number = _NUMBER.fullmatch(found["number"])
    if number is None:
        return Garbage(line)
    digits = number["digits"] + (number["open"] or b"")
    if digits[-1:] in {b".", b","} or (b"," in digits and not comma):
        return Garbage(line)
    value, flags = signed(digits.replace(b",", b"."), minus=found["sign"] == b"-")
    name = found["unit"].decode().strip()
    stability = Stability.STABLE if name else Stability.MOVING
    flags |= _KINDS[found["kind"].strip()[:1]]
    return Reading(Quantity.WEIGHT, value, name, stability, flags, line)


_STATES = {Reason.OVERLOAD: "High", Reason.UNDERLOAD: "Low"}
_WORDS = {"calibration": "Cal.Ext.", "off": "OFF"}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    long = settings.get("characters") == "22"
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 8:
                raise ValueError("the line has eight characters of number")
            if settings.get("decimal-comma") == "accept":
                digits = digits.replace(".", ",")
            sign = "-" if event.value < 0 else "+"
            unit = "" if event.stability is Stability.MOVING else event.unit
            head = _head(event.flags) if long else ""
            return f"{head}{sign} {digits:>8} {unit:<3}\r\n".encode()
        case NoReading(reason=Reason.OVERLOAD | Reason.UNDERLOAD | Reason.ERROR):
            word = _STATES.get(event.reason) or _WORDS.get(event.code, event.code)
            return f"{'Stat  ' if long else ''}{word:^14}\r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the balance has no such output")


def _head(flags: frozenset[Flag]) -> str:
    return "N     " if Flag.NET in flags else "G     "


DRIVERS = (
    Driver(
        key="sartorius",
        name="Sartorius SBI",
        kind=Kind.SCALE,
        version="3",
        models=(
            "Sartorius CP",
            "Sartorius GC",
            "Sartorius Practum, Entris II",
            "Sartorius Combics",
        ),
        sources=(
            "Sartorius CP323S manual p. 55",
            "Sartorius Practum manual p. 86 and 88, Entris II p. 3, Quintix p. 87",
            "Sartorius ME215S manual p. 136, Combics 1 p. 98",
            "a standby line of a real balance in public code",
        ),
        maturity=Maturity.FROM_MANUAL,
        line=Line(baud=1200, bits=7, parity="O", handshake="rtscts"),
        decoder=decoder,
        render=render,
        settings=(
            Setting("characters", ("16", "22"), "16", "of a line, as set up; both are read"),
            Setting(
                "decimal-comma",
                ("refuse", "accept"),
                "refuse",
                "whether the balance was set to write a comma for the decimal point",
            ),
        ),
        # ESC P prints what is shown. ESC T, ESC U and ESC V (tare, zero) are never sent.
        poll=Poll(b"\x1bP", interval=0.3),
        rhythm=Rhythm.ANSWERS,
    ),
)
