"""Draws a slip as black and white dots, 576 across, as long as it needs to be.

Sizes follow what thermal heads print legibly at 8 dots a millimetre: text from 22 dots,
headline from 32 bold, values from 34 bold. Nothing is clipped: long texts wrap, and a word
wider than the paper is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from drivers.printers.document import MAX_ROWS, WIDTH, Document
from kiosk.i18n import tr
from kiosk.receipts.age import date_words
from kiosk.receipts.content import SlipContent, SlipLine, label, note
from kiosk.receipts.type_face import Weight, checked, face

MARGIN = 16
INNER = WIDTH - 2 * MARGIN
GAP = 16


@dataclass(frozen=True, slots=True)
class Style:
    """A font weight with its size and line distance, both in dots."""

    weight: Weight
    dots: int
    leading: int


TITLE = Style(Weight.BOLD, 46, 56)
NAME = Style(Weight.SEMIBOLD, 36, 46)
VALUE = Style(Weight.BOLD, 46, 56)
LABEL = Style(Weight.SEMIBOLD, 28, 36)
TEXT = Style(Weight.REGULAR, 24, 33)
STRONG = Style(Weight.SEMIBOLD, 24, 33)
SMALL = Style(Weight.REGULAR, 22, 30)
MARK = Style(Weight.BOLD, 30, 40)


@dataclass(slots=True)
class Page:
    """A picture in the making; ``y`` is where the next line begins."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    y: int = 0


def draw_slip(content: SlipContent) -> Document:
    """Draw a slip. Raises GlyphMissing, ShapingMissing, or ValueError if it is too long."""
    image = picture_of(content)
    return Document(image.tobytes(), content.copy.number if content.copy else None)


def picture_of(content: SlipContent) -> Image.Image:
    """The slip as a 1-bit picture in which 1 is black, for printing. Raises as draw_slip."""
    image = Image.new("1", (WIDTH, MAX_ROWS))
    page = Page(image, ImageDraw.Draw(image), MARGIN)
    page.draw.fontmode = "1"
    _marks(page, content)
    _head(page, content)
    for line in content.lines:
        _measured(page, line)
    _foot(page, content)
    if page.y > MAX_ROWS:
        raise ValueError("the slip is too long")
    return image.crop((0, 0, WIDTH, page.y))


def _marks(page: Page, content: SlipContent) -> None:
    """What must be seen first: training, that it is a copy, that it replaces another."""
    if content.training:
        _banner(page, tr("OPPLÆRING"), tr("ikke et ekte barn"))
    if content.copy is not None:
        printed = content.copy.printed.strftime("%H.%M")
        text = tr("KOPI {n}").format(n=content.copy.number)
        _banner(page, text, tr("skrevet ut kl. {time}").format(time=printed))
    if content.corrected:
        _framed(page, tr("Rettet. Erstatter tidligere utskrift."))


def _head(page: Page, content: SlipContent) -> None:
    if content.clinic is not None:
        _paragraph(page, content.clinic, TEXT)
    _paragraph(page, tr("Måleark"), TITLE)
    _rule(page, 4)
    if content.name:
        _paragraph(page, content.name, NAME)
    _pair(page, tr("Alder"), content.age, TEXT)
    _pair(page, tr("Målt dato"), date_words(content.measured_on), TEXT)
    _rule(page, 2)


def _measured(page: Page, line: SlipLine) -> None:
    """A value with its name on one base line, and below it how it was measured."""
    value, name = face(VALUE.weight, VALUE.dots), face(LABEL.weight, LABEL.dots)
    base = page.y + VALUE.dots
    shown, called = checked(line.value, VALUE.weight), checked(label(line), LABEL.weight)
    if name.getlength(called) + GAP + value.getlength(shown) > INNER:
        base += LABEL.leading
        page.draw.text((MARGIN, page.y + LABEL.dots), called, 1, name, "ls")
    else:
        page.draw.text((MARGIN, base), called, 1, name, "ls")
    page.draw.text((WIDTH - MARGIN, base), shown, 1, value, "rs")
    page.y = base + VALUE.leading - VALUE.dots
    if how := note(line):
        _paragraph(page, how, SMALL)
    page.y += GAP // 2


