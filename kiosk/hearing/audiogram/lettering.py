"""How a label is set: the signs ≤ and > as lines, then words in the type of the sheet."""

from __future__ import annotations

from drivers.hearing import Ear, Response
from kiosk.hearing.audiogram.axes import Sheet
from kiosk.hearing.audiogram.shapes import Box, Label, Point, Stroke, Words

SIGNS = {Response.HEARD: "≤ ", Response.NO_RESPONSE: "> "}
"""What stands before a level. The fonts of the station have no ≤, so both are drawn."""


def letter_of(ear: Ear, sheet: Sheet) -> str:
    """What an ear is called in one letter."""
    letters = sheet.letters
    return {Ear.RIGHT: letters.right, Ear.LEFT: letters.left}.get(ear, letters.both)


def baseline(top: int, sheet: Sheet) -> int:
    """Where the letters of a line stand whose box begins there; capitals are 0.71 of the size."""
    return top + round(0.81 * sheet.text)


def line_of(text: str, left: int, top: int, sheet: Sheet, ear: Ear | None = None) -> Words:
    """A text in a box of its own width, one line high."""
    box = Box(left, top, left + sheet.wide(text), top + sheet.line)
    return Words(text, box, baseline(top, sheet), ear)


def width(text: str, sheet: Sheet) -> int:
    """How wide a label is, its sign included."""
    before, sign, after = _parts(text)
    return _lead(before, sheet) + _room(sign, sheet) + sheet.wide(after)


def label(text: str, ear: Ear | None, place: Point, sheet: Sheet) -> Label:
    """A label with its left and top there."""
    left, top = place
    before, sign, after = _parts(text)
    at_sign = left + _lead(before, sheet)
    words = [line_of(after, at_sign + _room(sign, sheet), top, sheet, ear)]
    if before:
        words.insert(0, line_of(before, left, top, sheet, ear))
    strokes = _drawn(sign, at_sign, baseline(top, sheet), sheet.text, ear) if sign else ()
    box = Box(left, top, words[-1].box.right, top + sheet.line)
    return Label(text, box, ear, tuple(words), strokes)


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before the sign, the sign if there is one, and what follows."""
    for sign in SIGNS.values():
        before, found, after = text.rpartition(sign)
        if found:
            return before.rstrip(), sign, after
    return "", "", text


def _lead(before: str, sheet: Sheet) -> int:
    return sheet.wide(before) + max(3, round(0.24 * sheet.text)) if before else 0


def _room(sign: str, sheet: Sheet) -> int:
    """Width of a sign and the space after it."""
    return round(0.5 * sheet.text) + max(3, round(0.24 * sheet.text)) if sign else 0


def _drawn(sign: str, left: int, base: int, size: int, ear: Ear | None) -> tuple[Stroke, ...]:
    """A sign as lines, as high as a figure."""
    weight = 2 * (max(8, size) // 16) + 1
    near, far = left + weight // 2, left + round(0.5 * size) - 1 - weight // 2
    if sign == SIGNS[Response.HEARD]:
        top, tip, low, foot = (base - round(part * size) for part in (0.66, 0.43, 0.2, 0.02))
        return (
            Stroke(((far, top), (near, tip), (far, low)), weight, ear=ear),
            Stroke(((near, foot), (far, foot)), weight, ear=ear),
        )
    top, tip, low = (base - round(part * size) for part in (0.6, 0.35, 0.1))
    return (Stroke(((near, top), (far, tip), (near, low)), weight, ear=ear),)
