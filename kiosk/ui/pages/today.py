"""Today's list: one line a child, the name masked until the line is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.pages import Today
from kiosk.desk.state import Desk
from kiosk.features.going_back import Back
from kiosk.features.today import MOVED, OpenBooked, OpenVisit, still_to_come
from kiosk.language.texts import tr
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.visit import Delivery
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Sign, ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.words.desk import short_quantity_text
from kiosk.ui.words.devices import DELIVERIES, TAKEN_BACK
from kiosk.ui.words.phrases import age_text

LINES = 4
TIME_WIDTH, STATE_WIDTH = 110, 270


class VisitLine(BoxLayout):
    """When, whom by the first letter, what was measured, and how far it has come."""

    def __init__(self, visit: ListedVisit, today: date, send: Send) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"visit-{visit.id}"
        local = visit.saved_at.astimezone()
        time = FitText(time_text(local, today), size=theme.LARGE, weight="bold")
        time.size_hint_x, time.width = None, theme.px(TIME_WIDTH)
        name = masked(visit.given_name, visit.birth_date, local.date())
        who = FitText(name, size=theme.LARGE, weight="semibold", test_id="masked-name")
        what = FitText(_what(visit), size=theme.SMALL, colour=theme.SUBTLE, least=18)
        for text, height in ((who, 42), (what, 30)):
            stand(text, height)
        sign = _sign(visit)
        state = row(
            Icon(sign.icon, size=30, colour=ink(sign.tone)),
            BoxText(tr(sign.word), size=theme.SMALL, colour=ink(sign.tone)),
            gap=10,
            size_hint_x=None,
            width=theme.px(STATE_WIDTH),
        )
        # Of a child the values were moved from nothing is shown any more.
        button = _button(
            tr("Vis"),
            f"show-{visit.id}",
            partial(send, OpenVisit(visit.id)),
            enabled=visit.change not in MOVED,
        )
        for part in (time, column(space(), who, what, space(), gap=0), state, button):
            self.add_widget(part)


class BookedLine(BoxLayout):
    """When a child is expected, whom by the first letter, and the button that opens it."""

    def __init__(self, booked: Booked, today: date, send: Send) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"booked-{booked.id}"
        time = FitText(f"{booked.at.astimezone():%H:%M}", size=theme.LARGE, weight="bold")
        time.size_hint_x, time.width = None, theme.px(TIME_WIDTH)
        child = booked.child
        who = FitText(masked(child.given_name, child.birth_date, today), size=theme.LARGE)
        state = row(
            Icon("clock", size=30, colour=theme.SUBTLE),
            BoxText(tr("Har time, ikke målt"), size=theme.SMALL, colour=theme.SUBTLE),
            gap=10,
            size_hint_x=None,
            width=theme.px(STATE_WIDTH),
        )
        here = _button(tr("Er her"), f"here-{booked.id}", partial(send, OpenBooked(booked.id)))
        for part in (time, who, state, here):
            self.add_widget(part)


def _button(text: str, name: str, act: Callable[[], None], *, enabled: bool = True) -> BoxLayout:
    button = PushButton(
        text,
        act,
        icon="chevron-right",
        trailing=True,
        size=theme.SMALL,
        width=150,
        height_mm=theme.TOUCH_MIN,
        test_id=name,
    )
    button.enable(enabled)
    return column(space(), button, space(), gap=0, size_hint_x=None, width=button.width)


def _sign(visit: ListedVisit) -> Sign:
    """How far it has come; of one that was taken back that it was, unless that needs somebody."""
    if visit.change in TAKEN_BACK and visit.delivery is not Delivery.REJECTED:
        return TAKEN_BACK[visit.change]
    return DELIVERIES[visit.delivery]


def time_text(local: datetime, today: date) -> str:
    """When: the time of today, the day of what still waits from before."""
    return local.strftime("%H:%M") if local.date() == today else f"{local.day}.{local.month}."


def masked(given_name: str, born: date, day: date) -> str:
    """The first letter of the name and the age: enough to know the line, not to read a name."""
    return f"{given_name[:1]}…, {age_text(born, day)}"


def _what(visit: ListedVisit) -> str:
    names = (short_quantity_text(quantity, position) for quantity, position in visit.measured)
    return " · ".join([*names, tr("Hørsel")] if visit.hearing else names)


class TodayPage(Page):
    """Who is still expected, then who was measured, the newest first; a few at a time."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._first = 0
        self._shown: object = None
        self._desk: Desk | None = None
        self._lines = column(gap=0)
        self._empty = Text(
            "", size=theme.LARGE, colour=theme.SUBTLE, align="center", test_id="today-empty"
        )
        self._more = PushButton(
            tr("Vis flere"),
            self._next_lines,
            icon="chevron-right",
            trailing=True,
            width=260,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="more",
        )
        self._more_slot = Slot(size_hint_x=None, width=self._more.width)
        self._back = PushButton(
            tr("Finn et barn"),
            lambda: send(Back()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="search",
            test_id="primary",
        )
        self.add_widget(Card(self._lines, padding=20))
        self.add_widget(footer(self._back, self.notice, self._more_slot))

    def render(self, desk: Desk) -> None:
        """Draw the list."""
        self._desk = desk
        page = desk.page
        if not isinstance(page, Today):
            return
        listed = page.visits or ()
        lines: tuple[Booked | ListedVisit, ...] = (*still_to_come(page), *listed)
        if self._first >= len(lines):
            self._first = 0
        shown = (lines, page.visits is None, self._first)
        if shown == self._shown:
            return
        self._shown = shown
        self._lines.clear_widgets()
        if not lines:
            waits = page.visits is None
            self._empty.say(tr("Henter listen …") if waits else tr("Ingen er målt i dag."))
            for part in (space(), self._empty, space()):
                self._lines.add_widget(part)
            self._more_slot.put(None)
            return
        part_of = lines[self._first : self._first + LINES]
        for line in part_of:
            self._lines.add_widget(self._line(line, desk.station.today))
        for _ in range(LINES - len(part_of)):
            self._lines.add_widget(space())
        self._more_slot.put(self._more if len(lines) > LINES else None)

    def _line(self, line: Booked | ListedVisit, today: date) -> BoxLayout:
        if isinstance(line, Booked):
            return BookedLine(line, today, self._send)
        return VisitLine(line, today, self._send)

    def _next_lines(self) -> None:
        self._first += LINES
        if self._desk is not None:
            self.render(self._desk)
