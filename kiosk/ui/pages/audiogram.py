"""The drawn audiogram, looked at before anything is saved."""

from __future__ import annotations

from drivers.hearing import Ear, Response
from kiosk.desk.hearing_work import HearingWork
from kiosk.desk.pages import Drawing
from kiosk.desk.state import Desk
from kiosk.features.hearing.audiogram import ConfirmAudiogram, SetKnown, SwapEars
from kiosk.features.hearing.record import UndoAnswer
from kiosk.features.hearing.steps import is_over
from kiosk.hearing import session as s
from kiosk.language.texts import tr
from kiosk.model import hearing_test
from kiosk.model.hearing_test import Result
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.audiogram_picture import Audiogram
from kiosk.ui.widgets.boxes import Card, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chip
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import BoxText, FitText, Text, stand
from kiosk.ui.words.audiometer_files import remarks_of
from kiosk.ui.words.hearing import (
    EARS,
    ENDS,
    ear_line,
    is_undecided,
    letters,
    missing_text,
    outcome_text,
    reliability_text,
    whole_text,
)
from kiosk.ui.words.phrases import date_text

SIGNS = {
    Result.NORMAL: ("circle-check", Tone.GOOD),
    Result.RETEST: ("calendar", Tone.WARN),
    Result.REFER: ("alert-triangle", Tone.WARN),
    Result.NOT_TESTABLE: ("calendar", Tone.WARN),
    Result.NOT_COMPLETED: ("calendar", Tone.WARN),
}
LINE_HEIGHT = 56
UNTESTED = Response.NOT_TESTED


class AudiogramPage(Page):
    """The drawing left; what it says in words, and what can be put right, beside it."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._drawing = Audiogram(letters=letters())
        drawn = Card(self._drawing, padding=8)
        self._lines = {
            ear: BoxText("", size=theme.BODY, top=True, test_id=f"read-{ear.value}")
            for ear in s.OTHER
        }
        names = {}
        for ear, line in self._lines.items():
            stand(line, LINE_HEIGHT, lines=2)
            colour = theme.EAR_RIGHT if ear is Ear.RIGHT else theme.EAR_LEFT
            names[ear] = Text(tr(EARS[ear]), size=theme.BODY, weight="bold", colour=colour)
        self._outcome = Note(test_id="outcome")
        self._doubts = BoxText("", size=theme.BODY, colour=theme.WARN, test_id="doubts")
        swap = PushButton(
            tr("Bytt ører"),
            lambda: send(SwapEars()),
            deed=Deed.COMMITS,
            icon="arrows-exchange",
            tight=True,
            height_mm=theme.TOUCH,
            test_id="swap",
        )
        self._known = Chip(
            tr("Kjent hørselstap"),
            self._toggle_known,
            deed=Deed.COMMITS,
            icon="check",
            icon_size=26,
            tight=True,
            height_mm=theme.TOUCH,
            test_id="known",
        )
        self._is_known = False
        both = row(swap, self._known, size_hint_y=None, height=swap.height)
        both.spacing = theme.mm(theme.TOUCH_GAP)
        ask = FitText(
            tr("Er høyre og venstre som på hodetelefonen?"),
            size=theme.BODY,
            least=18,
            weight="semibold",
        )
        stand(ask, 40)
        told = Card(
            *(part for ear in s.OTHER for part in (names[ear], self._lines[ear])),
            space(),
            self._outcome,
            space(),
            ask,
            both,
            gap=2,
            padding=16,
            size_hint_x=0.86,
        )
        self._confirm = PushButton(
            tr("Bekreft audiogrammet"),
            lambda: send(ConfirmAudiogram()),
            kind=Kind.PRIMARY,
            icon="check",
            test_id="primary",
        )
        self._undo = PushButton(
            tr("Angre"),
            lambda: send(UndoAnswer()),
            deed=Deed.ANSWERS,
            icon="arrow-back-up",
            width=220,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="undo",
        )
        sides = (told, drawn) if theme.left_handed() else (drawn, told)
        self.add_widget(row(*sides, gap=theme.GAP))
        self.add_widget(footer(self._confirm, self._undo, self._doubts, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw the audiogram and read it back."""
        page = desk.page
        if not isinstance(page, Drawing):
            return
        work = page.work
        tones = work.tones
        self._drawing.show(tones)
        # A device lists every frequency it has, a protocol only those that matter.
        read = tones if work.received is None else [t for t in tones if t.response is not UNTESTED]
        for ear, line in self._lines.items():
            line.say(ear_line(ear, read))
        self._show_outcome(work, desk)
        self._show_doubts(work, told=desk.front.notice is not None)
        self._undo.enable(work.received is None)
        self._confirm.enable(is_over(work))
        self._is_known = work.known
        self._known.choose(chosen=work.known)

    def _show_outcome(self, work: HearingWork, desk: Desk) -> None:
        outcome = work.outcome(desk.station.today)
        icon, tone = ("info-circle", Tone.CALM)
        undecided = is_undecided(outcome)
        if undecided:
            icon, tone = SIGNS[Result.NOT_COMPLETED]
        if outcome.result is not None:
            icon, tone = SIGNS.get(outcome.result, (icon, tone))
        end = work.session.end if work.session is not None else None
        why = tr(ENDS[end]) if end is not None and end is not hearing_test.End.WHOLE else ""
        missing = missing_text(outcome.missing)
        if outcome.result is None:
            head = tr("Ikke avgjort") if undecided else tr("Uten vurdering")
            self._outcome.show(icon, tone, why or head, whole_text(outcome))
        else:
            told = " · ".join(part for part in (why, missing[:1].upper() + missing[1:]) if part)
            self._outcome.show(icon, tone, outcome_text(outcome), told)

    def _show_doubts(self, work: HearingWork, *, told: bool) -> None:
        """What a person must know about the answers, where there is no notice to be read."""
        self._doubts.say("" if told else " · ".join(_doubts(work)))
        for place, used in ((self._doubts, not told), (self.notice, told)):
            place.size_hint_x = 1 if used else None
            place.width = place.width if used else 0

    def _toggle_known(self) -> None:
        self._send(SetKnown(not self._is_known))


def _doubts(work: HearingWork) -> list[str]:
    received = work.received
    if received is not None:
        at = received.last_tested_at
        when = [tr("Testet {date}").format(date=f"{date_text(at.date())} {at:%H:%M}")] if at else []
        return [*when, *remarks_of(received)]
    trials = s.catch_trials(work.session) if work.session is not None else (0, 0)
    return [text] if (text := reliability_text(*trials)) else []
