"""A rounded surface behind a widget. Smooth edges without multisampling, which costs memory."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.theme import Rgba


class Paint:
    """Draws a filled rounded rectangle with a border and follows the widget's place."""

    def __init__(
        self,
        widget: Widget,
        fill: Rgba,
        line: Rgba | None = None,
        *,
        width: float = 2,
        radius: float = theme.RADIUS,
    ) -> None:
        self._widget = widget
        self._width = width
        self._radius = radius
        with widget.canvas.before:
            self._line_colour = Color(rgba=line or fill)
            self._outer = SmoothRoundedRectangle()
            self._fill_colour = Color(rgba=fill)
            self._inner = SmoothRoundedRectangle()
        self.fill = fill
        self.line = line
        widget.fbind("pos", self._place)
        widget.fbind("size", self._place)
        self._place()

    def set(self, fill: Rgba, line: Rgba | None = None, width: float | None = None) -> None:
        """Change colours and the border's width; nothing is redrawn where all stay the same."""
        width = self._width if width is None else width
        if (fill, line, width) == (self.fill, self.line, self._width):
            return
        self.fill, self.line, self._width = fill, line, width
        self._line_colour.rgba = line or fill
        self._fill_colour.rgba = fill
        self._place()

    def _place(self, *_: Any) -> None:
        (x, y), (w, h) = self._widget.pos, self._widget.size
        radius = theme.px(self._radius)
        edge = theme.px(self._width) if self.line is not None else 0
        self._outer.pos, self._outer.size = (x, y), (w, h)
        self._outer.radius = [radius]
        self._inner.pos = (x + edge, y + edge)
        self._inner.size = (max(0, w - 2 * edge), max(0, h - 2 * edge))
        self._inner.radius = [max(0, radius - edge)]
