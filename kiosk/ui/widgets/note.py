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
        self.flow = True
        self.paint = Paint(self, theme.SUNKEN)
        self._icon = Icon("info-circle", size=32, size_hint=(None, None))
        self._title = Text("", size=theme.BODY, weight="semibold")
        self._text = Text("", size=theme.SMALL)
        self._words = BoxLayout(orientation="vertical", spacing=theme.px(2))
        for text in (self._title, self._text):
            self._words.add_widget(text)
        # A box grows from below, so the rest of the height stands under the words.
        self.add_widget(column(self._icon, space(), gap=0, size_hint_x=None, width=theme.px(32)))
        self.add_widget(self._words)
        self._title.fbind("height", self._hug)
        self._text.fbind("height", self._hug)
        self._hug()

    def show(self, icon: str, tone: Tone, title: str, text: str = "") -> None:
        """Say this, in this tone."""
        ink = tones.ink(tone)
        self.paint.set(tones.ground(tone))
        self._icon.show(icon, ink)
        self._title.say(title, ink)
        self._text.say(text, theme.INK)

    def height_at(self, factor: float) -> float:
        """How high it is with its texts larger by this factor."""
        return _around(self._title.height_at(factor) + self._text.height_at(factor))

    def grow(self, factor: float) -> None:
        """Draw its texts larger by this factor."""
        self._title.grow(factor)
        self._text.grow(factor)

    def _hug(self, *_: Any) -> None:
        below = self._text.height if self._text.text else 0
        self.height = _around(self._title.height + below)


def _around(words: float) -> float:
    return max(words + theme.px(2), theme.px(32)) + 2 * theme.px(PADDING)
