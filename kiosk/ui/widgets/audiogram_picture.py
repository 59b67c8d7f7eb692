"""An audiogram on the screen: the drawing of :mod:`kiosk.hearing.audiogram.drawing` in colours.

Right is red and left blue, as on paper forms, but nothing needs the colour: the ear is told by
symbol, side and letter too. Every line lies on whole pixels where it is level or upright.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

from kivy.core.text import Label as TextTexture
from kivy.graphics import (
    Color,
    InstructionGroup,
    PopMatrix,
    PushMatrix,
    Rectangle,
    SmoothLine,
    Translate,
)
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from drivers.hearing import Ear, Tone
from kiosk.hearing.audiogram.axes import NORWEGIAN
from kiosk.hearing.audiogram.drawing import Drawing, Letters, Sheet, draw
from kiosk.hearing.audiogram.shapes import Box, Ink, Point, Ring, Shape, Words
from kiosk.ui import theme
from kiosk.ui.theme import Rgba
from kiosk.ui.widgets.text import text_width

WEIGHT, STROKE = "semibold", 3


class Audiogram(Widget):
    """Fills its box with the largest audiogram that fits; a box too small for any stays empty.

    ``letters`` are what the ears are called. ``pick`` is called with a frequency in Hz, the tested
    one nearest to a finger that lands and is lifted here; without it touches pass by. Colours are
    those of the look in which it was made.
    """

    def __init__(
        self,
        *,
        letters: Letters = NORWEGIAN,
        pick: Callable[[int], None] | None = None,
        test_id: str = "audiogram",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.test_id = test_id
        self.drawing: Drawing | None = None
        self._letters, self._pick = letters, pick
        self._tones: tuple[Tone, ...] = ()
        self._touch: MotionEvent | None = None
        self._lines = InstructionGroup()
        with self.canvas:
            PushMatrix()
            self._move = Translate(*self.pos, 0)
        self.canvas.add(self._lines)
        with self.canvas:
            PopMatrix()
        self.fbind("pos", self._place)
        self.fbind("size", self._redraw)
        self._redraw()

    def show(self, tones: Iterable[Tone]) -> None:
        """Show these tones; nothing is drawn anew where they are the same."""
        shown = tuple(tones)
        if shown != self._tones:
            self._tones = shown
            self._redraw()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take a finger that lands here, if it can pick something."""
        if self._pick is None or self._touch is not None or not self.collide_point(*touch.pos):
            return False
        self._touch = touch
        touch.grab(self)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Pick, if the finger is still here."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._touch = None
        hz = self.drawing.nearest(touch.x - self.x) if self.drawing else None
        if hz is not None and self._pick is not None and self.collide_point(*touch.pos):
            self._pick(hz)
        return True

    def _place(self, *_: Any) -> None:
        self._move.xy = (round(self.x), round(self.y))

    def _redraw(self, *_: Any) -> None:
        self._lines.clear()
        self.drawing = self._drawn()
        if self.drawing is not None:
            _Painter(self._lines, self.drawing).paint()

    def _drawn(self) -> Drawing | None:
        """With larger text where that is wanted and fits, else with the usual one."""
        usual = theme.font_px(theme.TEXT_MIN)
        for size in (int(usual * theme.text_growth()), usual):
            try:
                return draw(self._tones, self._sheet(size))
            except ValueError:
                continue
        return None

    def _sheet(self, size: int) -> Sheet:
        measure = partial(_text_width, size=size)
        return Sheet(int(self.width), int(self.height), size, STROKE, measure, self._letters)


