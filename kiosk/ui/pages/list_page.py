"""A page that is a list: a few lines at a time, and the next ones by a touch."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from kivy.uix.widget import Widget

from kiosk.desk.state import Desk
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import Card, Slot, column, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.text import Text

LINES = 4
MORE_WIDTH = 300
Line = TypeVar("Line")


class ListPage(Page, Generic[Line]):
    """Nothing of the list is out of reach, however long it is.

    ``kind`` is the page's record; ``waits`` and ``none`` are said while the list is not read yet,
    and when nothing is on it.
    """

    kind: ClassVar[type[Any]]
    waits: ClassVar[str]
    none: ClassVar[str]

    def __init__(self, send: Send, primary: PushButton | None = None) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._first = 0
        self._shown: object = None
        self._desk: Desk | None = None
        self._lines = column(gap=0)
        self._more = PushButton(
            "",
            self._next_lines,
            icon="chevron-right",
            trailing=True,
            width=MORE_WIDTH,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="more",
        )
        self._more_slot = Slot(size_hint_x=None, width=self._more.width)
        self.add_widget(Card(self._lines, gap=0, padding=20))
        self.add_widget(footer(primary, self.notice, self._more_slot))

    def listed(self, desk: Desk) -> tuple[Line, ...] | None:
        """All lines, the first on top; ``None`` until they are read."""
        raise NotImplementedError

    def line(self, one: Line, desk: Desk) -> Widget:
        """Draw one."""
        raise NotImplementedError

    def render(self, desk: Desk) -> None:
        """Draw the list."""
        self._desk = desk
        if not isinstance(desk.page, self.kind):
            return
        lines = self.listed(desk)
        count = len(lines or ())
        if self._first >= count:
            self._first = 0
        shown = lines, desk.station.today, desk.station.scale, self._first
        if shown == self._shown:
            return
        self._shown = shown
        self._lines.clear_widgets()
        for part in self._drawn(lines, desk):
            self._lines.add_widget(part)
        self._more.say(tr("Vis flere av {n}").format(n=count))
        self._more_slot.put(self._more if count > LINES else None)

    def _drawn(self, lines: tuple[Line, ...] | None, desk: Desk) -> list[Widget]:
        if not lines:
            word = tr(self.waits if lines is None else self.none)
            told = Text(
                word, size=theme.LARGE, colour=theme.SUBTLE, align="center", test_id="empty"
            )
            return [space(), told, space()]
        part = lines[self._first : self._first + LINES]
        drawn = [self.line(one, desk) for one in part]
        return [*drawn, *(space() for _ in range(LINES - len(drawn)))]

    def _next_lines(self) -> None:
        self._first += LINES
        if self._desk is not None:
            self.render(self._desk)
