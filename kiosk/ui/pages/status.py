"""Equipment and sending. No name and no number is on this page; anybody may open it."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from drivers.events import LinkState
from kiosk.desk.lock_pages import StatusAtLock
from kiosk.desk.pages import Status
from kiosk.desk.state import Desk
from kiosk.features.calibrate import OpenCalibration
from kiosk.features.equipment import OpenEquipment
from kiosk.features.messages import LookAtMessage
from kiosk.features.status import TryNow
from kiosk.language.texts import tr, trn
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import figure
from kiosk.ui import theme
from kiosk.ui.overlays.messages import saved_at, when, why_text
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Sign, ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.sign import SignLine
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.devices import DELIVERIES, FAILURES, JOURNALS, PAPERS, PRINTER_HINTS
from kiosk.ui.words.mark import mark
from kiosk.ui.words.messages import interface_name
from kiosk.ui.words.not_sent import receivers_words
from kiosk.ui.words.scale import BOARDS, LINK_HINTS, link_sign
from kiosk.ui.words.scale_lines import other_device

LINES = 3
TEACH_WIDTH = 130
EQUIPMENT_WIDTH = 200
NAMES = {
    "scale": mark("Vekten"),
    "board": mark("Lengdemåler"),
    "printer": mark("Skriver"),
    "journal": mark("Journal"),
}


class Device(BoxLayout):
    """One device: its name, how it stands, and what to do."""

    def __init__(self, name: str, icon: str, *, test_id: str) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = test_id
        self._sign = SignLine(size=theme.BODY, icon=28, test_id=f"{test_id}-state")
        self._advice = Text("", size=theme.SMALL, colour=theme.SUBTLE)
        self.add_widget(Icon(icon, size=44, colour=theme.SUBTLE))
        title = Text(tr(NAMES[name]), size=theme.SMALL, weight="semibold", colour=theme.SUBTLE)
        self.add_widget(column(space(), title, self._sign, self._advice, space(), gap=0))
        self.extra = Slot(size_hint_x=None, width=0)
        self.add_widget(self.extra)

    def show(self, sign: Sign, word: str, advice: str) -> None:
        """Show how it stands."""
        self._sign.show(sign, word)
        self._advice.say(advice)


class MessageLine(BoxLayout):
    """One message: when it was saved, how it stands, and why; never whose it is."""

    def __init__(self, message: WaitingMessage, send: Send, *, place: int, by: str = "") -> None:
        super().__init__(spacing=theme.px(16))
        sign = DELIVERIES[message.state]
        self.add_widget(Icon(sign.icon, size=36, colour=ink(sign.tone)))
        word = FitText(tr(sign.word), size=theme.BODY, weight="semibold", colour=ink(sign.tone))
        told = f"{saved_at(message)}  ·  {by}" if by else when(message)
        moment = FitText(told, size=theme.SMALL, colour=theme.SUBTLE, least=18)
        why = why_text(message) or receivers_words(message.detail)
        reason = Text(why, size=theme.SMALL)
        for text, height in ((word, 32), (moment, 31)):
            stand(text, height)
        self.add_widget(column(space(), word, moment, reason, space(), gap=0))
        look = PushButton(
            tr("Se på"),
            partial(send, LookAtMessage(message.item_id)),
            icon="chevron-right",
            trailing=True,
            size=theme.SMALL,
            width=168,
            height_mm=theme.TOUCH,
            test_id=f"look-{place}",
        )
        self.add_widget(column(space(), look, space(), gap=0, size_hint_x=None, width=look.width))


class StatusPage(Page):
    """Devices left, messages right, three at a time."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._first = 0
        self._shown: tuple[object, ...] | None = None
        self._desk: Desk | None = None
        self._scale = Device("scale", "scale", test_id="device-scale")
        self._printer = Device("printer", "printer", test_id="device-printer")
        self._journal = Device("journal", "database", test_id="device-journal")
        self._board = Device("board", "ruler", test_id="device-board")
        self._devices = Card(self._scale, self._printer, self._journal, size_hint_x=0.72, gap=4)
        self._teach = PushButton(
            tr("Lær opp"),
            lambda: send(OpenCalibration()),
            size=theme.SMALL,
            width=TEACH_WIDTH,
            height_mm=theme.TOUCH,
            test_id="teach",
        )
        self._title = FitText("", size=theme.LARGE, weight="semibold", test_id="messages-title")
        self._lines = column(gap=0)
        self._more = PushButton(
            tr("Vis flere"),
            self._next_lines,
            icon="chevron-right",
            size=theme.SMALL,
            trailing=True,
            width=200,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="more",
        )
        self._more_slot = Slot(size_hint_x=None, width=self._more.width)
        stand(self._title, 40)
        messages = Card(self._title, self._lines, gap=4)
        body = row(self._devices, messages, gap=theme.GAP)
        self._try = PushButton(
            tr("Send nå"),
            lambda: send(TryNow()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="send",
            test_id="primary",
        )
        self.add_widget(body)
        self._equipment = PushButton(
            tr("Utstyr"),
            lambda: send(OpenEquipment()),
            icon="scale",
            size=theme.BODY,
            width=EQUIPMENT_WIDTH,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="equipment",
        )
        self._equipment_slot = Slot(size_hint_x=None, width=0)
        self.add_widget(footer(self._try, self._equipment_slot, self.notice, self._more_slot))

    def render(self, desk: Desk) -> None:
        """Draw devices and messages."""
        self._desk = desk
        strip = desk.station.strip
        link = link_sign(strip.scale, strip.scale_hint)
        hint = tr(LINK_HINTS.get(strip.scale_hint, link.advice))
        self._scale.show(link, tr(link.word), other_device(strip.scale_hint) or hint)
        self._show_teach(shown=desk.station.teachable and desk.user is not None)
        self._show_board(strip.board)
        signed_in = desk.user is not None
        self._equipment_slot.width = self._equipment.width if signed_in else 0
        self._equipment_slot.put(self._equipment if signed_in else None)
        paper = PAPERS[strip.printer]
        advice = PRINTER_HINTS.get(strip.printer_hint, paper.advice)
        self._printer.show(paper, tr(paper.word), tr(advice))
        journal = JOURNALS[strip.journal]
        why = FAILURES[strip.failure] if strip.failure is not None else journal.advice
        by = interface_name(strip.interface)
        word = tr(journal.word)
        self._journal.show(journal, f"{word} ({by})" if by else word, tr(why))
        self._try.enable(strip.counts.waiting > 0)
        self._show_messages(desk)

    def _show_teach(self, *, shown: bool) -> None:
        """Offer to teach the station the scale, where that is what it needs."""
        extra = self._scale.extra
        if (extra.held is not None) is shown:
            return
        extra.width = self._teach.width if shown else 0
        if shown:
            extra.put(column(space(), self._teach, space(), gap=0))
        else:
            self._teach.parent.remove_widget(self._teach)
            extra.put(None)

    def _show_board(self, state: LinkState | None) -> None:
        """Show the length board under the scale, where the station has one."""
        if state is None:
            self._devices.remove_widget(self._board)
            return
        if self._board.parent is None:
            self._devices.add_widget(self._board, index=2)
        sign = BOARDS[state]
        self._board.show(sign, tr(sign.word), tr(sign.advice))

    def _show_messages(self, desk: Desk) -> None:
        page = desk.page
        if not isinstance(page, Status | StatusAtLock):
            return
        messages = page.messages
        if self._first >= len(messages):
            self._first = 0
        shown = (messages, self._first, desk.station.strip.counts)
        if shown == self._shown:
            return
        self._shown = shown
        self._title.say(_title(desk))
        several = len(messages) > LINES
        self._more_slot.width = self._more.width if several else 0
        self._more_slot.put(self._more if several else None)
        self._lines.clear_widgets()
        for place, message in enumerate(messages[self._first : self._first + LINES]):
            by = _interface(message, messages)
            self._lines.add_widget(MessageLine(message, self._send, place=place, by=by))
        for _ in range(LINES - len(messages[self._first : self._first + LINES])):
            self._lines.add_widget(space())

    def _next_lines(self) -> None:
        self._first += LINES
        if self._desk is not None:
            self._show_messages(self._desk)


def _title(desk: Desk) -> str:
    """How much needs a person, how much waits."""
    counts = desk.station.strip.counts
    parts = []
    if counts.parked:
        parts.append(trn("{n} må ses på", "{n} må ses på", counts.parked, figure(counts.parked)))
    if counts.waiting:
        parts.append(trn("{n} venter", "{n} venter", counts.waiting, figure(counts.waiting)))
    if counts.delivered:
        number = counts.delivered
        parts.append(trn("{n} ikke bekreftet", "{n} ikke bekreftet", number, figure(number)))
    return "  ·  ".join(parts) or tr("Alt er sendt og mottatt")


def _interface(message: WaitingMessage, listed: tuple[WaitingMessage, ...]) -> str:
    """The interface of a message, where there are several."""
    names = {interface_name(one.adapter) for one in listed}
    return interface_name(message.adapter) if len(names) > 1 else ""
