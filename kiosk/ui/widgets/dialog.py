"""A question over the page. Nothing behind it can be touched until it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, row
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.text import BoxText, FitText, stand


class Dialog(AnchorLayout):
    """A scrim with a card in its middle. ``width`` and ``height`` are in design pixels."""

    def __init__(self, *children: Widget, width: float, height: float) -> None:
        super().__init__(anchor_x="center", anchor_y="center")
        with self.canvas.before:
            Color(rgba=theme.SCRIM)
            self._scrim = Rectangle()
        self.fbind("pos", self._place)
        self.fbind("size", self._place)
        self.card = Card(
            *children,
            padding=32,
            gap=14,
            size_hint=(None, None),
            size=(theme.px(width), theme.px(height)),
        )
        self.add_widget(self.card)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take every touch, also those beside the card."""
        super().on_touch_down(touch)
        return True

    def _place(self, *_: Any) -> None:
        self._scrim.pos, self._scrim.size = self.pos, self.size


def line(text: str, size: float, height: float, **look: Any) -> FitText:
    """One line of a dialog; it grows smaller before it is too wide."""
    written = FitText(text, size=size, **look)
    stand(written, height)
    return written


def choices(
    offered: Sequence[tuple[str, str, Callable[[], None]]],
) -> BoxLayout:
    """Answers side by side, each a text, a ``test_id`` and what it does."""
    buttons = [
        PushButton(text, act, deed=Deed.COMMITS, size=theme.SMALL + 2, test_id=name)
        for text, name, act in offered
    ]
    return row(*buttons, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH))


def words(text: str, height: float, **look: Any) -> BoxText:
    """A sentence or two of a dialog."""
    written = BoxText(text, size=theme.LARGE, **look)
    stand(written, height)
    return written
