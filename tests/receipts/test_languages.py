"""The slip in each language a parent may choose, looked at by a machine that reads."""

from __future__ import annotations

import os
import subprocess
from datetime import date, time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageOps

from kiosk.language.texts import SLIP_DOMAIN, speaking, tr
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts import raster, type_face
from kiosk.receipts.age import age_words
from kiosk.receipts.content import CopyMark, SlipContent, SlipLine
from kiosk.receipts.languages import SLIP_LANGUAGES, offered, unknown
from kiosk.receipts.raster import picture_of
from kiosk.receipts.type_face import MARGIN

SAYS = {
    "nb": ("veid på armen til en voksen", "ikke en vurdering", "måneder", "Lengde"),
    "nn": ("vegen på armen til ein vaksen", "ikkje ei vurdering", "månader", "Lengd"),
    "en": ("weighed on an adult", "not an assessment", "months", "Length"),
    "pl": ("na rękach osoby dorosłej", "nie ocena zdrowia", "miesięcy", "Długość"),
    "uk": ("на руках у дорослого", "не медична оцінка", "місяців", "Довжина"),
    "ar": ("شخص بالغ", "قياسات وليست", "أشهر", "الوزن"),
}
MODELS = {"nb": "nor", "nn": "nor", "en": "eng", "pl": "pol", "uk": "ukr", "ar": "ara"}
"""There is no model for Northern Sámi; the slips of unread languages are only drawn."""

BORN, MEASURED = date(2025, 10, 12), date(2026, 3, 12)


def read(picture: Path, code: str) -> str:
    """What tesseract reads off a picture, in one line."""
    command = ["tesseract", str(picture), "-", "-l", MODELS[code], "--psm", "4"]
    # Its threads wait for one another by spinning, which takes minutes on a busy machine.
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, env=alone
    )
    return " ".join(done.stdout.split())


def on_paper(picture: Image.Image, path: Path, code: str) -> str:
    """What is read off a picture, black on white with white around it."""
    paper = ImageOps.expand(ImageOps.invert(picture.convert("L")), 2 * MARGIN, fill=255)
    paper.resize((paper.width * 2, paper.height * 2)).save(path)
    return read(path, code)


def slip(code: str, **more: object) -> SlipContent:
    return SlipContent(
        name="Nora",
        age=age_words(BORN, MEASURED),
        measured_on=MEASURED,
        lines=(
            SlipLine(Quantity.WEIGHT, "8,240 kg", dress=Dress.NAKED, with_adult=True),
            SlipLine(Quantity.LENGTH, "63,4 cm", Position.LYING),
        ),
        code="K7QF",
        language=code,
        **more,
    )


@pytest.mark.parametrize("code", SAYS)
def test_the_slip_is_read_back_in_its_language(tmp_path, code):
    with speaking(code, domain=SLIP_DOMAIN):
        picture = picture_of(slip(code))
    # Digits among Arabic words confuse the reader, so the values are read without their names too.
    values = picture.crop((0, 0, picture.width * 5 // 8, picture.height))
    text = " ".join(on_paper(part, tmp_path / f"{code}.png", code) for part in (picture, values))
    assert [words for words in SAYS[code] if words not in text] == [], text
    # A comma of two dots' height may be read as a point.
    assert [value for value in ("8.240", "63.4") if value not in text.replace(",", ".")] == []


@pytest.mark.parametrize("code", SLIP_LANGUAGES)
def test_every_part_of_a_slip_can_be_drawn_in_every_language(code):
    with speaking(code, domain=SLIP_DOMAIN):
        whole = slip(
            code,
            clinic="Solbakken helsestasjon",
            hearing_done=True,
            corrected=True,
            training=True,
            copy=CopyMark(2, time(10, 42)),
        )
        picture = picture_of(whole)
    # Nothing reaches into the margins, whichever side the lines begin at.
    edge = type_face.MARGIN - 2
    for left, right in ((0, edge), (picture.width - edge, picture.width)):
        assert picture.crop((left, 0, right, picture.height)).getbbox() is None


def test_an_arabic_slip_begins_at_the_right_and_its_numbers_keep_their_order(monkeypatch):
    drawn = {}
    real = ImageDraw.ImageDraw.text

    def text(self, xy, words, fill, font, anchor, direction):
        drawn[words] = (xy[0], anchor, direction)
        return real(self, xy, words, fill, font, anchor, direction=direction)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    with speaking("ar", domain=SLIP_DOMAIN):
        picture_of(slip("ar"))
        weight = tr("Vekt")
    value, *beside = drawn["8,240 kg"]
    assert beside == ["ls", "ltr"]
    assert drawn["63,4 cm"] == (value, "ls", "ltr")
    assert type_face.MARGIN <= value <= raster.WIDTH - type_face.MARGIN - raster.NARROWEST
    assert drawn[weight] == (raster.WIDTH - type_face.MARGIN, "rs", "rtl")


def test_languages_nobody_has_read_are_switched_off_until_somebody_has():
    assert offered({}) == ("nb", "nn", "en", "pl", "uk", "ar")
    assert "so" in offered({"so": "Amina A., 1.10.2026"})
    assert "so" not in offered({"so": " "})
    assert unknown({"so": "A", "xx": "B"}) == ("xx",)
