"""The top of each page: back, whose page it is, the status strip, and the lock button."""

from __future__ import annotations

from datetime import datetime

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.messages import Touch
from kiosk.desk.state import Desk, Screen
from kiosk.features.appearance import OpenHelp
from kiosk.features.sign_in import Lock
from kiosk.features.status import ChangeLanguage, OpenStatus
from kiosk.language.texts import language_name, tr
from kiosk.ui import theme
from kiosk.ui.parts.headings import Heading, heading
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import column
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.strip import StatusStrip
from kiosk.ui.widgets.text import FitText, stand

HEIGHT = 76
BACK_WIDTH = 168
LOCK_WIDTH = 140
HELP_WIDTH = 84
LANGUAGE_WIDTH = 160


class Header(BoxLayout):
    """The same on every page, in the same place."""

    def __init__(self, send: Send) -> None:
        super().__init__(size_hint_y=None, height=theme.px(HEIGHT), spacing=theme.px(18))
        self._send = send
        self._back_touch: Touch | None = None
        self._back = PushButton(
            tr("Tilbake"),
            self._go_back,
            icon="arrow-left",
            width=BACK_WIDTH,
            size_hint_y=1,
            test_id="back",
        )
        self._title = FitText("", size=theme.TITLE, weight="bold", test_id="title")
        self._below = FitText("", size=theme.SMALL, colour=theme.SUBTLE, least=18, test_id="below")
        self._strip = StatusStrip(lambda: send(OpenStatus()))
        self._lock = PushButton(
            tr("Lås"),
            lambda: send(Lock()),
            icon="lock",
            width=LOCK_WIDTH,
            size_hint_y=1,
            test_id="lock",
        )
        self._help = PushButton(
            "",
            lambda: send(OpenHelp()),
            icon="help-circle",
            width=HELP_WIDTH,
            tight=True,
            size_hint_y=1,
            test_id="help",
        )
        self._language = PushButton(
            "",
            lambda: send(ChangeLanguage()),
            size=theme.SMALL,
            width=LANGUAGE_WIDTH,
            size_hint_y=1,
            test_id="language",
        )
        titles = column(self._title, self._below, gap=0)
        stand(self._below, 28)
        for part in (titles, self._strip, self._help):
            self.add_widget(part)

    def render(self, desk: Desk, now: datetime) -> None:
        """Show the heading of the page and how things stand."""
        self._show(heading(desk))
        self._strip.show(desk.station.strip, now)
        self._strip.enable(desk.screen is not Screen.STATUS)
        self._language.say(language_name(desk.station.language))
        choosing = desk.screen is Screen.LOCK and desk.lock.user_id is None
        self._offer(self._language, offered=choosing, place=0)
        self._offer(self._lock, offered=desk.user is not None, place=0)

    def _show(self, shown: Heading) -> None:
        self._back_touch = shown.back
        self._offer(self._back, offered=shown.back is not None, place=len(self.children))
        self._title.say(shown.title)
        self._below.say(shown.below)

    def _offer(self, button: PushButton, *, offered: bool, place: int) -> None:
        if offered and button.parent is None:
            self.add_widget(button, index=place)
        elif not offered and button.parent is not None:
            self.remove_widget(button)

    def _go_back(self) -> None:
        if self._back_touch is not None:
            self._send(self._back_touch)
