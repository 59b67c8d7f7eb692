"""The languages a slip can be written in, and which of them may be offered: add a language here.

A language whose texts no native health worker has read yet is switched off until the clinic names
the person who did (``[printer.reviewers]``).
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.language.known import KNOWN, Texts

SLIP_LANGUAGES = {code: one for code, one in KNOWN.items() if one.slip is not Texts.NONE}
"""In the order they are offered in."""


def offered(reviewers: Mapping[str, str]) -> tuple[str, ...]:
    """The languages to choose from; ``reviewers`` names who has read the others, by code."""
    return tuple(
        code
        for code, language in SLIP_LANGUAGES.items()
        if language.slip is Texts.READ or reviewers.get(code, "").strip()
    )


def unknown(reviewers: Mapping[str, str]) -> tuple[str, ...]:
    """Codes in ``reviewers`` that no slip can be written in."""
    return tuple(code for code in reviewers if code not in SLIP_LANGUAGES)
