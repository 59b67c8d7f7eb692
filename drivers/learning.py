"""Learning the lines of a scale whose protocol nobody wrote down from what its display shows.

Pure. For each load a person types the display, and the line that the scale sent then is kept
beside it. Where in the line the number stands, with or without its point, is a hypothesis; each
display drops those it contradicts. What stands around the number is learned as it was sent: a word
that came only while the load moved means *moving*, one that came only with a minus means *minus*.
Nothing is generalised beyond the digits of the number, and nothing is learned before enough
different displays were seen and one hypothesis is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from drivers.driver import Settings
from drivers.events import Stability
from drivers.line_forms import PADS, UNITS, Form
from drivers.scales.taught import ENDINGS

ENOUGH: Final = 3
"""Different displays before anything is learned; at least two of them are no zero."""

_DISPLAY: Final = re.compile(r"(-?)(\d{1,6})(?:[.,](\d{1,4}))?")
_RUN: Final = re.compile(rb"\d+")


class LineTrouble(StrEnum):
    """Why nothing can be learned from what was seen."""

    NO_NUMBER = "no-number"
    OTHER_DIGITS = "other-digits"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the display showed (``-0,236``, ``kg``) and the line beside it, without its ending."""

    shown: str
    unit: str
    line: bytes

    @property
    def size(self) -> Decimal:
        """The number without its sign."""
        return Decimal(self.shown.lstrip("-").replace(",", "."))

    @property
    def minus(self) -> bool:
        """Whether it is below zero; a minus before zeros means zero."""
        return self.shown.startswith("-") and bool(self.size)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the number stands: its run of digits, the mark behind it, decimals that are not sent.

    ``run`` counts the runs of digits from the line's start.
    """

    run: int
    mark: str
    shift: int


@dataclass(frozen=True, slots=True)
class LearnedLines:
    """What is known: the ``places`` that are left, the ``forms`` where there is one, or why not.

    ``more`` says how many different displays are still wanted.
    """

    places: tuple[Place, ...]
    forms: tuple[Form, ...]
    more: int
    trouble: LineTrouble | None = None

    def settings(self, ending: str) -> Settings:
        """The profile; empty while nothing is learned."""
        if not self.forms:
            return {}
        return {"ending": ending, "forms": "\n".join(form.text() for form in self.forms)}


def ending_of(data: bytes) -> str:
    """Return the key of the ending that the lines in ``data`` have; empty where there is none."""
    # A frame that ends with ETX may have line ends within it.
    order = ("etx", "crlf", "lf", "cr")
    return next((key for key in order if ENDINGS[key] in data), "")


def learn_lines(shown: Sequence[Shown], moving: Sequence[bytes] = ()) -> LearnedLines:
    """Return what the displays leave; ``moving`` are lines that came while the load moved."""
    if not all(_DISPLAY.fullmatch(one.shown) and one.unit in UNITS for one in shown):
        return LearnedLines((), (), 0, LineTrouble.NO_NUMBER)
    places = _places(shown)
    if shown and not places:
        return LearnedLines((), (), 0, LineTrouble.OTHER_DIGITS)
    more = _more(shown)
    if more or len(places) != 1:
        return LearnedLines(places, (), more or 1)
    try:
        return LearnedLines(places, tuple(_forms(shown, moving, places[0])), 0)
    except _ContradictionError:
        return LearnedLines(places, (), 0, LineTrouble.CONTRADICTS)


class _ContradictionError(ValueError):
    """The same words around the number came with two meanings."""


def _more(shown: Sequence[Shown]) -> int:
    sizes = {one.size for one in shown}
    return max(0, ENOUGH - len(sizes), 2 - len(sizes - {Decimal(0)}))


def _places(shown: Sequence[Shown]) -> tuple[Place, ...]:
    left: list[Place] | None = None
    for one in shown:
        fitting = [place for place, size in _numbers(one) if size == one.size]
        left = fitting if left is None else [place for place in left if place in fitting]
    return tuple(left or ())


def _numbers(one: Shown) -> Iterator[tuple[Place, Decimal]]:
    """Yield every way to take a number out of the line."""
    runs = list(_RUN.finditer(one.line))
    decimals = len(one.shown.replace(",", ".").partition(".")[2])
    for index, run in enumerate(runs):
        if len(run[0]) > 9:
            continue
        yield Place(index, "", decimals), Decimal(int(run[0])).scaleb(-decimals)
        follows = runs[index + 1] if index + 1 < len(runs) else None
        mark = one.line[run.end() : follows.start()] if follows else b""
        if follows and mark in {b".", b","} and len(follows[0]) <= 6:
            text = f"{run[0].decode()}.{follows[0].decode()}"
            yield Place(index, mark.decode(), 0), Decimal(text)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A line cut at its number: the words around it, what pads it, and its digits."""

    before: bytes
    pad: str
    digits: str
    trail: int
    after: bytes

    @property
    def words(self) -> tuple[bytes, bytes]:
        """What stands around the number and its padding."""
        return self.before, self.after


