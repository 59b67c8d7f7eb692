"""Today's list: one line a child, the name masked until the line is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.pages import Today
from kiosk.desk.state import Desk
from kiosk.features.going_back import Back
from kiosk.features.today import MOVED, OpenBooked, OpenVisit, still_to_come
from kiosk.language.texts import tr
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.visit import Delivery
from kiosk.ui import theme
from kiosk.ui.pages.list_page import ListPage
from kiosk.ui.port import Send
from kiosk.ui.tones import Sign, ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import BoxText, FitText, stand
from kiosk.ui.words.desk import short_quantity_text
from kiosk.ui.words.devices import DELIVERIES, TAKEN_BACK
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import age_text

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


class TodayPage(ListPage[Booked | ListedVisit]):
    """Who is still expected, then who was measured, the newest first."""

    kind = Today
    waits = mark("Henter listen …")
    none = mark("Ingen er målt i dag.")

    def __init__(self, send: Send) -> None:
        back = PushButton(
            tr("Finn et barn"),
            lambda: send(Back()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="search",
            test_id="primary",
        )
        super().__init__(send, back)

    def listed(self, desk: Desk) -> tuple[Booked | ListedVisit, ...] | None:
        """Those who are expected stand there while the others are still being read."""
        page = desk.page
        if not isinstance(page, Today):
            return None
        lines: tuple[Booked | ListedVisit, ...]
        lines = (*still_to_come(page), *(page.visits or ()))
        return None if page.visits is None and not lines else lines

    def line(self, one: Booked | ListedVisit, desk: Desk) -> Widget:
        """One child."""
        if isinstance(one, Booked):
            return BookedLine(one, desk.station.today, self._send)
        return VisitLine(one, desk.station.today, self._send)
