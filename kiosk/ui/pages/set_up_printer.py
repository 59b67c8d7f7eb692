"""Setting up a printer: a test slip, and a person says what stands on it."""

from __future__ import annotations

from kiosk.desk.pages import SetUpPrinter
from kiosk.desk.state import Desk
from kiosk.features.calibrate import BeginAnew, may_set_up
from kiosk.features.equipment import KeepDevice
from kiosk.features.set_up_printer import ChooseWidth
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
from kiosk.ui.widgets.text import BoxText, Text, stand
from kiosk.ui.words.set_up import Said, not_mine

WIDTHS = (384, 512, 576)
"""Those of the test slip; a test compares them with what a slip can be laid out for."""


class SetUpPrinterPage(Page):
    """What is asked above, the numbers below it."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(theme.GAP))
        self._name = Text("", size=theme.BODY, colour=theme.PRIMARY, weight="semibold")
        self._what = BoxText("", size=theme.LARGE, top=True, test_id="slip-what")
        stand(self._what, 124, lines=3)
        self._widths: Chips[int] = Chips(
            [*((width, str(width)) for width in WIDTHS), (0, tr("Ingen ark kom"))],
            lambda width: send(ChooseWidth(width)),
            test_id="slip-width",
            height_mm=theme.TOUCH_PRIMARY,
        )
        self._note = Note(test_id="slip-note")
        self._keep = PushButton(
            tr("Lagre skriveren"),
            lambda: send(KeepDevice()),
            kind=Kind.PRIMARY,
            icon="check",
            test_id="primary",
        )
        self._anew = PushButton(
            tr("Ny prøve"),
            lambda: send(BeginAnew()),
            deed=Deed.COMMITS,
            icon="printer",
            width=300,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="begin-anew",
        )
        self._anew_slot = Slot(size_hint_x=None, width=self._anew.width)
        card = Card(self._name, self._what, self._widths, space(), self._note, padding=28, gap=16)
        self.add_widget(row(card))
        self.add_widget(footer(self._keep, self._anew_slot, self.notice))

    def render(self, desk: Desk) -> None:
        """Draw what is known of the slip."""
        page = desk.page
        if not isinstance(page, SetUpPrinter):
            return
        self._name.say(" · ".join(part for part in (page.name, page.model) if part))
        self._what.say(_what(page))
        chosen = page.width or None
        self._widths.show(chosen, enabled=bool(page.sent) and not page.keeping)
        note = _note(page, may=may_set_up(desk))
        self._note.show(note.icon, note.tone, note.title, note.text)
        done = page.sent is not None and not page.keeping
        self._anew_slot.put(self._anew if done else None)
        self._keep.say(tr("Lagrer …") if page.keeping else tr("Lagre skriveren"))
        self._keep.enable(bool(page.width) and not page.keeping)


def _what(page: SetUpPrinter) -> str:
    if page.sent is None:
        return tr("En prøve skrives ut. Vent til arket er kuttet.")
    if not page.sent:
        return tr("Skriveren er ikke satt opp.")
    return tr("Finn den bredeste linjen der du ser begge pilene. Hvilket tall står på den?")


def _note(page: SetUpPrinter, *, may: bool) -> Said:
    if page.failed:
        told = tr("Det som gjaldt før, gjelder fortsatt. Prøv igjen, eller kontakt IKT-ansvarlig.")
        return Said("alert-triangle", Tone.BAD, tr("Det ble ikke lagret"), told)
    if page.sent is None:
        return Said("hourglass", Tone.CALM, tr("Skriver ut …"), tr("Det tar noen sekunder."))
    if not page.sent:
        told = tr("Sjekk at skriveren er på, har papir og at lokket er lukket. Prøv igjen.")
        return Said("alert-triangle", Tone.WARN, tr("Prøven kom ikke ut"), told)
    if page.width and not may:
        return not_mine()
    if page.width:
        told = tr("Skriveren brukes fra neste gang stasjonen starter.")
        return Said("circle-check", Tone.GOOD, tr("Arket er lest"), told)
    told = tr("Ser du ikke begge pilene på noen linje, ta den smaleste.")
    return Said("help-circle", Tone.CALM, tr("Se på arket"), told)
