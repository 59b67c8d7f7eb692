"""Letters and numbers beside the markers, each at the first place that is free.

A label never covers a marker, a line between markers or another label, and never leaves the field.
One that finds no place is left out: every number is told as text elsewhere, and a number on top of
a symbol would make both unreadable. Where ears that answered differently share a place, the letter
stands with the number, so that no number is read as the other ear's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from drivers.hearing import Ear, Response, Tone
from kiosk.hearing.audiogram.axes import Sheet, on_frequency_scale, on_level_scale
from kiosk.hearing.audiogram.lettering import SIGNS, label, letter_of, width
from kiosk.hearing.audiogram.shapes import Box, Label, Marker, Point, Stroke, around
from kiosk.hearing.audiogram.symbols import BESIDE, ear_of

NEAR = 2
"""Markers so many dots apart are as good as one over the other."""

_Sides = tuple[str, ...]
_AT_START: _Sides = ("w", "nw", "sw", "n", "s", "ne", "se", "e")
_AT_END: _Sides = ("e", "ne", "se", "n", "s", "nw", "sw", "w")
_ABOVE: _Sides = ("n", "nw", "ne", "w", "e", "sw", "se", "s")


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that should stand at one of these places, the best first (its left and top).

    ``instead`` is wished for where none of them is free.
    """

    text: str
    ear: Ear | None
    places: tuple[Point, ...]
    instead: Wish | None = None


def wishes(markers: Sequence[Marker], runs: Iterable[Sequence[Marker]], sheet: Sheet) -> list[Wish]:
    """Every label there should be, the most needed first."""
    run_of = [*runs]
    joined = {id(marker) for run in run_of for marker in run}
    alone = [marker for marker in markers if id(marker) not in joined]
    shared = [marker for marker in alone if _signed(marker) and _disputed(marker, markers)]
    plain = [marker for marker in alone if marker not in shared]
    return [
        *_beyond(markers, sheet),
        *(_own_half(marker, sheet) for marker in plain),
        *(_with_letter(marker, markers, sheet) for marker in shared),
        *_levels(plain, sheet),
        *(_letter(run[0], _AT_START, sheet) for run in run_of),
        *(_letter(run[-1], _AT_END, sheet) for run in run_of),
    ]


def placed(
    wanted: Iterable[Wish],
    markers: Sequence[Marker],
    lines: Sequence[Stroke],
    frame: Box,
    sheet: Sheet,
) -> tuple[Label, ...]:
    """The labels that find a place, in the order they were wished for."""
    taken = [marker.box for marker in markers]
    field = frame.grown(-2)
    labels: list[Label] = []
    for wish in wanted:
        for each in _possible(wish, sheet):
            if each.box.within(field) and _free(each.box, taken, lines, sheet):
                labels.append(each)
                # Two numbers in a row are read as one if no air is between them.
                air = sheet.gap if len(each.text) > 1 else 0
                taken.append(each.box.widened(air))
                break
    return tuple(labels)


def _possible(wish: Wish | None, sheet: Sheet) -> Iterator[Label]:
    while wish is not None:
        yield from (label(wish.text, wish.ear, place, sheet) for place in wish.places)
        wish = wish.instead


def _free(box: Box, taken: Iterable[Box], lines: Iterable[Stroke], sheet: Sheet) -> bool:
    if any(box.overlaps(other) for other in taken):
        return False
    near = box.grown(sheet.stroke)
    return not any(near.crossed(*line.points) for line in lines)


def _signed(marker: Marker) -> bool:
    """Whether its level is told as at most or more than."""
    return marker.tone.response in SIGNS


def _disputed(marker: Marker, markers: Iterable[Marker]) -> bool:
    """Whether another ear's marker lies over it and tells something else."""
    tone = marker.tone
    return any(
        ear_of(other.tone) is not ear_of(tone)
        and (other.tone.response, other.tone.level_db) != (tone.response, tone.level_db)
        for other in _over(marker, markers)
    )


def _over(marker: Marker, markers: Iterable[Marker]) -> list[Marker]:
    """The markers of a column that lie over this one, and itself."""
    return [
        other
        for other in markers
        if other is marker
        or (other.tone.hz == marker.tone.hz and other.box.overlaps(marker.box.grown(NEAR)))
    ]


def _number(tone: Tone) -> str:
    """A level as it is read: without the zeros that a device sends after the point."""
    level = Decimal(tone.level_db or 0)
    return f"{level.normalize():f}".replace("-", "\u2212").replace(".", ",")


def _beyond(markers: Iterable[Marker], sheet: Sheet) -> Iterator[Wish]:
    """What stands beyond the end of a scale is told in numbers."""
    for marker in markers:
        tone = marker.tone
        ear = ear_of(tone)
        if tone.threshold is not None and not on_level_scale(tone.threshold):
            number = _number(tone)
            yield Wish(number, ear, _spots(marker, number, _AT_END, sheet, far=True))
        if not on_frequency_scale(tone.hz):
            text = f"{tone.hz} Hz"
            yield Wish(text, ear, _spots(marker, text, _ABOVE, sheet, far=True))


