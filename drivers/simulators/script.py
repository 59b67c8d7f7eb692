"""The little language that plays a simulated scale.

One command a line; blank lines and lines starting with ``#`` are skipped::

    put 8.420 wriggle 3   lay 8.420 kg on the platform, restless for 3 seconds
    put 8.420             the same, settled at once
    measure 72.4          send a length of 72.4 cm, once
    press KEY             press zero, tare, hold, units, recall or print on the scale
    step 5                show multiples of 5 g from now on
    rate 1                send one frame a second, where the scale sends by itself
    wait 10               let 10 seconds pass
    lift                  take the load away
    unplug                pull the cable; the port is gone
    replug                plug it in again; the port is new
    fault NAME            add a fault (see drivers/simulators/faults.py)
    clear                 remove all faults
    repeat                start again from the first line
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from drivers.simulators.faults import Fault
from drivers.simulators.keys import Key

MOST_KILOGRAMS: Final = 300

DEFAULT: Final = """\
wait 4
put 8.420 wriggle 3
wait 18
lift
repeat
"""

_BARE: Final = ("lift", "unplug", "replug", "clear", "repeat")
_WITH_ONE: Final = ("wait", "fault", "measure", "press", "step", "rate")
VERBS: Final = ("put", *_WITH_ONE, *_BARE)


SHIPPED: Final = Path(__file__).with_name("scripts")
"""Ready scripts, each a file; a script may be named without its folder and ending."""


class ScriptError(ValueError):
    """A line of a script has no meaning; the text says which and why."""


class Playable(Protocol):
    """What a script plays on: a simulated scale."""

    def put(self, grams: int, wriggle: float = 0.0) -> None:
        """Lay ``grams`` on the platform, restless for ``wriggle`` seconds."""

    def lift(self) -> None:
        """Take the load away."""

    def unplug(self) -> None:
        """Pull the cable."""

    def replug(self) -> None:
        """Plug the cable in."""

    def press(self, name: str) -> None:
        """Press a key of the panel."""

    def measure(self, millimetres: int) -> None:
        """Measure a length once."""

    def step(self, grams: int) -> None:
        """Show multiples of ``grams``."""

    def rate(self, per_second: float) -> None:
        """Send this many frames a second."""

    def fault(self, name: str) -> None:
        """Add a fault."""

    def clear_faults(self) -> None:
        """Remove all faults."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command. ``grams`` belongs to put, ``seconds`` to put and wait, ``name`` to fault and
    press, ``number`` to measure (millimetres), step (grams) and rate (a second)."""

    verb: str
    grams: int = 0
    seconds: float = 0.0
    name: str = ""
    number: float = 0


def shipped() -> tuple[str, ...]:
    """Return the names of the ready scripts."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.txt")))


def load(name: Path) -> str:
    """Return the text of a file, or of the ready script of that name; raises ``OSError``."""
    ready = SHIPPED / f"{name}.txt"
    return (ready if str(name) in shipped() and not name.exists() else name).read_text("utf-8")


def parse(text: str) -> tuple[Step, ...]:
    """Return the steps of a script. Raises :class:`ScriptError` naming the line."""
    steps = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            step = parse_line(line)
        except ScriptError as error:
            raise ScriptError(f"line {number}: {error}") from None
        if step:
            steps.append(step)
    rests = any(step.verb == "wait" and step.seconds for step in steps)
    if any(step.verb == "repeat" for step in steps) and not rests:
        raise ScriptError("a script that repeats needs a wait, or it would never rest")
    return tuple(steps)


def parse_line(line: str) -> Step | None:
    """Return one step, or ``None`` for a blank line or comment. Raises :class:`ScriptError`."""
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    verb, rest = words[0], words[1:]
    if verb in _BARE and not rest:
        return Step(verb)
    if verb in _WITH_ONE and len(rest) == 1:
        return _with_one(verb, rest[0])
    if verb == "put" and (len(rest) == 1 or (len(rest) == 3 and rest[1] == "wriggle")):
        return Step(verb, _grams(rest[0]), _seconds(rest[2]) if len(rest) == 3 else 0.0)
    raise ScriptError(_advice(verb))


def _with_one(verb: str, word: str) -> Step:
    match verb:
        case "wait":
            return Step(verb, seconds=_seconds(word))
        case "fault":
            return Step(verb, name=_known(word, "fault", Fault))
        case "press":
            return Step(verb, name=_known(word, "key", Key))
        case "measure":
            return Step(verb, number=_number(word, "a length in cm, such as 72.4", 250) * 10)
        case "step":
            return Step(verb, number=_number(word, "a step in grams", 1000))
        case _:
            return Step(verb, number=_number(word, "frames a second", 100))


def apply(step: Step, scale: Playable, stopping: threading.Event) -> None:
    """Carry out one step; a wait ends early when ``stopping`` is set. ``repeat`` does nothing."""
    match step.verb:
        case "put":
            scale.put(step.grams, step.seconds)
        case "wait":
            stopping.wait(step.seconds)
        case "lift":
            scale.lift()
        case "unplug":
            scale.unplug()
        case "replug":
            scale.replug()
        case "fault":
            scale.fault(step.name)
        case "press":
            scale.press(step.name)
        case "measure" | "step" | "rate":
            _apply_number(step, scale)
        case "clear":
            scale.clear_faults()


def _apply_number(step: Step, scale: Playable) -> None:
    if step.verb == "rate":
        scale.rate(step.number)
    elif step.verb == "step":
        scale.step(round(step.number))
    else:
        scale.measure(round(step.number))


def play(steps: Sequence[Step], scale: Playable, stopping: threading.Event) -> None:
    """Play a script to its end, or until ``stopping`` is set if it repeats."""
    again = True
    while again and not stopping.is_set():
        again = False
        for step in steps:
            if stopping.is_set():
                return
            if step.verb == "repeat":
                again = True
                break
            apply(step, scale, stopping)


def _grams(word: str) -> int:
    """Return kilograms written as ``8.420`` in whole grams."""
    try:
        grams = Decimal(word) * 1000
    except ArithmeticError:
        raise ScriptError(f"{word!r} is no weight in kg, such as 8.420") from None
    if not (grams.is_finite() and 0 <= grams <= MOST_KILOGRAMS * 1000 and grams == int(grams)):
        raise ScriptError(f"a weight is 0 to {MOST_KILOGRAMS} kg in whole grams")
    return int(grams)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        raise ScriptError(f"{word!r} is no number of seconds") from None
    if not 0 <= seconds <= 86_400:
        raise ScriptError("a time is 0 to 86400 seconds")
    return seconds


def _known(word: str, what: str, names: type[StrEnum]) -> str:
    try:
        return names(word).value
    except ValueError:
        raise ScriptError(
            f"unknown {what} {word!r}; {_near(word, [name.value for name in names])}"
        ) from None


def _number(word: str, what: str, most: float) -> float:
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise ScriptError(f"{word!r} is not {what}, up to {most:g}")
    return number


def _advice(verb: str) -> str:
    if verb in VERBS:
        return f"{verb!r} is not used like this"
    return f"unknown command {verb!r}; {_near(verb, list(VERBS))}"


def _near(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
