"""Typing a value, twice. The first reading is out of sight while the second is typed."""

from __future__ import annotations

from kiosk.desk.drafts import Entry
from kiosk.desk.pages import Measure, Typing
from kiosk.desk.state import Desk
from kiosk.features.entry import SetPosition, SubmitEntry, TypeKey
from kiosk.language.texts import tr
from kiosk.model.quantities import MEASURED, POSITIONS
from kiosk.model.visit import Position
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.note import Note
from kiosk.ui.widgets.text import Line, Text
from kiosk.ui.widgets.value import Digits
from kiosk.ui.words.desk import ENTRY_FAULTS


class EntryPage(Page):
    """Keys left, what is typed right, the main action below it."""

    def __init__(self, send: Send) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self.notice = Slot(hug=True, below=18)
        keypad = Keypad(lambda key: send(TypeKey(key)), extra=",")
        keypad.size_hint_x, keypad.width = None, theme.px(KEYPAD_WIDTH)
        self._title = Text("", size=theme.LARGE, weight="semibold", test_id="entry-title")
        self._step = Text("", size=theme.BODY, colour=theme.PRIMARY, weight="semibold")
        self._typed = Digits(
            "", size=84, least=48, weight="semibold", test_id="entry-typed", align="right"
        )
        self._typed.size_hint_x, self._typed.width = None, theme.px(360)
        self._unit = Line("", size=40, colour=theme.SUBTLE)
        self._fault = Note(test_id="entry-fault")
        self._note = Slot(hug=True)
        self._note.put(self._fault)
        positions = [(position, tr(words)) for position, words in POSITIONS.items()]
        self._chips: Chips[Position] = Chips(
            positions, lambda position: send(SetPosition(position)), test_id="position"
        )
        self._position = Slot(hug=True, below=12)
        self._submit = PushButton(
            "", lambda: send(SubmitEntry()), kind=Kind.PRIMARY, test_id="primary"
        )
        number = row(self._typed, self._unit, space(), gap=16, size_hint_y=None)
        number.height = theme.px(92)
        card = Card(
            self._step,
            self._title,
            space(),
            number,
            space(),
            self._position,
            self._note,
            padding=28,
            gap=6,
        )
        self.add_side(keypad)
        self.add_side(column(card, stacked(self.notice, footer(self._submit)), gap=18))

    def render(self, desk: Desk) -> None:
        """Draw the reading being typed."""
        page = desk.page
        if not isinstance(page, Typing):
            return
        entry = page.entry
        second = entry.first is not None
        table = MEASURED[entry.quantity]
        self._title.say(tr(table.typing if isinstance(page.under, Measure) else table.correcting))
        self._step.say(tr("2 av 2: les av på nytt") if second else tr("1 av 2: første avlesning"))
        self._typed.say(entry.typed or "–", theme.INK if entry.typed else theme.SUBTLE)
        self._unit.say(table.unit)
        self._submit.say(tr("Bruk tallet") if second else tr("Neste"))
        self._submit.enable(bool(entry.typed))
        self._position.put(self._chips if table.taken else None)
        self._chips.show(entry.position)
        self._show_note(entry)

    def _show_note(self, entry: Entry) -> None:
        if entry.fault is not None:
            text = tr(ENTRY_FAULTS[entry.fault])
            self._fault.show("alert-triangle", Tone.WARN, tr("Se på tallet"), text)
        elif entry.first is not None:
            self._fault.show(
                "info-circle",
                Tone.CALM,
                tr("Skriv tallet en gang til"),
                tr("Les av på nytt. Slik oppdages tall som er byttet om."),
            )
        else:
            self._fault.show(
                "info-circle",
                Tone.CALM,
                tr("Tallet skrives to ganger"),
                tr(MEASURED[entry.quantity].example),
            )
