"""The pictures of the documentation, and every page in every state for looking at.

``python -m tests.ui.pictures`` (``make screenshots``) draws all states at three sizes in bokmål,
in the longest language and in the other look into ``build/screens``, copies the ones the documents
show to ``docs/pictures``, and draws the slip in every language and two audiograms there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from PIL import Image

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.language.texts import SLIP_DOMAIN, speaking
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts.age import age_words
from kiosk.receipts.audiogram import audiogram_image
from kiosk.receipts.content import SlipContent, SlipLine
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.receipts.raster import picture_of

ROOT = Path(__file__).parents[2]
SCREENS, DOCS = ROOT / "build" / "screens", ROOT / "docs" / "pictures"
SIZES = ("1280x800", "1024x600", "1920x1080")
LONGEST = "nn"
LOOKS = {
    "nb": {},
    LONGEST: {"GALLERY_LANGUAGE": LONGEST},
    "contrast-left": {"GALLERY_LOOK": "contrast left 100"},
    "large": {"GALLERY_LOOK": "light right 150"},
}
SHOWN = (
    "lock",
    "pin",
    "find",
    "identity",
    "measure-offer",
    "measure-moving",
    "measure-both",
    "entry-second",
    "odd-far",
    "review",
    "done",
    "done-by-hand",
    "message",
    "today",
    "change",
    "change-correct",
    "change-move",
    "status-trouble",
    "training-measure",
    "second-reading",
    "help-measure",
    "look",
    "hearing",
    "hearing-record-half",
    "audiogram-missed",
    "receive",
    "protocol",
    "done-preview",
)
"""States the documents show, at the size of the usual panel."""


def main() -> None:
    """Draw everything; the documents' pictures are small enough to be kept with them."""
    for look, settings in LOOKS.items():
        command = [sys.executable, "-m", "tests.ui.gallery", str(SCREENS / look), *SIZES]
        subprocess.run(command, check=True, env={**os.environ, **settings}, cwd=ROOT)
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        shutil.copy(SCREENS / "nb" / SIZES[0] / f"{name}.png", DOCS / f"{name}.png")
    for code in SLIP_LANGUAGES:
        slip(code).save(DOCS / f"slip-{code}.png")
    audiograms().save(DOCS / "slip-audiogram.png")
    print(f"{SCREENS}: every state; {DOCS}: what the documents show")


def slip(code: str):
    """A slip of a child who does not exist."""
    born, measured = date(2026, 8, 14), date(2026, 11, 23)
    with speaking(code, domain=SLIP_DOMAIN):
        content = SlipContent(
            name="Nora",
            age=age_words(born, measured),
            measured_on=measured,
            lines=(
                SlipLine(Quantity.WEIGHT, "5,842 kg", dress=Dress.NAKED),
                SlipLine(Quantity.LENGTH, "61,2 cm", Position.LYING),
                SlipLine(Quantity.HEAD, "38,5 cm"),
            ),
            code="K7QF",
            clinic="Solbakken helsestasjon",
            language=code,
        )
        return picture_of(content).convert("L").point(lambda dot: 255 - dot).convert("1")


def audiograms() -> Image.Image:
    """Two audiograms as they are printed: a screening, and a loss of one ear with bone."""
    drawn = [audiogram_image(tones) for tones in (screening(), loss())]
    edge = 24
    size = (sum(each.width + edge for each in drawn) + edge, max(each.height for each in drawn))
    sheet = Image.new("L", (size[0], size[1] + 2 * edge), 255)
    for place, each in enumerate(drawn):
        black = Image.new("L", each.size, 0)
        sheet.paste(black, (edge + place * (each.width + edge), edge), each)
    return sheet.convert("1")


def screening() -> list[Tone]:
    """Heard at 20 dB but for two tones of the right ear; the last could not be tested."""
    return [
        *(_tone(Ear.RIGHT, hz, Response.HEARD, 20) for hz in (500, 2000)),
        *(_tone(Ear.RIGHT, hz, Response.NO_RESPONSE, 20) for hz in (1000, 4000)),
        *(_tone(Ear.LEFT, hz, Response.HEARD, 20) for hz in (500, 1000, 2000, 4000)),
        _tone(Ear.RIGHT, 6000, Response.COULD_NOT_BE_TESTED),
        _tone(Ear.LEFT, 6000, Response.COULD_NOT_BE_TESTED),
    ]


def loss() -> list[Tone]:
    """A conductive loss of the right ear, with no response at the highest tones."""
    air, bone, masked = Transducer.HEADPHONE, Transducer.BONE, Masking.MASKED
    right = {250: 60, 500: 70, 1000: 80, 2000: 95}
    left = {250: 20, 500: 25, 1000: 20, 2000: 30, 4000: 25, 8000: 30}
    return [
        *(_tone(Ear.RIGHT, hz, Response.THRESHOLD, db) for hz, db in right.items()),
        *(_tone(Ear.LEFT, hz, Response.THRESHOLD, db) for hz, db in left.items()),
        _tone(Ear.RIGHT, 4000, Response.NO_RESPONSE, 110),
        _tone(Ear.RIGHT, 8000, Response.NO_RESPONSE, 90),
        *(
            Tone(Ear.RIGHT, path, hz, Response.THRESHOLD, Decimal(db), masked)
            for path, hz, db in ((air, 500, 75), (air, 1000, 85), (bone, 500, 40), (bone, 1000, 45))
        ),
    ]


def _tone(ear: Ear, hz: int, response: Response, level: int | None = None) -> Tone:
    db = None if level is None else Decimal(level)
    return Tone(ear, Transducer.HEADPHONE, hz, response, db)


if __name__ == "__main__":
    main()