def _foot(page: Page, content: SlipContent) -> None:
    page.y += GAP // 2
    if content.hearing_done:
        done = tr("Hørselstesten er gjort. Helsesykepleieren forteller om resultatet.")
        _paragraph(page, done, TEXT)
        page.y += GAP // 2
    _rule(page, 2)
    _paragraph(page, tr("Tallene er målinger, ikke en vurdering."), STRONG)
    _paragraph(page, tr("Spør helsesykepleieren hvis du lurer på noe."), SMALL)
    page.y += GAP // 2
    _paragraph(page, tr("Målene sendes til barnets journal."), SMALL)
    _paragraph(page, tr("Arket har personopplysninger. Ta godt vare på det."), SMALL)
    _paragraph(page, tr("Skriften blekner. Ta bilde av eller skriv av målene."), SMALL)
    _rule(page, 2)
    _pair(page, tr("Ikke kvittering for kjøp."), tr("Ark {code}").format(code=content.code), SMALL)


def _paragraph(page: Page, text: str, style: Style) -> None:
    """Left-aligned text over as many lines as it takes."""
    for line in wrap(checked(text, style.weight), style, INNER):
        page.draw.text((MARGIN, page.y + style.dots), line, 1, face(style.weight, style.dots), "ls")
        page.y += style.leading


def _pair(page: Page, left: str, right: str, style: Style) -> None:
    """A name at the left and its value at the right, or below it where both are too wide."""
    font = face(style.weight, style.dots)
    wide = font.getlength(left) + GAP + font.getlength(right) > INNER
    if wide:
        _paragraph(page, left, style)
        _paragraph(page, right, style)
        return
    for text, x, anchor in ((left, MARGIN, "ls"), (right, WIDTH - MARGIN, "rs")):
        shown = checked(text, style.weight)
        page.draw.text((x, page.y + style.dots), shown, 1, font, anchor)
    page.y += style.leading


def _rule(page: Page, thickness: int) -> None:
    page.y += GAP // 2
    page.draw.rectangle((MARGIN, page.y, WIDTH - MARGIN - 1, page.y + thickness - 1), fill=1)
    page.y += thickness + GAP // 2


def _banner(page: Page, left: str, right: str) -> None:
    """White on black across the paper."""
    height = MARK.leading + GAP
    page.draw.rectangle((MARGIN, page.y, WIDTH - MARGIN - 1, page.y + height - 1), fill=1)
    base = page.y + GAP // 2 + MARK.dots
    strong, plain = face(MARK.weight, MARK.dots), face(TEXT.weight, TEXT.dots)
    page.draw.text((MARGIN + GAP, base), checked(left, MARK.weight), 0, strong, "ls")
    page.draw.text((WIDTH - MARGIN - GAP, base), checked(right, TEXT.weight), 0, plain, "rs")
    page.y += height + GAP // 2


def _framed(page: Page, text: str) -> None:
    """Text in a frame across the paper."""
    lines = wrap(checked(text, STRONG.weight), STRONG, INNER - 2 * GAP)
    height = len(lines) * STRONG.leading + GAP
    box = (MARGIN, page.y, WIDTH - MARGIN - 1, page.y + height - 1)
    page.draw.rectangle(box, outline=1, width=3)
    font = face(STRONG.weight, STRONG.dots)
    for index, line in enumerate(lines):
        base = page.y + GAP // 2 + STRONG.dots + index * STRONG.leading
        page.draw.text((MARGIN + GAP, base), line, 1, font, "ls")
    page.y += height + GAP // 2


@lru_cache(maxsize=64)
def wrap(text: str, style: Style, width: int) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` dots, at spaces where there are any."""
    font = face(style.weight, style.dots)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if font.getlength(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width:
            cut = max(n for n in range(1, len(line)) if font.getlength(line[:n]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line)
