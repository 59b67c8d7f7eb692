"""The keys on a simulated scale's panel, and what they do to what it says.

Pure. A real scale's keys change its readings in ways that have fooled software: a value that is
held while the child is lifted, a tare, another unit, and an old weighing recalled from memory,
which most protocols send exactly like a fresh one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from drivers.events import Flag, Quantity, Reading, Stability
from drivers.simulators.motion import Shown

ZERO_RANGE_GRAMS: Final = 200
"""The zero key works this near to zero, as scales allow a few per cent of their range."""

RECALL_SECONDS: Final = 3.0
POUND: Final = Decimal("0.45359237")
UNITS: Final = ("kg", "g", "lb")


class Key(StrEnum):
    """The keys, by the names scripts use."""

    ZERO = "zero"
    TARE = "tare"
    HOLD = "hold"
    UNITS = "units"
    RECALL = "recall"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Panel:
    """What the keys have set. Loads in whole grams; ``recalled_until`` in monotonic seconds.

    ``stored`` is the last settled load, which the recall key brings back.
    """

    zero: int = 0
    tare: int = 0
    held: Shown | None = None
    unit: str = "kg"
    stored: Shown | None = None
    recalled_until: float = 0.0


def pressed(panel: Panel, key: Key, shown: Shown, now: float) -> Panel:
    """Return the panel after ``key``; ``shown`` is what lies on the scale. Print sets nothing."""
    match key:
        case Key.ZERO if abs(shown.grams - panel.zero) <= ZERO_RANGE_GRAMS:
            return replace(panel, zero=shown.grams, tare=0)
        case Key.TARE:
            return replace(panel, tare=max(0, shown.grams - panel.zero))
        case Key.HOLD:
            return replace(panel, held=shown if panel.held is None else None)
        case Key.UNITS:
            return replace(panel, unit=UNITS[(UNITS.index(panel.unit) + 1) % len(UNITS)])
        case Key.RECALL:
            return replace(panel, recalled_until=now + RECALL_SECONDS)
        case _:
            return panel


def seen(panel: Panel, shown: Shown) -> Panel:
    """Remember the last settled load, as a scale with a memory does."""
    is_load = shown.stable and shown.grams - panel.zero > ZERO_RANGE_GRAMS
    return replace(panel, stored=shown) if is_load else panel


def said(panel: Panel, shown: Shown, now: float) -> Reading:
    """Return what the scale says: held, recalled, tared and in the unit that is set."""
    flags: set[Flag] = set()
    if panel.recalled_until > now and panel.stored is not None:
        shown = panel.stored
        flags.add(Flag.RECALLED)
    elif panel.held is not None:
        shown = replace(panel.held, stable=True)
        flags.add(Flag.HOLD)
    grams = shown.grams - panel.zero - panel.tare
    flags |= {Flag.NET} if panel.tare else set()
    flags |= {Flag.NEGATIVE} if grams < 0 else set()
    stability = Stability.STABLE if shown.stable else Stability.MOVING
    return Reading(
        Quantity.WEIGHT, _in_unit(grams, panel.unit), panel.unit, stability, frozenset(flags)
    )


def _in_unit(grams: int, unit: str) -> Decimal:
    if unit == "g":
        return Decimal(grams)
    kilograms = Decimal(grams).scaleb(-3)
    return kilograms if unit == "kg" else (kilograms / POUND).quantize(Decimal("0.01"))
