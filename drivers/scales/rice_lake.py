"""Rice Lake print string: 140-10, 150-10 and the dietary scales at their print key.

Sources: Rice Lake 140-10-7N manual p. 11; dietary/fitness scale instructions p. 19 and RL150-10-5
p. 11, whose layout and printed examples differ by a blank.

A line: eight or nine characters of weight right aligned with its sign next to the digits, blank,
unit, blank, ``Gross`` or ``Net``, blanks, CR LF; 21 or 22 bytes in all. It is sent once, when the
key is held. In its mode for the body mass index the key sends five lines instead (140-10-7N manual
p. 11): gross, tare and net weight, height and index. Of these the net weight counts, for it is what
the display shows; the height was typed into the scale by a person.

No line says whether the value has settled, and none has a checksum; a line whose parts do not stand
where one of the layouts has them has lost a character and is garbage.
"""

from __future__ import annotations

import re

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Rhythm, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import LineDecoder

_LINE = re.compile(
    rb"(?P<number> *(?P<sign>-?)(?P<digits>\d{1,7}(?:\.\d{1,4})?)) (?P<unit>kg|KG|lb|LB)"
    rb"(?P<gap> {1,2})(?P<mode>Gross|Net) *\r\n"
)
_REPORT = re.compile(
    rb"(?P<what>GROSS WEIGHT|TARE WEIGHT|NET WEIGHT) +(?P<sign>-?)(?P<digits>\d{1,3}\.\d{1,3}) "
    rb"(?P<unit>KG|LB) *\r\n"
)
_TYPED = re.compile(rb"PATIENT (?P<what>HEIGHT|BMI) +[ -~]{1,16}\r\n")
_KINDS = {b"Gross": frozenset({Flag.GROSS}), b"Net": frozenset({Flag.NET})}
LAYOUTS = {(8, 1, 21), (9, 1, 21), (9, 2, 22)}
"""Where the number ends, how many blanks stand behind the unit, and the length in bytes."""


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; the line has no profile settings."""
    del settings
    return LineDecoder(read_line)


def read_line(line: bytes) -> Event:
    """Read one line with its CR LF."""
    if (report := _REPORT.fullmatch(line)) is not None:
        if report["what"] != b"NET WEIGHT":
            return NoReading(Reason.OTHER, report["what"].split()[0].decode().lower(), line)
        return _value(report, frozenset({Flag.NET}), line)
    if (typed := _TYPED.fullmatch(line)) is not None:
        return NoReading(Reason.OTHER, typed["what"].decode().lower(), line)
    found = _LINE.fullmatch(line)
    if found is None or (len(found["number"]), len(found["gap"]), len(line)) not in LAYOUTS:
        return Garbage(line)
    return _value(found, _KINDS[found["mode"]], line)


def _value(found: re.Match[bytes], kind: frozenset[Flag], line: bytes) -> Reading:
    value, flags = signed(found["digits"], minus=bool(found["sign"]))
    unit = found["unit"].decode().lower()
    return Reading(Quantity.WEIGHT, value, unit, Stability.UNKNOWN, flags | kind, line)


def render(event: Event, settings: Settings) -> bytes:
    """Write a settled weight as the print key does; raises ``ValueError`` for anything else."""
    del settings
    match event:
        case Reading(stability=Stability.MOVING):
            return b""
        case Reading():
            digits = f"{event.value:f}"
            if len(digits) > 9:
                raise ValueError("the line has nine characters of number")
            mode = "Net" if Flag.NET in event.flags else "Gross"
            return f"{digits:>9} {event.unit} {mode:<5} \r\n".encode()
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the line has a weight and nothing else")


DRIVERS = (
    Driver(
        key="rice-lake-print",
        name="Rice Lake print string",
        kind=Kind.SCALE,
        version="2",
        models=("Rice Lake 140-10, 150-10", "Rice Lake dietary and fitness scales"),
        sources=("Rice Lake 140-10-7N manual p. 11", "Rice Lake RL150-10-5 manual p. 11"),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        rhythm=Rhythm.ONCE,
    ),
)
