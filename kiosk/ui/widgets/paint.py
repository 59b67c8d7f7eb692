"""A rounded surface behind a widget. Smooth edges without multisampling, which costs memory."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, InstructionGroup, SmoothLine, SmoothRoundedRectangle
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
            self._fill_colour = Color(rgba=fill)
            self._surface = SmoothRoundedRectangle()
            self._line_colour = Color(rgba=line or theme.CLEAR)
            self._border = SmoothLine(overdraw_width=theme.px(1))
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
        self._line_colour.rgba = line or theme.CLEAR
        self._fill_colour.rgba = fill
        self._place()

    def _place(self, *_: Any) -> None:
        (x, y), (w, h) = self._widget.pos, self._widget.size
        radius = theme.px(self._radius)
        # What cannot be seen is not drawn: every pixel costs where there is no graphics card.
        seen = self.fill[3] > 0 and w > 0 and h > 0
        self._surface.pos = (x, y)
        self._surface.size = (w, h) if seen else (0, 0)
        self._surface.radius = [radius]
        edge = max(1, theme.px(self._width))
        if self.line is None or w <= 2 * edge or h <= 2 * edge:
            self._border.points = []
            return
        self._border.width = 0.75 * edge
        self._border.rounded_rectangle = (
            x + edge / 2,
            y + edge / 2,
            w - edge,
            h - edge,
            max(1, radius - edge / 2),
        )


BAR_HEIGHT = 8


class Waking:
    """What grows from the left over a sleeping control: all of it, or a bar along its foot.

    Drawn above the surface and below the words; nothing is left of it at the end.
    """

    def __init__(self, widget: Widget, *, whole: bool) -> None:
        self._widget, self._whole = widget, whole
        self._group = InstructionGroup()
        self._group.add(Color(rgba=theme.PRIMARY if whole else theme.WAKING))
        self._surface = SmoothRoundedRectangle()
        self._group.add(self._surface)
        widget.canvas.before.add(self._group)

    def grow(self, share: float) -> None:
        """Cover so much of the control, from 0 to 1."""
        (x, y), (w, h), corner = self._widget.pos, self._widget.size, theme.px(theme.RADIUS)
        if self._whole:
            self._surface.radius = [corner]
            # Narrower than its own corners it would stand out of the control's.
            self._surface.pos, self._surface.size = (x, y), (max(2 * corner, share * w), h)
            return
        high = theme.px(BAR_HEIGHT)
        self._surface.radius = [high / 2]
        self._surface.pos = (x + corner, y + theme.px(5))
        self._surface.size = (max(high, share * (w - 2 * corner)), high)

    def end(self) -> None:
        """It is awake."""
        self._widget.canvas.before.remove(self._group)
