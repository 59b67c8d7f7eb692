"""The symbols of an audiogram (ISO 8253-1, chapter 10), and the bar the standard lacks.

Right and left: circle and cross for air, triangle and square for air with masking, < and > for
bone, [ and ] for bone with masking. A response of bone that belongs to no ear is ∨, any other of
both ears or a free field a diamond. An arrow says that nothing was heard: to the left and down for
the right ear, to the right and down for the left, straight down for neither. *Heard at this level*
has no symbol in the standard: a flat bar, in the right ear's half or the left ear's half of the
column, so that both are seen where they coincide. Masking that is unknown is drawn as none. Where
nobody knows what gave the tone, a question mark stands beside the column, the right ear's mirrored.
"""

from __future__ import annotations

from collections.abc import Iterable

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.audiogram.axes import Scale, Sheet, apart
from kiosk.hearing.audiogram.shapes import Marker, Point, Ring, Shape, Stroke, Symbol

AIR = {
    (Ear.RIGHT, False): Symbol.CIRCLE,
    (Ear.LEFT, False): Symbol.CROSS,
    (Ear.RIGHT, True): Symbol.TRIANGLE,
    (Ear.LEFT, True): Symbol.SQUARE,
}
BONE = {
    (Ear.RIGHT, False): Symbol.LESS,
    (Ear.LEFT, False): Symbol.GREATER,
    (Ear.RIGHT, True): Symbol.OPENING,
    (Ear.LEFT, True): Symbol.CLOSING,
}
ASKING = {Ear.RIGHT: Symbol.ASKING_RIGHT}
_ASKING = frozenset({Symbol.ASKING_RIGHT, Symbol.ASKING_LEFT})
BESIDE = _ASKING.union(BONE.values())
"""Symbols that stand beside the column, the right ear's left of it as one sees the person."""


def ear_of(tone: Tone) -> Ear:
    """The ear a tone tells of. A free field reaches both, whatever ear was meant."""
    return Ear.BOTH if tone.transducer is Transducer.FREE_FIELD else tone.ear


def path_of(tone: Tone) -> Transducer:
    """What is drawn alike: bone and unknown stand by themselves, all else as a headphone does."""
    apart = (Transducer.BONE, Transducer.UNKNOWN)
    return tone.transducer if tone.transducer in apart else Transducer.HEADPHONE


def symbol_of(tone: Tone) -> Symbol:
    """What stands for a threshold of this ear and path; the bar of *heard at* carries it too."""
    ear, masked = ear_of(tone), tone.masking is Masking.MASKED
    if tone.transducer is Transducer.BONE:
        return BONE.get((ear, masked), Symbol.VEE)
    if tone.transducer is Transducer.UNKNOWN:
        return ASKING.get(ear, Symbol.ASKING_LEFT)
    return AIR.get((ear, masked), Symbol.DIAMOND)


def bar_end(frequencies: Iterable[int], scale: Scale, sheet: Sheet) -> int:
    """How far a bar goes from its column: well past a symbol, but not to the next column's bar."""
    between = apart(frequencies, scale)
    longest, past = 2 * sheet.half, sheet.half + 4
    if between is None:
        return longest
    half = between // 2
    return max(sheet.stroke + 4, min(longest, max(past, half - 5), half - 1))


def marker(tone: Tone, scale: Scale, sheet: Sheet, bar: int) -> Marker:
    """What stands for a tone at its level; ``bar`` is what :func:`bar_end` says.

    Raises :class:`ValueError` for a tone without a level.
    """
    if tone.level_db is None:
        raise ValueError(f"{tone.response.value} has no place on the scale")
    symbol, column = symbol_of(tone), (scale.x(tone.hz), scale.y(tone.level_db))
    pen = _Pen(ear_of(tone), sheet.half, sheet.stroke)
    if tone.response is Response.HEARD:
        return Marker(tone, Symbol.BAR, column, pen.bar(symbol, column, bar))
    centre = pen.place(symbol, column)
    shapes = pen.shapes(symbol, centre)
    if tone.response is Response.NO_RESPONSE:
        shapes += pen.arrow(symbol, centre)
    return Marker(tone, symbol, centre, shapes)


def key(tone: Tone, centre: Point, sheet: Sheet) -> tuple[Shape, ...]:
    """The symbol beside a word, telling ear and path; it stands at no level."""
    return _Pen(ear_of(tone), sheet.half, sheet.stroke).shapes(symbol_of(tone), centre)


