"""What an audiogram is drawn with: lines, rings and words in whole dots, y downwards.

Nothing here knows of paper or glass. A renderer draws the shapes in the order in which
:class:`Drawing` holds them and decides only how a kind of ink looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from math import ceil, hypot
from typing import NamedTuple

from drivers.hearing import Ear, Tone

Point = tuple[int, int]


class Ink(StrEnum):
    """What a line is for: the grid between numbers and at numbers, the edge, what was found."""

    THIN = "thin"
    GRID = "grid"
    FRAME = "frame"
    MARK = "mark"


class Symbol(StrEnum):
    """What stands for a tone (ISO 8253-1, chapter 10).

    ``DIAMOND``, ``BAR`` and the question marks are our own.
    """

    CIRCLE = "circle"
    CROSS = "cross"
    TRIANGLE = "triangle"
    SQUARE = "square"
    LESS = "less"
    GREATER = "greater"
    OPENING = "opening-bracket"
    CLOSING = "closing-bracket"
    VEE = "vee"
    DIAMOND = "diamond"
    BAR = "bar"
    ASKING_RIGHT = "mirrored-question-mark"
    ASKING_LEFT = "question-mark"


class Box(NamedTuple):
    """A rectangle in dots; ``right`` and ``bottom`` are the first dots outside."""

    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: Box) -> bool:
        """Whether the two share a dot."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def within(self, other: Box) -> bool:
        """Whether no dot of it is outside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def grown(self, dots: int) -> Box:
        """The box with so many dots more on every side."""
        return Box(self.left - dots, self.top - dots, self.right + dots, self.bottom + dots)

    def widened(self, dots: int) -> Box:
        """The box with so many dots more at its left and at its right."""
        return self._replace(left=self.left - dots, right=self.right + dots)

    def crossed(self, start: Point, end: Point) -> bool:
        """Whether the straight line between two points touches it (Liang and Barsky)."""
        enters, leaves = 0.0, 1.0
        run, fall = end[0] - start[0], end[1] - start[1]
        for step, room in (
            (-run, start[0] - self.left),
            (run, self.right - start[0]),
            (-fall, start[1] - self.top),
            (fall, self.bottom - start[1]),
        ):
            if step == 0 and room < 0:
                return False
            if step < 0:
                enters = max(enters, room / step)
            elif step > 0:
                leaves = min(leaves, room / step)
        return enters <= leaves


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, ``weight`` dots wide. ``ear`` is ``None`` for the grid."""

    points: tuple[Point, ...]
    weight: int
    ink: Ink = Ink.MARK
    ear: Ear | None = None
    dashed: bool = False

    @property
    def box(self) -> Box:
        """Every dot it can touch."""
        before, after = self.weight // 2, self.weight // 2 + 1
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(across) - before, min(down) - before, max(across) + after, max(down) + after)

    def pieces(self) -> tuple[tuple[Point, ...], ...]:
        """The lines to draw without a gap: itself, or its dashes, the last up to its end.

        A dash is three weights long and a gap about two, shorter where the line is short.
        """
        if not self.dashed:
            return (self.points,)
        return tuple(
            dash for start, end in pairwise(self.points) for dash in self._dashes(start, end)
        )

    def _dashes(self, start: Point, end: Point) -> list[tuple[Point, Point]]:
        length = hypot(end[0] - start[0], end[1] - start[1])
        dash = min(3 * self.weight, ceil(length / 3))
        gaps = max(1, round((length - dash) / (5.5 * self.weight)))
        period = (length - dash) / gaps

        def at(way: float) -> Point:
            part = way / length if length else 0
            return (
                round(start[0] + (end[0] - start[0]) * part),
                round(start[1] + (end[1] - start[1]) * part),
            )

        return [(at(n * period), at(n * period + dash)) for n in range(gaps + 1)]


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle around a point; ``weight`` dots of it lie on and within the radius."""

    centre: Point
    radius: int
    weight: int
    ear: Ear | None = None
    ink: Ink = Ink.MARK

    @property
    def box(self) -> Box:
        """Every dot it can touch."""
        (x, y), r = self.centre, self.radius
        return Box(x - r, y - r, x + r + 1, y + r + 1)


Shape = Stroke | Ring


@dataclass(frozen=True, slots=True)
class Words:
    """A text on one line; its letters stand on ``baseline`` and begin at the box's left."""

    text: str
    box: Box
    baseline: int
    ear: Ear | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside markers, with the signs that are drawn because no font of the station has them.

    ``text`` is what it says as a whole, such as ``≤ 20``. ``ear`` is ``None`` where it serves both.
    Its box is cleared of the grid before it is drawn.
    """

    text: str
    box: Box
    ear: Ear | None
    words: tuple[Words, ...]
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands for one tone, at a level. ``anchor`` is where lines to neighbours would meet."""

    tone: Tone
    symbol: Symbol
    anchor: Point
    shapes: tuple[Shape, ...]

    @property
    def box(self) -> Box:
        """Every dot it can touch, its arrow with it."""
        return around(shape.box for shape in self.shapes)


class Column(NamedTuple):
    """A frequency that was tested, and how far right it stands."""

    hz: int
    x: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """An audiogram, to be drawn in the order of its parts.

    ``width``, ``height`` and ``text`` are the sheet's and its type size, ``frame`` is the field
    with the scales. ``marks`` are the words below it, for answers without a level, and ``keys`` the
    symbols that name their rows. ``untold`` are tones that found no place at all: a number that is
    none, or more frequencies side by side than there is room for. Whoever shows the drawing tells
    those as text.
    """

    width: int
    height: int
    text: int
    frame: Box
    grid: tuple[Stroke, ...]
    axes: tuple[Words, ...]
    joins: tuple[Stroke, ...]
    markers: tuple[Marker, ...]
    labels: tuple[Label, ...]
    marks: tuple[Words, ...]
    keys: tuple[Shape, ...]
    columns: tuple[Column, ...]
    untold: tuple[Tone, ...] = field(default=())

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """All lines and rings but the grid, what lies below first."""
        return (
            *self.joins,
            *(shape for marker in self.markers for shape in marker.shapes),
            *self.keys,
            *(stroke for label in self.labels for stroke in label.strokes),
        )

    @property
    def words(self) -> tuple[Words, ...]:
        """All words but those of the axes."""
        return (*self.marks, *(words for label in self.labels for words in label.words))

    @property
    def box(self) -> Box:
        """Everything that is drawn."""
        parts: tuple[Shape | Words, ...] = (*self.grid, *self.axes, *self.shapes, *self.words)
        return around(part.box for part in parts)

    def nearest(self, x: float) -> int | None:
        """The tested frequency in Hz nearest to a place across; ``None`` if nothing was tested."""
        if not self.columns:
            return None
        return min(self.columns, key=lambda column: abs(column.x - x)).hz


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds them all. Raises :class:`ValueError` if there are none."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
