"""Before a hearing test: which protocol, which ear first, and how the equipment stands today."""

from __future__ import annotations

from drivers.hearing import Ear
from kiosk.desk.hearing_work import Audiometer, HearingWork
from kiosk.desk.pages import Hearing
from kiosk.desk.state import Desk
from kiosk.features.hearing.begin import BeginHearing, OpenProtocols, SetFirstEar, SetRetest
from kiosk.features.hearing.check import OpenCheck
from kiosk.features.hearing.protocol import OpenProtocol
from kiosk.features.hearing.receive import OpenReceive
from kiosk.hearing.quality import CheckKind, Quality
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.words.hearing import EARS, levels_text, protocol_name, protocol_state
from kiosk.ui.words.hearing_day import DOUBTS, doubt_text
from kiosk.ui.words.phrases import date_text


class HearingPage(Page):
    """The protocol left, the choices for this child right."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._name = FitText("", size=theme.TITLE, weight="bold", test_id="protocol")
        self._state = FitText("", size=theme.BODY, weight="semibold", test_id="protocol-state")
        self._levels = BoxText("", size=theme.BODY, top=True)
        self._device = FitText("", size=theme.BODY, weight="semibold")
        self._calibrated = FitText("", size=theme.SMALL, colour=theme.SUBTLE, least=18)
        heights = ((self._name, 46), (self._state, 36), (self._device, 36), (self._calibrated, 32))
        for text, height in heights:
            stand(text, height)
        stand(self._levels, 70, lines=2)
        other = PushButton(
            tr("Velg en annen"),
            lambda: send(OpenProtocols()),
            icon="list-check",
            tight=True,
            size=theme.SMALL,
            height_mm=theme.TOUCH,
            test_id="protocols",
        )
        fill = PushButton(
            tr("Se og godkjenn"),
            lambda: send(OpenProtocol()),
            icon="signature",
            tight=True,
            size=theme.SMALL,
            height_mm=theme.TOUCH,
            test_id="fill",
        )
        both = row(other, fill, size_hint_y=None, height=other.height)
        both.spacing = theme.mm(theme.TOUCH_GAP)
        left = Card(
            Text(tr("Protokoll"), size=theme.SMALL, colour=theme.SUBTLE),
            self._name,
            self._state,
            self._levels,
            both,
            space(),
            Text(tr("Audiometer"), size=theme.SMALL, colour=theme.SUBTLE),
            self._device,
            self._calibrated,
            gap=6,
        )
        self._ear: Chips[Ear] = Chips(
            [(ear, tr(EARS[ear])) for ear in (Ear.RIGHT, Ear.LEFT)],
            lambda ear: send(SetFirstEar(ear)),
            test_id="first-ear",
        )
        self._again: Chips[bool] = Chips(
            [(False, tr("Første test")), (True, tr("Ny test"))],
            lambda again: send(SetRetest(again)),
            test_id="retest",
        )
        self._before = FitText("", size=theme.SMALL, least=18, colour=theme.SUBTLE)
        stand(self._before, 32)
        self._doubt = Note(test_id="doubt")
        self._doubt_place = Slot(hug=True)
        right = Card(
            Text(tr("Hvilket øre først?"), size=theme.BODY, weight="semibold"),
            self._ear,
            space(),
            Text(tr("Er barnet testet før?"), size=theme.BODY, weight="semibold"),
            self._again,
            self._before,
            space(),
            self._doubt_place,
            gap=8,
            padding=20,
        )
        self._check = PushButton(
            tr("Lyttesjekk"),
            lambda: send(OpenCheck(CheckKind.LISTENING)),
            icon="headphones",
            width=300,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="check",
        )
        self._begin = PushButton(
            tr("Begynn testen"),
            lambda: send(BeginHearing()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="headphones",
            test_id="primary",
        )
        self.add_widget(row(left, right, gap=theme.GAP))
        self._receive = PushButton(
            tr("Hent resultat"),
            lambda: send(OpenReceive()),
            icon="file-import",
            width=330,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="receive",
        )
        self._receive_slot = Slot(size_hint_x=None, width=0)
        self.add_widget(footer(self._begin, self._check, self._receive_slot, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw what the test will follow."""
        page, audiometer = desk.page, desk.station.audiometer
        if not isinstance(page, Hearing) or audiometer is None:
            return
        work = page.work
        self._show_protocol(work)
        self._show_device(audiometer)
        self._ear.show(work.first_ear)
        self._again.show(work.is_retest)
        self._before.say(_before(work))
        self._show_doubts(desk.station.quality)
        ready = work.protocol is not None and bool(work.protocol.level)
        self._begin.enable(ready)
        comes = audiometer.cable or audiometer.inbox
        self._receive_slot.width = self._receive.width if comes else 0
        self._receive_slot.put(self._receive if comes else None)

    def _show_protocol(self, work: HearingWork) -> None:
        one = work.protocol
        self._name.say(protocol_name(one.id) if one is not None else tr("Ingen protokoll"))
        if one is None:
            self._state.say("")
            self._levels.say("")
            return
        self._state.say(protocol_state(one), theme.WARN if one.gaps else theme.GOOD)
        self._levels.say(levels_text(one))

    def _show_doubts(self, quality: Quality) -> None:
        """The worst doubt first, the others below it."""
        order = (Tone.BAD, Tone.WARN, Tone.CALM, Tone.GOOD)
        doubts = sorted(quality.doubts, key=lambda one: order.index(DOUBTS[one].tone))
        if doubts:
            sign = DOUBTS[doubts[0]]
            others = " · ".join(doubt_text(one, quality) for one in doubts[1:])
            self._doubt.show(sign.icon, sign.tone, doubt_text(doubts[0], quality), others)
        self._doubt_place.put(self._doubt if doubts else None)

    def _show_device(self, audiometer: Audiometer) -> None:
        self._device.say(audiometer.device.name)
        day = audiometer.calibrated_on
        told = tr("Kalibrert {date}").format(date=date_text(day)) if day is not None else ""
        self._calibrated.say(told or tr("Datoen for kalibrering står ikke i oppsettet"))


def _before(work: HearingWork) -> str:
    if work.before is None:
        return ""
    day = date_text(work.before.at.astimezone().date())
    if work.before.awaited:
        return tr("Testet {date}. Ny test var avtalt.").format(date=day)
    return tr("Testet {date}. Begge testene blir tatt vare på.").format(date=day)
