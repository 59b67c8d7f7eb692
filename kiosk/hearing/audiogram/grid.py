"""The field of an audiogram: its lines, the numbers at them, and what the numbers are."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.hearing.audiogram.axes import (
    FREQUENCY_TITLE,
    HALF_OCTAVES,
    HIGHEST_DB,
    LEVEL_TITLE,
    LOWEST_DB,
    OCTAVES,
    Scale,
    Sheet,
)
from kiosk.hearing.audiogram.lettering import line_of
from kiosk.hearing.audiogram.shapes import Ink, Stroke, Words

LABELLED_STEP_DB, STEP_DB = 20, 10
MINUS = "\u2212"


def lines(scale: Scale) -> tuple[Stroke, ...]:
    """Half octaves and every 10 dB thin, octaves and every 20 dB plain, and the edge."""
    left, top, right, bottom = scale.frame
    right, bottom = right - 1, bottom - 1
    edge = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return (
        *(_upright(scale, hz, Ink.THIN) for hz in HALF_OCTAVES),
        *(_level(scale, db) for db in range(LOWEST_DB, HIGHEST_DB + 1, STEP_DB)),
        *(_upright(scale, hz, Ink.GRID) for hz in OCTAVES),
        Stroke(edge, 1, Ink.FRAME),
    )


def axes(scale: Scale, sheet: Sheet) -> tuple[Words, ...]:
    """The numbers at the lines and the titles of both scales."""
    return (*_frequencies(scale, sheet), *_levels(scale, sheet), *_titles(scale, sheet))


def _upright(scale: Scale, hz: int, ink: Ink) -> Stroke:
    x = scale.x(hz)
    return Stroke(((x, scale.frame.top), (x, scale.frame.bottom - 1)), 1, ink)


def _level(scale: Scale, db: int) -> Stroke:
    y = scale.y(db)
    ink = Ink.THIN if db % LABELLED_STEP_DB else Ink.GRID
    return Stroke(((scale.frame.left, y), (scale.frame.right - 1, y)), 1, ink)


def _frequencies(scale: Scale, sheet: Sheet) -> Iterator[Words]:
    """At every octave, or at every other one where three figures have no room."""
    every = 1 if sheet.wide("500") + sheet.gap <= scale.octave else 2
    narrow = sheet.wide("500") // 2 + sheet.wide("1000") // 2 + sheet.gap > scale.octave
    top = scale.frame.top - sheet.line - sheet.gap // 2
    for hz in OCTAVES[::every]:
        short = hz > 1000 or (hz == 1000 and narrow)
        text = f"{hz // 1000}k" if short else str(hz)
        yield line_of(text, scale.x(hz) - sheet.wide(text) // 2, top, sheet)


def _levels(scale: Scale, sheet: Sheet) -> Iterator[Words]:
    for db in (LOWEST_DB, *range(0, HIGHEST_DB + 1, LABELLED_STEP_DB)):
        text = str(db).replace("-", MINUS)
        left = scale.frame.left - sheet.gap - sheet.wide(text)
        yield line_of(text, left, scale.y(db) - sheet.line // 2, sheet)


def _titles(scale: Scale, sheet: Sheet) -> Iterator[Words]:
    """Beside the frequencies where there is room for both, else in a row of their own above."""
    row = sheet.line + sheet.gap // 2
    beside = scale.frame.top - row
    level, frequency = sheet.wide(LEVEL_TITLE), sheet.wide(FREQUENCY_TITLE)
    level_left = scale.x(OCTAVES[0]) - sheet.wide("125") // 2 - 2 * sheet.gap - level
    frequency_left = scale.x(OCTAVES[-1]) + sheet.wide("8k") // 2 + 2 * sheet.gap
    level_left = min(level_left, scale.frame.left - sheet.gap - level // 2)
    if level_left >= 0 and frequency_left + frequency <= sheet.width:
        yield line_of(LEVEL_TITLE, level_left, beside, sheet)
        yield line_of(FREQUENCY_TITLE, frequency_left, beside, sheet)
    else:
        above = beside - row
        yield line_of(LEVEL_TITLE, max(0, scale.frame.left - level), above, sheet)
        yield line_of(FREQUENCY_TITLE, scale.frame.right - frequency, above, sheet)
