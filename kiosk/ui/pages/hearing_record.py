"""Recording a hearing test: the tone that follows, three large keys, every answer in sight.

The person works the audiometer and looks at the child; the keys lie under one thumb.
"""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from drivers.hearing import Ear, Response, Tone
from kiosk.desk.hearing_work import HearingWork
from kiosk.desk.pages import Recording
from kiosk.desk.state import Desk
from kiosk.features.hearing.record import (
    AnswerCatch,
    AnswerTone,
    GiveNoResponse,
    LeaveLevel,
    OpenLevels,
    PickTone,
    StopHearing,
    UndoAnswer,
)
from kiosk.hearing import session as s
from kiosk.hearing.session import Kind as Answer
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer, in_hand
from kiosk.ui.parts.level_strip import LevelStrip
from kiosk.ui.port import Send
from kiosk.ui.theme import Rgba
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.audiogram_picture import Audiogram
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.text import FitText, stand
from kiosk.ui.widgets.tone_key import ToneKey
from kiosk.ui.words.hearing import EARS, LETTERS, key_text, letters

ROW_HEIGHT_MM = 12
LETTER_WIDTH = 44
DRAWING_WIDTH = 400
FOOT_WIDTH = 252


class HearingRecordPage(Page):
    """The tone and the answers so far left, the keys for the thumb right."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=0)
        self.notice = Slot()
        self._send = send
        self._order: tuple[int, ...] = ()
        self._keys: dict[tuple[Ear, int], ToneKey] = {}
        left = column(self._build_tone(), self._build_rows())
        left.spacing = theme.mm(theme.TOUCH_GAP)
        self._answers = self._build_answers(send)
        self._beside = self._build_beside(send)
        self._side = Slot(size_hint_x=None, width=theme.px(KEYPAD_WIDTH))
        sides = in_hand(left, self._side)
        self.add_widget(row(*sides, gap=theme.GAP))
        self.add_widget(space(20))
        self._foot_row, self._foot_place = self._build_foot(send), Slot()
        # What is told stands in place of the lower keys: the levels keep their size.
        below = row(self._foot_place, self.notice, gap=0, size_hint_y=None)
        below.height = self._foot_row.height
        self.add_widget(below)

    def _build_tone(self) -> BoxLayout:
        self._ear = FitText("", size=36, least=20, weight="bold", test_id="tone-ear")
        self._hz = FitText("", size=theme.DISPLAY, least=24, weight="bold", test_id="tone-hz")
        self._db = FitText("", size=36, least=20, weight="semibold", test_id="tone-db")
        self._hint = FitText("", size=theme.SMALL, least=18, colour=theme.SUBTLE)
        heights = ((self._ear, 52), (self._hz, 62), (self._db, 52), (self._hint, 32))
        for text, height in heights:
            stand(text, height)
        words = Card(space(), self._ear, self._hz, self._db, self._hint, space(), gap=2, padding=16)
        self._drawing = Audiogram(letters=letters())
        self._drawn = Card(self._drawing, padding=6)
        self._strip = LevelStrip(self._send)
        self._middle = Slot(size_hint_x=None)
        return row(words, self._middle, gap=theme.GAP_SMALL)

    def _build_rows(self) -> BoxLayout:
        self._rows = {ear: row(gap=theme.GAP_SMALL) for ear in s.OTHER}
        for line in self._rows.values():
            line.spacing = theme.mm(theme.TOUCH_GAP)
        lines = []
        for ear, line in self._rows.items():
            letter = FitText(
                tr(LETTERS[ear]),
                size=theme.TITLE,
                weight="bold",
                colour=_ink(ear),
                align="center",
                size_hint_x=None,
                width=theme.px(LETTER_WIDTH),
            )
            lines.append(row(letter, line, gap=6))
        both = column(*lines, size_hint_y=None)
        both.spacing = theme.mm(theme.TOUCH_GAP)
        both.height = 2 * theme.mm(ROW_HEIGHT_MM) + both.spacing
        return both

    def _build_answers(self, send: Send) -> BoxLayout:
        heard = PushButton(
            tr("Hørt"),
            partial(send, AnswerTone(Answer.HEARD)),
            kind=Kind.PRIMARY,
            deed=Deed.ANSWERS,
            icon="check",
            size=36,
            size_hint_y=1.6,
            test_id="heard",
        )
        not_heard = PushButton(
            tr("Ikke hørt"),
            partial(send, AnswerTone(Answer.NOT_HEARD)),
            icon="x",
            size=theme.TITLE,
            deed=Deed.ANSWERS,
            size_hint_y=1,
            test_id="not-heard",
        )
        again = self._small(tr("Prøv igjen"), AnswerTone(Answer.AGAIN), "repeat", "again")
        skip = self._small(tr("Hopp over"), AnswerTone(Answer.SKIPPED), "chevron-right", "skip")
        cannot = self._small(tr("Kan ikke"), AnswerTone(Answer.IMPOSSIBLE), "ban", "impossible")
        two = row(skip, cannot, size_hint_y=None, height=theme.mm(theme.TOUCH))
        two.spacing = theme.mm(theme.TOUCH_GAP)
        answers = column(heard, not_heard, again, two)
        answers.spacing = theme.mm(theme.TOUCH_GAP)
        return answers

    def _build_beside(self, send: Send) -> BoxLayout:
        """What stands beside the levels: no response, leave it, and the drawing."""
        self._none = PushButton(
            "",
            lambda: send(GiveNoResponse()),
            icon="x",
            deed=Deed.ANSWERS,
            height_mm=theme.TOUCH,
            test_id="no-response",
        )
        leave = PushButton(
            tr("La stå"),
            lambda: send(LeaveLevel()),
            icon="chevron-right",
            trailing=True,
            deed=Deed.ANSWERS,
            height_mm=theme.TOUCH,
            test_id="leave-level",
        )
        self._small_place = Slot()
        beside = column(self._small_place, self._none, leave)
        beside.spacing = theme.mm(theme.TOUCH_GAP)
        return beside

    def _small(self, text: str, touch: AnswerTone, icon: str, name: str) -> PushButton:
        return PushButton(
            text,
            partial(self._send, touch),
            deed=Deed.ANSWERS,
            icon=icon,
            icon_size=28,
            tight=True,
            size=theme.BODY,
            height_mm=theme.TOUCH,
            test_id=name,
        )

    def _build_foot(self, send: Send) -> BoxLayout:
        self._undo = self._foot(tr("Angre"), "arrow-back-up", "undo", Deed.ANSWERS)
        self._undo.act = lambda: send(UndoAnswer())
        quiet = self._foot(tr("Uten tone: stille"), "circle-check", "catch-silent", Deed.ANSWERS)
        quiet.act = lambda: send(AnswerCatch(answered=False))
        false = self._foot(
            tr("Uten tone: svarte"), "alert-triangle", "catch-answered", Deed.ANSWERS
        )
        false.act = lambda: send(AnswerCatch(answered=True))
        self._levels = self._foot("", "adjustments", "levels")
        self._stop = self._foot(tr("Avslutt"), "hand-stop", "stop")
        self._stop.act = lambda: send(StopHearing())
        foot = footer(None, self._undo, quiet, false, self._levels, self._stop)
        foot.spacing = theme.mm(theme.TOUCH_GAP)
        foot.height = theme.mm(theme.TOUCH)
        return foot

    def _foot(self, text: str, icon: str, name: str, deed: Deed = Deed.LEADS) -> PushButton:
        return PushButton(
            text,
            lambda: None,
            deed=deed,
            icon=icon,
            icon_size=28,
            tight=True,
            size=theme.SMALL,
            size_hint_y=1,
            test_id=name,
        )

    def render(self, desk: Desk) -> None:
        """Draw the tone that is asked for and every answer so far."""
        page = desk.page
        if not isinstance(page, Recording) or page.work.session is None:
            return
        work, session = page.work, page.work.session
        self._show_keys(session)
        tones, given = work.tones, s.answers(session)
        self._drawing.show(tones)
        for tone in tones:
            place = tone.ear, tone.hz
            text = key_text(tone) if place in given else ""
            self._keys[place].show(text, _answer_ink(tone), current=place == work.place)
        self._show_tone(work, session)
        self._show_side(work, session)
        self._undo.enable(bool(session.steps))
        told = desk.front.notice is not None
        self._foot_place.put(None if told else self._foot_row)
        for place, used in ((self._foot_place, not told), (self.notice, told)):
            place.size_hint_x = 1 if used else None
            place.width = place.width if used else 0

    def _show_tone(self, work: HearingWork, session: s.Session) -> None:
        if work.place is None:
            return
        ear, hz = work.place
        asks = work.levels or work.strips
        self._ear.say(tr(EARS[ear]), _ink(ear))
        self._hz.say(f"{hz} Hz")
        self._db.say(tr("Hvilket nivå?") if asks else f"{session.level[hz]} dB")
        self._hint.say(_hint(work, session))

    def _show_side(self, work: HearingWork, session: s.Session) -> None:
        asks = work.levels or work.strips
        self._strip.offer(session.loudest)
        self._none.say(tr("Ikke svar på {db} dB").format(db=session.loudest))
        middle = self._strip if asks else self._drawn
        if self._middle.held is not middle:
            # The drawing goes from one place to the other; nothing may stand in two.
            self._small_place.put(None)
            self._middle.put(None)
            self._middle.width = self._strip.width if asks else theme.px(DRAWING_WIDTH)
            self._middle.put(middle)
            self._small_place.put(self._drawn if asks else None)
        self._side.put(self._beside if asks else self._answers)
        self._levels.say(tr("Hørt eller ikke") if work.strips else tr("Gi nivå"))
        strips = work.strips
        self._levels.act = lambda: self._send(OpenLevels(strips=not strips))

    def _show_keys(self, session: s.Session) -> None:
        if session.order == self._order:
            return
        self._order = session.order
        self._keys = {}
        for ear, line in self._rows.items():
            line.clear_widgets()
            for hz in session.order:
                key = ToneKey(
                    hz, partial(self._send, PickTone(ear, hz)), test_id=f"tone-{ear.value}-{hz}"
                )
                self._keys[ear, hz] = key
                line.add_widget(key)


def _hint(work: HearingWork, session: s.Session) -> str:
    assert work.place is not None
    again = s.given_again(session, *work.place)
    if again:
        return tr("Gitt {n} ganger").format(n=again + 1)
    trials, answered = s.catch_trials(session)
    if trials:
        return tr("Uten tone: {false} av {n} besvart").format(false=answered, n=trials)
    return tr("{n} av {all} toner").format(n=work.answered, all=2 * len(session.order))


def _ink(ear: Ear) -> Rgba:
    return {Ear.RIGHT: theme.EAR_RIGHT, Ear.LEFT: theme.EAR_LEFT}.get(ear, theme.INK)


def _answer_ink(tone: Tone) -> Rgba:
    missed = {Response.NO_RESPONSE, Response.NO_RESPONSE_LEVEL_UNKNOWN}
    return theme.WARN if tone.response in missed else theme.INK
