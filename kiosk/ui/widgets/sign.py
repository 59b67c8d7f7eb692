"""A state in one icon and a word, in one tone."""

from __future__ import annotations

from typing import Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.language.texts import tr
from kiosk.ui import theme, tones
from kiosk.ui.tones import Sign
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import Text


class SignLine(BoxLayout):
    """Icon and word side by side; the word wraps."""

    def __init__(
        self, *, size: float = theme.BODY, icon: float = 34, test_id: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("size_hint_y", None)
        kwargs.setdefault("height", theme.px(icon + 8))
        super().__init__(spacing=theme.px(10), **kwargs)
        self.test_id = test_id
        self._icon = Icon("circle-dashed", size=icon, colour=theme.SUBTLE)
        self._word = Text("", size=size, weight="semibold", flow=False)
        self.add_widget(self._icon)
        self.add_widget(self._word)

    def show(self, sign: Sign, text: str | None = None) -> None:
        """Show this state; ``text`` (already translated) in place of its own word."""
        ink = tones.ink(sign.tone)
        self._icon.show(sign.icon, ink)
        self._word.say(tr(sign.word) if text is None else text, ink)
