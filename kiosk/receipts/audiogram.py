"""An audiogram as dots on paper: the drawing of :mod:`kiosk.hearing.audiogram.drawing`.

Lines are an odd number of dots wide and lie on whole dots, circles are drawn dot by dot, and
nothing is smoothed, since a thermal head knows no grey. The grid is dotted, so that what was found
stands out from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, product

from PIL import Image, ImageDraw

from drivers.hearing import Tone
from kiosk.hearing.audiogram.axes import NORWEGIAN
from kiosk.hearing.audiogram.drawing import Drawing, Letters, Sheet, draw
from kiosk.hearing.audiogram.shapes import Box, Ink, Point, Ring, Shape, Stroke, Words
from kiosk.receipts.type_face import INNER, Weight, checked, face

WEIGHT, STROKE, DOTS = Weight.SEMIBOLD, 3, 22
SPACING = {Ink.THIN: 5, Ink.GRID: 2, Ink.FRAME: 1}
"""Every which dot of a line of the grid is black."""


def audiogram_image(
    tones: Iterable[Tone],
    width: int = INNER,
    letters: Letters | tuple[str, str] = NORWEGIAN,
) -> Image.Image:
    """Draw an audiogram in mode ``1`` in which 1 is black, so wide and as high as it needs to be.

    ``width`` is in dots, ``letters`` are what the ears are called. Raises :class:`ValueError` if it
    is too narrow to be read, GlyphMissing, ShapingMissing.
    """
    return painted(draw(tones, paper(width, letters)))


def paper(width: int, letters: Letters | tuple[str, str] = NORWEGIAN) -> Sheet:
    """A sheet of a slip, higher than any audiogram of this width."""
    font = face(WEIGHT, DOTS)
    return Sheet(width, 3 * width, DOTS, STROKE, font.getlength, Letters(*letters))


def painted(drawing: Drawing) -> Image.Image:
    """The dots of a drawing, cut off above and below where nothing is drawn."""
    image = Image.new("1", (drawing.width, drawing.height))
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    for line in drawing.grid:
        _grid(pen, line)
    for label in drawing.labels:
        _clear(pen, label.box)
    for shape in drawing.shapes:
        _shape(pen, shape)
    for words in (*drawing.axes, *drawing.words):
        _words(pen, words)
    box = drawing.box
    return image.crop((0, box.top, drawing.width, box.bottom))


def _clear(pen: ImageDraw.ImageDraw, box: Box) -> None:
    pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=0)


def _words(pen: ImageDraw.ImageDraw, words: Words) -> None:
    shown = checked(words.text, WEIGHT)
    pen.text((words.box.left, words.baseline), shown, 1, face(WEIGHT, DOTS), "ls")


def _grid(pen: ImageDraw.ImageDraw, line: Stroke) -> None:
    """Dots of an upright or level line, counted from one origin so that crossings look alike."""
    every = SPACING[line.ink]
    for (x0, y0), (x1, y1) in pairwise(line.points):
        left, right = sorted((x0, x1))
        top, bottom = sorted((y0, y1))
        pen.point(
            [
                (x, y)
                for x in range(left, right + 1)
                for y in range(top, bottom + 1)
                if (x + y) % every == 0
            ],
            fill=1,
        )


def _shape(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    if isinstance(shape, Ring):
        (x, y), r = shape.centre, shape.radius
        pen.ellipse((x - r, y - r, x + r, y + r), outline=1, width=shape.weight)
        return
    for piece in shape.pieces():
        for start, end in pairwise(piece):
            _line(pen, start, end, shape.weight)


def _line(pen: ImageDraw.ImageDraw, start: Point, end: Point, weight: int) -> None:
    """A line drawn with a square pen so many dots wide, an odd number.

    Pillow's own wide lines are of uneven width at these sizes.
    """
    pen_dots = range(-(weight // 2), weight // 2 + 1)
    for across, down in product(pen_dots, pen_dots):
        moved = [(x + across, y + down) for x, y in (start, end)]
        pen.line(moved, fill=1)
