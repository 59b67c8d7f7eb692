"""A check before the first child: each ear and frequency listened to, one touch each."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from drivers.hearing import Ear
from kiosk.desk.pages import Checking
from kiosk.desk.state import Desk
from kiosk.features.hearing.check import AnswerCheck, KeepCheck, OpenCheck
from kiosk.hearing.quality import EARS, Check, CheckKind
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.text import BoxText, FitText
from kiosk.ui.widgets.tone_key import ToneKey
from kiosk.ui.words.hearing import EARS as EAR_NAMES
from kiosk.ui.words.hearing_day import CHECKS

KEY_MM = 15
EAR_WIDTH = 150
KINDS_WIDTH = 460


class HearingCheckPage(Page):
    """What to do above, a key for each tone below."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._levels: dict[int, int] = {}
        self._keys: dict[tuple[Ear, int], ToneKey] = {}
        self._told = BoxText("", size=theme.LARGE)
        self._kinds: Chips[CheckKind] = Chips(
            [(kind, tr(words[0])) for kind, words in CHECKS.items()],
            lambda kind: send(OpenCheck(kind)),
            test_id="check-kind",
        )
        self._kinds.size_hint_x, self._kinds.width = None, theme.px(KINDS_WIDTH)
        self._kinds.size_hint_y = 1
        head = row(self._told, self._kinds, gap=theme.GAP, size_hint_y=None)
        head.height = theme.mm(theme.TOUCH)
        self._rows = {ear: row(gap=0) for ear in EARS}
        lines = []
        for ear, line in self._rows.items():
            line.spacing = theme.mm(theme.TOUCH_GAP)
            lines.append(self._line(ear, line))
        body = Card(head, space(), *lines, space(), gap=0)
        body.spacing = theme.mm(theme.TOUCH_GAP)
        self._keep = PushButton(
            tr("Lagre sjekken"),
            lambda: send(KeepCheck()),
            kind=Kind.PRIMARY,
            icon="check",
            test_id="primary",
        )
        self.add_widget(body)
        self.add_widget(footer(self._keep, self.notice))

    def _line(self, ear: Ear, keys: BoxLayout) -> BoxLayout:
        colour = theme.EAR_RIGHT if ear is Ear.RIGHT else theme.EAR_LEFT
        name = FitText(tr(EAR_NAMES[ear]), size=theme.BODY, least=18, weight="bold", colour=colour)
        side = column(name, gap=0, size_hint_x=None, width=theme.px(EAR_WIDTH))
        return row(side, keys, size_hint_y=None, height=theme.mm(KEY_MM))

    def render(self, desk: Desk) -> None:
        """Draw what was answered so far."""
        page = desk.page
        if not isinstance(page, Checking):
            return
        check = page.check
        self._show_keys(check)
        self._kinds.show(check.kind)
        levels = sorted(set(check.level.values()))
        at = ", ".join(str(db) for db in levels)
        words = tr(CHECKS[check.kind][1])
        self._told.say(f"{words} {tr('Nivå {db} dB.').format(db=at)}")
        for place, key in self._keys.items():
            heard = check.heard.get(place)
            word = "" if heard is None else (tr("bra") if heard else tr("feil"))
            colour = theme.BAD if heard is False else theme.GOOD
            key.show(word, colour, current=False)
        self._keep.enable(check.whole)

    def _show_keys(self, check: Check) -> None:
        if dict(check.level) == self._levels:
            return
        self._levels = dict(check.level)
        self._keys = {}
        for ear, line in self._rows.items():
            line.clear_widgets()
            for hz in check.level:
                act = partial(self._send, AnswerCheck(ear, hz))
                name = f"check-{ear.value}-{hz}"
                key = ToneKey(hz, act, deed=Deed.COMMITS, test_id=name)
                self._keys[ear, hz] = key
                line.add_widget(key)
