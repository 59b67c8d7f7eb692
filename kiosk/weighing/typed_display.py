"""What a person types of a scale's display, beside what the station reads of it meanwhile.

Pure. The display is typed before the station says what it read, so that neither leads the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.events import Quantity, Reading, Stability
from drivers.first_day import Load, display_of
from kiosk.weighing.calibration_steps import PATIENCE_SECONDS
from kiosk.weighing.teaching_steps import key_typed


@dataclass(frozen=True, slots=True)
class TypedDisplay:
    """One display being typed. ``since``: it is typed, and a reading is waited for.

    ``line`` is what a scale that says one line a weighing has said since the load before.
    ``silent``: nothing came within the patience.
    """

    typed: str = ""
    unit: str = "kg"
    since: float | None = None
    line: Reading | None = None
    silent: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it can be compared."""
        return bool(self.typed) and not self.typed.endswith(",")


def key(one: TypedDisplay, pressed: str) -> TypedDisplay:
    """Take one key; while a reading is waited for nothing is typed."""
    if one.since is not None:
        return one
    return replace(one, typed=key_typed(one.typed, pressed), silent=False)


def submitted(one: TypedDisplay, now: float) -> TypedDisplay:
    """The display is typed."""
    return replace(one, since=now, silent=False) if one.is_whole and one.since is None else one


def heard(one: TypedDisplay, reading: Reading, *, once: bool) -> TypedDisplay:
    """Keep a line that was said once: it may have come before the display was typed."""
    fits = reading.quantity is Quantity.WEIGHT and reading.stability is not Stability.MOVING
    return replace(one, line=reading) if once and fits else one


def load_of(one: TypedDisplay, reading: Reading | None, *, once: bool) -> Load | None:
    """The display and the reading beside it, once both are there."""
    found = one.line if once and one.line is not None else reading
    if one.since is None or found is None:
        return None
    if found.quantity is not Quantity.WEIGHT or found.stability is Stability.MOVING:
        return None
    display = display_of(f"{one.typed} {one.unit}")
    return Load(display, found) if display is not None else None


def time_passed(one: TypedDisplay, now: float) -> TypedDisplay:
    """Give up on a scale that says nothing; what was typed stays."""
    if one.since is None or now - one.since < PATIENCE_SECONDS:
        return one
    return replace(one, since=None, silent=True)
