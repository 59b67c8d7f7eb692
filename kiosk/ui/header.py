"""The top of each page: back, whose page it is, the status strip, and the lock button."""

from __future__ import annotations

from datetime import datetime

from kivy.uix.boxlayout import BoxLayout

from kiosk.core.desk.messages import Lock, OpenStatus, Touch
from kiosk.core.desk.state import Desk, Screen
from kiosk.i18n import tr
from kiosk.ui import theme
from kiosk.ui.headings import Heading, heading
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import Slot, column
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.strip import StatusStrip
from kiosk.ui.widgets.text import FitText

HEIGHT = 76
BACK_WIDTH = 148
LOCK_WIDTH = 128


class Header(BoxLayout):
    """The same on every page, in the same place."""

    def __init__(self, send: Send) -> None:
        super().__init__(size_hint_y=None, height=theme.px(HEIGHT), spacing=theme.px(18))
        self._send = send
        self._back_touch: Touch | None = None
        self._back_slot = Slot(size_hint_x=None, width=0)
        self._back = PushButton(
            tr("Tilbake"), self._go_back, icon="arrow-left", size_hint_y=1, test_id="back"
        )
        self._title = FitText("", size=theme.TITLE, weight="bold", test_id="title")
        self._below = FitText("", size=theme.SMALL, colour=theme.SUBTLE, least=18, test_id="below")
        self._strip = StatusStrip(lambda: send(OpenStatus()))
        self._lock_slot = Slot(size_hint_x=None, width=0)
        self._lock = PushButton(
            tr("Lås"), lambda: send(Lock()), icon="lock", size_hint_y=1, test_id="lock"
        )
        titles = column(self._title, self._below, gap=0)
        self._below.size_hint_y = 0.62
        for part in (self._back_slot, titles, self._strip, self._lock_slot):
            self.add_widget(part)

    def render(self, desk: Desk, now: datetime) -> None:
        """Show the heading of the page and how things stand."""
        self._show(heading(desk))
        self._strip.show(desk.strip, now)
        self._strip.enable(desk.screen is not Screen.STATUS)
        locked = desk.user is None
        self._lock_slot.width = 0 if locked else theme.px(LOCK_WIDTH)
        self._lock_slot.put(None if locked else self._lock)

    def _show(self, shown: Heading) -> None:
        self._back_touch = shown.back
        self._back_slot.width = theme.px(BACK_WIDTH) if shown.back else 0
        self._back_slot.put(self._back if shown.back else None)
        self._title.say(shown.title)
        self._below.say(shown.below)

    def _go_back(self) -> None:
        if self._back_touch is not None:
            self._send(self._back_touch)
