"""Texts a person reads, and numbers written the Norwegian way.

Bokmål is the source language: a msgid *is* the bokmål sentence, so the station works with
no catalogue at all. Other languages are gettext catalogues below ``assets/locale``
(``<language>/LC_MESSAGES/kiosk.mo``). ``docs/adding-a-language.md``
adds one.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from kiosk.language.known import KNOWN, Texts

DOMAIN, SLIP_DOMAIN, COMMAND_DOMAIN = "kiosk", "slip", "command"
"""The texts of the screen, those of the slip, which is written in more languages, and what the
commands and the log tell whoever looks after the station."""

SOURCE_LANGUAGE = next(iter(KNOWN))
LOCALE_DIR = Path(__file__).resolve().parents[2] / "assets" / "locale"
NO_BREAK_SPACE = "\u00a0"

LANGUAGES = {code: one.own for code, one in KNOWN.items() if one.screen is Texts.READ}
"""The languages of the screen, each by its own name. The first is the source."""

DRAFTS = {code: one.own for code, one in KNOWN.items() if one.screen is Texts.DRAFT}
"""Languages whose texts no competent reader has gone through yet: off until somebody has."""

_BOKMAL = gettext.NullTranslations()
_current: ContextVar[gettext.NullTranslations] = ContextVar("language", default=_BOKMAL)
"""Each thread speaks for itself: a slip may be drawn in the parents' language while the screen
speaks the secretary's."""


def offered(reviewers: Mapping[str, str]) -> dict[str, str]:
    """The languages of the screen to choose from; ``reviewers`` names who has read a draft."""
    read = {code: name for code, name in DRAFTS.items() if reviewers.get(code, "").strip()}
    return {**LANGUAGES, **read}


def language_name(code: str) -> str:
    """What a language calls itself."""
    return KNOWN[code].own if code in KNOWN else code


def set_language(code: str, locale_dir: Path = LOCALE_DIR, *, domain: str = DOMAIN) -> None:
    """Switch every following text of this thread to the language ``code`` (``nb``, ``nn``, …).

    Raises :class:`FileNotFoundError` if there is no catalogue for it; the language in use
    then stays as it was. Texts missing from a catalogue appear in bokmål.
    """
    _current.set(_catalogue(code, locale_dir, domain))


@contextmanager
def speaking(code: str, locale_dir: Path = LOCALE_DIR, *, domain: str = DOMAIN) -> Iterator[None]:
    """Speak another language for a while; raises :class:`FileNotFoundError` as above."""
    token = _current.set(_catalogue(code, locale_dir, domain))
    try:
        yield
    finally:
        _current.reset(token)


def _catalogue(code: str, locale_dir: Path, domain: str = DOMAIN) -> gettext.NullTranslations:
    if code == SOURCE_LANGUAGE:
        return _BOKMAL
    return gettext.translation(domain, str(locale_dir), [code])


def tr(msgid: str) -> str:
    """Return the bokmål text ``msgid`` in the language in use."""
    return _current.get().gettext(msgid)


def trn(singular: str, plural: str, n: int, shown: str = "") -> str:
    """Return ``singular`` or ``plural`` in the language in use, by its rule for ``n``.

    The text may hold ``{n}``, which is filled in, as ``shown`` where that is given.
    """
    return _current.get().ngettext(singular, plural, n).format(n=shown or n)


def comma(text: str) -> str:
    """Write a decimal number with a comma. No digit is added, dropped or rounded."""
    return text.strip().replace(".", ",")


def kg_text(text_as_sent: str, unit: str = "kg") -> str:
    """Write a weight as a person reads it: ``4.236`` becomes ``4,236 kg``.

    ``text_as_sent`` is the device's own digits and stays as precise as it is; ``unit`` is
    the unit it was sent in. The space does not break.
    """
    return f"{comma(text_as_sent)}{NO_BREAK_SPACE}{unit}"
