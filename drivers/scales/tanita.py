"""Tanita: the baby scales BD-815 and BD-585, column scales with a checksum, answers to ``DR``.

Sources: BD-815MA manual p. 13 and BD-815U p. 12 (one line when the display is held: control pairs,
model, ``Wg`` grams; ``Rg`` and ``Gg`` a stored older weight and the gain since); WB-3000 p. 10,
WB-8000RW p. 5, SC-240 p. 24 (the same pairs with ``Wk`` kilograms, ``Hm`` centimetres, ``CS``
checksum); lines of a BC-601, an SC-330 and MC-780s in public code (up to 163 pairs); WB-100MA
p. 7 (``DR`` is answered by a state, blanks, six of weight, a unit); MC-980MA instructions for PC
mode p. 6 (errors ``E0`` to ``E9``, ``!`` for a command that was not understood).

The checksum is the sum of all bytes from ``{`` to the comma before ``CS``, modulo 256, as two hex
digits: worked out from a printed sample and found in every real line. The key of the time is ``TI``
or ``Ti``; a line with the one spelling and the sum of the other is taken. ``Hm`` is a length only
from a model with a rod; elsewhere a person typed it into the scale. ``Pt`` is a preset tare that
was taken off. What ``SD`` means is disputed: moving by Tanita's manual, stable by Doran's, which
emulates it; so the profile has to tell, and until then the stability of these answers is unknown.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

LONGEST = 2048
"""Bytes of a line; the longest real one, an MC-780's with all its segments, has 1,273."""

RODS = frozenset({b'"WB-3000"', b'"WB-8000RW"'})
"""Models with a measuring rod of their own: only there ``Hm`` was measured."""

_PAIRS = re.compile(rb"\{0,16((?:,[~A-Za-z][0-9A-Za-z],[^,{}\r\n]{1,24}){1,256})\r\n")
_PAIR = re.compile(rb",([~A-Za-z][0-9A-Za-z]),([^,]*)")
_RECALL = re.compile(rb"(?:Gg,-?\d{1,5},)?Rg,\d{1,5}\r\n")
_ANSWER = re.compile(rb"(SD|S |SI)  ([ \d.-]{6})(kg|lb)\r\n")
_LETTERS = re.compile(rb"([KL])([SDI])(\d{3}\.\d)\r\n")
_NUMBER = re.compile(rb" *(\d{1,5}(?:\.\d{1,3})?)")
_ERRORS = {b"E%d\r\n" % n: (Reason.ERROR, f"E{n}") for n in range(10)}
_ERRORS |= {b"E1\r\n": (Reason.OVERLOAD, ""), b"E9\r\n": (Reason.UNDERLOAD, "")}
_ERRORS |= {b"E3\r\n": (Reason.ERROR, "zero"), b"E5\r\n": (Reason.ERROR, "initial-zero")}
_ERRORS |= {b"!\r\n": (Reason.NOT_UNDERSTOOD, "")}
_MASSES = {b"Wg": "g", b"Wk": "kg", b"Wp": "lb"}
_STATES = {b"S": Stability.STABLE, b"D": Stability.MOVING}
SD = {
    "moving": {b"SD": Stability.MOVING, b"S ": Stability.STABLE},
    "stable": {b"SD": Stability.STABLE, b"S ": Stability.MOVING},
}
"""What the two states of a ``DR`` answer mean, by the setting ``sd``."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; untold about ``sd`` the answers to ``DR`` are of unknown stability."""
    states = SD.get(settings.get("sd", ""), {})
    return LineDecoder(partial(read_line, states=states), longest=LONGEST)


def read_line(line: bytes, *, states: dict[bytes, Stability]) -> Event | tuple[Event, ...]:
    """Read one line with its CR LF."""
    if (pairs := _PAIRS.fullmatch(line)) is not None:
        return _pairs(_PAIR.findall(pairs[1]), line)
    if _RECALL.fullmatch(line):
        # An older weight of perhaps another child: never a weighing.
        return NoReading(Reason.RECALLED, raw=line)
    if (answer := _ANSWER.fullmatch(line)) is not None:
        return _answer(answer, states, line)
    if line in _ERRORS:
        return NoReading(*_ERRORS[line], line)
    letters = _LETTERS.fullmatch(line)
    return Garbage(line) if letters is None else _letters(letters, line)


