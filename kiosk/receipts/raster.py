"""Draws every line of the slip as black and white dots, as wide as the paper and as long as needed.

Sizes follow what thermal heads print legibly at 8 dots a millimetre: text from 22 dots,
headline from 32 bold, values from 34 bold. Nothing is clipped: long texts wrap, and a word
wider than the paper is broken.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from drivers.hearing import Tone
from drivers.printers.document import MAX_ROWS, WIDTH, Document
from kiosk.language.known import LATIN, Script
from kiosk.language.texts import tr
from kiosk.receipts.age import date_words
from kiosk.receipts.audiogram import audiogram_image
from kiosk.receipts.content import SlipContent, SlipLine, label, note
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.receipts.type_face import MARGIN, Weight, checked, face

_VALUE = re.compile(r"[\d ,.\u00a0]+(kg|g|cm)")

GAP = 16

NARROWEST = 352
"""Dots of name and value together at least, as on the narrowest paper."""


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
    """A picture in the making; ``y`` is where the next line begins.

    Its script tells the fonts and at which side lines begin. ``table`` is how wide names and values
    stand together, in dots.
    """

    image: Image.Image
    draw: ImageDraw.ImageDraw
    script: Script = LATIN
    y: int = 0
    table: int = 0

    @property
    def width(self) -> int:
        """Dots across the paper."""
        return self.image.width

    @property
    def inner(self) -> int:
        """Dots between the margins."""
        return self.width - 2 * MARGIN

    def face(self, style: Style, text: str) -> ImageFont.FreeTypeFont:
        """The font for a text in a style, in the script of the page."""
        value = _VALUE.fullmatch(text) is not None
        dots = style.dots if value else style.dots * self.script.percent // 100
        return face(style.weight, dots, self.script)

    def checked(self, text: str, style: Style) -> str:
        """The text, if the font has all of it; raises GlyphMissing."""
        return checked(text, style.weight, self.script)

    def begin(self, base: int, text: str, style: Style, ink: int = 1, inset: int = 0) -> None:
        """Write at the side where a line begins."""
        self._write(base, text, style, ink, inset, right=self.script.right_to_left)

    def end(self, base: int, text: str, style: Style, ink: int = 1, inset: int = 0) -> None:
        """Write at the side where a line ends."""
        self._write(base, text, style, ink, inset, right=not self.script.right_to_left)

    def _write(
        self, base: int, text: str, style: Style, ink: int, inset: int, *, right: bool
    ) -> None:
        x, anchor = (self.width - MARGIN - inset, "rs") if right else (MARGIN + inset, "ls")
        shown, font = self.checked(text, style), self.face(style, text)
        # A value is digits and a Latin unit; said explicitly, its order never turns.
        rtl = self.script.right_to_left and not _VALUE.fullmatch(text)
        self.draw.text((x, base), shown, ink, font, anchor, direction="rtl" if rtl else "ltr")


def draw_slip(content: SlipContent, width: int = WIDTH) -> Document:
    """Draw a slip for paper of ``width`` dots, one of :data:`drivers.printers.models.WIDTHS`.

    Raises GlyphMissing, ShapingMissing, or ValueError if it is too long.
    """
    image = picture_of(content, width)
    copy = content.copy.number if content.copy else None
    from_right = SLIP_LANGUAGES[content.language].script.right_to_left
    return Document(image.tobytes(), copy, width, from_right)


def picture_of(content: SlipContent, width: int = WIDTH) -> Image.Image:
    """The slip as a 1-bit picture in which 1 is black, for printing. Raises as draw_slip."""
    image = Image.new("1", (width, MAX_ROWS))
    script = SLIP_LANGUAGES[content.language].script
    page = Page(image, ImageDraw.Draw(image), script, MARGIN)
    page.draw.fontmode = "1"
    page.table = _table_width(page, content)
    _marks(page, content)
    _head(page, content)
    for line in content.lines:
        _measured(page, line)
    _foot(page, content)
    if page.y > MAX_ROWS:
        raise ValueError("the slip is too long")
    return image.crop((0, 0, width, page.y))


def _marks(page: Page, content: SlipContent) -> None:
    """What must be seen first: training, that it is a copy, that it replaces another."""
    if content.training:
        banner(page, tr("OPPLÆRING"), tr("ikke et ekte barn"))
    if content.copy is not None:
        printed = content.copy.printed.strftime("%H.%M")
        text = tr("KOPI {n}").format(n=content.copy.number)
        banner(page, text, tr("skrevet ut kl. {time}").format(time=printed))
    if content.corrected:
        _framed(page, tr("Rettet. Erstatter tidligere utskrift."))


def _table_width(page: Page, content: SlipContent) -> int:
    """Just so wide that each measured value has its name beside it: what stands close is read
    together, and white between them would have to be sent.
    """
    widths = [_beside(page, label(line), LABEL, line.value, VALUE) for line in content.lines]
    return min(page.inner, max([NARROWEST, *widths]))


def _beside(page: Page, name: str, style: Style, value: str, other: Style) -> int:
    """Dots of a name and a value on one line, well apart."""
    dots = page.face(style, name).getlength(name) + page.face(other, value).getlength(value)
    return math.ceil(dots) + 2 * GAP


def _head(page: Page, content: SlipContent) -> None:
    if content.clinic is not None:
        paragraph(page, content.clinic, TEXT)
    paragraph(page, tr("Måleark"), TITLE)
    rule(page, 4)
    if content.name:
        paragraph(page, content.name, NAME)
    _pair(page, tr("Alder"), content.age, TEXT)
    _pair(page, tr("Målt dato"), date_words(content.measured_on), TEXT)
    rule(page, 2)


def _measured(page: Page, line: SlipLine) -> None:
    """A value with its name on one base line, and below it how it was measured."""
    called = label(line)
    value, name = page.face(VALUE, line.value), page.face(LABEL, called)
    base = page.y + VALUE.dots
    if name.getlength(called) + GAP + value.getlength(line.value) > page.inner:
        base += LABEL.leading
        page.begin(page.y + LABEL.dots, called, LABEL)
    else:
        page.begin(base, called, LABEL)
    page.end(base, line.value, VALUE, inset=page.inner - page.table)
    page.y = base + VALUE.leading - VALUE.dots
    if how := note(line):
        paragraph(page, how, SMALL)
    page.y += GAP // 2


def _foot(page: Page, content: SlipContent) -> None:
    page.y += GAP // 2
    if content.hearing_done or content.hearing_unfinished:
        done = tr("Hørselstesten er gjort. Helsesykepleieren forteller om resultatet.")
        tried = tr(
            "Hørselstesten ble ikke ferdig. Helsesykepleieren forteller hva som skjer videre."
        )
        paragraph(page, tried if content.hearing_unfinished else done, TEXT)
        page.y += GAP // 2
    if content.audiogram:
        _audiogram(page, content.audiogram)
    rule(page, 2)
    paragraph(page, tr("Tallene er målinger, ikke en vurdering."), STRONG)
    paragraph(page, tr("Spør helsesykepleieren hvis du lurer på noe."), SMALL)
    page.y += GAP // 2
    paragraph(page, tr("Målene sendes til barnets journal."), SMALL)
    paragraph(page, tr("Arket har personopplysninger. Ta godt vare på det."), SMALL)
    paragraph(page, tr("Skriften blekner. Ta bilde av eller skriv av målene."), SMALL)
    rule(page, 2)
    _pair(page, tr("Ikke kvittering for kjøp."), tr("Ark {code}").format(code=content.code), SMALL)


def _audiogram(page: Page, tones: tuple[Tone, ...]) -> None:
    """The drawing across the paper, and what its letters stand for."""
    drawn = audiogram_image(tones, page.inner)
    page.image.paste(drawn, (MARGIN, page.y))
    page.y += drawn.height + GAP // 2
    paragraph(page, tr("H er høyre øre, V er venstre øre."), SMALL)
    page.y += GAP // 2


def paragraph(page: Page, text: str, style: Style) -> None:
    """Text over as many lines as it takes, from where a line begins."""
    for line in wrap(page.checked(text, style), style, page.inner, page.script):
        page.begin(page.y + style.dots, line, style)
        page.y += style.leading


def _pair(page: Page, name: str, value: str, style: Style) -> None:
    """A name where a line begins and its value where it ends, or below it if both are too wide."""
    widths = [page.face(style, text).getlength(text) for text in (name, value)]
    if sum(widths) + GAP > page.inner:
        paragraph(page, name, style)
        paragraph(page, value, style)
        return
    page.begin(page.y + style.dots, name, style)
    end = max(page.table, min(page.inner, _beside(page, name, style, value, style)))
    page.end(page.y + style.dots, value, style, inset=page.inner - end)
    page.y += style.leading


def rule(page: Page, thickness: int) -> None:
    """A line across the paper with air around it."""
    page.y += GAP // 2
    page.draw.rectangle((MARGIN, page.y, page.width - MARGIN - 1, page.y + thickness - 1), fill=1)
    page.y += thickness + GAP // 2


def banner(page: Page, left: str, right: str) -> None:
    """White on black across the paper, on two lines where both do not fit on one."""
    widths = page.face(MARK, left).getlength(left), page.face(TEXT, right).getlength(right)
    below = TEXT.leading if sum(widths) + 3 * GAP > page.inner else 0
    height = MARK.leading + GAP + below
    page.draw.rectangle((MARGIN, page.y, page.width - MARGIN - 1, page.y + height - 1), fill=1)
    base = page.y + GAP // 2 + MARK.dots
    page.begin(base, left, MARK, 0, GAP)
    page.end(base + below, right, TEXT, 0, GAP)
    page.y += height + GAP // 2


def _framed(page: Page, text: str) -> None:
    """Text in a frame across the paper."""
    lines = wrap(page.checked(text, STRONG), STRONG, page.inner - 2 * GAP, page.script)
    height = len(lines) * STRONG.leading + GAP
    box = (MARGIN, page.y, page.width - MARGIN - 1, page.y + height - 1)
    page.draw.rectangle(box, outline=1, width=3)
    for index, line in enumerate(lines):
        page.begin(page.y + GAP // 2 + STRONG.dots + index * STRONG.leading, line, STRONG, 1, GAP)
    page.y += height + GAP // 2


@lru_cache(maxsize=64)
def wrap(text: str, style: Style, width: int, script: Script = LATIN) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` dots, at spaces where there are any."""
    font = face(style.weight, style.dots * script.percent // 100, script)
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
