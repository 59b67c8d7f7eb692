"""The points of one row of a table, in the long and in the wide form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from drivers.audiogram_files.imported import FileRefused, Refusal
from drivers.audiogram_files.points import Place, hertz, number, plausible_level
from drivers.audiogram_files.profiles import CsvProfile
from drivers.hearing import WITH_LEVEL, Response, Tone

NINETY_NINE: Final = Decimal(99)
"""What staff are told to write for *no response* where a table has no column for it."""

_Word = TypeVar("_Word", bound=StrEnum)


def points_of(row: Mapping[str, str], profile: CsvProfile) -> Iterator[Tone]:
    """Yield the tones of a row; raises :class:`FileRefused`."""
    if profile.layout == "long":
        yield _long(row, profile)
    else:
        yield from _wide(row, profile)


def _long(row: Mapping[str, str], profile: CsvProfile) -> Tone:
    columns = profile.columns
    place = Place(
        _word(row[columns.ear], profile.ears, columns.ear),
        _word(row[columns.path], profile.paths, columns.path),
        hertz(row[columns.hz]),
        _word(row[columns.masking], profile.maskings, columns.masking),
    )
    response = _word(row[columns.status], profile.statuses, columns.status)
    return _tone(place, response, row[columns.level], profile)


def _wide(row: Mapping[str, str], profile: CsvProfile) -> Iterator[Tone]:
    for header, meaning in profile.cells.items():
        # An empty cell says nothing, not even that the point was left out on purpose.
        if row[header]:
            place = Place(meaning.ear, meaning.path, meaning.hz, meaning.masking)
            yield _tone(place, Response.THRESHOLD, row[header], profile, coded=True)


def _word(text: str, words: Mapping[str, _Word], column: str) -> _Word:
    if text not in words:
        raise FileRefused(Refusal.UNMAPPED, f"{column}: {text!r}")
    return words[text]


def _tone(
    place: Place, response: Response, text: str, profile: CsvProfile, *, coded: bool = False
) -> Tone:
    """Make a tone. ``coded``: the number alone has to tell that there was no response."""
    if response not in WITH_LEVEL:
        return place.tone(response)
    if response is Response.NO_RESPONSE and not text:
        return place.tone(Response.NO_RESPONSE_LEVEL_UNKNOWN)
    level = _level(text, place, profile)
    if level in profile.no_response_codes:
        if not coded and response is not Response.NO_RESPONSE:
            raise FileRefused(Refusal.CONTRADICTION, f"{place}: {level}")
        return place.tone(Response.NO_RESPONSE_LEVEL_UNKNOWN)
    return place.tone(response, _possible(level, place, profile))


def _possible(level: Decimal, place: Place, profile: CsvProfile) -> Decimal:
    """Return a level that the device can give and that stands for nothing else."""
    above = level > profile.device_maximum_db
    if not profile.no_response_codes and (above or level == NINETY_NINE):
        raise FileRefused(Refusal.NO_RESPONSE_UNDECLARED, f"{place}: {level}")
    if above:
        raise FileRefused(Refusal.IMPLAUSIBLE_LEVEL, f"{place}: {level}")
    return plausible_level(level, place)


def _level(text: str, place: Place, profile: CsvProfile) -> Decimal:
    if profile.decimal != ".":
        text = text.replace(",", ".")
    elif "," in text:
        raise FileRefused(Refusal.BAD_VALUE, f"{place}: {text!r}")
    return number(text, str(place))
