"""Measuring: the live scale left, what is measured so far right, name and birth date above."""

from __future__ import annotations

from kivy.uix.boxlayout import BoxLayout

from drivers.events import Stability
from kiosk.core.desk.messages import (
    ChildIsOnScale,
    OpenEntry,
    OpenReview,
    SetDress,
    TakeWeight,
)
from kiosk.core.desk.state import Desk
from kiosk.core.model import Dress, Quantity
from kiosk.core.weighing import Hold, Weighing
from kiosk.i18n import tr
from kiosk.ui import theme
from kiosk.ui.phrases import live_number
from kiosk.ui.port import Send
from kiosk.ui.screens.page import Page
from kiosk.ui.screens.values import ValueRow
from kiosk.ui.tones import Sign
from kiosk.ui.widgets.boxes import Card, Slot, column, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.sign import SignLine
from kiosk.ui.widgets.text import BoxText, stand
from kiosk.ui.widgets.value import Value
from kiosk.ui.wording import DRESSES
from kiosk.ui.wording_devices import COMPARE, HOLDS, READY, TAKEN

TYPE_INSTEAD = frozenset(
    {
        Hold.NO_SCALE,
        Hold.SILENT,
        Hold.RESTLESS,
        Hold.UNIT,
        Hold.UNCALIBRATED,
        Hold.DEVICE_ERROR,
        Hold.OVERLOAD,
    }
)
"""Where the scale cannot give a value, typing it is what stands under the card."""


class TakeButton(PushButton):
    """Takes the offer that was on the screen when the finger landed."""

    offered = ""
    landed_on = ""

    def pressed(self) -> None:
        """Remember which weighing the finger meant."""
        self.landed_on = self.offered


class MeasurePage(Page):
    """The live weight never moves anything on the page but its own digits and words."""

    def __init__(self, send: Send) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self.notice = Slot(hug=True, below=theme.GAP)
        self._send = send
        self._build_scale(send)
        self._build_values(send)

    def _build_scale(self, send: Send) -> None:
        self._sign = SignLine(size=30, icon=42, test_id="stability")
        self._advice = BoxText("", size=theme.BODY, colour=theme.SUBTLE, top=True, test_id="advice")
        stand(self._advice, 62, lines=2)
        self._value = Value()
        dresses = [(dress, tr(words)) for dress, words in DRESSES.items()]
        self._dress: Chips[Dress] = Chips(
            dresses, lambda dress: send(SetDress(dress)), test_id="dress"
        )
        card = Card(self._sign, self._advice, space(), self._value, space(), self._dress, gap=8)
        self._take = TakeButton(
            tr("Bruk vekten"), self._take_offered, kind=Kind.PRIMARY, icon="check", test_id="take"
        )
        self._on_scale = PushButton(
            tr("Barnet ligger på vekten"),
            lambda: send(ChildIsOnScale()),
            icon="check",
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="child-is-on-scale",
        )
        self._type = PushButton(
            tr("Skriv inn vekten"),
            lambda: send(OpenEntry(Quantity.WEIGHT)),
            icon="keyboard",
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="type-weight",
        )
        self._act = Slot(size_hint_y=None, height=theme.mm(theme.TOUCH_PRIMARY))
        self.add_widget(column(card, self._act, gap=theme.GAP, size_hint_x=1.3))

    def _build_values(self, send: Send) -> None:
        self._rows = {quantity: ValueRow(quantity, send) for quantity in Quantity}
        self._review = PushButton(
            tr("Se over og lagre"),
            lambda: send(OpenReview()),
            kind=Kind.PRIMARY,
            icon="chevron-right",
            trailing=True,
            test_id="primary",
        )
        card = Card(*self._rows.values(), gap=0, padding=16)
        self.add_widget(column(card, stacked(self.notice, self._review), gap=theme.GAP))

    def render(self, desk: Desk) -> None:
        """Draw the live weight and the values of the visit."""
        visit = desk.visit
        if visit is None:
            return
        drafts = {draft.quantity: draft for draft in visit.drafts}
        self._show_weight(desk.weighing, again=Quantity.WEIGHT in drafts)
        self._dress.show(visit.dress)
        self._show_action(desk.weighing, again=Quantity.WEIGHT in drafts)
        for quantity, line in self._rows.items():
            line.show(drafts.get(quantity))
        self._review.enable(bool(visit.drafts))

    def _show_weight(self, weighing: Weighing, *, again: bool) -> None:
        sign = _sign(weighing, again=again)
        self._sign.show(sign)
        self._advice.say(tr(sign.advice))
        reading = weighing.shown
        unit = reading.unit if reading is not None else ""
        self._value.show(live_number(reading), unit, taken_for_good=weighing.offer is not None)

    def _show_action(self, weighing: Weighing, *, again: bool) -> None:
        offer = weighing.offer
        self._act.put(self._action(weighing))
        self._take.offered = offer.key if offer is not None else ""
        self._on_scale.say(tr("Vei en gang til") if again else tr("Barnet ligger på vekten"))
        self._take.enable(offer is not None)
        self._take.say(_take_words(weighing, again=again))
        self._take.become(Kind.SECONDARY if again else Kind.PRIMARY)

    def _action(self, weighing: Weighing) -> BoxLayout:
        if weighing.offer is None and weighing.hold is Hold.NOT_NEW:
            return self._on_scale
        if weighing.offer is None and weighing.hold in TYPE_INSTEAD:
            return self._type
        return self._take

    def _take_offered(self) -> None:
        self._send(TakeWeight(self._take.landed_on))


def _take_words(weighing: Weighing, *, again: bool) -> str:
    offer = weighing.offer
    if offer is not None and offer.stability is Stability.UNKNOWN:
        return tr("Displayet viser det samme")
    return tr("Bytt til denne vekten") if again else tr("Bruk vekten")


def _sign(weighing: Weighing, *, again: bool) -> Sign:
    if weighing.offer is not None:
        return COMPARE if weighing.offer.stability is Stability.UNKNOWN else READY
    return TAKEN if again and weighing.hold is Hold.NOT_NEW else HOLDS[weighing.hold]
