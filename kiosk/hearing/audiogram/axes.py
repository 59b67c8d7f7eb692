"""The two scales of an audiogram on a sheet (ISO 8253-1, chapter 10).

Frequency goes to the right, 125 to 8000 Hz, an octave always as wide as the next; hearing level
goes down, -10 to 120 dB HL. An octave is exactly as wide as 20 dB is high, whatever the sheet's
form: the field is fitted into it and never stretched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, log2
from typing import NamedTuple

from kiosk.hearing.audiogram.shapes import Box

LOWEST_DB, HIGHEST_DB = -10, 120
"""The ends of the level scale in dB HL."""

OCTAVES = (125, 250, 500, 1000, 2000, 4000, 8000)
HALF_OCTAVES = (750, 1500, 3000, 6000)
LEVEL_TITLE, FREQUENCY_TITLE = "dB HL", "Hz"


class Letters(NamedTuple):
    """What the ears are called in one letter; as they are in Norwegian, if nothing is said."""

    right: str = "H"
    left: str = "V"
    both: str = "B"


NORWEGIAN = Letters()
"""Høyre, venstre, begge."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to draw on, all in dots.

    ``text`` is the size of the type, ``stroke`` the width of a symbol's line, odd where dots must
    stay crisp; ``text_width`` measures a text in the type it will be drawn in. Raises
    :class:`ValueError` for a size below 1.
    """

    width: int
    height: int
    text: int
    stroke: int
    text_width: Callable[[str], float]
    letters: Letters = NORWEGIAN

    def __post_init__(self) -> None:
        """A sheet without an extent is a fault of the caller."""
        if min(self.width, self.height, self.text, self.stroke) < 1:
            raise ValueError("a sheet has a width, a height, a type size and a stroke")

    @property
    def line(self) -> int:
        """Height of a label: figures and capitals with a little air, in dots."""
        return ceil(0.9 * self.text)

    @property
    def gap(self) -> int:
        """Air beside a text."""
        return max(2, round(0.3 * self.text))

    @property
    def half(self) -> int:
        """Half the size of a symbol."""
        return max(4, round(0.41 * self.text))

    @property
    def reach(self) -> int:
        """How far a symbol goes from its place at most, its arrow with it."""
        return ceil(2.8 * self.half) + self.stroke + 1

    def wide(self, text: str) -> int:
        """Width of a text in whole dots."""
        return max(1, ceil(self.text_width(text)))


@dataclass(frozen=True, slots=True)
class Scale:
    """Where frequencies and levels stand. ``unit`` is dots for 10 dB, even, half an octave's width.

    What lies beyond an end of a scale stands outside its last line, in the margin of the field, so
    that it is never taken for a value on the scale.
    """

    unit: int
    left: int
    top: int
    frame: Box

    @property
    def octave(self) -> int:
        """Width of an octave, and height of 20 dB, in dots."""
        return 2 * self.unit

    def x(self, hz: int) -> int:
        """Place of a frequency from the left."""
        if hz < OCTAVES[0]:
            return self.left - self.unit // 3
        if hz > OCTAVES[-1]:
            return self.x(OCTAVES[-1]) + self.unit // 3
        return self.left + round(self.octave * log2(hz / OCTAVES[0]))

    def y(self, level_db: Decimal | int) -> int:
        """Place of a level from the top."""
        if level_db < LOWEST_DB:
            return self.top - self.unit // 2
        if level_db > HIGHEST_DB:
            return self.y(HIGHEST_DB) + self.unit // 2
        return self.top + round(self.unit * (level_db - LOWEST_DB) / 10)


def apart(frequencies: Iterable[int], scale: Scale) -> int | None:
    """The least distance of two of these frequencies in dots; ``None`` if there are no two."""
    places = sorted({scale.x(hz) for hz in frequencies})
    return min((right - left for left, right in pairwise(places)), default=None)


def on_frequency_scale(hz: int) -> bool:
    """Whether a frequency has a place of its own."""
    return OCTAVES[0] <= hz <= OCTAVES[-1]


def on_level_scale(level_db: Decimal) -> bool:
    """Whether a level has a place of its own."""
    return level_db.is_finite() and LOWEST_DB <= level_db <= HIGHEST_DB


@dataclass(frozen=True, slots=True)
class _Edges:
    """What stands around the field, in dots."""

    left: int
    right: int
    top: int
    bottom: int

    def need(self, sheet: Sheet, unit: int) -> tuple[int, int]:
        """Width and height of the whole with so many dots for 10 dB."""
        side, above, below = margins(sheet, unit)
        across = self.left + self.right + 2 * side + 12 * unit + 1
        return across, self.top + self.bottom + above + below + 13 * unit + 1


def margins(sheet: Sheet, unit: int) -> tuple[int, int, int]:
    """Room in the field beside, above and below the ends of the scales, for symbols there."""
    return (
        max(unit, unit // 3 + sheet.reach),
        unit // 2 + sheet.half + sheet.stroke,
        unit // 2 + sheet.reach,
    )


def fit(sheet: Sheet, strip: int) -> Scale:
    """The largest scale for which all of it, with ``strip`` dots below, has room.

    Raises :class:`ValueError` if the sheet is too small for symbols 10 dB apart to be told apart.
    """
    tried = [
        (unit, edges)
        for unit in range(2 * (sheet.width // 24), 3 * sheet.half // 2, -2)
        for edges in _edges(sheet, unit, strip)
        if _has_room(edges.need(sheet, unit), sheet)
    ]
    if not tried:
        raise ValueError("the sheet is too small for an audiogram")
    unit, edges = tried[0]
    across, down = edges.need(sheet, unit)
    side, above, below = margins(sheet, unit)
    x, y = edges.left + (sheet.width - across) // 2, edges.top + (sheet.height - down) // 2
    frame = Box(x, y, x + 2 * side + 12 * unit + 1, y + above + 13 * unit + below + 1)
    return Scale(unit, x + side, y + above, frame)


def _edges(sheet: Sheet, unit: int, strip: int) -> tuple[_Edges, _Edges]:
    """With the titles beside the frequencies, and with the titles in a row above them."""
    side = margins(sheet, unit)[0]
    ears = sheet.wide(max(sheet.letters, key=sheet.wide)) + 2 * sheet.half + 2 * sheet.gap
    numbers = max(sheet.wide("\u221210"), sheet.wide(str(HIGHEST_DB))) + sheet.gap
    left, row = max(numbers, ears if strip else 0), sheet.line + sheet.gap // 2
    low, high = (sheet.wide(hz) // 2 + 2 * sheet.gap - side for hz in ("125", "8k"))
    beside = _Edges(
        max(left, sheet.wide(LEVEL_TITLE) + low),
        max(0, sheet.wide(FREQUENCY_TITLE) + high),
        row,
        strip,
    )
    return beside, _Edges(left, 0, 2 * row, strip)


def _has_room(need: tuple[int, int], sheet: Sheet) -> bool:
    return need[0] <= sheet.width and need[1] <= sheet.height
