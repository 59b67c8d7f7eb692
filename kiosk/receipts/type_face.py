"""The fonts of the slip, with the check that complex scripts can be drawn at all."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from drivers.printers.document import WIDTH
from kiosk.language.known import LATIN, Script
from kiosk.receipts.charmap import require_glyphs

FONT_DIR = Path(__file__).resolve().parent.parent.parent / "assets" / "fonts"


class Weight(StrEnum):
    """The weights a thermal head prints well."""

    REGULAR = "Regular"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"


class ShapingMissing(Exception):  # noqa: N818 - names what is missing
    """Pillow cannot join and order letters; text of some languages would be unreadable."""


def require_shaping() -> None:
    """Check at start that Pillow has raqm and fribidi. Raises :class:`ShapingMissing`.

    Without them Pillow falls back to a layout that draws Arabic unjoined and backwards,
    with no error.
    """
    if not features.check("raqm") or not features.check("fribidi"):
        # For the technician, so in bokmål whatever the slip speaks.
        raise ShapingMissing(
            "Systembiblioteket libfribidi mangler, så målearket kan ikke tegnes. "
            "Installer pakken libfribidi0 og start stasjonen på nytt."
        )


def font_file(weight: Weight, script: Script = LATIN) -> Path:
    """The font file of a script in a weight."""
    return FONT_DIR / f"{script.family}-{weight.value}.ttf"


@lru_cache(maxsize=32)
def face(weight: Weight, dots: int, script: Script = LATIN) -> ImageFont.FreeTypeFont:
    """The font at a size in dots, 8 a millimetre. Raises OSError, :class:`ShapingMissing`."""
    require_shaping()
    path = font_file(weight, script)
    return ImageFont.truetype(str(path), dots, layout_engine=ImageFont.Layout.RAQM)


def checked(text: str, weight: Weight, script: Script = LATIN) -> str:
    """Return ``text`` if the font has all of it, else raise GlyphMissing."""
    require_glyphs(text, font_file(weight, script))
    return text


MARGIN = 8


INNER = WIDTH - 2 * MARGIN
"""Dots between the margins of the widest paper."""
