"""Rows, columns, cards and slots: the few ways things stand together."""

from __future__ import annotations

from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.widgets.growing import Column
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import arrive


def row(*children: Widget, gap: float = theme.GAP_SMALL, **kwargs: Any) -> BoxLayout:
    """Stand children side by side, ``gap`` design pixels apart."""
    return _filled(BoxLayout(orientation="horizontal", spacing=theme.px(gap), **kwargs), children)


def column(*children: Widget, gap: float = theme.GAP_SMALL, **kwargs: Any) -> BoxLayout:
    """Stand children one below the other, ``gap`` design pixels apart."""
    return _filled(Column(orientation="vertical", spacing=theme.px(gap), **kwargs), children)


def _filled(box: BoxLayout, children: tuple[Widget, ...]) -> BoxLayout:
    for child in children:
        box.add_widget(child)
    return box


def stacked(*children: Widget) -> BoxLayout:
    """Stand children one below the other without gaps, as high as they need to be."""
    box = column(*children, gap=0, size_hint_y=None)
    box.bind(minimum_height=box.setter("height"))
    box.height = box.minimum_height
    return box


def space(height: float | None = None, width: float | None = None) -> Widget:
    """Empty room: of a fixed size in design pixels, or taking what is left."""
    return Widget(
        size_hint=(1 if width is None else None, 1 if height is None else None),
        size=(theme.px(width or 0), theme.px(height or 0)),
    )


class Card(Column):
    """A white rounded surface holding a column (or row) of things."""

    def __init__(
        self,
        *children: Widget,
        gap: float = theme.GAP_SMALL,
        padding: float = theme.GAP,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("orientation", "vertical")
        super().__init__(spacing=theme.px(gap), padding=theme.px(padding), **kwargs)
        self.paint = Paint(self, theme.SURFACE, theme.LINE)
        _filled(self, children)


class Slot(BoxLayout):
    """A place that holds one thing, or none.

    With ``hug`` it takes no room when empty, and ``below`` design pixels of room under what
    it holds.
    """

    def __init__(self, *, hug: bool = False, below: float = 0, **kwargs: Any) -> None:
        super().__init__(padding=(0, 0, 0, theme.px(below)), **kwargs)
        self.hugs = hug
        self._held: Widget | None = None
        if hug:
            self.size_hint_y = None
            self.height = 0

    def put(self, widget: Widget | None) -> None:
        """Hold this instead; nothing happens where it is held already."""
        if widget is self._held:
            return
        if self._held is not None:
            self._held.funbind("height", self._follow)
            self.clear_widgets()
        self._held = widget
        if widget is not None:
            self.add_widget(widget)
            widget.fbind("height", self._follow)
            arrive(widget)
        self._follow()

    @property
    def held(self) -> Widget | None:
        """What is in the slot."""
        return self._held

    def _follow(self, *_: Any) -> None:
        if self.hugs:
            self.height = self._held.height + self.padding[3] if self._held is not None else 0