class _Painter:
    """Puts a drawing into a group of instructions; the origin is the widget's lower left."""

    def __init__(self, group: InstructionGroup, drawing: Drawing) -> None:
        self._group, self._drawing = group, drawing
        self._colour: Rgba | None = None

    def paint(self) -> None:
        """Everything, what lies below first."""
        drawing = self._drawing
        grid = {Ink.THIN: _faint(0.25), Ink.GRID: _faint(0.5), Ink.FRAME: theme.BORDER}
        for line in drawing.grid:
            self._ink(grid[line.ink])
            for start, end in pairwise(line.points):
                self._level(start, end, line.weight)
        for label in drawing.labels:
            self._ink(theme.SURFACE)
            self._box(label.box)
        for shape in drawing.shapes:
            self._shape(shape)
        for words in drawing.axes:
            self._words(words, theme.SUBTLE)
        for words in drawing.words:
            self._words(words, _ear_colour(words.ear))

    def _ink(self, colour: Rgba) -> None:
        """Change the colour, if it is another."""
        if colour != self._colour:
            self._colour = colour
            self._group.add(Color(rgba=colour))

    def _shape(self, shape: Shape) -> None:
        self._ink(_ear_colour(shape.ear))
        if isinstance(shape, Ring):
            x, y = self._middle(shape.centre)
            line = SmoothLine(width=_width(shape.weight), overdraw_width=1)
            line.circle = (x, y, shape.radius - (shape.weight - 1) / 2)
            self._group.add(line)
            return
        for piece in shape.pieces():
            if len(piece) == 2 and 0 in (piece[0][0] - piece[1][0], piece[0][1] - piece[1][1]):
                self._level(piece[0], piece[1], shape.weight)
            else:
                self._slanting(piece, shape.weight)

    def _slanting(self, points: tuple[Point, ...], weight: int) -> None:
        closed = points[0] == points[-1]
        flat = [part for point in points[: -1 if closed else None] for part in self._middle(point)]
        self._group.add(
            SmoothLine(
                points=flat,
                width=_width(weight),
                close=closed,
                joint="miter",
                cap="square",
                overdraw_width=1,
            )
        )

    def _level(self, start: Point, end: Point, weight: int) -> None:
        """A level or upright line as a rectangle, sharp at every edge."""
        half = weight // 2
        (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        self._box(Box(left - half, top - half, right + half + 1, bottom + half + 1))

    def _box(self, box: Box) -> None:
        low = self._drawing.height - box.bottom
        size = (box.right - box.left, box.bottom - box.top)
        self._group.add(Rectangle(pos=(box.left, low), size=size))

    def _words(self, words: Words, colour: Rgba) -> None:
        self._ink(colour)
        size = self._drawing.text
        texture = _texture(words.text, size)
        # The texture is a line high, and its letters stand above what is left for descenders.
        low = self._drawing.height - words.baseline - round(theme.DESCENT * size)
        self._group.add(Rectangle(texture=texture, pos=(words.box.left, low), size=texture.size))

    def _middle(self, point: Point) -> tuple[float, float]:
        """The middle of a pixel, counted from below."""
        return point[0] + 0.5, self._drawing.height - point[1] - 0.5


def _ear_colour(ear: Ear | None) -> Rgba:
    if ear is None:
        return theme.INK
    return {Ear.RIGHT: theme.EAR_RIGHT, Ear.LEFT: theme.EAR_LEFT}.get(ear, theme.INK)


def _faint(strength: float) -> Rgba:
    """The edge's colour let through, so that the grid is grey in every look."""
    red, green, blue, _ = theme.BORDER
    return red, green, blue, strength


def _width(weight: int) -> float:
    """What Kivy must be told for a smooth line that looks so many pixels wide."""
    return 0.65 * weight


@lru_cache(maxsize=500)
def _text_width(text: str, size: int) -> int:
    return text_width(text, theme.FONTS[WEIGHT], size)


@lru_cache(maxsize=200)
def _texture(text: str, size: int) -> Any:
    """White letters, tinted when they are drawn; kept, since the same few come back."""
    label = TextTexture(text=text, font_name=theme.FONTS[WEIGHT], font_size=size)
    label.refresh()
    return label.texture
