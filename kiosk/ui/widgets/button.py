"""Buttons: primary (one a page, bottom right), secondary, quiet, and one that drops things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kivy.uix.label import Label

from kiosk.ui import theme
from kiosk.ui.theme import Rgba
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.paint import Paint, Waking
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import fitting_size, text_width


class Kind(StrEnum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Look:
    """Surface, border, and text of one state of a button."""

    fill: Rgba
    line: Rgba | None
    ink: Rgba


def look_of(kind: Kind, *, enabled: bool, down: bool, awake: bool) -> Look:
    """How a button of this kind is drawn now."""
    if not enabled:
        return Look(theme.CLEAR if kind is Kind.QUIET else theme.IDLE, None, theme.ON_IDLE)
    match kind:
        case Kind.PRIMARY if not awake:
            return Look(theme.WAKING, None, theme.ON_PRIMARY)
        case Kind.PRIMARY:
            return Look(theme.PRIMARY_DOWN if down else theme.PRIMARY, None, theme.ON_PRIMARY)
        case Kind.SECONDARY if down:
            return Look(theme.PRIMARY_SOFT, theme.PRIMARY, theme.INK)
        case Kind.SECONDARY:
            return Look(theme.SURFACE, theme.BORDER, theme.INK)
        case Kind.QUIET:
            return Look(theme.SUNKEN if down else theme.CLEAR, None, theme.INK)
        case Kind.DROP:
            return Look(theme.BAD_SOFT if down else theme.SURFACE, theme.BAD, theme.BAD)


DEEDS = {
    Kind.PRIMARY: Deed.COMMITS,
    Kind.SECONDARY: Deed.LEADS,
    Kind.QUIET: Deed.LEADS,
    Kind.DROP: Deed.COMMITS,
}
"""What a button does that does not say it: where one forgets, the careful side."""


MILLIMETRES = {
    Kind.PRIMARY: theme.TOUCH_PRIMARY,
    Kind.SECONDARY: theme.TOUCH,
    Kind.QUIET: theme.TOUCH_MIN,
    Kind.DROP: theme.TOUCH,
}


class PushButton(Press):
    """A button with a text, an icon, or both. ``width`` is in design pixels.

    A primary one and one that drops things commit, unless ``deed`` says otherwise.
    """

    def __init__(
        self,
        text: str,
        act: Callable[[], None],
        *,
        kind: Kind = Kind.SECONDARY,
        icon: str = "",
        icon_size: float = 34,
        trailing: bool = False,
        tight: bool = False,
        size: float | None = None,
        width: float | None = None,
        height_mm: float | None = None,
        deed: Deed | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("size_hint_y", None)
        if width is not None:
            kwargs.setdefault("size_hint_x", None)
            kwargs["width"] = theme.px(width)
        kwargs.setdefault("height", theme.mm(height_mm or MILLIMETRES[kind]))
        super().__init__(act, deed=deed or DEEDS[kind], **kwargs)
        self.kind = kind
        self.icon_room = True
        self._trailing = trailing
        self._inset, self._between = theme.px(8 if tight else 16), theme.px(6 if tight else 12)
        default_size = theme.LARGE if kind is Kind.PRIMARY else theme.BODY
        self._size = theme.font_px(size or default_size)
        self.paint = Paint(self, theme.CLEAR)
        self.label = Label(font_name=theme.FONTS["semibold"], size_hint=(None, None), halign="left")
        self.icon = Icon(icon, size=icon_size, size_hint=(None, None)) if icon else None
        for part in (self.icon, self.label):
            if part is not None:
                self.add_widget(part)
        self.fbind("pos", self._arrange)
        self.fbind("size", self._arrange)
        self.say(text)
        self.look()

    def say(self, text: str) -> None:
        """Change the text."""
        if text != self.label.text or not text:
            self.label.text = text
            self._arrange()

    def become(self, kind: Kind) -> None:
        """Change how much it asks for attention; the size stays."""
        if kind is not self.kind:
            self.kind = kind
            self.look()

    def waking(self) -> Waking:
        """A filled one fills up anew; one with an edge has a bar growing along its foot."""
        return Waking(self, whole=self.kind is Kind.PRIMARY)

    def look(self) -> None:
        """Draw the state."""
        look = look_of(self.kind, enabled=self.enabled, down=self.down, awake=self.awake)
        self.paint.set(look.fill, look.line)
        self.label.color = look.ink
        if self.icon is not None:
            self.icon.show(self.icon.name, look.ink)

    def do_layout(self, *_: Any) -> None:
        """Arrange icon and text in the middle, in place of the box's own way."""
        self._arrange()

    def _arrange(self, *_: Any) -> None:
        side = self.icon.side if self.icon is not None and self.icon_room else 0
        between = self._between if side and self.label.text else 0
        room = self.width - 2 * self._inset - side - between
        self._fit_label(room)
        width = side + between + (self.label.width if self.label.text else 0)
        left = self.x + (self.width - width) / 2
        middle = self.y + self.height / 2
        if self.icon is not None:
            self.icon.size = (self.icon.side, self.icon.side)
            x = left + self.label.width + between if self._trailing else left
            self.icon.pos = (round(x), round(middle - self.icon.side / 2))
        self.label.pos = (
            round(left if self._trailing else left + side + between),
            round(middle - self.label.height / 2),
        )

    def _fit_label(self, room: float) -> None:
        label = self.label
        largest = int(self._size * theme.text_growth())
        size = fitting_size(label.text, label.font_name, largest, theme.font_px(20), room)
        if text_width(label.text, label.font_name, size) > room > 0:
            label.text_size = (room, None)
        else:
            label.text_size = (None, None)
        label.font_size = size
        label.texture_update()
        label.size = label.texture_size
