"""Is this the right child? A person says so before the first value."""

from __future__ import annotations

from kiosk.desk.child_form import Identity, LookUp
from kiosk.desk.pages import Confirm
from kiosk.desk.state import Desk
from kiosk.features.identity import ConfirmChild, NotThisChild
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.widgets.boxes import Card, column, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.desk import LOOK_UPS, NUMBER_FAULTS
from kiosk.ui.words.phrases import age_text, long_date_text, number_text


class IdentityPage(Page):
    """First name and birth date very large; what needs a second look stands beside them."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._name = FitText("", size=theme.NAME, least=36, weight="bold", test_id="child-name")
        self._born = FitText(
            "", size=theme.BIRTH, least=36, weight="semibold", test_id="child-born"
        )
        self._age = FitText("", size=32, colour=theme.SUBTLE, test_id="child-age")
        for text, height in ((self._name, 128), (self._born, 84), (self._age, 56)):
            stand(text, height)
        self._look_up = Note(test_id="look-up")
        self._number = Note(test_id="number-warning")
        self._twins = Note(test_id="twins")
        self._typed = Note(test_id="name-warning")
        self._notes = column(gap=12, size_hint_x=None, width=theme.px(530))
        self._shown_notes: tuple[Note, ...] = ()
        asked = Text(
            tr("Be foresatte si barnets navn og fødselsdato."),
            size=theme.BODY,
            weight="semibold",
            colour=theme.PRIMARY,
        )
        who = column(asked, space(), self._name, self._born, self._age, space(), gap=0)
        card = Card(who, self._notes, orientation="horizontal", padding=28, gap=theme.GAP)
        self._no = PushButton(
            tr("Nei, søk på nytt"),
            lambda: send(NotThisChild()),
            icon="x",
            width=320,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="secondary",
        )
        self._yes = PushButton(
            tr("Ja, riktig barn"),
            lambda: send(ConfirmChild()),
            kind=Kind.PRIMARY,
            icon="check",
            test_id="primary",
        )
        self.add_widget(card)
        self.add_widget(footer(self._yes, self._no, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw the child to be confirmed."""
        page = desk.page
        if not isinstance(page, Confirm):
            return
        identity = page.identity
        child = identity.child
        self._name.say(child.given_name)
        self._born.say(tr("født {date}").format(date=long_date_text(child.birth_date)))
        self._age.say(age_text(child.birth_date, desk.station.today))
        self._show_notes(identity)

    def _show_notes(self, identity: Identity) -> None:
        sign = LOOK_UPS[identity.look_up]
        twins = tr("Har barnet en tvilling? Kontroller fornavnet ekstra nøye.")
        advice = twins if identity.look_up is LookUp.FOUND else tr(sign.advice)
        self._look_up.show(sign.icon, sign.tone, tr(sign.word), advice)
        notes = [self._look_up]
        if identity.same_day:
            self._twins.show(
                "alert-triangle",
                Tone.WARN,
                tr("Tvillinger?"),
                tr("Barnet før dette er født samme dag. Kontroller fornavnet ekstra nøye."),
            )
            notes.append(self._twins)
        if identity.number_fault is not None:
            title = number_text(identity.child.number)
            self._number.show(
                "alert-triangle", Tone.WARN, title, tr(NUMBER_FAULTS[identity.number_fault])
            )
            notes.append(self._number)
        if identity.typed_name:
            self._typed.show(
                "alert-triangle",
                Tone.WARN,
                tr("Du skrev {name}").format(name=identity.typed_name),
                tr("Journalen har et annet navn. Spør foresatte."),
            )
            notes.append(self._typed)
        self._place(tuple(notes))

    def _place(self, notes: tuple[Note, ...]) -> None:
        if notes == self._shown_notes:
            return
        self._shown_notes = notes
        self._notes.clear_widgets()
        for part in (space(), *notes, space()):
            self._notes.add_widget(part)
