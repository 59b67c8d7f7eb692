"""A dark cover over everything: the panel rests, and a passer-by sees nothing."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.ui import theme


class Dark(Widget):
    """Fills its parent."""

    def __init__(self) -> None:
        super().__init__()
        self.test_id = "dark"
        with self.canvas:
            Color(rgba=theme.DARK)
            self._fill = Rectangle()
        self.fbind("pos", self._place)
        self.fbind("size", self._place)

    def _place(self, *_: Any) -> None:
        self._fill.pos, self._fill.size = self.pos, self.size
