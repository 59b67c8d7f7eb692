"""What is plugged in and what the station uses, each with what can be done."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.messages import Touch
from kiosk.desk.pages import Equipment
from kiosk.desk.state import Desk
from kiosk.features.equipment import SetUpDevice
from kiosk.features.first_day import OpenFirstDay
from kiosk.language.texts import tr
from kiosk.model.lists import PluggedIn, PortKind
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.mark import mark

PLACES = 4
BUTTON_WIDTH = 230
KINDS = {
    PortKind.SCALE: ("scale", mark("kan være en vekt")),
    PortKind.PRINTER: ("printer", mark("skriver")),
}


class PortLine(BoxLayout):
    """One thing that is plugged in: its name, what it may be, and what can be done with it."""

    def __init__(self, port: PluggedIn, desk: Desk, send: Send, *, place: int) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"port-{place}"
        icon, word = KINDS[port.kind]
        name = FitText(port.name, size=theme.BODY, least=18, weight="semibold")
        told = tr("i bruk") if port.used else tr(word)
        where = FitText(
            f"{told}  ·  {port.address}", size=theme.SMALL, least=16, colour=theme.SUBTLE
        )
        for text, height in ((name, 36), (where, 30)):
            stand(text, height)
        buttons = _buttons(port, desk, send, place)
        self.add_widget(Icon(icon, size=40, colour=theme.SUBTLE))
        self.add_widget(column(space(), name, where, space(), gap=0))
        if buttons:
            side = row(*buttons, size_hint_y=None, height=buttons[0].height)
            side.spacing = theme.mm(theme.TOUCH_GAP)
            width = sum(one.width for one in buttons) + side.spacing * (len(buttons) - 1)
            self.add_widget(column(space(), side, space(), gap=0, size_hint_x=None, width=width))


def _buttons(port: PluggedIn, desk: Desk, send: Send, place: int) -> list[PushButton]:
    found = []
    if port.weighs and desk.station.scale is not None:
        found.append(_button(tr("Ti prøver"), OpenFirstDay(), f"compare-{place}", send))
    if not port.may_be_set_up:
        return found
    word = tr("Sett opp på nytt") if port.used else tr("Sett opp")
    found.append(_button(word, SetUpDevice(port.address), f"set-up-{place}", send))
    return found


def _button(text: str, message: Touch, name: str, send: Send) -> PushButton:
    return PushButton(
        text,
        partial(send, message),
        # A printer prints at once.
        deed=Deed.COMMITS if isinstance(message, SetUpDevice) else Deed.LEADS,
        icon="chevron-right",
        icon_size=28,
        trailing=True,
        tight=True,
        size=theme.SMALL,
        width=BUTTON_WIDTH,
        height_mm=theme.TOUCH_MIN,
        test_id=name,
    )


class EquipmentPage(Page):
    """A few at a time, and the next ones by a touch."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._first = 0
        self._shown: object = None
        self._desk: Desk | None = None
        self._lines = column(gap=0)
        self._more = PushButton(
            tr("Vis flere"),
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
        if not isinstance(page, Equipment):
            return
        ports = page.ports or ()
        if self._first >= len(ports):
            self._first = 0
        shown = page.ports, desk.station.scale, self._first
        if shown == self._shown:
            return
        self._shown = shown
        self._lines.clear_widgets()
        for line in self._drawn(page.ports, desk):
            self._lines.add_widget(line)
        self._more_slot.put(self._more if len(ports) > PLACES else None)

    def _drawn(self, ports: tuple[PluggedIn, ...] | None, desk: Desk) -> list[Widget]:
        if ports is None:
            return [Text(tr("Ser etter …"), size=theme.LARGE, colour=theme.SUBTLE), space()]
        if not ports:
            told = tr("Ingenting er koblet til. Sett i kabelen, så kommer det hit.")
            return [space(), Text(told, size=theme.LARGE, align="center"), space()]
        part = ports[self._first : self._first + PLACES]
        lines: list[Widget] = [
            PortLine(one, desk, self._send, place=n) for n, one in enumerate(part)
        ]
        return [*lines, *(space() for _ in range(PLACES - len(lines)))]

    def _next_lines(self) -> None:
        self._first += PLACES
        if self._desk is not None:
            self.render(self._desk)
