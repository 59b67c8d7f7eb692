"""A slip that shows that the printer prints. Its words are given; it knows nothing of children."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from drivers.printers.document import MAX_ROWS, WIDTH
from kiosk.receipts.raster import GAP, TEXT, TITLE, Page, paragraph, rule
from kiosk.receipts.type_face import MARGIN


def trial_slip(words: Sequence[str]) -> bytes:
    """The dots of a slip with a title and further lines. Raises GlyphMissing."""
    image = Image.new("1", (WIDTH, MAX_ROWS))
    page = Page(image, ImageDraw.Draw(image), y=MARGIN)
    page.draw.fontmode = "1"
    for number, text in enumerate(words):
        paragraph(page, text, TEXT if number else TITLE)
    page.y += GAP
    rule(page, 2)
    return image.crop((0, 0, WIDTH, page.y + MARGIN)).tobytes()
