"""Text: one font, sizes from the theme, never marked up, wrapped rather than cut."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from kivy.core.text import Label as Measure
from kivy.uix.label import Label

from kiosk.ui import theme
from kiosk.ui.theme import Rgba
from kiosk.ui.widgets.growing import stands


class Said(Label):
    """What every text can do."""

    text: str
    color: Any
    size_hint_y: Any
    height: Any

    def say(self, text: str, colour: Rgba | None = None) -> None:
        """Show this text; nothing is drawn anew where it is the same."""
        if self.text != text:
            self.text = text
        if colour is not None and tuple(self.color) != colour:
            self.color = colour


class Text(Said):
    """A text that wraps within its width.

    ``flow`` text is as high as it needs to be and stands in a column; otherwise it fills the
    box it is given, centred vertically. ``size`` is in design pixels.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: float = theme.BODY,
        weight: str = "regular",
        colour: Rgba | None = None,
        align: str = "left",
        flow: bool = True,
        test_id: str = "",
        **kwargs: Any,
    ) -> None:
        self.test_id = test_id
        self.flow = flow
        self.usual_size = theme.font_px(size)
        super().__init__(
            text=text,
            font_name=theme.FONTS[weight],
            font_size=self.usual_size,
            color=colour or theme.INK,
            halign=align,
            markup=False,
            line_height=1.0,
            **kwargs,
        )
        if flow:
            self.size_hint_y = None
            self.fbind("texture_size", self._hug)
            self._hug()
        self.fbind("width", self._wrap)
        self._wrap()

    def _wrap(self, *_: Any) -> None:
        self.text_size = (self.width, None)

    def _hug(self, *_: Any) -> None:
        self.height = self.texture_size[1] if self.text else 0

    def height_at(self, factor: float) -> float:
        """How high a flowing text is with its usual size larger by this factor."""
        return text_height(self.text, self.font_name, int(self.usual_size * factor), self.width)

    def grow(self, factor: float) -> None:
        """Draw a flowing text larger by this factor, as far as its longest word has room."""
        size = int(self.usual_size * factor)
        self.font_size = widest_word_size(
            self.text, self.font_name, size, self.usual_size, self.width
        )


class Line(Said):
    """One line of text as wide as it is: a unit, a word beside an icon."""

    def __init__(
        self,
        text: str = "",
        *,
        size: float = theme.BODY,
        weight: str = "regular",
        colour: Rgba | None = None,
        test_id: str = "",
        **kwargs: Any,
    ) -> None:
        self.test_id = test_id
        kwargs.setdefault("size_hint", (None, 1))
        super().__init__(
            text=text,
            font_name=theme.FONTS[weight],
            font_size=theme.font_px(size),
            color=colour or theme.INK,
            markup=False,
            **kwargs,
        )
        self.fbind("texture_size", self._hug)

    def _hug(self, *_: Any) -> None:
        if self.size_hint_x is None:
            self.width = self.texture_size[0]


class FitText(Text):
    """Text that grows smaller before it wraps, for names of any length."""

    def __init__(
        self, text: str = "", *, size: float = theme.BODY, least: float = 20, **kwargs: Any
    ) -> None:
        self._largest, self._least = theme.font_px(size), theme.font_px(least)
        kwargs.setdefault("flow", False)
        super().__init__(text, size=size, **kwargs)
        self.fbind("size", self._fit)
        self.fbind("text", self._fit)

    def _fit(self, *_: Any) -> None:
        usual = fitting_size(self.text, self.font_name, self._largest, self._least, self.width)
        self.font_size = max(usual, self._grown())

    def _grown(self) -> int:
        """The size this text may grow to in its box, where larger text is wanted."""
        if theme.text_growth() == 1:
            return 0
        largest = min(self._largest * theme.text_growth(), self.height / theme.LINE_HEIGHT)
        return fitting_size(self.text, self.font_name, int(largest), 1, self.width)


def fitting_size(text: str, font: str, largest: int, least: int, width: float) -> int:
    """The largest size in pixels, in steps, at which ``text`` is not wider than ``width``."""
    size = largest
    while size > least and text_width(text, font, size) > width:
        size = max(least, min(size - 1, int(size * 0.92)))
    return size


def widest_word_size(text: str, font: str, largest: int, usual: int, width: float) -> int:
    """The largest size at which no word is broken; at least the usual one."""
    words = text.split()
    size = largest
    while size > usual and any(text_width(word, font, size) > width for word in words):
        size -= 1
    return max(size, usual)


@lru_cache(maxsize=2000)
def text_height(text: str, font: str, size: int, width: float) -> float:
    """How high a text is when it is wrapped in this width, in pixels."""
    if not text or width <= 0:
        return 0
    measure = Measure(text=text, font_name=font, font_size=size, text_size=(width, None))
    measure.refresh()
    return float(measure.content_height)


def text_width(text: str, font: str, size: int) -> int:
    """How wide one line is, in pixels."""
    width: int = Measure(font_name=font, font_size=size).get_extents(text)[0]
    return width


class BoxText(Text):
    """Wrapping text that grows smaller until it fits the height of its box.

    With ``top`` it begins at the top of the box, otherwise it is centred.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: float = theme.BODY,
        least: float = 18,
        top: bool = False,
        **kwargs: Any,
    ) -> None:
        self._largest, self._least = theme.font_px(size), theme.font_px(least)
        self._top = top
        super().__init__(text, size=size, flow=False, valign="top", **kwargs)
        self.fbind("size", self._fit)
        self.fbind("text", self._fit)

    def _fit(self, *_: Any) -> None:
        self.text_size = (self.width, None)
        largest = self._largest
        if theme.text_growth() > 1:
            wanted = int(largest * theme.text_growth())
            font = self.font_name
            largest = widest_word_size(self.text, font, wanted, largest, self.width)
        for size in range(largest, self._least - 1, -1):
            self.font_size = size
            self.texture_update()
            if self.texture_size[1] <= self.height:
                if self._top:
                    self.text_size = self.size
                return


def stand(text: Text, height: float, *, lines: int = 1) -> None:
    """Give a text a fixed height: so many design pixels, and always room for its lines.

    Small panels hold text above its least readable size, so a height in design pixels alone
    could be too low there. Several lines are reckoned at that least size.
    """
    size = text.font_size if lines == 1 else theme.TEXT_MIN
    stands(text, max(theme.px(height), lines * math.ceil(size * theme.LINE_HEIGHT) + 1))
