"""What every page has: a place for notices, and the main action bottom right."""

from __future__ import annotations

from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.state import Desk
from kiosk.ui import theme
from kiosk.ui.widgets.boxes import Slot, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.growing import Column

PRIMARY_WIDTH = 392
KEYPAD_WIDTH = 408


class Page(Column):
    """A page below the header. ``notice`` is where the banner goes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notice = Slot()

    def add_side(self, widget: Widget) -> None:
        """Add one of the sides of a page, the one with the main action last.

        For a left-hander that one comes first.
        """
        self.add_widget(widget, index=len(self.children) if theme.left_handed() else 0)

    def render(self, desk: Desk) -> None:
        """Draw the desk. Only what changed is touched."""
        raise NotImplementedError


def in_hand(*sides: Widget) -> tuple[Widget, ...]:
    """Order the sides of a page for the hand that touches; the main action is on the last."""
    return sides[::-1] if theme.left_handed() else sides


def footer(primary: PushButton | None, *left: Widget) -> BoxLayout:
    """The bottom of a page: secondary actions and the notice left, the main action right.

    For a left-hander the main action is at the left.
    """
    parts = left or (space(),)
    if primary is not None:
        primary.size_hint_x = None
        primary.width = theme.px(PRIMARY_WIDTH)
        parts = (primary, *parts) if theme.left_handed() else (*parts, primary)
    return row(*parts, gap=theme.GAP, size_hint_y=None, height=theme.mm(theme.TOUCH_PRIMARY))
