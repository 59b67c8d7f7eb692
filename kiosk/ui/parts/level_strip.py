"""The levels of an audiometer as keys, from the softest to its loudest, in steps of 5 dB."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.features.hearing.record import GiveLevel
from kiosk.hearing.session import LOWEST_DB, STEP_DB
from kiosk.ui import theme
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import row, space
from kiosk.ui.widgets.button import PushButton

ACROSS = 7


class LevelStrip(BoxLayout):
    """As wide as seven of the smallest keys a finger meets."""

    def __init__(self, send: Send) -> None:
        gap = theme.mm(theme.TOUCH_GAP)
        width = ACROSS * theme.mm(theme.TOUCH_MIN) + (ACROSS - 1) * gap
        super().__init__(orientation="vertical", spacing=gap, size_hint_x=None, width=width)
        self._send = send
        self._loudest: int | None = None

    def offer(self, loudest: int) -> None:
        """Offer the levels up to this one, in dB HL."""
        if loudest == self._loudest:
            return
        self._loudest = loudest
        self.clear_widgets()
        levels = list(range(LOWEST_DB, loudest + 1, STEP_DB))
        for start in range(0, len(levels), ACROSS):
            self.add_widget(self._row(levels[start : start + ACROSS]))

    def _row(self, levels: list[int]) -> Widget:
        keys = [
            PushButton(
                str(db),
                partial(self._send, GiveLevel(db)),
                tight=True,
                deed=Deed.ANSWERS,
                size=theme.LARGE,
                size_hint_y=1,
                test_id=f"level-{db}",
            )
            for db in levels
        ]
        line = row(*keys, *(space() for _ in range(ACROSS - len(keys))))
        line.spacing = self.spacing
        return line
