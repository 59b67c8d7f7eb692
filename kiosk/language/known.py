"""Every language of the screen and the slip, once: what it is called, who has read it, its letters.

To add a language, add its line here.
A language whose texts no competent reader has gone through yet is off until the clinic names the
person who did: a wrong word about a child is worse than none. ``docs/adding-a-language.md`` adds
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.language.marking import mark


@dataclass(frozen=True, slots=True)
class Script:
    """A family of font files and its direction. ``family`` begins their names.

    ``percent`` is how large its letters are drawn, to be read as easily as Latin ones of a size.
    """

    family: str
    right_to_left: bool = False
    percent: int = 100


LATIN = Script("NotoSans")
"""Latin with the letters of the Sámi languages, and Cyrillic."""

ARABIC = Script("NotoSansLatinArabic", right_to_left=True, percent=115)
ETHIOPIC = Script("NotoSansLatinEthiopic")


class Texts(StrEnum):
    """How far the texts of a language have come: none, written, read by somebody competent."""

    NONE = "none"
    DRAFT = "draft"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Language:
    """A language. ``own`` is its name in itself, ``said`` what the secretary calls it."""

    code: str
    own: str
    said: str
    slip: Texts
    screen: Texts = Texts.NONE
    script: Script = LATIN


KNOWN: dict[str, Language] = {
    language.code: language
    for language in (
        Language("nb", "Bokmål", mark("Bokmål"), Texts.READ, Texts.READ),
        Language("nn", "Nynorsk", mark("Nynorsk"), Texts.READ, Texts.READ),
        Language("en", "English", mark("Engelsk"), Texts.READ, Texts.READ),
        Language("pl", "Polski", mark("Polsk"), Texts.READ),
        Language("uk", "Українська", mark("Ukrainsk"), Texts.READ),
        Language("ar", "العربية", mark("Arabisk"), Texts.READ, script=ARABIC),
        Language("so", "Soomaali", mark("Somali"), Texts.DRAFT),
        Language("se", "Sámegiella", mark("Nordsamisk"), Texts.DRAFT, Texts.DRAFT),
        Language("ti", "ትግርኛ", mark("Tigrinja"), Texts.DRAFT, script=ETHIOPIC),
    )
}
"""In the order they are offered in; the first is the source. The catalogues of a language lie in
``assets/locale/CODE/LC_MESSAGES``: ``slip.po``; ``kiosk.po`` and ``command.po`` for the screen."""
