"""The languages a slip can be written in, and which of them may be offered: add a language here.

A language whose texts no native health worker has read yet is switched off until the clinic names
the person who did (``[printer.reviewers]``): a wrong word about a child is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class SlipLanguage:
    """A language of the slip. ``reviewed`` says that its texts were read by someone competent."""

    code: str
    script: Script
    reviewed: bool = True


SLIP_LANGUAGES: dict[str, SlipLanguage] = {
    language.code: language
    for language in (
        SlipLanguage("nb", LATIN),
        SlipLanguage("nn", LATIN),
        SlipLanguage("en", LATIN),
        SlipLanguage("pl", LATIN),
        SlipLanguage("uk", LATIN),
        SlipLanguage("ar", ARABIC),
        SlipLanguage("so", LATIN, reviewed=False),
        SlipLanguage("se", LATIN, reviewed=False),
        SlipLanguage("ti", ETHIOPIC, reviewed=False),
    )
}
"""In the order they are offered in. Catalogues: ``assets/locale/CODE/LC_MESSAGES/slip.po``."""


def offered(reviewers: Mapping[str, str]) -> tuple[str, ...]:
    """The languages to choose from; ``reviewers`` names who has read the others, by code."""
    return tuple(
        code
        for code, language in SLIP_LANGUAGES.items()
        if language.reviewed or reviewers.get(code, "").strip()
    )


def unknown(reviewers: Mapping[str, str]) -> tuple[str, ...]:
    """Codes in ``reviewers`` that no slip can be written in."""
    return tuple(code for code in reviewers if code not in SLIP_LANGUAGES)
