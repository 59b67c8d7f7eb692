"""The follow-up list of hearing tests, the ones whose time is out first."""

from __future__ import annotations

from datetime import date
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.pages import Retests
from kiosk.desk.state import Desk
from kiosk.features.hearing.follow_up import SettleRetest, ShowRetest
from kiosk.hearing.follow_up import Awaited
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.list_page import ListPage
from kiosk.ui.pages.today import masked
from kiosk.ui.port import Send
from kiosk.ui.tones import ink
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import BoxText, FitText, stand
from kiosk.ui.words.hearing_day import DUES, reason_text, when_text
from kiosk.ui.words.mark import mark

STATE_WIDTH = 170
SHOW_WIDTH, SETTLE_WIDTH = 150, 240


class RetestLine(BoxLayout):
    """Whom by the first letter, why, since when, whether it is time, and what can be done."""

    def __init__(self, one: Awaited, today: date, send: Send) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"retest-{one.id}"
        who = FitText(
            masked(one.given_name, one.birth_date, today), size=theme.LARGE, weight="semibold"
        )
        why = FitText(reason_text(one), size=theme.BODY, least=18, test_id="reason")
        when = FitText(when_text(one), size=theme.SMALL, colour=theme.SUBTLE, least=18)
        for text, height in ((who, 40), (why, 32), (when, 28)):
            stand(text, height)
        sign = DUES[one.due(today)]
        state = row(
            Icon(sign.icon, size=30, colour=ink(sign.tone)),
            BoxText(tr(sign.word), size=theme.SMALL, colour=ink(sign.tone)),
            gap=10,
            size_hint_x=None,
            width=theme.px(STATE_WIDTH),
        )
        done = self._button(tr("Ta av listen"), "check", f"settle-{one.id}", SETTLE_WIDTH)
        done.act = partial(send, SettleRetest(one.id))
        show = self._button(tr("Vis"), "chevron-right", f"show-{one.id}", SHOW_WIDTH)
        # Of a test that was never saved, or whose visit is forgotten, there is nothing to show.
        show.enable(one.visit_id is not None)
        if one.visit_id is not None:
            show.act = partial(send, ShowRetest(one.visit_id))
        buttons = row(done, show, size_hint_x=None, width=done.width + show.width)
        buttons.spacing = theme.mm(theme.TOUCH_GAP)
        buttons.width += buttons.spacing
        side = column(space(), buttons, space(), gap=0, size_hint_x=None, width=buttons.width)
        buttons.size_hint_y, buttons.height = None, show.height
        for part in (column(space(), who, why, when, space(), gap=0), state, side):
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


class RetestsPage(ListPage[Awaited]):
    """Who is to be followed up."""

    kind = Retests
    waits = mark("Leser listen …")
    none = mark("Ingen hørselstester skal følges opp.")

    def listed(self, desk: Desk) -> tuple[Awaited, ...] | None:
        """All of them, the ones whose time is out first."""
        page = desk.page
        return page.awaited if isinstance(page, Retests) else None

    def line(self, one: Awaited, desk: Desk) -> Widget:
        """One of them."""
        return RetestLine(one, desk.station.today, self._send)
