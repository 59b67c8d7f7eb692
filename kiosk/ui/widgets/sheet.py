"""A slip as a picture on the screen, as tall as there is room for it."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.model.slip import SlipPicture
from kiosk.ui import theme
from kiosk.ui.widgets.paint import Paint


class Sheet(Widget):
    """White paper with an edge. ``height`` is in pixels; the width follows the picture."""

    def __init__(self, picture: SlipPicture, *, height: float) -> None:
        shown = min(height, picture.height)
        width = shown * picture.width / picture.height
        super().__init__(size_hint=(None, None), size=(width, shown), pos_hint={"center_y": 0.5})
        self.test_id = "sheet"
        self.paint = Paint(self, theme.rgb("#ffffff"), theme.BORDER, radius=2)
        texture = Texture.create((picture.width, picture.height), "luminance", mipmap=True)
        texture.blit_buffer(picture.dots, colorfmt="luminance")
        # The first row of a texture is at the bottom.
        texture.flip_vertical()
        with self.canvas:
            Color(1, 1, 1, 1)
            self._dots = Rectangle(texture=texture)
        self.fbind("pos", self._place)
        self.fbind("size", self._place)
        self._place()

    def _place(self, *_: Any) -> None:
        edge = theme.px(4)
        self._dots.pos = (self.x + edge, self.y + edge)
        self._dots.size = (self.width - 2 * edge, self.height - 2 * edge)
