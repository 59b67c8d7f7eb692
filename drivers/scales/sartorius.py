"""Sartorius SBI. Sources: Sartorius CP323S manual p. 55, GC803S p. 57, Practum p. 86.

Sixteen characters: sign, blank, eight of number right aligned, blank, three of unit left aligned,
CR LF; with identification six characters stand before them (``N`` and blanks for net, ``G`` for
gross, ``Stat`` where there is no value). A blank unit means that the value has not settled. Digits
finer than the verified step may stand in square brackets: they are kept, as sent. A decimal comma
is refused unless the profile allows it. As it leaves the factory the scale speaks 1200 7O1 and
waits for the handshake line.
"""

from __future__ import annotations

import re
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"(N     |G     |)([ +-]) (?=[ \d.,\[\]]{8} )( *\d{1,7}(?:[.,][\d\[\]]{1,6})?) "
    rb"(kg |g  |mg |lb |oz |   )\r\n"
)
_STATE = re.compile(rb"(?:Stat  )? *(HH|H|LL|L|C|Err \d{1,3}|--)( *)\r\n")
_UNVERIFIED = re.compile(rb"( *\d+[.,]?\d*)\[(\d)\]")
_KINDS = {b"N": frozenset({Flag.NET}), b"G": frozenset({Flag.GROSS}), b"": frozenset[Flag]()}
_NUMBER = re.compile(rb"\d+(?:[.,]\d+)?")
_REASONS = {b"H": Reason.OVERLOAD, b"L": Reason.UNDERLOAD, b"C": Reason.PENDING}


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder for this profile's decimal mark."""
    return LineDecoder(partial(read_line, comma=settings.get("decimal-comma") == "accept"))


def read_line(line: bytes, *, comma: bool) -> Event:
    """Read one line with its CR LF."""
    if len(line) not in {16, 22}:
        return Garbage(line)
    if (state := _STATE.fullmatch(line)) is not None:
        code = state[1]
        return NoReading(_REASONS.get(code[:1], Reason.ERROR), code.decode(), line)
    found = _LINE.fullmatch(line)
    return Garbage(line) if found is None else _value(found, line, comma=comma)


def _value(found: re.Match[bytes], line: bytes, *, comma: bool) -> Event:
    kind, sign, number, unit = found.groups()
    if (open_digit := _UNVERIFIED.fullmatch(number)) is not None:
        number = open_digit[1] + open_digit[2]
    number = number.strip()
    if _NUMBER.fullmatch(number) is None or (b"," in number and not comma):
        return Garbage(line)
    value, flags = signed(number.replace(b",", b"."), minus=sign == b"-")
    name = unit.decode().strip()
    stability = Stability.STABLE if name else Stability.MOVING
    return Reading(Quantity.WEIGHT, value, name, stability, flags | _KINDS[kind.strip()], line)


_STATES = {Reason.OVERLOAD: b"H", Reason.UNDERLOAD: b"L", Reason.PENDING: b"C"}


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 8:
                raise ValueError("the line has eight characters of number")
            if settings.get("decimal-comma") == "accept":
                digits = digits.replace(".", ",")
            sign = "-" if event.value < 0 else "+"
            unit = "" if event.stability is Stability.MOVING else event.unit
            return f"{sign} {digits:>8} {unit:<3}\r\n".encode()
        case NoReading(reason=reason, code=code):
            state = _STATES.get(reason, code.encode())
            return b"%10s    \r\n" % state
        case Garbage(raw=raw):
            return raw


DRIVERS = (
    Driver(
        key="sartorius",
        name="Sartorius SBI",
        kind=Kind.SCALE,
        version="1",
        models=("Sartorius CP", "Sartorius GC", "Sartorius Practum"),
        sources=("Sartorius CP323S manual p. 55", "Sartorius Practum manual p. 86"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(baud=1200, bits=7, parity="O", handshake="rtscts"),
        decoder=decoder,
        render=render,
        settings=(
            Setting(
                "decimal-comma",
                ("refuse", "accept"),
                "refuse",
                "whether the balance was set to write a comma for the decimal point",
            ),
        ),
        # ESC P prints what is shown. ESC T, ESC U and ESC V (tare, zero) are never sent.
        poll=Poll(b"\x1bP", interval=0.3),
    ),
)
