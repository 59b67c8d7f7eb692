"""Which points of an audiogram are joined: neighbouring thresholds of one ear, path and masking.

Air is joined by a solid line, bone by a dashed one. No line crosses an octave that was not tested,
a frequency that was asked for and has no answer, no response, or *heard at this level*: a line
would tell a threshold there. Nor are points joined that stand beyond a scale, that were found twice
with different answers, that belong to no one ear, or of which nobody knows what gave the tone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

from drivers.hearing import Ear, Masking, Tone, Transducer
from kiosk.hearing.audiogram.axes import OCTAVES, Sheet, on_frequency_scale, on_level_scale
from kiosk.hearing.audiogram.shapes import Marker, Point, Stroke, Symbol
from kiosk.hearing.audiogram.symbols import ear_of, path_of

_Group = tuple[Ear, Transducer, bool]


def runs(tones: Iterable[Tone], markers: Sequence[Marker]) -> tuple[tuple[Marker, ...], ...]:
    """Markers that one line joins, from low to high frequencies; each run has two or more."""
    asked = tuple(tones)
    groups = dict.fromkeys(map(_group, asked))
    found = (run for group in groups for run in _runs(group, asked, markers))
    return tuple(run for run in found if len(run) > 1)


def joins(run: Sequence[Marker], sheet: Sheet) -> list[Stroke]:
    """The lines of a run, each from the edge of a symbol to the edge of the next."""
    dashed = run[0].tone.transducer is Transducer.BONE
    return [
        Stroke(
            _between(one.anchor, other.anchor, _edge(one.symbol, sheet)),
            sheet.stroke,
            ear=one.tone.ear,
            dashed=dashed,
        )
        for one, other in pairwise(run)
    ]


def _group(tone: Tone) -> _Group:
    return ear_of(tone), path_of(tone), tone.masking is Masking.MASKED


def _runs(
    group: _Group, tones: Sequence[Tone], markers: Sequence[Marker]
) -> Iterable[tuple[Marker, ...]]:
    """Runs of one group, single points among them."""
    if group[0] is Ear.BOTH or group[1] is Transducer.UNKNOWN:
        return
    same_path = {tone.hz for tone in tones if _group(tone)[:2] == group[:2]}
    run: list[Marker] = []
    for hz in sorted(filter(on_frequency_scale, same_path.union(OCTAVES))):
        point = _threshold(hz, group, tones, markers)
        if point is not None:
            run.append(point)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _threshold(
    hz: int, group: _Group, tones: Sequence[Tone], markers: Sequence[Marker]
) -> Marker | None:
    """The marker of the one threshold a group has at a frequency."""
    here = [tone for tone in tones if tone.hz == hz and _group(tone) == group]
    answers = {(tone.response, tone.level_db) for tone in here}
    level = here[0].threshold if len(answers) == 1 else None
    if level is None or not on_level_scale(level):
        return None
    return next((marker for marker in markers if marker.tone == here[0]), None)


def _edge(symbol: Symbol, sheet: Sheet) -> int:
    """How far from its middle a symbol is met; a cross has nothing to keep open."""
    return sheet.half // 2 if symbol is Symbol.CROSS else sheet.half + 1


def _between(start: Point, end: Point, trim: int) -> tuple[Point, Point]:
    """The line without what lies within the symbols; whole where they nearly touch."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    if length <= 2 * trim + 2:
        return start, end
    x, y = (round((end[i] - start[i]) * trim / length) for i in (0, 1))
    return (start[0] + x, start[1] + y), (end[0] - x, end[1] - y)
