"""Icons: white pictures, tinted."""

from __future__ import annotations

from functools import cache
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.theme import Rgba

COLUMNS = 8
"""Icons in a row of the sheet."""


class Icon(Widget):
    """One icon of ``assets/icons``, square, ``size`` in design pixels, centred in its box."""

    def __init__(
        self, name: str, *, size: float = 32, colour: Rgba | None = None, **kwargs: Any
    ) -> None:
        self.side = theme.px(size)
        self.name = name
        self.colour = colour or theme.INK
        kwargs.setdefault("size_hint", (None, 1))
        super().__init__(width=self.side, height=self.side, **kwargs)
        with self.canvas:
            self._tint = Color(rgba=self.colour)
            self._picture = Rectangle(texture=_texture(name), size=(self.side, self.side))
        self.fbind("pos", self._place)
        self.fbind("size", self._place)
        self._place()

    def show(self, name: str, colour: Rgba) -> None:
        """Change icon and colour."""
        if name != self.name:
            self.name = name
            self._picture.texture = _texture(name)
        if colour != self.colour:
            self.colour = colour
            self._tint.rgba = colour

    def _place(self, *_: Any) -> None:
        # Not center_x and center_y: those may still be the old ones when size has changed.
        self._picture.pos = (
            round(self.x + (self.width - self.side) / 2),
            round(self.y + (self.height - self.side) / 2),
        )


@cache
def _places() -> dict[str, int]:
    names = (theme.ASSETS / "icons" / "names").read_text("ascii").split()
    return {name: place for place, name in enumerate(names)}


@cache
def _sheet() -> Any:
    # One picture for all, without the smaller copies of mipmaps: making those would take longer
    # at start than all the rest of the first page.
    return CoreImage(str(theme.ASSETS / "icons" / "icons.png"), mipmap=False).texture


@cache
def _texture(name: str) -> Any:
    sheet, place = _sheet(), _places()[name]
    side = sheet.width // COLUMNS
    x, row = place % COLUMNS * side, place // COLUMNS
    return sheet.get_region(x, sheet.height - (row + 1) * side, side, side)
