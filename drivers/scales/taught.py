"""Any scale that sends lines, read by forms that were learned from its own display.

No protocol sheet: the profile that ``kiosk calibrate`` or the page of teaching wrote says which
lines there are (see :mod:`drivers.line_forms`). Without one there is no value. A line is read only
if it has a form that a display has shown, byte for byte but for its number, and only if no other
form says something else of it. Forms that were learned have no checksum.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from drivers.driver import Driver, Kind, Line, Maturity, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Reading, Reason, Stability
from drivers.framing import LineDecoder
from drivers.line_forms import Form, FormError, forms_of

ENDINGS: Final = {"crlf": b"\r\n", "lf": b"\n", "cr": b"\r", "etx": b"\x03"}
EXAMPLE: Final = "stable kg W {8.3: -} kg S\nmoving kg W {8.3: -} kg M"
_DECIMAL_FIELD: Final = r"\{<?\d{1,2}[.,]\d(?:>[1-6])?(?::[ +-]{1,3})?\}"
_ONE: Final = rf"(?:stable|moving|unknown) (?:minus )?(?:kg|g|lb) [ -z|~]*{_DECIMAL_FIELD}[ -z|~]*"


def decoder(settings: Settings) -> LineDecoder:
    """A fresh decoder; without forms every line is *uncalibrated*."""
    ending = ENDINGS.get(settings.get("ending", ""), b"\r\n")
    return LineDecoder(partial(read_line, ending=ending, forms=_forms(settings)), ending)


def _forms(settings: Settings) -> tuple[Form, ...]:
    try:
        return forms_of(settings["forms"])
    except (KeyError, FormError):
        return ()


def read_line(line: bytes, *, ending: bytes, forms: tuple[Form, ...]) -> Event:
    """Read one line with its ending."""
    text = line[: -len(ending)]
    if not forms:
        shown = text.strip(b"\x02\r\n")
        legal = bool(shown) and all(0x20 <= byte < 0x7F for byte in shown)
        return NoReading(Reason.UNCALIBRATED, raw=line) if legal else Garbage(line)
    read = [event for form in forms if (event := form.read(text, line)) is not None]
    if not read or any(event != read[0] for event in read):
        return Garbage(line)
    return read[0]


def render(event: Event, settings: Settings) -> bytes:
    """Write a weight in the first form that can say it; raises ``ValueError`` for anything else."""
    match event:
        case Reading():
            return _rendered(event, settings)
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the forms have weights and nothing else")


def _rendered(event: Reading, settings: Settings) -> bytes:
    ending = ENDINGS[settings.get("ending", "crlf")]
    for form in _forms(settings):
        if form.unit != event.unit or (form.state is Stability.MOVING) != (
            event.stability is Stability.MOVING
        ):
            continue
        try:
            return form.line(event.value) + ending
        except ValueError:
            continue
    raise ValueError("no form of the profile can say it")


DRIVERS = (
    Driver(
        key="taught",
        name="Any scale that sends lines, taught from its display",
        kind=Kind.SCALE,
        version="1",
        models=("scales whose protocol is not known",),
        sources=("what the display of the very scale shows beside its lines",),
        maturity=Maturity.EXPERIMENTAL,
        line=Line(),
        decoder=decoder,
        render=render,
        priority=90,
        settings=(
            Setting("ending", tuple(ENDINGS), "crlf", "what each line ends with"),
            Setting(
                "forms",
                (),
                None,
                "the lines that its display has shown, one a line",
                pattern=rf"{_ONE}(?:\n{_ONE})*",
                example=EXAMPLE,
            ),
        ),
    ),
)
