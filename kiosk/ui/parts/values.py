"""One measured quantity on a page: what it is, its value, how it came about, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from drivers.events import LinkState
from kiosk.desk.drafts import Draft
from kiosk.features.entry import OpenEntry
from kiosk.features.length import TakeLength
from kiosk.features.measure import RemoveDraft
from kiosk.language.texts import kg_text, tr
from kiosk.model.visit import Quantity
from kiosk.ui import theme
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Slot, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.growing import stands
from kiosk.ui.widgets.text import BoxText, FitText, stand
from kiosk.ui.words.desk import quantity_text
from kiosk.ui.words.phrases import change_text, earlier_text, how_text, value_text
from kiosk.ui.words.scale import BOARD_GONE, BOARD_WAITS, LENGTH_OFFERED
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.length import LengthOffer

BUTTONS_WIDTH = 190


class TakeLengthButton(PushButton):
    """Takes the length that was on the screen when the finger landed."""

    offered = ""
    landed_on = ""

    def pressed(self) -> None:
        """Remember which length the finger meant."""
        self.landed_on = self.offered


class ValueRow(BoxLayout):
    """A line of the measuring page: empty with a button to type, or filled."""

    def __init__(self, quantity: Quantity, send: Send) -> None:
        super().__init__(spacing=theme.px(12), padding=(theme.px(8), 0))
        self.test_id = f"row-{quantity.value}"
        self._quantity = quantity
        self._label = FitText(
            "", size=theme.SMALL, weight="semibold", colour=theme.SUBTLE, least=18
        )
        self._value = FitText("", size=30, weight="bold", test_id=f"value-{quantity.value}")
        self._how = FitText("", size=theme.SMALL, colour=theme.SUBTLE, least=18)
        self._words = column(space(), self._label, self._value, self._how, space(), gap=0)
        for text, height in ((self._label, 30), (self._value, 42), (self._how, 28)):
            stand(text, height)
        self._type = PushButton(
            tr("Skriv inn"),
            lambda: send(OpenEntry(quantity)),
            icon="keyboard",
            size=theme.SMALL,
            height_mm=theme.TOUCH,
            test_id=f"type-{quantity.value}-row",
        )
        change = PushButton(
            "",
            lambda: send(OpenEntry(quantity)),
            icon="pencil",
            height_mm=theme.TOUCH_MIN,
            test_id=f"change-{quantity.value}",
        )
        remove = PushButton(
            "",
            lambda: send(RemoveDraft(quantity)),
            deed=Deed.COMMITS,
            icon="trash",
            height_mm=theme.TOUCH_MIN,
            test_id=f"remove-{quantity.value}",
        )
        self._use = TakeLengthButton(
            tr("Bruk lengden"),
            self._take_offered,
            deed=Deed.COMMITS,
            size=theme.SMALL,
            height_mm=theme.TOUCH,
            test_id=f"take-{quantity.value}",
        )
        self._send = send
        self._both = row(change, remove, gap=18, size_hint_y=None, height=change.height)
        self._buttons = Slot(size_hint_y=None, height=self._type.height)
        side = column(space(), self._buttons, space(), gap=0)
        side.size_hint_x, side.width = None, theme.px(BUTTONS_WIDTH)
        self.add_widget(self._words)
        self.add_widget(side)
        self.show(None)

    def show(
        self,
        draft: Draft | None,
        *,
        proposed: bool = True,
        before: Earlier | None = None,
        offered: bool = False,
    ) -> None:
        """Show the value, or that there is none yet, what it was last time, what is usual.

        Where one is ``offered``, the buttons are left to :meth:`offer`.
        """
        position = draft.position if draft is not None else None
        self._label.say(quantity_text(self._quantity, position))
        self._value.say(value_text(draft) if draft is not None else "")
        stands(self._value, theme.px(42) if draft is not None else 0)
        missing = tr("ikke målt") if proposed else tr("ikke vanlig nå")
        if before is not None:
            missing = earlier_text(before)
        self._how.say(_short_how(draft) if draft is not None else missing)
        if not offered:
            self._hold(self._type if draft is None else self._both)

    def begun(self, both: str) -> None:
        """Say what adult and child weighed together while the adult alone is missing."""
        self._how.say(tr("begge {weight}").format(weight=both))

    def offer(self, offer: LengthOffer | None, board: LinkState | None) -> None:
        """Show a length that a device sent and nobody has taken, or how the board stands."""
        if offer is not None:
            self._value.say(kg_text(offer.text, offer.unit))
            stands(self._value, theme.px(42))
            self._how.say(tr(LENGTH_OFFERED))
            self._use.offered = offer.key
            self._hold(self._use)
        elif board is not None and self._buttons.held is self._type:
            ready = board in {LinkState.OPEN, LinkState.SILENT}
            self._how.say(tr(BOARD_WAITS if ready else BOARD_GONE))

    def _hold(self, held: Widget) -> None:
        self._buttons.height = held.height
        self._buttons.put(held)

    def _take_offered(self) -> None:
        self._send(TakeLength(self._use.landed_on))


def _short_how(draft: Draft) -> str:
    how = how_text(draft, reason=False)
    confirmed = tr("bekreftet")
    return f"{how} · {confirmed}" if draft.odd_reason is not None else how


class ReviewRow(BoxLayout):
    """A line to look over: quantity, value, and everything about how it came about."""

    def __init__(self, draft: Draft, before: Earlier | None = None) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = f"review-{draft.quantity.value}"
        name = BoxText(
            quantity_text(draft.quantity, draft.position),
            size=theme.BODY,
            weight="semibold",
            colour=theme.SUBTLE,
        )
        value = FitText(value_text(draft), size=40, weight="bold", align="right")
        said = (
            how_text(draft)
            if before is None
            else f"{how_text(draft)}\n{change_text(before, draft)}"
        )
        how = BoxText(said, size=theme.SMALL, colour=theme.SUBTLE)
        for text, share in ((name, 0.82), (value, 0.88), (how, 1.1)):
            text.size_hint_x = share
            self.add_widget(text)


@dataclass(frozen=True, slots=True)
class Told:
    """A saved value in words: what it is, the value, and how it came about."""

    name: str
    value: str
    how: str


def correction_row(told: Told, key: str, correct: Callable[[], None], *, tight: bool) -> BoxLayout:
    """A saved value with the button that corrects it; ``tight`` where there are many."""
    name = FitText(told.name, size=theme.SMALL, weight="semibold", colour=theme.SUBTLE, least=18)
    value = FitText(told.value, size=34, weight="bold")
    how = FitText(told.how, size=theme.SMALL, colour=theme.SUBTLE, least=18)
    for text, height in ((name, 30), (value, 38 if tight else 46), (how, 26 if tight else 28)):
        stand(text, height)
    lines: list[Widget] = [name, value, how]
    if tight:
        lines = [row(name, value, gap=12, size_hint_y=None, height=value.height), how]
    button = PushButton(
        tr("Rett"),
        correct,
        icon="pencil",
        width=170,
        height_mm=theme.TOUCH_MIN if tight else theme.TOUCH,
        test_id=f"correct-{key}",
    )
    side = column(space(), button, space(), gap=0, size_hint_x=None, width=button.width)
    return row(column(space(), *lines, space(), gap=0), side, gap=18)
