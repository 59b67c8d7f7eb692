"""Larger text where there is room: a column gives its texts what its empty spaces do not need.

Somebody who wants larger text must not lose a button for it. So nothing grows by itself: a
column looks at what is empty in it and lets its texts grow into that, all by the same factor,
up to what was chosen. Where a page is full, its text keeps the usual size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.ui import theme

STEP = 5
"""Texts grow by so many percent at a time."""


def stands(widget: Widget, height: float) -> None:
    """Give a widget a height in pixels that may grow with its column; 0 hides it."""
    widget.size_hint_y = None
    widget.stood = widget.height = height


class Column(BoxLayout):
    """A box whose texts grow into the empty room between them, where larger text is wanted."""

    def do_layout(self, *args: Any) -> None:
        """Let the texts grow, then stand the children as any box does."""
        if theme.text_growth() > 1 and self.orientation == "vertical" and self.children:
            self._grow(self.children)
        super().do_layout(*args)

    def _grow(self, children: Sequence[Widget]) -> None:
        usual = [_height_at(child, 1) for child in children]
        if None in usual or not any(can_grow(child) for child in children):
            return
        around = self.padding[1] + self.padding[3] + self.spacing * (len(children) - 1)
        factor = factor_for(children, self.height - around)
        for child in children:
            if can_grow(child):
                _grown(child, factor)


def factor_for(children: Sequence[Widget], room: float) -> float:
    """The largest factor, from 1 to what is wanted, by which the texts grow within this room."""
    percent = round(100 * theme.text_growth())
    while percent > 100 and sum(_height_at(c, percent / 100) or 0 for c in children) > room:
        percent -= STEP
    return percent / 100


def can_grow(widget: Widget) -> bool:
    """Whether the widget is, or holds, text of its own height."""
    return hasattr(widget, "stood") or getattr(widget, "flow", False)


def _height_at(widget: Widget, factor: float) -> float | None:
    """How high it is with its text larger by this factor; ``None`` where that cannot be told."""
    if hasattr(widget, "stood"):
        return float(math.ceil(widget.stood * factor))
    if getattr(widget, "flow", False):
        return float(widget.height_at(factor))
    if widget.size_hint_y is None:
        return float(widget.height)
    if isinstance(widget, Label):
        size = getattr(widget, "usual_size", widget.font_size)
        return float(math.ceil(size * theme.LINE_HEIGHT)) if widget.text else 0.0
    return None if widget.children else 0.0


def _grown(widget: Widget, factor: float) -> None:
    if hasattr(widget, "stood"):
        widget.height = math.ceil(widget.stood * factor)
    else:
        widget.grow(factor)
