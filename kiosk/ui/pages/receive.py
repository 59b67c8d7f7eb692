"""Waiting for a result from the audiometer, and what has come already."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from drivers.events import LinkState
from drivers.hearing import Ear, Response
from kiosk.desk.state import Desk
from kiosk.features.hearing.receive import DropArrival, TakeArrival, arrivals
from kiosk.hearing.arrivals import Arrival, FileOffer, key_of
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.audiometer_files import FOLDERS, HELD
from kiosk.ui.words.hearing import ONLY
from kiosk.ui.words.phrases import date_text

PLACES = 3
TIME_WIDTH = 190


class ArrivalLine(BoxLayout):
    """When it came, what it holds, and whether it is this child's."""

    def __init__(self, one: Arrival, today: date, send: Send) -> None:
        super().__init__(spacing=theme.px(18))
        key = key_of(one)
        self.test_id = f"arrival-{key}"
        local = one.at.astimezone()
        when = f"{local:%H:%M}" if local.date() == today else date_text(local.date())
        time = FitText(when, size=theme.LARGE, weight="bold")
        time.size_hint_x, time.width = None, theme.px(TIME_WIDTH)
        what = FitText(_what(one), size=theme.BODY, least=18, weight="semibold")
        source = one.name if isinstance(one, FileOffer) else tr("fra audiometeret")
        whence = FitText(source, size=theme.SMALL, least=18, colour=theme.SUBTLE)
        for text, height in ((what, 36), (whence, 30)):
            stand(text, height)
        drop = _button(tr("Forkast"), "trash", f"drop-{key}", 190)
        drop.act = partial(send, DropArrival(key))
        take = _button(tr("Bruk"), "check", f"take-{key}", 160)
        take.act = partial(send, TakeArrival(key))
        buttons = row(drop, take, size_hint_y=None, height=take.height)
        buttons.spacing = theme.mm(theme.TOUCH_GAP)
        width = drop.width + take.width + buttons.spacing
        side = column(space(), buttons, space(), gap=0, size_hint_x=None, width=width)
        for part in (time, column(space(), what, whence, space(), gap=0), side):
            self.add_widget(part)


def _button(text: str, icon: str, name: str, width: float) -> PushButton:
    return PushButton(
        text,
        lambda: None,
        deed=Deed.COMMITS,
        icon=icon,
        icon_size=28,
        tight=True,
        size=theme.SMALL,
        width=width,
        height_mm=theme.TOUCH_MIN,
        test_id=name,
    )


def _what(one: Arrival) -> str:
    """How many tones of each ear were answered. No level: this is not the place to read them."""
    tones = [t for t in one.received.tones if t.response is not Response.NOT_TESTED]
    parts = []
    for ear in Ear:
        count = sum(tone.ear is ear for tone in tones)
        if count:
            parts.append(tr("{ear} {n} toner").format(ear=tr(ONLY[ear]), n=count))
    return " · ".join(parts) or tr("ingen toner")


class ReceivePage(Page):
    """What to do above, what waits below."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._shown: object = None
        self._cable = Note(test_id="cable")
        self._inbox = Note(test_id="inbox")
        self._above = row(gap=theme.GAP_SMALL, size_hint_y=None)
        self._sources: tuple[Note, ...] | None = None
        self._lines = column(gap=0)
        self._more = FitText("", size=theme.SMALL, colour=theme.SUBTLE)
        stand(self._more, 30)
        body = Card(self._above, self._lines, self._more, gap=8, padding=20)
        self.add_widget(body)
        self.add_widget(footer(None, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw what is waited for and what has come."""
        self._show_sources(desk)
        waiting = arrivals(desk)
        if (waiting, desk.station.today) == self._shown:
            return
        self._shown = waiting, desk.station.today
        self._lines.clear_widgets()
        for line in self._drawn(waiting, desk.station.today):
            self._lines.add_widget(line)
        rest = len(waiting) - PLACES
        self._more.say(tr("og {n} til").format(n=rest) if rest > 0 else "")

    def _drawn(self, waiting: tuple[Arrival, ...], today: date) -> list[Widget]:
        if not waiting:
            told = tr("Ingenting har kommet ennå.")
            return [space(), Text(told, size=theme.LARGE, align="center"), space()]
        lines: list[Widget] = [ArrivalLine(one, today, self._send) for one in waiting[:PLACES]]
        return [*lines, *(space() for _ in range(PLACES - len(lines)))]

    def _show_sources(self, desk: Desk) -> None:
        """The cable and the inbox side by side, as far as there are such."""
        self._show_cable(desk)
        self._show_inbox(desk)
        audiometer = desk.station.audiometer
        both = (
            (self._cable, audiometer is not None and audiometer.cable),
            (self._inbox, audiometer is not None and audiometer.inbox),
        )
        sources = tuple(note for note, used in both if used)
        if sources != self._sources:
            self._sources = sources
            self._above.clear_widgets()
            for note in sources:
                note.fbind("height", self._hug)
                note.pos_hint = {"top": 1}
                self._above.add_widget(note)
        self._hug()

    def _hug(self, *_: Any) -> None:
        self._above.height = max((note.height for note in self._sources or ()), default=0)

    def _show_cable(self, desk: Desk) -> None:
        cable = desk.station.audiometer is not None and desk.station.audiometer.cable
        if cable:
            ready = desk.station.audiometer_link in {LinkState.OPEN, LinkState.SILENT}
            partly = desk.hearing is not None and desk.hearing.received is not None
            if not ready:
                icon, tone, title = "alert-triangle", Tone.WARN, tr("Finner ikke audiometeret")
                advice = tr("Se på kabelen. Stasjonen prøver hele tiden.")
            elif partly:
                icon, tone, title = "hourglass", Tone.CALM, tr("Noe har kommet")
                advice = tr("Send resten fra audiometeret.")
            else:
                icon, tone, title = "hourglass", Tone.CALM, tr("Venter på audiometeret")
                advice = tr("Send resultatet fra audiometeret nå.")
            self._cable.show(icon, tone, title, advice)

    def _show_inbox(self, desk: Desk) -> None:
        inbox = desk.station.audiometer is not None and desk.station.audiometer.inbox
        state = desk.station.inbox
        if inbox and state.held is not None:
            title = tr("En fil ble lagt til side: {name}").format(name=state.held_name)
            self._inbox.show("alert-triangle", Tone.WARN, title, tr(HELD[state.held]))
        elif inbox:
            ready = state.folder.value == "ready"
            tone = Tone.CALM if ready else Tone.WARN
            advice = tr("Eksporter testen fra programmet. Filen kommer hit av seg selv.")
            self._inbox.show("file-import", tone, tr(FOLDERS[state.folder]), advice)
