"""Finding the child: three fields in view, keys for the active one, a hint for the scanner."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.child_form import ChildForm, Field, LookUp
from kiosk.desk.pages import Find
from kiosk.desk.state import Desk
from kiosk.features.appearance import OpenMenu
from kiosk.features.entry import TypeKey
from kiosk.features.find import ActivateField, FindChild, WithoutNumber
from kiosk.features.today import OpenToday
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer, in_hand
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.field import Field as FieldBox
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.text import Text
from kiosk.ui.words.desk import FIELD_FAULTS, NUMBER_FAULTS
from kiosk.ui.words.phrases import DATE_MASK, number_text, typed_date_text

MENU_WIDTH = 150
FIELDS_HEIGHT = 166
FULL_NUMBER, FULL_DATE = 11, 8


class Guide(Card):
    """What to do with the active field: a large picture and two sentences."""

    def __init__(self) -> None:
        super().__init__(orientation="horizontal", padding=18, gap=theme.GAP)
        self.test_id = "find-guide"
        self._icon = Icon("barcode", size=76, colour=theme.PRIMARY)
        self._title = Text("", size=theme.LARGE, weight="semibold")
        self._text = Text("", size=theme.BODY, colour=theme.SUBTLE)
        self._more = Slot(hug=True)
        self.add_widget(self._icon)
        self.add_widget(column(space(), self._title, self._text, self._more, space(), gap=8))

    def show(self, icon: str, title: str, text: str, more: PushButton | None = None) -> None:
        """Say this, and offer one thing to do."""
        self._more.put(more)
        self._icon.show(icon, theme.PRIMARY)
        self._title.say(title)
        self._text.say(text)


class FindPage(Page):
    """Number, birth date, first name. The pad follows the active field."""

    def __init__(self, send: Send) -> None:
        super().__init__(orientation="vertical", spacing=theme.px(18))
        self._build_fields(send)
        self._find = PushButton(
            tr("Finn barnet"),
            lambda: send(FindChild()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="search",
            test_id="primary",
        )
        self._left = Slot()
        self._today = PushButton(
            tr("Dagens liste"),
            lambda: send(OpenToday()),
            icon="clock",
            size=theme.BODY,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="today",
        )
        self._menu = PushButton(
            tr("Mer"),
            lambda: send(OpenMenu()),
            icon="dots",
            size=theme.BODY,
            width=MENU_WIDTH,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="menu",
        )
        self._others = row(self._today, self._menu, gap=18)
        self._numberless = PushButton(
            tr("Barnet har ikke nummer ennå"),
            lambda: send(WithoutNumber()),
            size=theme.SMALL,
            height_mm=theme.TOUCH_MIN,
            test_id="numberless",
        )
        self._footer = footer(self._find, self._left)
        self._pad_notice, self._board_notice = Slot(hug=True, below=18), Slot()
        self._guide = Guide()
        self._keypad = Keypad(lambda key: send(TypeKey(key)))
        self._keypad.size_hint_x = None
        self._keypad.width = theme.px(KEYPAD_WIDTH)
        self._keyboard = Keyboard(lambda key: send(TypeKey(key)))
        self._lower = BoxLayout()
        self.add_widget(self._lower)
        self._letters: bool | None = None

    def _build_fields(self, send: Send) -> None:
        def box(label: str, field: Field) -> FieldBox:
            act = partial(send, ActivateField(field))
            return FieldBox(label, act, test_id=f"field-{field.value}")

        self._number = box(tr("Fødselsnummer"), Field.NUMBER)
        self._born = box(tr("Fødselsdato"), Field.BIRTH_DATE)
        self._name = box(tr("Fornavn"), Field.GIVEN_NAME)
        self.add_widget(
            row(
                self._number,
                self._born,
                self._name,
                gap=18,
                size_hint_y=None,
                height=theme.px(FIELDS_HEIGHT),
            )
        )

    def render(self, desk: Desk) -> None:
        """Draw the form and the keys for the active field."""
        page = desk.page
        if not isinstance(page, Find):
            return
        form, waiting, moves = page.form, page.look_up is LookUp.WAITING, page.under is not None
        self._arrange(letters=form.active is Field.GIVEN_NAME)
        self._today.enable(not moves)
        self._menu.enable(not moves)
        self.notice = self._board_notice if self._letters else self._pad_notice
        self._show_number(form)
        self._show_born(form)
        self._show_name(form, page.look_up)
        self._keyboard.capital(wanted=not form.given_name or form.given_name[-1] in " -")
        self._find.enable(not waiting)
        self._find.say(_find_text(form, waiting=waiting))
        self._numberless.enable(not moves)
        # Below a notice there is no room for it.
        offer = not form.number and desk.front.notice is None
        self._show_guide(form, waiting=waiting, offer=offer)

    def _show_number(self, form: ChildForm) -> None:
        fault = form.number_fault
        self._number.show(
            tr("uten nummer") if form.numberless else number_text(form.number),
            empty=tr("11 siffer"),
            active=form.active is Field.NUMBER,
            fault=tr(NUMBER_FAULTS[fault]) if fault else "",
            hint=tr("Målingene sendes når barnet har fått nummer") if form.numberless else "",
            good=len(form.number) >= FULL_NUMBER and fault is None,
        )

    def _show_born(self, form: ChildForm) -> None:
        fault = form.birth_date_fault
        self._born.show(
            typed_date_text(form.birth_date) if form.birth_date else "",
            empty=tr(DATE_MASK),
            active=form.active is Field.BIRTH_DATE,
            fault=tr(FIELD_FAULTS[fault]) if fault else "",
            hint="",
            good=len(form.birth_date) == FULL_DATE and fault is None,
        )

    def _show_name(self, form: ChildForm, look_up: LookUp) -> None:
        fault = form.given_name_fault
        asked = look_up in {LookUp.MISSING, LookUp.SEVERAL, LookUp.OFFLINE}
        asked = asked or form.numberless or bool(form.given_name)
        self._name.show(
            form.given_name,
            empty="–",
            active=form.active is Field.GIVEN_NAME,
            fault=tr(FIELD_FAULTS[fault]) if fault else "",
            hint="" if asked else tr("Hentes fra journalen"),
            good=bool(form.given_name) and fault is None,
        )

    def _show_guide(self, form: ChildForm, *, waiting: bool, offer: bool) -> None:
        if waiting:
            self._guide.show(
                "hourglass", tr("Spør journalen …"), tr("Svaret kommer av seg selv om litt.")
            )
        elif form.active is Field.NUMBER:
            self._guide.show(
                "barcode",
                tr("Skann strekkoden, eller tast nummeret"),
                tr("Fødselsnummer, D-nummer og hjelpenummer har 11 siffer, DUF-nummer 12."),
                self._numberless if offer else None,
            )
        else:
            self._guide.show(
                "mood-kid",
                tr("Spør foresatte om fødselsdatoen"),
                tr("To siffer for dag, to for måned og fire for år."),
            )

    def _arrange(self, *, letters: bool) -> None:
        if letters is self._letters:
            return
        self._letters = letters
        for part in (
            self._keypad,
            self._keyboard,
            self._footer,
            self._guide,
            self._pad_notice,
            self._board_notice,
        ):
            if part.parent is not None:
                part.parent.remove_widget(part)
        self._left.put(self._board_notice if letters else self._others)
        self._lower.clear_widgets()
        if letters:
            self._lower.add_widget(column(self._keyboard, self._footer, gap=18))
        else:
            beside = column(self._guide, stacked(self._pad_notice, self._footer), gap=18)
            self._lower.add_widget(row(*in_hand(self._keypad, beside), gap=theme.GAP))


def _find_text(form: ChildForm, *, waiting: bool) -> str:
    if waiting:
        return tr("Spør journalen …")
    return tr("Gå videre") if form.numberless else tr("Finn barnet")
