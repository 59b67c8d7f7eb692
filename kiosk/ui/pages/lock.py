"""The lock screen: who is there, and the personal PIN. Nothing of a child is on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.desk.state import Desk, LockForm, User
from kiosk.features.sign_in import ChooseUser, PinKey, SubmitPin
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import KEYPAD_WIDTH, Page, footer, in_hand
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dots import Dots
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import BoxText, FitText, Line, Text, stand

COLUMNS = 3
TILES = 9
TILE_HEIGHT, TILE_HEIGHT_FEW, FEW = 126, 188, 6
SHORTEST_PIN = 4


class Tile(Press):
    """One person who may sign in: initials and name."""

    def __init__(
        self, user: User, act: Callable[[], None], *, height: float, unfinished: bool
    ) -> None:
        super().__init__(
            act,
            spacing=theme.px(18),
            padding=theme.px(22),
            size_hint_y=None,
            height=theme.px(height),
            test_id=f"user-{user.id}",
        )
        self.paint = Paint(self, theme.SURFACE, theme.LINE)
        badge = BoxLayout(size_hint=(None, None), size=(theme.px(76), theme.px(76)))
        self._badge = Paint(badge, theme.PRIMARY_SOFT, radius=38)
        initials = Line(
            initials_of(user.display),
            size=26,
            weight="bold",
            colour=theme.PRIMARY,
            size_hint=(1, 1),
        )
        badge.add_widget(initials)
        self.add_widget(column(space(), badge, space(), gap=0, size_hint_x=None, width=badge.width))
        name = FitText(user.display, size=theme.LARGE, weight="semibold")
        below = FitText(tr("Påbegynt måling"), size=theme.SMALL, colour=theme.SUBTLE, least=18)
        for text, high in ((name, 44), (below, 30)):
            stand(text, high)
        words = (name, below) if unfinished else (name,)
        self.add_widget(column(space(), *words, space(), gap=0))

    def look(self) -> None:
        """Draw the state."""
        if self.down:
            self.paint.set(theme.PRIMARY_SOFT, theme.PRIMARY)
        else:
            self.paint.set(theme.SURFACE, theme.LINE)


def initials_of(display: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = display.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the tiles were laid from: people, whose work is unfinished, the first one, closed."""

    users: tuple[User, ...]
    owners: frozenset[str]
    first: int
    closed: bool


class LockPage(Page):
    """Tiles first; a touched tile brings the PIN pad."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._first = 0
        self._shown: Shown | None = None
        self._grid = GridLayout(cols=COLUMNS, spacing=theme.px(theme.GAP), size_hint_y=None)
        self._grid.bind(minimum_height=self._grid.setter("height"))
        self._tiles_notice, self._pin_notice = Slot(), Slot(hug=True, below=18)
        self._calm = row(
            Icon("shield-lock", size=30, colour=theme.SUBTLE),
            BoxText(
                tr("Når skjermen er låst, viser den ingenting om barn."),
                size=theme.SMALL,
                colour=theme.SUBTLE,
            ),
        )
        self._tiles_left = Slot()
        self._more = PushButton(
            tr("Flere navn"),
            self._next_tiles,
            icon="chevron-right",
            trailing=True,
            width=260,
            test_id="more",
        )
        self._more_slot = Slot(size_hint_x=None, width=0)
        self._tiles = column(
            self._grid, space(), footer(None, self._tiles_left, self._more_slot), gap=theme.GAP
        )
        self._build_pin(send)
        self._body = Slot()
        self.add_widget(self._body)

    def _build_pin(self, send: Send) -> None:
        self._dots = Dots(least=SHORTEST_PIN)
        self._hint = Text("", size=theme.BODY, colour=theme.SUBTLE, test_id="pin-hint")
        self._keypad = Keypad(lambda key: send(PinKey(key)))
        self._keypad.size_hint_x = None
        self._keypad.width = theme.px(KEYPAD_WIDTH)
        self._enter = PushButton(
            tr("Logg inn"),
            lambda: send(SubmitPin()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            test_id="primary",
        )
        title = row(
            Icon("shield-lock", size=44, colour=theme.PRIMARY),
            BoxText(tr("Din personlige PIN-kode"), size=theme.LARGE, weight="semibold"),
            gap=16,
            size_hint_y=None,
            height=theme.px(52),
        )
        card = Card(title, space(8), self._dots, space(4), self._hint, space(), padding=32)
        beside = column(card, stacked(self._pin_notice, footer(self._enter)), gap=18)
        self._pin = row(*in_hand(self._keypad, beside), gap=theme.GAP)

    def render(self, desk: Desk) -> None:
        """Draw the tiles, or the pad of the touched tile."""
        if desk.lock.user_id is None:
            self.notice = self._tiles_notice
            self._show_tiles(desk)
            self._tiles_left.put(self._calm if desk.front.notice is None else self._tiles_notice)
            self._body.put(self._tiles)
        else:
            self.notice = self._pin_notice
            self._show_pin(desk.lock)
            self._body.put(self._pin)

    def _show_pin(self, lock: LockForm) -> None:
        waits = lock.locked_until is not None
        self._dots.show(len(lock.pin))
        self._keypad.allow(typing=not waits and not lock.checking)
        self._enter.enable(not waits and not lock.checking and len(lock.pin) >= SHORTEST_PIN)
        self._enter.say(tr("Kontrollerer …") if lock.checking else tr("Logg inn"))
        if waits:
            self._hint.say(tr("En annen kan logge inn så lenge. Trykk «Tilbake»."))
        elif lock.checking:
            self._hint.say(tr("Et øyeblikk …"))
        else:
            self._hint.say(tr("Koden har minst fire siffer, og vises ikke."))

    def _show_tiles(self, desk: Desk) -> None:
        owners = frozenset(one.user.user_id for one in desk.parked)
        if self._first >= len(desk.station.users):
            self._first = 0
        self._tile(Shown(desk.station.users, owners, self._first, desk.front.notice is not None))

    def _tile(self, shown: Shown) -> None:
        """Lay the tiles anew where anything about them has changed."""
        if shown == self._shown:
            return
        self._shown = shown
        self._grid.clear_widgets()
        self._grid.cols = COLUMNS if shown.users else 1
        height = TILE_HEIGHT_FEW if len(shown.users) <= FEW else TILE_HEIGHT
        for user in shown.users[shown.first : shown.first + TILES]:
            choose = partial(self._send, ChooseUser(user.id))
            self._grid.add_widget(
                Tile(user, choose, height=height, unfinished=user.id in shown.owners)
            )
        if not shown.users:
            self._grid.add_widget(_nobody(closed=shown.closed))
        many = len(shown.users) > TILES
        self._more_slot.width = self._more.width if many else 0
        self._more_slot.put(self._more if many else None)

    def _next_tiles(self) -> None:
        if self._shown is None:
            return
        self._first += TILES
        if self._first >= len(self._shown.users):
            self._first = 0
        self._tile(replace(self._shown, first=self._first))


def _nobody(*, closed: bool) -> Text:
    """Say why there are no tiles: the station is closed for a reason, or it is new."""
    new = tr("Ingen kan logge inn ennå. Den som har ansvar for stasjonen, må legge inn brukere.")
    shut = tr("Stasjonen kan ikke brukes akkurat nå. Den prøver igjen av seg selv.")
    return Text(
        shut if closed else new,
        size=theme.LARGE,
        colour=theme.SUBTLE,
        test_id="no-users",
    )
