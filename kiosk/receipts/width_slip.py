"""A test slip that shows how wide the paper is: the widest line with both its arrows is the width.

For the technician at set-up, so in bokmål whatever the slip speaks. All words stand where even the
narrowest paper shows them.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from drivers.printers.document import WIDTH, Document
from drivers.printers.models import WIDTHS
from kiosk.receipts.raster import GAP, SMALL, STRONG, VALUE, wrap
from kiosk.receipts.type_face import MARGIN, checked, face

ARROW = 24
"""Dots an arrow is long, and half as high to each side."""

QUESTION = "Hvor bredt er papiret?"
ADVICE = "Finn den bredeste linjen der du ser begge pilene. Tallet på den linjen er bredden."


def draw_width_slip() -> Document:
    """Draw the slip, as wide as any paper; a narrower printer leaves out what does not fit."""
    return Document(width_picture().tobytes())


def width_picture() -> Image.Image:
    """The test slip as a 1-bit picture in which 1 is black."""
    image = Image.new("1", (WIDTH, 600))
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    y = MARGIN
    for text, style in ((QUESTION, STRONG), (ADVICE, SMALL)):
        for line in wrap(checked(text, style.weight), style, WIDTHS[0] - 2 * MARGIN):
            pen.text((MARGIN, y + style.dots), line, 1, face(style.weight, style.dots), "ls")
            y += style.leading
    for width in WIDTHS:
        y += GAP
        _band(pen, y, width)
        y += VALUE.leading
    return image.crop((0, 0, WIDTH, y + MARGIN))


def _band(pen: ImageDraw.ImageDraw, top: int, width: int) -> None:
    """A line from edge to edge of paper so wide, an arrow at each end, its number in the middle."""
    middle, half = top + VALUE.leading // 2, ARROW // 2
    label = str(width)
    font = face(VALUE.weight, VALUE.dots)
    at = WIDTHS[0] // 2
    gap = int(font.getlength(label)) // 2 + GAP
    pen.line((0, middle, at - gap, middle), 1, 3)
    pen.line((at + gap, middle, width - 1, middle), 1, 3)
    pen.polygon(((0, middle), (ARROW, middle - half), (ARROW, middle + half)), 1)
    last = width - 1
    pen.polygon(((last, middle), (last - ARROW, middle - half), (last - ARROW, middle + half)), 1)
    pen.text((at, middle), label, 1, font, "mm")
