"""A queue ticket: a large number and the time. It knows nothing of children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from PIL import Image, ImageDraw

from drivers.printers.document import MAX_ROWS, WIDTH, Document
from kiosk.language.texts import SLIP_DOMAIN, speaking, tr
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.receipts.raster import GAP, SMALL, TEXT, Page, Style, banner, rule
from kiosk.receipts.type_face import MARGIN, Weight, face

NUMBER = Style(Weight.BOLD, 220, 250)
"""On the widest paper; smaller in proportion on narrower paper, so that three digits fit."""

WAIT = Style(Weight.SEMIBOLD, 30, 42)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number from 1, the local time, and the clinic's name if it is printed at all."""

    number: int
    printed: time
    clinic: str | None = None
    training: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 999:
            raise ValueError("a ticket has a number from 1 to 999")


def draw_ticket(ticket: Ticket, languages: Sequence[str], width: int = WIDTH) -> Document:
    """Draw a ticket that says "please wait" in each of the languages. Raises GlyphMissing."""
    return Document(ticket_picture(ticket, languages, width).tobytes(), width=width)


def ticket_picture(ticket: Ticket, languages: Sequence[str], width: int = WIDTH) -> Image.Image:
    """The ticket as a 1-bit picture in which 1 is black."""
    image = Image.new("1", (width, MAX_ROWS))
    page = Page(image, ImageDraw.Draw(image), y=MARGIN)
    page.draw.fontmode = "1"
    with speaking("nb", domain=SLIP_DOMAIN):
        if ticket.training:
            banner(page, tr("OPPLÆRING"), tr("ikke et ekte barn"))
        _centred(page, ticket.clinic or "", TEXT)
        _centred(page, str(ticket.number), _number(width))
    page.y += GAP
    rule(page, 2)
    for words, code in _wait_words(languages):
        page.script = SLIP_LANGUAGES[code].script
        _centred(page, words, WAIT)
    page.script = SLIP_LANGUAGES["nb"].script
    rule(page, 2)
    _centred(page, f"{ticket.printed:%H:%M}", SMALL)
    return image.crop((0, 0, width, page.y + MARGIN))


def _number(width: int) -> Style:
    return Style(NUMBER.weight, NUMBER.dots * width // WIDTH, NUMBER.leading * width // WIDTH)


def _wait_words(languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return "please wait" in each language; where two say the same, or one says nothing, once."""
    found: dict[str, str] = {}
    for code in languages:
        with speaking(code, domain=SLIP_DOMAIN):
            found.setdefault(tr("Vent litt"), code)
    return list(found.items())


def _centred(page: Page, text: str, style: Style) -> None:
    if not text:
        return
    shown = page.checked(text, style)
    font = face(style.weight, style.dots * page.script.percent // 100, page.script)
    direction = "rtl" if page.script.right_to_left else "ltr"
    base = page.y + style.dots
    page.draw.text((page.width // 2, base), shown, 1, font, "ms", direction=direction)
    page.y += style.leading
