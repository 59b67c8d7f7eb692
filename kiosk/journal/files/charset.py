"""Text in a character set that may not hold all of it: spelt with the letters there are. Pure.

A name with a question mark in it fails the journal's check of who a child is, so a letter is spelt
otherwise or nothing is written at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from kiosk.journal.files.letters import FIRST, LETTERS, PAIRS

CHARSETS: Mapping[str, str] = {"iso-8859-1": "3", "cp437": "2", "ascii": "1"}
"""Character sets of GDT 2.1 and what field 9206 says for them."""


class NotInCharacterSetError(ValueError):
    """A letter that nobody has said how to spell."""


def spelled(text: str, encoding: str, *, strict: bool = True) -> str:
    """The text with letters of this encoding only.

    For a letter that cannot be spelt: raises :class:`NotInCharacterSetError`; where not ``strict``,
    its number in Unicode stands there, so that nothing is dropped silently.
    """
    text = unicodedata.normalize("NFC", text)
    if _fits(text, encoding):
        return text
    for pair, spelt in PAIRS.items():
        if not _fits(pair, encoding):
            text = text.replace(pair, spelt)
    return "".join(_letters(text, encoding, strict=strict))


def _letters(text: str, encoding: str, *, strict: bool) -> Iterator[str]:
    before = " "
    for letter in text:
        spelt = letter if _fits(letter, encoding) else _spelt(letter, before, encoding)
        if spelt is None and strict:
            raise NotInCharacterSetError
        yield f"[U+{ord(letter):04X}]" if spelt is None else spelt
        before = letter


def _spelt(letter: str, before: str, encoding: str) -> str | None:
    first = not before.isalpha() and before not in "'’ʼ"
    told = FIRST.get(letter) if first else None
    told = LETTERS.get(letter) if told is None else told
    if told is None:
        # A letter without its marks; a letter that is only another form of one; a mark alone.
        plain = unicodedata.normalize("NFKD", letter)
        bare = "".join(one for one in plain if not unicodedata.combining(one))
        told = bare if bare != letter else None
        if told and not _fits(told, encoding):
            parts = [LETTERS.get(one, one) for one in told]
            told = "".join(parts)
    return told if told is not None and _fits(told, encoding) else None


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
