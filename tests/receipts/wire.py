"""Bytes on the wire of a standard slip in every language and width, for the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from drivers.printers.command_bytes import RASTER_HEAD, STRIP_ROWS, chunks
from drivers.printers.document import Document
from drivers.printers.models import WIDTHS
from kiosk.language.texts import SLIP_DOMAIN, speaking
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts.age import age_words
from kiosk.receipts.content import SlipContent, SlipLine
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.receipts.raster import draw_slip

FRAME = 37
"""Commands before and after the picture: reset and questions, feed, cut and confirmation."""


def standard_slip(language: str, width: int) -> Document:
    """Weight, length and head of a baby with a name and the clinic's name, in a language."""
    with speaking(language, domain=SLIP_DOMAIN):
        content = SlipContent(
            name="Nora",
            age=age_words(date(2025, 11, 2), date(2026, 3, 12)),
            measured_on=date(2026, 3, 12),
            lines=(
                SlipLine(Quantity.WEIGHT, "6,482 kg", dress=Dress.NAKED),
                SlipLine(Quantity.LENGTH, "63,4 cm", Position.LYING),
                SlipLine(Quantity.HEAD, "41,2 cm"),
            ),
            code="K7QF",
            clinic="Solbakken helsestasjon",
            language=language,
        )
        return draw_slip(content, width)


def sent(document: Document, *, aligns: bool = False) -> bytes:
    """All that goes to a printer; ``aligns`` if it puts pictures at the right edge, as Epson's."""
    return b"".join(chunk.data for chunk in chunks(document, b"A1B2", aligns=aligns))


def uncut(document: Document) -> int:
    """What the same picture is with every row sent in full, as it was before."""
    return len(document.rows) + RASTER_HEAD * -(-document.height // STRIP_ROWS) + FRAME


HEADING = """
## Bytes on the wire

A standard slip: name, clinic, weight, length and head. *Before* is every row in full, as wide as
the paper. Now 24,000 bytes are kept in every language at every width, on any printer:

- white at the right of some rows is not sent;
- a slip whose lines begin at the right (Arabic) goes out upside down, foot first, so that its white
  is at the right too; of torn paper nobody sees it. At the left edge it was 36,665 bytes;
- values stand near their names instead of at the far edge of wide paper, and margins are 1 mm;
- Epson printers, which are known to put a picture at the right edge, are spared white at the left
  and the margins as well, and print Arabic head first.

ESC/POS has no compressed raster (`GS v 0`, `GS ( L` and `ESC *` all send every dot), so what is
left is what is black: 12 kB are not reached while a slip is a picture, and it is one so that every
language looks the same on every printer. Graphics kept in the printer (`GS ( L`) would reach it on
some models; but a printer that lost them prints nothing in their place and still confirms the slip,
so they are not used.

| language | before 384 | 512 | 576 | any printer 384 | 512 | 576 | Epson 384 | 512 | 576 |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def markdown() -> str:
    """The page of ``docs/benchmarks.md``."""
    return HEADING + "\n".join(_table()) + "\n"


def _table() -> Iterator[str]:
    for language in SLIP_LANGUAGES:
        slips = [standard_slip(language, width) for width in WIDTHS]
        figures = [uncut(slip) for slip in slips]
        figures += [len(sent(slip, aligns=aligns)) for aligns in (False, True) for slip in slips]
        yield f"| {language} | {' | '.join(f'{one:,}' for one in figures)} |"
