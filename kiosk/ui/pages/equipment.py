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
from kiosk.ui.pages.list_page import LINES, ListPage
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.text import FitText, stand
from kiosk.ui.words.mark import mark

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


class EquipmentPage(ListPage[PluggedIn]):
    """What is plugged in."""

    kind = Equipment
    waits = mark("Ser etter …")
    none = mark("Ingenting er koblet til. Sett i kabelen, så kommer det hit.")

    def listed(self, desk: Desk) -> tuple[PluggedIn, ...] | None:
        """What the station has found, what is used first."""
        page = desk.page
        return page.ports if isinstance(page, Equipment) else None

    def line(self, one: PluggedIn, desk: Desk) -> Widget:
        """One thing that is plugged in."""
        place = (self.listed(desk) or ()).index(one) % LINES
        return PortLine(one, desk, self._send, place=place)
