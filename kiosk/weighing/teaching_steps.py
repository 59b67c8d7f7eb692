"""Teaching the lines of a scale that nobody wrote a driver for, in steps, from its own display.

Pure. What the lines mean is learned by :mod:`drivers.learning`; here is only the order of things:
a load, its display typed, the line beside it. The last step presses on the platform, so that the
word for a moving load is seen too. One contradiction ends it: nobody can know which step was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from drivers.driver import Settings
from drivers.heard_lines import SECONDS, Heard
from drivers.learning import LineTrouble, Shown, learn_lines
from kiosk.weighing.calibration_steps import LONGEST_DISPLAY, PATIENCE_SECONDS


class LineLoad(StrEnum):
    """What a person is asked to do with the scale, in this order."""

    EMPTY = "empty"
    KNOWN = "known"
    OTHER = "other"
    HEAVY = "heavy"
    MINUS = "minus"
    PRESS = "press"


LINE_LOADS: Final = tuple(LineLoad)
MAY_BE_LEFT_OUT: Final = frozenset({LineLoad.HEAVY, LineLoad.MINUS, LineLoad.PRESS})
LONGEST_HEARD: Final = 64 * 1024
"""Bytes that are kept for one step: a scale sends a few hundred a second."""


class LineFault(StrEnum):
    """Why nothing was learned. Three are those of :class:`drivers.learning.LineTrouble`."""

    NO_NUMBER = "no-number"
    OTHER_DIGITS = "other-digits"
    CONTRADICTS = "contradicts"
    SILENT = "silent"
    RESTLESS = "restless"
    UNDECIDED = "undecided"
    LOST = "lost"
    NOT_KEPT = "not-kept"


@dataclass(frozen=True, slots=True)
class Teaching:
    """Where it stands. ``port`` is listened to by the ear with this ``number``.

    ``listening`` is since when a display is compared, in monotonic seconds. ``learned`` is the
    finished profile, to be looked at and agreed to by a person.
    """

    port: str
    number: int
    baud: int | None = None
    at: int = 0
    shown: tuple[Shown, ...] = ()
    typed: str = ""
    unit: str = "kg"
    listening: float | None = None
    heard: Heard = field(default_factory=Heard)
    fault: LineFault | None = None
    learned: Settings | None = None
    keeping: bool = False

    @property
    def load(self) -> LineLoad:
        """What is to be done with the scale now."""
        return LINE_LOADS[min(self.at, len(LINE_LOADS) - 1)]

    @property
    def display(self) -> str:
        """What was typed, with the minus that the display has in its step."""
        return ("-" if self.load is LineLoad.MINUS and self.typed else "") + self.typed

    @property
    def is_open(self) -> bool:
        """Whether the step waits for a person."""
        return self.listening is None and self.fault is None and self.learned is None

    def ended(self, fault: LineFault) -> Teaching:
        """Nothing was learned."""
        return replace(self, listening=None, fault=fault, learned=None, keeping=False)


def key_typed(text: str, key: str) -> str:
    """What stands in a display after one key: a digit, a comma, ``back`` or ``clear``."""
    if key in {"back", "clear"}:
        return text[:-1] if key == "back" else ""
    fits = key.isdigit() or (key in {",", "."} and text and "," not in text)
    if len(key) != 1 or not fits or len(text) >= LONGEST_DISPLAY:
        return text
    return text + ("," if key == "." else key)


def typed(state: Teaching, key: str) -> Teaching:
    """Take one key."""
    if not state.is_open or state.load is LineLoad.PRESS:
        return state
    return replace(state, typed=key_typed(state.typed, key))


def listen(state: Teaching, now: float) -> Teaching:
    """The display is typed, or the platform is being pressed: compare what comes from now on."""
    whole = bool(state.typed) and not state.typed.endswith(",")
    if not state.is_open or not (whole or state.load is LineLoad.PRESS):
        return state
    return replace(state, listening=now, heard=replace(state.heard, after=b""))


def left_out(state: Teaching) -> Teaching:
    """Leave a step out that not every scale can do."""
    if not state.is_open or state.load not in MAY_BE_LEFT_OUT:
        return state
    return _next(replace(state, heard=replace(state.heard, before=b"")))


def hear(state: Teaching, data: bytes, now: float) -> Teaching:
    """Take what came on the port. Three equal lines after the display are believed at once."""
    heard = state.heard
    if state.listening is None:
        return replace(state, heard=replace(heard, before=(heard.before + data)[-LONGEST_HEARD:]))
    state = replace(state, heard=replace(heard, after=(heard.after + data)[-LONGEST_HEARD:]))
    if state.load is not LineLoad.PRESS and (line := state.heard.steady):
        return _observed(state, line)
    return time_passed(state, now)


def time_passed(state: Teaching, now: float) -> Teaching:
    """Believe a scale that says one line a weighing; give up on one that says nothing."""
    if state.listening is None:
        return state
    waited = now - state.listening
    if state.load is LineLoad.PRESS:
        return _pressed(state) if waited >= SECONDS else state
    if waited >= SECONDS and (line := state.heard.believed):
        return _observed(state, line)
    if waited < PATIENCE_SECONDS:
        return state
    came = bool(state.heard.lines(state.heard.after))
    return state.ended(LineFault.RESTLESS if came else LineFault.SILENT)


def _observed(state: Teaching, line: bytes) -> Teaching:
    shown = (*state.shown, Shown(state.display, state.unit, line))
    state = replace(state, shown=shown, heard=state.heard.taken(), listening=None, typed="")
    found = learn_lines(shown)
    return state.ended(_fault(found.trouble)) if found.trouble is not None else _next(state)


def _next(state: Teaching) -> Teaching:
    """On to the next step; after the last one everything that was seen is weighed up."""
    state = replace(state, at=state.at + 1, typed="")
    return _finished(state, ()) if state.at >= len(LINE_LOADS) else state


def _pressed(state: Teaching) -> Teaching:
    # The first of them may have begun before the hand came.
    moving = state.heard.lines(state.heard.after)[1:]
    return _finished(replace(state, at=state.at + 1, listening=None), moving)


def _finished(state: Teaching, moving: Sequence[bytes]) -> Teaching:
    found = learn_lines(state.shown, moving)
    if found.trouble is not None:
        return state.ended(_fault(found.trouble))
    settings = found.settings(state.heard.ending)
    if not settings:
        return state.ended(LineFault.UNDECIDED)
    return replace(state, learned=state.heard.profile(settings))


def _fault(trouble: LineTrouble) -> LineFault:
    return LineFault(trouble.value)