def _with_letter(marker: Marker, markers: Iterable[Marker], sheet: Sheet) -> Wish:
    """Letter and level in one, clear of all that lies here; else the letter alone."""
    tone = marker.tone
    ear = ear_of(tone)
    text = f"{letter_of(ear, sheet)} {SIGNS[tone.response]}{_number(tone)}"
    box = around(other.box for other in _over(marker, markers))
    wide, air = width(text, sheet), sheet.gap // 2
    middle = marker.anchor[0] - wide // 2
    row = sheet.line + 1
    above, below = box.top - air - row, box.bottom + air
    # An arrow points down to its number; the number of a bar stands on the other side.
    down, up = (below, below + row), (above, above - row)
    rows = down + up if tone.response is Response.NO_RESPONSE else up + down
    aside = round(0.3 * wide)
    places = [(middle + move, y) for y in rows for move in (0, -aside, aside)]
    return Wish(text, ear, tuple(places), _own_half(marker, sheet))


def _levels(markers: Iterable[Marker], sheet: Sheet) -> Iterator[Wish]:
    """At most, and more than; ears that agree at a frequency share one number."""
    agreeing: dict[tuple[int, Response, Decimal | None], list[Marker]] = {}
    for marker in filter(_signed, markers):
        tone = marker.tone
        agreeing.setdefault((tone.hz, tone.response, tone.level_db), []).append(marker)
    for (_, response, _), group in agreeing.items():
        ears = {ear_of(marker.tone) for marker in group}
        ear = ears.pop() if len(ears) == 1 else None
        text = SIGNS[response] + _number(group[0].tone)
        yield Wish(text, ear, _level_spots(group, text, sheet, beside=ear is not None))


def _level_spots(
    group: Sequence[Marker], text: str, sheet: Sheet, *, beside: bool
) -> tuple[Point, ...]:
    """Below the group first, then above it, where the letters have the row between.

    Only one ear's number may stand beside: what serves both must not seem to be one letter's.
    """
    wide, air, row = width(text, sheet), sheet.gap // 2, sheet.line + 1
    box = around(marker.box for marker in group)
    middle = (box.left + box.right - wide) // 2
    below, above = box.bottom + air, box.top - air - row
    centred = [(middle, y) for y in (below, above - row, above)]
    aside = [(box.left - wide - air, box.top), (box.right + air, box.top)]
    return (*centred, *(aside if beside else ()))


def _own_half(marker: Marker, sheet: Sheet) -> Wish:
    """The letter over the ear's half of the column, so that the other ear's finds room beside."""
    ear = ear_of(marker.tone)
    text = letter_of(ear, sheet)
    wide, x = sheet.wide(text), marker.anchor[0]
    bar = marker.tone.response is Response.HEARD
    left = (marker.box.left + marker.box.right - wide) // 2 if bar else x - wide // 2
    if marker.symbol not in BESIDE:
        left = {Ear.RIGHT: min(left, x - wide), Ear.LEFT: max(left, x + 1)}.get(ear, left)
    air = sheet.gap // 2
    above, below = marker.box.top - air - sheet.line - 1, marker.box.bottom + air
    sides = _AT_END if ear is Ear.LEFT else _AT_START
    return Wish(text, ear, ((left, above), (left, below), *_spots(marker, text, sides, sheet)))


def _letter(marker: Marker, sides: _Sides, sheet: Sheet) -> Wish:
    ear = ear_of(marker.tone)
    text = letter_of(ear, sheet)
    return Wish(text, ear, _spots(marker, text, sides, sheet))


def _spots(
    marker: Marker, text: str, sides: _Sides, sheet: Sheet, *, far: bool = False
) -> tuple[Point, ...]:
    """Places around a marker by the points of the compass.

    Only what cannot be another marker's, such as a frequency, may stand ``far`` from it.
    """
    size, close = (width(text, sheet), sheet.line), sheet.gap // 2
    airs = (close, close + sheet.line // 2) if far else (close,)
    return tuple(point for air in airs for point in _compass(marker, size, air, sides))


def _compass(marker: Marker, size: Point, air: int, sides: _Sides) -> Iterator[Point]:
    (wide, high), box, anchor = size, marker.box, marker.anchor
    across = {"w": box.left - wide - air, "e": box.right + air}
    down = {"n": box.top - high - air, "s": box.bottom + air}
    for side in sides:
        x = across.get(side[-1], anchor[0] - wide // 2)
        y = down.get(side[0], anchor[1] - high // 2)
        # On a corner the two airs add up; without one of them the label stays by its symbol.
        if len(side) > 1:
            y += air if side[0] == "n" else -air
        yield x, y
