"""An audiogram as a drawing, made once for the screen and for paper (ISO 8253-1, chapter 10).

Every tone with a level has a marker at it, and nothing else has: what has none is told in words
below the field, and what was not tested not at all. The ear is told by symbol, side and letter, so
that none of it needs a colour. The parts are in modules of their own: the scales in ``scale``, the
symbols in ``symbols``, the lines in ``joins``, the letters and numbers in ``labels``, the words
without a level in ``below``.
"""

from __future__ import annotations

from collections.abc import Iterable

from drivers.hearing import Response, Tone
from kiosk.hearing.audiogram import grid
from kiosk.hearing.audiogram.axes import Letters, Sheet, fit
from kiosk.hearing.audiogram.connections import joins, runs
from kiosk.hearing.audiogram.labels import placed, wishes
from kiosk.hearing.audiogram.shapes import Column, Drawing
from kiosk.hearing.audiogram.symbols import bar_end, marker
from kiosk.hearing.audiogram.without_level import below, height

__all__ = ["Drawing", "Letters", "Sheet", "draw"]


def draw(tones: Iterable[Tone], sheet: Sheet) -> Drawing:
    """Draw the tones of one child on a sheet.

    A level beyond -10 to 120 dB HL and a frequency beyond 125 to 8000 Hz stand outside the last
    line of the scale with their number. Raises :class:`ValueError` if the sheet is too small.
    """
    asked = tuple(dict.fromkeys(tones))
    scale = fit(sheet, height(asked, sheet))
    seen = [tone for tone in asked if tone.level_db is not None and tone.level_db.is_finite()]
    bar = bar_end((tone.hz for tone in seen), scale, sheet)
    markers = tuple(marker(tone, scale, sheet, bar) for tone in seen)
    joined = runs(asked, markers)
    lines = tuple(line for run in joined for line in joins(run, sheet))
    rows = below(asked, scale, sheet)
    nowhere = tuple(tone for tone in asked if tone.level_db is not None and tone not in seen)
    tested = sorted({tone.hz for tone in asked if tone.response is not Response.NOT_TESTED})
    return Drawing(
        width=sheet.width,
        height=sheet.height,
        text=sheet.text,
        frame=scale.frame,
        grid=grid.lines(scale),
        axes=grid.axes(scale, sheet),
        joins=lines,
        markers=markers,
        labels=placed(wishes(markers, joined, sheet), markers, lines, scale.frame, sheet),
        marks=rows.words,
        keys=rows.keys,
        columns=tuple(Column(hz, scale.x(hz)) for hz in tested),
        untold=(*nowhere, *rows.untold),
    )
