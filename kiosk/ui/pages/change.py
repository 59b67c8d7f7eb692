"""What can be done about a visit that was saved: one value, the whole visit, or another child."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.drafts import Draft
from kiosk.desk.messages import Touch
from kiosk.desk.pages import Change
from kiosk.desk.state import Desk
from kiosk.features.change import CorrectValue, MoveVisit, WithdrawVisit
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.parts.hearing_values import hearing_change_row
from kiosk.ui.parts.values import Told, correction_row
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import Card, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.text import BoxText, Text, stand
from kiosk.ui.words.desk import quantity_text
from kiosk.ui.words.phrases import how_text, value_text

PLACES = 3
"""Lines that have room for three lines of text each; more of them stand tighter."""


class ChangePage(Page):
    """The values left, each with its button; the whole visit right."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._send = send
        self._shown: object = None
        self._rows = column(gap=0)
        values = Card(
            Text(tr("Ett tall er feil"), size=theme.LARGE, weight="semibold"),
            self._rows,
            padding=28,
            gap=14,
        )
        self._move = self._choice(
            tr("Feil barn"),
            tr("Målingene hører til et annet barn. De tas ut av dette barnets journal."),
            "arrows-exchange",
            MoveVisit(),
            "move",
        )
        self._withdraw = self._choice(
            tr("Trekk tilbake alt"),
            tr("Målingene skal ikke brukes. Journalen får beskjed."),
            "ban",
            WithdrawVisit(),
            "withdraw",
        )
        whole = Card(
            Text(tr("Alt er feil"), size=theme.LARGE, weight="semibold"),
            space(),
            self._move,
            space(),
            self._withdraw,
            space(),
            padding=28,
            gap=6,
            size_hint_x=0.8,
        )
        body = row(values, whole, gap=theme.GAP)
        self.add_widget(body)
        self.add_widget(footer(None, self.notice))

    def _choice(self, text: str, told: str, icon: str, touch: Touch, name: str) -> BoxLayout:
        button = PushButton(
            text,
            partial(self._send, touch),
            icon=icon,
            height_mm=theme.TOUCH,
            test_id=name,
        )
        words = BoxText(told, size=theme.SMALL, colour=theme.SUBTLE, top=True)
        stand(words, 60, lines=2)
        both = column(button, words, gap=8, size_hint_y=None)
        both.height = button.height + words.height + theme.px(8)
        return both

    def render(self, desk: Desk) -> None:
        """Draw the values as they hold now."""
        page = desk.page
        if not isinstance(page, Change):
            return
        saved = page.changing.saved
        if (saved.drafts, saved.hearing) == self._shown:
            return
        self._shown = saved.drafts, saved.hearing
        self._rows.clear_widgets()
        tight = len(saved.drafts) + len(saved.hearing) > PLACES
        for draft in saved.drafts:
            self._rows.add_widget(self._row(draft, tight=tight))
        for test in saved.hearing:
            self._rows.add_widget(hearing_change_row(test, self._send, tight=tight))
        for _ in range(PLACES - len(saved.drafts) - len(saved.hearing)):
            self._rows.add_widget(space())

    def _row(self, draft: Draft, *, tight: bool) -> BoxLayout:
        name = quantity_text(draft.quantity, draft.position)
        told = Told(name, value_text(draft), how_text(draft, reason=False))
        correct = partial(self._send, CorrectValue(draft.id))
        return correction_row(told, draft.quantity.value, correct, tight=tight)
