"""The numeric pad: 1-2-3 on top as on telephones and bank terminals, and a comma if wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kivy.uix.gridlayout import GridLayout

from kiosk.ui import theme
from kiosk.ui.widgets.button import PushButton

BACK = "back"
DIGITS = "123456789"


class Keypad(GridLayout):
    """Calls ``on_key`` with a digit, ``,`` or ``back``. ``extra`` is the key left of the nought."""

    def __init__(self, on_key: Callable[[str], None], *, extra: str = "") -> None:
        super().__init__(cols=3, spacing=theme.mm(theme.TOUCH_GAP))
        for digit in DIGITS:
            self.add_widget(key(digit, partial(on_key, digit)))
        self.extra = key(extra, partial(on_key, extra))
        self.add_widget(self.extra)
        self.add_widget(key("0", partial(on_key, "0")))
        self.add_widget(key("", partial(on_key, BACK), icon="backspace", test_id=f"key-{BACK}"))
        if not extra:
            self.show_extra(show=False)

    def allow(self, *, typing: bool) -> None:
        """Let the keys be pressed, or not."""
        for button in self.children:
            button.enable(typing and button.opacity > 0)

    def show_extra(self, *, show: bool) -> None:
        """Offer the key left of the nought, or leave its place empty."""
        self.extra.enable(show)
        self.extra.opacity = 1 if show else 0


def key(text: str, act: Callable[[], None], *, icon: str = "", test_id: str = "") -> PushButton:
    """One key, filling the place it is given."""
    return PushButton(
        text,
        act,
        icon=icon,
        size=34,
        size_hint_y=1,
        test_id=test_id or f"key-{text}",
    )


__all__ = ["BACK", "Keypad", "key"]