def _cut(line: bytes, place: Place) -> _Cut | None:
    """Cut a line where the number of this place stands; ``None`` if it has no such number."""
    runs = list(_RUN.finditer(line))
    last = place.run + (1 if place.mark else 0)
    if last >= len(runs):
        return None
    start, end = runs[place.run].start(), runs[last].end()
    if place.mark and line[runs[place.run].end() : runs[last].start()] != place.mark.encode():
        return None
    pad = start
    while pad and chr(line[pad - 1]) in PADS:
        pad -= 1
    after = line[end:]
    trail = len(after) - len(after.lstrip(b" "))
    return _Cut(
        line[:pad], line[pad:start].decode(), line[start:end].decode(), trail, after[trail:]
    )


def _forms(shown: Sequence[Shown], moving: Sequence[bytes], place: Place) -> Iterator[Form]:
    """Yield a form for each kind of line; raises if one kind has two meanings."""
    cuts = [(one, cut) for one in shown if (cut := _cut(one.line, place)) is not None]
    still = {cut.words for _, cut in cuts}
    moved = _moved(moving, place, [cut for _, cut in cuts])
    tells = _tells(moved, still)
    for words in sorted(still):
        alike = [(one, cut) for one, cut in cuts if cut.words == words]
        units = {one.unit for one, _ in alike}
        minus = _means_minus(alike)
        if len(units) != 1:
            raise _ContradictionError
        state = Stability.STABLE if tells else Stability.UNKNOWN
        yield from _shaped([cut for _, cut in alike], state, units.pop(), place, minus=minus)
    units = {one.unit for one in shown}
    # Of a line that moves nobody saw the display: it has a sign and a unit only if all have one.
    for words in sorted({cut.words for cut in moved} - still) if len(units) == 1 else ():
        seen = [cut for cut in moved if cut.words == words]
        unit = next(iter(units))
        if not any(one.minus and "-" not in cut.pad for one, cut in cuts):
            yield from _shaped(seen, Stability.MOVING, unit, place, minus=False)


def _moved(moving: Sequence[bytes], place: Place, cuts: list[_Cut]) -> list[_Cut]:
    """Return the lines of a moving load, without those whose sign or decimals no display showed."""
    signs = {pad for cut in cuts for pad in cut.pad}
    decimals = {_fraction(cut) for cut in cuts}
    found = (cut for line in moving if (cut := _cut(line, place)) is not None)
    return [cut for cut in found if set(cut.pad) <= signs and _fraction(cut) in decimals]


def _fraction(cut: _Cut) -> int:
    return len("".join(re.split("[.,]", cut.digits)[1:]))


def _tells(moved: Sequence[_Cut], still: set[tuple[bytes, bytes]]) -> bool:
    """Whether the scale has a word for a moving load, and never the words of one at rest.

    Only then does the absence of that word say that a value has settled.
    """
    changes = [(a, b) for a, b in pairwise(moved) if a.digits != b.digits]
    silent = any(a.words in still and b.words in still for a, b in changes)
    return not silent and any(b.words not in still for _, b in changes)


def _means_minus(alike: Sequence[tuple[Shown, _Cut]]) -> bool:
    """Whether the words mean a minus; raises where sign and display do not go together."""
    if all(one.minus == ("-" in cut.pad) for one, cut in alike if one.size):
        return False
    if all(one.minus and "-" not in cut.pad for one, cut in alike):
        return True
    raise _ContradictionError


def _shaped(
    cuts: Sequence[_Cut], state: Stability, unit: str, place: Place, *, minus: bool
) -> Iterator[Form]:
    """Yield the forms of lines with the same words: one for each width and number of decimals."""
    trails = {cut.trail for cut in cuts}
    left = len(trails) > 1
    if left and len({len(cut.pad.strip(" ")) < len(cut.pad) for cut in cuts}) > 1:
        raise _ContradictionError
    shapes: dict[tuple[int, int], set[str]] = {}
    for cut in cuts:
        width = len(cut.pad + cut.digits) + (cut.trail if left else 0)
        shapes.setdefault((width, _fraction(cut)), set()).update(cut.pad)
    before, after = cuts[0].words
    if not left:
        after = b" " * cuts[0].trail + after
    if not before and len(shapes) > 1:
        # Nothing tells that the head of such a line is missing, and with it a digit.
        raise _ContradictionError
    for (width, decimals), pads in sorted(shapes.items()):
        text = "".join(sorted(pads))
        mark = place.mark or "."
        yield Form(
            state, minus, unit, before, after, width, decimals, mark, place.shift, text, left
        )
