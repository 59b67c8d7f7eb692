"""What has no level, told in words below the field: never lost, and never at a level.

A row for each ear and path, named by its letter and symbol. Below its frequency stands ``?`` for no
response at a level nobody wrote down, and ``–`` for what could not be tested. What was not tested
leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drivers.hearing import Ear, Response, Tone, Transducer
from kiosk.hearing.audiogram.axes import Scale, Sheet
from kiosk.hearing.audiogram.lettering import letter_of, line_of
from kiosk.hearing.audiogram.shapes import Shape, Words
from kiosk.hearing.audiogram.symbols import ear_of, key, path_of

WORDS = {
    Response.NO_RESPONSE_LEVEL_UNKNOWN: "?",
    Response.COULD_NOT_BE_TESTED: "–",
}
_ORDER = tuple(Ear)
_PATHS = tuple(Transducer)


@dataclass(frozen=True, slots=True)
class Below:
    """The rows below the field, and the tones that found no place in them."""

    words: tuple[Words, ...] = ()
    keys: tuple[Shape, ...] = ()
    untold: tuple[Tone, ...] = ()


def height(tones: Iterable[Tone], sheet: Sheet) -> int:
    """How many dots the rows need, nothing if there is none."""
    count = len(_rows(tones))
    return sheet.gap + count * _row_height(sheet) if count else 0


def below(tones: Iterable[Tone], scale: Scale, sheet: Sheet) -> Below:
    """The rows, under the field."""
    words: list[Words] = []
    keys: list[Shape] = []
    untold: list[Tone] = []
    top = scale.frame.bottom + sheet.gap
    for ear, path, row in _rows(tones):
        centre = top + sheet.line // 2
        symbol = Tone(ear, path, row[0].hz, Response.NOT_TESTED)
        x = scale.frame.left - sheet.gap - sheet.half
        keys.extend(key(symbol, (x, centre), sheet))
        letter = letter_of(ear, sheet)
        end = x - sheet.half - sheet.gap // 2
        words.append(line_of(letter, end - sheet.wide(letter), top, sheet, ear))
        told, left_out = _cells(row, top, scale, sheet)
        words.extend(told)
        untold.extend(left_out)
        top += _row_height(sheet)
    return Below(tuple(words), tuple(keys), tuple(untold))


def _row_height(sheet: Sheet) -> int:
    return sheet.line + sheet.gap // 2


def _rows(tones: Iterable[Tone]) -> list[tuple[Ear, Transducer, list[Tone]]]:
    """Tones without a level by ear and path, right before left, air before bone and unknown."""
    rows: dict[tuple[int, int], list[Tone]] = {}
    for tone in tones:
        if tone.response in WORDS:
            at = (_ORDER.index(ear_of(tone)), _PATHS.index(path_of(tone)))
            rows.setdefault(at, []).append(tone)
    return [(_ORDER[ear], _PATHS[path], rows[ear, path]) for ear, path in sorted(rows)]


def _cells(
    row: Sequence[Tone], top: int, scale: Scale, sheet: Sheet
) -> tuple[list[Words], list[Tone]]:
    """One word a frequency; a crowded one moves aside, and none moves off the sheet."""
    told: list[Words] = []
    untold: list[Tone] = []
    free = scale.frame.left
    for hz in sorted({tone.hz for tone in row}):
        here = [tone for tone in row if tone.hz == hz]
        text = "".join(dict.fromkeys(WORDS[tone.response] for tone in here))
        wide = sheet.wide(text)
        left = max(free, scale.x(hz) - wide // 2)
        if left + wide > scale.frame.right:
            untold.extend(here)
            continue
        told.append(line_of(text, left, top, sheet, ear_of(here[0])))
        free = left + wide + 2
    return told, untold
