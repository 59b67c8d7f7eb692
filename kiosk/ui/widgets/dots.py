"""Dots for the digits of a PIN: how many are typed, never which."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothEllipse
from kivy.uix.widget import Widget

from kiosk.ui import theme

MOST = 8


class Dots(Widget):
    """A row of dots, as many as digits are typed, over faint places for the least number."""

    def __init__(self, *, least: int = 4) -> None:
        super().__init__(size_hint_y=None, height=theme.px(40))
        self.test_id = "pin-dots"
        self.count = 0
        self._least = least
        with self.canvas:
            self._dots = [(Color(rgba=theme.CLEAR), SmoothEllipse()) for _ in range(MOST)]
        self.fbind("pos", self._place)
        self.fbind("size", self._place)
        self.show(0)

    def show(self, count: int) -> None:
        """Show that ``count`` digits are typed."""
        self.count = count
        for place, (colour, _) in enumerate(self._dots):
            typed, faint = place < count, place < self._least
            colour.rgba = theme.INK if typed else (theme.LINE if faint else theme.CLEAR)

    def _place(self, *_: Any) -> None:
        side, step = theme.px(24), theme.px(42)
        for place, (_, dot) in enumerate(self._dots):
            dot.size = (side, side)
            dot.pos = (self.x + place * step, self.y + (self.height - side) / 2)
