"""A tinted note: an icon, a few words and a sentence. Warnings beside what they are about."""

from __future__ import annotations

from typing import Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import theme, tones
from kiosk.ui.tones import Tone
from kiosk.ui.widgets.boxes import column, space
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.text import Text

PADDING = 12


class Note(BoxLayout):
    """As high as its text needs."""

    def __init__(self, *, test_id: str) -> None:
        super().__init__(
            spacing=theme.px(14), padding=(theme.px(18), theme.px(PADDING)), size_hint_y=None
        )
        self.test_id = test_id
        self.paint = Paint(self, theme.SUNKEN)
        self._icon = Icon("info-circle", size=32, size_hint=(None, None))
        self._title = Text("", size=theme.BODY, weight="semibold")
        self._text = Text("", size=theme.SMALL)
        self._words = column(self._title, self._text, gap=2)
        # A box grows from below, so the rest of the height stands under the words.
        self.add_widget(column(self._icon, space(), gap=0, size_hint_x=None, width=theme.px(32)))
        self.add_widget(self._words)
        self._title.fbind("height", self._grow)
        self._text.fbind("height", self._grow)
        self._grow()

    def show(self, icon: str, tone: Tone, title: str, text: str = "") -> None:
        """Say this, in this tone."""
        ink = tones.ink(tone)
        self.paint.set(tones.ground(tone))
        self._icon.show(icon, ink)
        self._title.say(title, ink)
        self._text.say(text, theme.INK)

    def _grow(self, *_: Any) -> None:
        words = self._title.height + (self._text.height if self._text.text else 0) + theme.px(2)
        self.height = max(words, theme.px(32)) + 2 * theme.px(PADDING)