class _Pen:
    """Draws in the colour of an ear with symbols of one size."""

    def __init__(self, ear: Ear, half: int, stroke: int) -> None:
        self.ear, self.half, self.stroke = ear, half, stroke
        # Out is to the left for the right ear, which is drawn as if one looked at the person.
        self.out = {Ear.RIGHT: -1, Ear.LEFT: 1}.get(ear, 0)

    def place(self, symbol: Symbol, column: Point) -> Point:
        """The middle of the symbol, beside the column for bone so that air is not covered.

        A question mark stands between the two.
        """
        if symbol not in BESIDE:
            return column
        aside = round((0.8 if symbol in _ASKING else 1.5) * self.half) + 2
        return column[0] + self.out * aside, column[1]

    def shapes(self, symbol: Symbol, centre: Point) -> tuple[Shape, ...]:
        """A symbol around its middle."""
        if symbol is Symbol.CIRCLE:
            return (Ring(centre, self.half + 1, self.stroke, self.ear),)
        return tuple(self._line(centre, *points) for points in _OUTLINES[symbol])

    def bar(self, symbol: Symbol, column: Point, end: int) -> tuple[Shape, ...]:
        """A flat bar in the ear's half of the column, with its symbol unless that is the plain."""
        (x, y), weight = column, 2 * self.stroke - 1
        small = _Pen(self.ear, self.half // 2, self.stroke)
        # The ends of a bar are square and stand out by half its weight.
        near, far = weight // 2 + 2, end - weight // 2
        if not self.out:
            near = max(near, small.half + weight // 2 + 1)
            halves = [
                Stroke(((x + way * near, y), (x + way * max(near, far), y)), weight, ear=self.ear)
                for way in (-1, 1)
            ]
            return (*halves, *small.shapes(symbol, column))
        bar = Stroke(((x + self.out * near, y), (x + self.out * far, y)), weight, ear=self.ear)
        if symbol in (Symbol.CIRCLE, Symbol.CROSS):
            return (bar,)
        outside = (x + self.out * (end + small.half + 1), y)
        return (bar, *small.shapes(symbol, outside))

    def arrow(self, symbol: Symbol, centre: Point) -> tuple[Shape, ...]:
        """From the symbol down, and outwards where there is an outwards."""
        length, head = round(1.5 * self.half), round(0.8 * self.half)
        from_x, from_y = _ARROW_FROM.get(symbol, (0.8, 0.8)) if self.out else (0, 0.9)
        x = centre[0] + self.out * round(from_x * self.half)
        y = centre[1] + round(from_y * self.half)
        tip = (x + self.out * length, y + length)
        if self.out:
            barbs = ((tip[0], tip[1] - head), tip, (tip[0] - self.out * head, tip[1]))
        else:
            barbs = ((tip[0] - head, tip[1] - head), tip, (tip[0] + head, tip[1] - head))
        return (
            Stroke(((x, y), tip), self.stroke, ear=self.ear),
            Stroke(barbs, self.stroke, ear=self.ear),
        )

    def _line(self, centre: Point, *points: tuple[float, float]) -> Stroke:
        at = tuple(
            (centre[0] + round(x * self.half), centre[1] + round(y * self.half)) for x, y in points
        )
        return Stroke(at, self.stroke, ear=self.ear)


_Outline = tuple[tuple[float, float], ...]


def _asking(way: int) -> tuple[_Outline, ...]:
    """A question mark, mirrored for ``way`` -1."""
    hook = ((-0.6, -0.6), (-0.2, -1.0), (0.4, -0.9), (0.6, -0.5), (0.0, 0.0), (0.0, 0.3))
    dot = ((0.0, 0.8), (0.0, 1.0))
    return tuple(tuple((way * x, y) for x, y in line) for line in (hook, dot))


_OUTLINES: dict[Symbol, tuple[_Outline, ...]] = {
    Symbol.CROSS: (((-0.9, -0.9), (0.9, 0.9)), ((-0.9, 0.9), (0.9, -0.9))),
    Symbol.TRIANGLE: (((0, -1), (1, 0.8), (-1, 0.8), (0, -1)),),
    Symbol.SQUARE: (((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9)),),
    Symbol.LESS: (((0.5, -0.9), (-0.5, 0), (0.5, 0.9)),),
    Symbol.GREATER: (((-0.5, -0.9), (0.5, 0), (-0.5, 0.9)),),
    Symbol.OPENING: (((0.3, -0.9), (-0.3, -0.9), (-0.3, 0.9), (0.3, 0.9)),),
    Symbol.CLOSING: (((-0.3, -0.9), (0.3, -0.9), (0.3, 0.9), (-0.3, 0.9)),),
    Symbol.VEE: (((-0.7, -0.8), (0, 0.8), (0.7, -0.8)),),
    Symbol.DIAMOND: (((0, -1), (1, 0), (0, 1), (-1, 0), (0, -1)),),
    Symbol.ASKING_RIGHT: _asking(-1),
    Symbol.ASKING_LEFT: _asking(1),
}
"""Points in half sizes from the middle, y downwards."""

_ARROW_FROM = {
    Symbol.CIRCLE: (0.75, 0.75),
    Symbol.TRIANGLE: (0.9, 0.8),
    Symbol.LESS: (-0.5, 0.9),
    Symbol.GREATER: (-0.5, 0.9),
    Symbol.OPENING: (-0.3, 0.9),
    Symbol.CLOSING: (-0.3, 0.9),
    Symbol.ASKING_RIGHT: (0.1, 0.9),
    Symbol.ASKING_LEFT: (0.1, 0.9),
}
"""Where the arrow leaves the symbol, in half sizes outwards and down."""
