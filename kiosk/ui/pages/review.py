"""Looking over: whose values they are, every value, and one button that saves them."""

from __future__ import annotations

from kiosk.desk.drafts import VisitDraft
from kiosk.desk.pages import Review
from kiosk.desk.state import Desk
from kiosk.features.save import Save
from kiosk.language.texts import tr
from kiosk.model.visit import Quantity
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.parts.hearing_values import HearingReviewRow
from kiosk.ui.parts.values import ReviewRow
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import Card, column, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.phrases import age_text, born_text

PLACES = 3
"""Lines the card has room for without standing closer."""


class ReviewPage(Page):
    """Name and birth date once more, large, over the values."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._shown: object = None
        self._name = FitText("", size=60, least=36, weight="bold", test_id="child-name")
        self._born = FitText("", size=36, weight="semibold", test_id="child-born")
        self._age = FitText("", size=theme.LARGE, colour=theme.SUBTLE)
        for text, height in ((self._name, 102), (self._born, 56), (self._age, 44)):
            stand(text, height)
        question = Text(
            tr("Er det riktig barn og riktige tall?"),
            size=theme.BODY,
            colour=theme.PRIMARY,
            weight="semibold",
        )
        who = Card(
            question,
            space(),
            self._name,
            self._born,
            self._age,
            space(),
            gap=0,
            padding=28,
            size_hint_x=0.72,
        )
        self._rows = column(gap=0)
        values = Card(self._rows, padding=28)
        body = column(gap=0)
        body.orientation, body.spacing = "horizontal", theme.px(theme.GAP)
        body.add_widget(who)
        body.add_widget(values)
        self._save = PushButton(
            "", lambda: send(Save()), kind=Kind.PRIMARY, icon="check", test_id="primary"
        )
        self.add_widget(body)
        self.add_widget(footer(self._save, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw what would be saved."""
        page = desk.page
        if not isinstance(page, Review):
            return
        visit = page.visit
        child = visit.child
        self._name.say(child.given_name)
        self._born.say(born_text(child.birth_date))
        self._age.say(age_text(child.birth_date, desk.station.today))
        self._show_rows(visit)
        self._save.enable(not visit.saving)
        name = tr("Lagre for {name}").format(name=child.given_name)
        self._save.say(tr("Lagrer …") if visit.saving else name)

    def _show_rows(self, visit: VisitDraft) -> None:
        if (visit.drafts, visit.earlier, visit.hearing) == self._shown:
            return
        self._shown = visit.drafts, visit.earlier, visit.hearing
        self._rows.clear_widgets()
        order = list(Quantity)
        for draft in sorted(visit.drafts, key=lambda draft: order.index(draft.quantity)):
            self._rows.add_widget(ReviewRow(draft, visit.before(draft.quantity)))
        for test in visit.hearing:
            self._rows.add_widget(HearingReviewRow(test))
        for _ in range(PLACES - len(visit.drafts) - len(visit.hearing)):
            self._rows.add_widget(space())