def _pairs(fields: list[tuple[bytes, bytes]], line: bytes) -> Event | tuple[Event, ...]:
    table = dict(fields)
    masses = [key for key in _MASSES if key in table]
    if len(table) != len(fields) or len(masses) > 1 or not _checks(table, line):
        return Garbage(line)
    if not masses:
        return NoReading(Reason.OTHER, raw=line)
    number = _NUMBER.fullmatch(table[masses[0]])
    if number is None:
        # Dashes in place of a result; without a checksum they may be what is left of one.
        return NoReading(Reason.OTHER, raw=line) if b"CS" in table else Garbage(line)
    value, flags = signed(number[1], minus=False)
    tare = _NUMBER.fullmatch(table.get(b"Pt", b""))
    flags |= {Flag.NET} if tare and Decimal(tare[1].decode()) else set()
    # The line is sent once, when the display is held.
    stable, unit = Stability.STABLE, _MASSES[masses[0]]
    checked = b"CS" in table
    weight = Reading(Quantity.WEIGHT, value, unit, stable, flags, line, checked=checked)
    measured = table.get(b"MO") in RODS
    height = _NUMBER.fullmatch(table.get(b"Hm", b"")) if measured else None
    if height is None or not (size := Decimal(height[1].decode())):
        return weight
    length = Reading(Quantity.LENGTH, size, "cm", stable, frozenset(), line, checked=checked)
    return weight, length


def _checks(table: dict[bytes, bytes], line: bytes) -> bool:
    """Whether the checksum fits; a line without one may only be the baby scale's."""
    if b"CS" not in table:
        return b"Wg" in table
    text = line[: line.rindex(b"CS,")]
    sums = {checksum(text), checksum(text.replace(b",Ti,", b",TI,"))}
    return any(line.endswith(b"CS,%02X\r\n" % number) for number in sums)


def checksum(text: bytes) -> int:
    """Return the sum of ``text``, from its brace to the comma before ``CS``, modulo 256."""
    return sum(text) & 0xFF


def _answer(found: re.Match[bytes], states: dict[bytes, Stability], line: bytes) -> Event:
    state, digits, unit = found.groups()
    if state == b"SI":
        return NoReading(Reason.OVERLOAD, raw=line)
    number = _NUMBER.fullmatch(digits)
    if number is None:
        return Garbage(line)
    value, flags = signed(number[1], minus=False)
    stability = states.get(state, Stability.UNKNOWN)
    return Reading(Quantity.WEIGHT, value, unit.decode(), stability, flags, line)


def _letters(found: re.Match[bytes], line: bytes) -> Event:
    unit, state, digits = found.groups()
    if state == b"I":
        return NoReading(Reason.OVERLOAD, raw=line)
    value, flags = signed(digits, minus=False)
    name = "kg" if unit == b"K" else "lb"
    return Reading(Quantity.WEIGHT, value, name, _STATES[state], flags, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    asked = settings.get("request") == "dr"
    match event:
        case Reading(quantity=Quantity.WEIGHT, value=value, unit="kg") if value >= 0:
            return _dr(event, settings) if asked else _held(event)
        case NoReading(reason=Reason.RECALLED):
            return b"Rg,3868\r\n"
        case NoReading(reason=Reason.OVERLOAD):
            return b"SI   -----kg\r\n"
        case Garbage(raw=raw):
            return raw
        case Reading() | NoReading():
            raise ValueError("the lines have a weight from 0 kg up and nothing else")


def _held(event: Reading) -> bytes:
    grams = event.value * 1000
    if grams != grams.to_integral_value() or grams >= 100_000:
        raise ValueError("the line has up to five digits of whole grams")
    if event.stability is Stability.MOVING:
        return b""
    return b'{0,16,~0,1,MO,"BD-815",Wg,%d\r\n' % int(grams)


def _dr(event: Reading, settings: Settings) -> bytes:
    digits = f"{event.value:f}"
    if len(digits) > 6:
        raise ValueError("the answer has six characters of number")
    states = SD[settings.get("sd", "moving")]
    moving = event.stability is Stability.MOVING
    wanted = Stability.MOVING if moving else Stability.STABLE
    state = next(name for name, meaning in states.items() if meaning is wanted)
    return state + f"  {digits:>6}kg\r\n".encode()


DRIVERS = (
    Driver(
        key="tanita",
        name="Tanita",
        kind=Kind.SCALE,
        version="2",
        models=(
            "Tanita BD-815, BD-585",
            "Tanita WB-3000, WB-8000RW",
            "Tanita SC-240, SC-330",
            "Tanita BC-601, MC-780",
            "Tanita MC-980",
            "Tanita WB-100MA, WB-110MA",
            "Tanita BC-418MA (weight only)",
        ),
        sources=(
            "Tanita BD-815MA manual p. 13",
            "WB-3000 manual p. 10, SC-330 p. 24",
            "WB-100MA manual p. 7",
            "MC-980MA instructions for PC mode p. 6 and 13",
            "lines of BC-601, SC-330 and MC-780 in public code",
        ),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        measures=(Quantity.WEIGHT, Quantity.LENGTH),
        settings=(
            Setting("request", ("stream", "dr"), "stream", "sending at hold, or asked with DR"),
            Setting("sd", ("moving", "stable"), None, "what SD means in an answer to DR"),
        ),
        # DR reads.
        requests={"stream": None, "dr": Poll(b"DR\r\n")},
        rhythm=Rhythm.ONCE,
    ),
)
