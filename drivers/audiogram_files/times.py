"""Times and birth dates as files write them; a zone is asked for, never assumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from drivers.audiogram_files.imported import Concern, FileRefused, FileRemark, Refusal

_FILLERS: Final = frozenset({"unknown", "00000000-0000-0000-0000-000000000000"})
_NO_YEAR: Final = 1


def unless_filler(text: str) -> str:
    """The text without white space around; empty for what programs write instead of nothing."""
    stripped = text.strip()
    return "" if stripped.lower() in _FILLERS else stripped


def birth_date(text: str) -> date | None:
    """Read a date in ISO 8601, with or without a time; ``None`` for none.

    Year 1 is a filler. Raises :class:`FileRefused`: a birth date that cannot be read could
    not be compared with the child's.
    """
    stated = unless_filler(text)
    if not stated:
        return None
    try:
        found = datetime.fromisoformat(stated).date()
    except ValueError:
        raise FileRefused(Refusal.BAD_VALUE, "birth date") from None
    return None if found.year == _NO_YEAR else found


def test_time(text: str) -> datetime | None:
    """Read a time in ISO 8601, with a zone only if one is written; ``None`` for none.

    Raises :class:`FileRefused` for what is no time.
    """
    stated = unless_filler(text)
    if not stated:
        return None
    try:
        found = datetime.fromisoformat(stated)
    except ValueError:
        raise FileRefused(Refusal.BAD_VALUE, f"time {stated!r}") from None
    return None if found.year == _NO_YEAR else found


def on_time(when: datetime | None) -> Iterator[FileRemark]:
    """Yield what has to be asked about a time of a test."""
    if when is None:
        yield FileRemark(Concern.TIME_MISSING)
    elif when.utcoffset() is None:
        yield FileRemark(Concern.TIME_WITHOUT_ZONE, when.isoformat())
