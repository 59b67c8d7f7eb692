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
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.pages.today import masked
from kiosk.ui.port import Send
from kiosk.ui.tones import ink
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.words.hearing_day import DUES, reason_text, when_text

PLACES = 4
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


class RetestsPage(Page):
    """A few at a time, and the next ones by a touch: nobody is out of reach."""

    def __init__(self, send: Send) -> None:
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
            width=300,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="more",
        )
        self._more_slot = Slot(size_hint_x=None, width=self._more.width)
        self.add_widget(Card(self._lines, gap=0, padding=20))
        self.add_widget(footer(None, self.notice, self._more_slot))

    def render(self, desk: Desk) -> None:
        """Draw the list."""
        self._desk = desk
        page = desk.page
        if not isinstance(page, Retests):
            return
        lines = page.awaited or ()
        if self._first >= len(lines):
            self._first = 0
        shown = page.awaited, desk.station.today, self._first
        if shown == self._shown:
            return
        self._shown = shown
        self._lines.clear_widgets()
        for line in self._drawn(page.awaited, desk.station.today):
            self._lines.add_widget(line)
        self._more.say(tr("Vis flere av {n}").format(n=len(lines)))
        self._more_slot.put(self._more if len(lines) > PLACES else None)

    def _drawn(self, awaited: tuple[Awaited, ...] | None, today: date) -> list[Widget]:
        if awaited is None:
            return [Text(tr("Leser listen …"), size=theme.LARGE, colour=theme.SUBTLE), space()]
        if not awaited:
            told = tr("Ingen hørselstester skal følges opp.")
            return [space(), Text(told, size=theme.LARGE, align="center"), space()]
        part_of = awaited[self._first : self._first + PLACES]
        lines: list[Widget] = [RetestLine(one, today, self._send) for one in part_of]
        return [*lines, *(space() for _ in range(PLACES - len(lines)))]

    def _next_lines(self) -> None:
        self._first += PLACES
        if self._desk is not None:
            self.render(self._desk)
