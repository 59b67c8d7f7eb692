"""The pictures of the documentation, and every page in every state for looking at.

``python -m tests.ui.pictures`` (``make screenshots``) draws all states at three sizes in bokmål,
in the longest language and in the other look into ``build/screens``, copies the ones the documents
show to ``docs/pictures``, and draws the slip in every language there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from kiosk.core.model import Dress
from kiosk.i18n import SLIP_DOMAIN, speaking
from kiosk.receipts.age import age_words
from kiosk.receipts.content import SlipContent, SlipKind, SlipLine
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
    "today",
    "change",
    "change-correct",
    "change-move",
    "status-trouble",
    "training-measure",
    "second-reading",
    "help-measure",
    "look",
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
                SlipLine(SlipKind.WEIGHT, "5,842 kg", Dress.NAKED),
                SlipLine(SlipKind.LENGTH, "61,2 cm"),
                SlipLine(SlipKind.HEAD, "38,5 cm"),
            ),
            code="K7QF",
            clinic="Solbakken helsestasjon",
            language=code,
        )
        return picture_of(content).convert("L").point(lambda dot: 255 - dot).convert("1")


if __name__ == "__main__":
    main()
