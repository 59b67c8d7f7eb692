"""A calm banner that says one thing. A touch on it takes it away."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.ui import theme, tones
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import BoxText

ICONS = {
    Tone.CALM: "info-circle",
    Tone.GOOD: "circle-check",
    Tone.WARN: "alert-triangle",
    Tone.BAD: "alert-triangle",
}


class Banner(Press):
    """Icon, sentence, and a cross; the whole of it is the touch target."""

    def __init__(self, dismiss: Callable[[], None]) -> None:
        super().__init__(
            dismiss,
            deed=Deed.COMMITS,
            spacing=theme.px(14),
            padding=(theme.px(20), theme.px(8)),
            test_id="notice",
        )
        self.paint = Paint(self, theme.SUNKEN)
        self._icon = Icon("info-circle", size=36)
        self._text = BoxText("", size=theme.BODY, test_id="notice-text")
        self._cross = Icon("x", size=28)
        for part in (self._icon, self._text, self._cross):
            self.add_widget(part)

    def show(self, tone: Tone, text: str) -> None:
        """Say this, in this tone."""
        if _words(text) != _words(self._text.text):
            self.arrive()
        ink = tones.ink(tone)
        self.paint.set(tones.ground(tone))
        self._icon.show(ICONS[tone], ink)
        self._cross.show("x", ink)
        self._text.say(text, theme.INK if tone is Tone.CALM else ink)


def _words(text: str) -> str:
    """What is said without its numbers: a countdown says the same each second."""
    return "".join(sign for sign in text if not sign.isdigit())
