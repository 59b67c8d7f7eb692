"""Who is to have its hearing tested again, the ones whose time is out first."""

from __future__ import annotations

from datetime import date
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.core.desk.state import Desk
from kiosk.core.desk.touches_hearing import SettleRetest, ShowRetest
from kiosk.core.hearing.retests import Awaited
from kiosk.i18n import tr
from kiosk.ui import theme
from kiosk.ui.port import Send
from kiosk.ui.screens.page import Page, footer
from kiosk.ui.screens.today import masked
from kiosk.ui.tones import ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.wording_hearing import between
from kiosk.ui.wording_hearing_day import DUES

PLACES = 4
STATE_WIDTH = 190


class RetestLine(BoxLayout):
    """Whom by the first letter, when, whether it is time, and what can be done."""

    def __init__(self, one: Awaited, today: date, send: Send) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"retest-{one.id}"
        who = FitText(
            masked(one.given_name, one.birth_date, today), size=theme.LARGE, weight="semibold"
        )
        when = FitText(
            between(one.since, one.until), size=theme.SMALL, colour=theme.SUBTLE, least=18
        )
        for text, height in ((who, 42), (when, 30)):
            stand(text, height)
        sign = DUES[one.due(today)]
        state = row(
            Icon(sign.icon, size=30, colour=ink(sign.tone)),
            BoxText(tr(sign.word), size=theme.SMALL, colour=ink(sign.tone)),
            gap=10,
            size_hint_x=None,
            width=theme.px(STATE_WIDTH),
        )
        done = self._button(tr("Ta av listen"), "check", f"settle-{one.id}", 240)
        done.deed = Deed.COMMITS
        done.act = partial(send, SettleRetest(one.id))
        show = self._button(tr("Vis"), "chevron-right", f"show-{one.id}", 150)
        show.act = partial(send, ShowRetest(one.visit_id))
        buttons = row(done, show, size_hint_x=None, width=done.width + show.width)
        buttons.spacing = theme.mm(theme.TOUCH_GAP)
        buttons.width += buttons.spacing
        side = column(space(), buttons, space(), gap=0, size_hint_x=None, width=buttons.width)
        buttons.size_hint_y, buttons.height = None, show.height
        for part in (column(space(), who, when, space(), gap=0), state, side):
            self.add_widget(part)

    def _button(self, text: str, icon: str, name: str, width: float) -> PushButton:
        return PushButton(
            text,
            lambda: None,
            icon=icon,
            icon_size=28,
            tight=True,
            size=theme.SMALL,
            width=width,
            height_mm=theme.TOUCH_MIN,
            test_id=name,
        )


class RetestsPage(Page):
    """A few at a time; the rest is told in a number."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._shown: object = None
        self._lines = column(gap=0)
        self._more = FitText("", size=theme.SMALL, colour=theme.SUBTLE)
        stand(self._more, 30)
        self.add_widget(Card(self._lines, self._more, gap=0, padding=20))
        self.add_widget(footer(None, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw the list."""
        if (desk.awaited, desk.today) == self._shown:
            return
        self._shown = desk.awaited, desk.today
        self._lines.clear_widgets()
        for line in self._drawn(desk):
            self._lines.add_widget(line)
        rest = len(desk.awaited or ()) - PLACES
        self._more.say(tr("og {n} til").format(n=rest) if rest > 0 else "")

    def _drawn(self, desk: Desk) -> list[Widget]:
        if desk.awaited is None:
            return [Text(tr("Leser listen …"), size=theme.LARGE, colour=theme.SUBTLE), space()]
        if not desk.awaited:
            told = tr("Ingen venter på ny hørselstest.")
            return [space(), Text(told, size=theme.LARGE, align="center"), space()]
        lines: list[Widget] = [
            RetestLine(one, desk.today, self._send) for one in desk.awaited[:PLACES]
        ]
        return [*lines, *(space() for _ in range(PLACES - len(lines)))]
