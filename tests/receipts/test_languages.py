"""The slip in each language a parent may choose, looked at by a machine that reads."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from kiosk.core.model import Dress
from kiosk.i18n import LANGUAGES, speaking
from kiosk.receipts.age import age_words
from kiosk.receipts.content import SlipContent, SlipKind, SlipLine
from kiosk.receipts.raster import picture_of

SAYS = {
    "nb": ("veid på armen til en voksen", "ikke en vurdering", "måneder", "Lengde"),
    "nn": ("vegen på armen til ein vaksen", "ikkje ei vurdering", "månader", "Lengd"),
    "en": ("weighed on an adult", "not an assessment", "months", "Length"),
}
MODELS = {"nb": "nor", "nn": "nor", "en": "eng"}
BORN, MEASURED = date(2025, 10, 12), date(2026, 3, 12)


def read(picture: Path, code: str) -> str:
    """What tesseract reads off a picture, in one line."""
    command = ["tesseract", str(picture), "-", "-l", MODELS[code], "--psm", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_slip_is_read_back_in_its_language(tmp_path, code):
    with speaking(code):
        content = SlipContent(
            name="Nora",
            age=age_words(BORN, MEASURED),
            measured_on=MEASURED,
            lines=(
                SlipLine(SlipKind.WEIGHT, "8,240 kg", Dress.NAKED, with_adult=True),
                SlipLine(SlipKind.LENGTH, "63,4 cm"),
            ),
            code="K7QF",
        )
        picture = picture_of(content)
    path = tmp_path / f"{code}.png"
    picture.resize((picture.width * 2, picture.height * 2)).convert("L").save(path)
    text = read(path, code)
    assert [words for words in SAYS[code] if words not in text] == [], text
    # A comma of two dots' height may be read as a point.
    assert [value for value in ("8.240", "63.4") if value not in text.replace(",", ".")] == []
