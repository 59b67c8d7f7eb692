"""Filling in a protocol and signing it. The numbers are the clinic's own."""

from __future__ import annotations

from functools import partial

from kivy.uix.widget import Widget

from kiosk.desk.pages import Signing
from kiosk.desk.state import Desk
from kiosk.features.hearing.protocol import (
    SetMissing,
    SetReferTo,
    SetRetestWeeks,
    SetScreeningLevel,
    SignProtocol,
    ToggleFrequency,
    may_sign,
)
from kiosk.hearing import filling
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.protocol import PassRule
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import Card, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chip, Chips
from kiosk.ui.widgets.text import BoxText, FitText
from kiosk.ui.words.hearing_day import FAULTS, LEVELS_DB, REFER_TO, WEEKS

LABEL_WIDTH = 190
NOBODY = ""
OTHER_DAYS = (-1, -1)
CHIP_MM = theme.TOUCH_MIN


class ProtocolPage(Page):
    """A line of choices for each thing a protocol says."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP_SMALL))
        self._frequencies = {
            hz: Chip(
                str(hz),
                partial(send, ToggleFrequency(hz)),
                icon="check",
                icon_size=22,
                tight=True,
                size=theme.BODY,
                size_hint_y=1,
                test_id=f"frequency-{hz}",
            )
            for hz in filling.choices().frequencies
        }
        frequencies = row(*self._frequencies.values(), size_hint_y=None)
        frequencies.spacing, frequencies.height = theme.mm(theme.TOUCH_GAP), theme.mm(CHIP_MM)
        self._level: Chips[int] = Chips(
            [(db, str(db)) for db in LEVELS_DB],
            lambda db: send(SetScreeningLevel(db)),
            test_id="screening-level",
            height_mm=CHIP_MM,
        )
        self._missing: Chips[int] = Chips(
            [(0, tr("Alle toner")), (1, tr("Alle unntatt én")), (2, tr("Alle unntatt to"))],
            lambda tones: send(SetMissing(tones)),
            test_id="missing",
            height_mm=CHIP_MM,
        )
        weeks = [(one, tr("{a}–{b} uker").format(a=one[0], b=one[1])) for one in WEEKS]
        self._weeks: Chips[tuple[int, int] | None] = Chips(
            [(None, tr("Ingen")), *weeks],
            lambda chosen: send(SetRetestWeeks(chosen)),
            test_id="weeks",
            height_mm=CHIP_MM,
        )
        self._refer: Chips[str] = Chips(
            [(NOBODY, tr("Ingen")), *((to, tr(to)) for to in REFER_TO)],
            lambda to: send(SetReferTo(to)),
            test_id="refer",
            height_mm=CHIP_MM,
        )
        choices = (
            (tr("Frekvenser, Hz"), frequencies),
            (tr("Nivå, dB HL"), self._level),
            (tr("Bestått når"), self._missing),
            (tr("Ny test etter"), self._weeks),
            (tr("Så henvises til"), self._refer),
        )
        lines = [self._line(text, widget) for text, widget in choices]
        body = Card(*lines, space(), gap=0, padding=14)
        body.spacing = theme.mm(theme.TOUCH_GAP)
        self._told = BoxText("", size=theme.SMALL, colour=theme.SUBTLE)
        self._sign = PushButton(
            tr("Godkjenn for helsestasjonen"),
            lambda: send(SignProtocol()),
            kind=Kind.PRIMARY,
            icon="signature",
            test_id="primary",
        )
        self.add_widget(body)
        self.add_widget(footer(self._sign, self._told, self.notice))

    def _line(self, text: str, choice: Widget) -> Widget:
        name = FitText(text, size=theme.SMALL, least=18, weight="semibold")
        name.size_hint_x, name.width = None, theme.px(LABEL_WIDTH)
        return row(name, choice, size_hint_y=None, height=theme.mm(CHIP_MM))

    def render(self, desk: Desk) -> None:
        """Draw what is chosen so far."""
        page = desk.page
        if not isinstance(page, Signing):
            return
        one = page.filling
        may = may_sign(desk)
        for hz, chip in self._frequencies.items():
            chip.choose(chosen=hz in one.order)
            chip.enable(may)
        levels = {one.level.get(hz) for hz in one.order}
        self._level.show(levels.pop() if len(levels) == 1 else None, enabled=may)
        self._missing.show(_missing(one), enabled=may)
        self._weeks.show(_weeks(one), enabled=may)
        self._refer.show(one.refer.to if one.refer is not None else NOBODY, enabled=may)
        self._sign.enable(may and not filling.faults(one))
        told = desk.front.notice is not None
        self._told.say("" if told else _told(one, desk, may=may))
        for place, used in ((self._told, not told), (self.notice, told)):
            place.size_hint_x = 1 if used else None
            place.width = place.width if used else 0


def _told(one: ProtocolDraft, desk: Desk, *, may: bool) -> str:
    if not may:
        return tr("Bare den som står i oppsettet, kan fylle ut og godkjenne en protokoll.")
    missing = filling.faults(one)
    if missing:
        return tr(FAULTS[missing[0]])
    name = desk.user.display if desk.user is not None else ""
    told = tr("{name} godkjenner for {clinic}. Hvert resultat sier hvilken versjon det fulgte.")
    return told.format(name=name, clinic=desk.station.clinic)


def _missing(one: ProtocolDraft) -> int | None:
    if one.passes is None:
        return None
    return 0 if one.passes.rule is PassRule.ALL else 2 * len(one.order) - one.passes.n


def _weeks(one: ProtocolDraft) -> tuple[int, int] | None:
    if one.retest is None:
        return None
    days = (one.retest.after_days_min or 0, one.retest.after_days_max or 0)
    weeks = (days[0] // 7, days[1] // 7)
    # What a shipped protocol says in days need not be among the choices.
    return weeks if weeks in WEEKS else OTHER_DAYS
