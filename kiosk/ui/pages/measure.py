"""Measuring: the live scale left, what is measured so far right, name and birth date above."""

from __future__ import annotations

from uuid import UUID

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.drafts import VisitDraft
from kiosk.desk.pages import Measure
from kiosk.desk.state import Desk
from kiosk.features.doubts import LiesThere
from kiosk.features.entry import OpenEntry
from kiosk.features.measure import ChildIsOnScale, SetDress, TakeWeight
from kiosk.features.save import OpenReview
from kiosk.features.with_adult import WeighWithAdult
from kiosk.language.texts import kg_text, tr
from kiosk.model.quantities import DRESSES
from kiosk.model.visit import Dress, Quantity
from kiosk.ui import theme
from kiosk.ui.pages.page import Page
from kiosk.ui.parts.hearing_values import HearingRow
from kiosk.ui.parts.scale_lines import LineChoice, is_choice, line_sign, speaks_once
from kiosk.ui.parts.values import ValueRow
from kiosk.ui.port import Send
from kiosk.ui.tones import Sign
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Card, Slot, column, row, space, stacked
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chip, Chips
from kiosk.ui.widgets.growing import stands
from kiosk.ui.widgets.sign import SignLine
from kiosk.ui.widgets.text import BoxText, FitText, stand
from kiosk.ui.widgets.value import Value
from kiosk.ui.words.phrases import live_number, live_unit
from kiosk.ui.words.scale import (
    ADULT,
    BOTH,
    CHILD,
    COMPARE,
    HOLDS,
    NOT_SEEN_EMPTY,
    READY,
    SHOWED_BEFORE,
    TAKEN,
    WHOSE,
    Weighed,
)
from kiosk.weighing import single_lines
from kiosk.weighing.child_on_scale import asks_whose
from kiosk.weighing.gate import Hold, Weighing
from kiosk.weighing.schedule import proposed

ADULT_WIDTH = 196
STEP_HEIGHT = 30

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
    """Takes the offer that was on the screen when the finger landed, with the number it had."""

    offered = ("", "")
    landed_on = ("", "")

    def pressed(self) -> None:
        """Remember which weighing the finger meant, and the number it saw."""
        self.landed_on = self.offered

    @property
    def has_moved(self) -> bool:
        """Whether the same weighing says another number by now."""
        return self.offered != self.landed_on and self.offered[0] == self.landed_on[0]


class MeasurePage(Page):
    """The live weight never moves anything on the page but its own digits and words."""

    def __init__(self, send: Send) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self.notice = Slot(hug=True, below=theme.GAP)
        self._send = send
        self._with_adult = False
        self._opening: UUID | None = None
        self._build_scale(send)
        self._build_values(send)

    def _build_scale(self, send: Send) -> None:
        self._sign = SignLine(size=27, icon=32, test_id="stability")
        self._advice = BoxText("", size=theme.BODY, colour=theme.SUBTLE, top=True, test_id="advice")
        stand(self._advice, 62, lines=2)
        self._value = Value()
        dresses = [(dress, tr(words)) for dress, words in DRESSES.items()]
        self._dress: Chips[Dress] = Chips(
            dresses, lambda dress: send(SetDress(dress)), test_id="dress"
        )
        self._adult = Chip(
            tr("Med voksen"),
            self._toggle_adult,
            kind=Kind.SECONDARY,
            icon="check",
            icon_size=26,
            tight=True,
            size=theme.BODY,
            width=ADULT_WIDTH,
            height_mm=theme.TOUCH_MIN,
            test_id="with-adult",
        )
        self._step = FitText("", size=theme.SMALL, weight="semibold", least=18, test_id="step")
        stand(self._step, STEP_HEIGHT)
        what = column(space(), self._step, self._sign, space(), gap=0)
        head = row(what, self._adult, size_hint_y=None, height=self._adult.height)
        card = Card(head, self._advice, space(), self._value, space(), self._dress, gap=8)
        self._take = TakeButton(
            tr("Bruk vekten"), self._take_offered, kind=Kind.PRIMARY, icon="check", test_id="take"
        )
        self._on_scale = PushButton(
            tr("Barnet ligger på vekten"),
            lambda: send(ChildIsOnScale()),
            deed=Deed.COMMITS,
            icon="check",
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="child-is-on-scale",
        )
        self._lies_there = PushButton(
            "",
            self._say_it_is_this_child,
            icon="check",
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            deed=Deed.COMMITS,
            test_id="lies-there",
        )
        self._lines = LineChoice(send)
        self._type = PushButton(
            tr("Skriv inn vekten"),
            lambda: send(OpenEntry(Quantity.WEIGHT)),
            icon="keyboard",
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            test_id="type-weight",
        )
        self._act = Slot(size_hint_y=None, height=theme.mm(theme.TOUCH_PRIMARY))
        self.add_side(column(card, self._act, gap=theme.GAP, size_hint_x=1.3))

    def _build_values(self, send: Send) -> None:
        self._rows = {quantity: ValueRow(quantity, send) for quantity in Quantity}
        self._review = PushButton(
            tr("Se over og lagre"),
            lambda: send(OpenReview()),
            kind=Kind.PRIMARY,
            deed=Deed.LEADS,
            icon="chevron-right",
            trailing=True,
            test_id="primary",
        )
        self._hearing = HearingRow(send)
        self._hearing_slot = Slot(hug=True)
        card = Card(*self._rows.values(), self._hearing_slot, gap=0, padding=16)
        self.add_side(column(card, stacked(self.notice, self._review), gap=theme.GAP))

    def render(self, desk: Desk) -> None:
        """Draw the live weight and the values of the visit."""
        page = desk.page
        if not isinstance(page, Measure):
            return
        visit, length = page.visit, desk.station.opening.length
        drafts = {draft.quantity: draft for draft in visit.drafts}
        weighed = _weighed(visit)
        again = Quantity.WEIGHT in drafts and visit.together is None
        self._opening = desk.station.opening.id
        self._show_weight(desk.station.weighing, weighed, visit.child.given_name, again=again)
        self._dress.show(visit.dress)
        self._with_adult = visit.with_adult
        self._adult.choose(chosen=self._with_adult)
        taken = again and desk.station.weighing.hold is Hold.NOT_NEW
        self._show_step("" if taken or not weighed.step else tr(weighed.step))
        self._lies_there.say(tr(weighed.yes).format(name=visit.child.given_name))
        self._show_action(desk.station.weighing, weighed, again=again)
        usual = proposed(visit.age_days)
        for quantity, line in self._rows.items():
            before = visit.before(quantity)
            line.show(
                drafts.get(quantity),
                proposed=quantity in usual,
                before=before,
                offered=quantity is Quantity.LENGTH and length is not None,
            )
        if visit.together is not None:
            self._rows[Quantity.WEIGHT].begun(kg_text(visit.together.text, visit.together.unit))
        self._rows[Quantity.LENGTH].offer(length, desk.station.strip.board)
        self._hearing.show(visit.hearing, page.hearing)
        self._hearing_slot.put(self._hearing if desk.station.audiometer is not None else None)
        self._review.enable(not visit.is_empty)

    def _show_weight(self, weighing: Weighing, weighed: Weighed, name: str, *, again: bool) -> None:
        if speaks_once(weighing):
            sign = line_sign(weighing, weighed, self._opening, name, again=again)
            reading, advice = single_lines.number_of(weighing), sign.advice
        else:
            sign, reading = _sign(weighing, again=again), weighing.shown
            asked = whose_text(weighing, weighed, name) if sign is WHOSE else ""
            advice = asked or _advice(sign, weighed)
        self._sign.show(sign)
        self._advice.say(tr(advice))
        number, unit = live_number(reading), live_unit(reading)
        self._value.show(number, unit, taken_for_good=weighing.offer is not None)

    def _show_step(self, step: str) -> None:
        """Say which weighing of two this is; takes no room where there is only one."""
        self._step.say(step)
        stands(self._step, theme.px(STEP_HEIGHT) if step else 0)

    def _toggle_adult(self) -> None:
        self._send(WeighWithAdult(not self._with_adult))

    def _say_it_is_this_child(self) -> None:
        if self._opening is not None:
            self._send(LiesThere(self._opening))

    def _show_action(self, weighing: Weighing, weighed: Weighed, *, again: bool) -> None:
        offer = weighing.offer
        self._lines.show(weighing)
        self._act.put(self._action(weighing))
        self._take.offered = (offer.key, offer.text) if offer is not None else ("", "")
        self._on_scale.say(tr("Vei en gang til") if again else tr(weighed.confirm))
        self._take.enable(offer is not None)
        self._take.say(_take_words(weighing, weighed, again=again))
        self._take.become(Kind.SECONDARY if again else Kind.PRIMARY)

    def _action(self, weighing: Weighing) -> BoxLayout:
        if is_choice(weighing):
            return self._lines
        if asks_whose(weighing):
            return self._lies_there
        if weighing.offer is None and weighing.hold is Hold.NOT_NEW:
            return self._on_scale
        if weighing.offer is None and weighing.hold in TYPE_INSTEAD:
            return self._type
        return self._take

    def _take_offered(self) -> None:
        if not self._take.has_moved:
            self._send(TakeWeight(self._take.landed_on[0]))


def _weighed(visit: VisitDraft) -> Weighed:
    """What is to stand on the scale now."""
    if not visit.with_adult:
        return CHILD
    return BOTH if visit.together is None else ADULT


def _advice(sign: Sign, weighed: Weighed) -> str:
    """The sign's advice, in the words of what is weighed."""
    words = {
        CHILD.put_on: weighed.put_on,
        CHILD.again: weighed.again,
        CHILD.done: weighed.done,
    }
    return words.get(sign.advice, sign.advice)


def _take_words(weighing: Weighing, weighed: Weighed, *, again: bool) -> str:
    offer = weighing.offer
    if offer is not None and offer.compare:
        return tr("Displayet viser det samme")
    return tr("Ta med denne også") if again and weighed is CHILD else tr(weighed.take)


def whose_text(weighing: Weighing, weighed: Weighed, name: str) -> str:
    """What is known of the load that lies there, and the question whose it is, by name."""
    lay = weighing.lay
    if lay is None:
        known = tr(NOT_SEEN_EMPTY)
    else:
        known = tr(SHOWED_BEFORE).format(value=kg_text(str(lay.value), lay.unit))
    return f"{known} {tr(weighed.whose).format(name=name)}"


def _sign(weighing: Weighing, *, again: bool) -> Sign:
    if asks_whose(weighing):
        return WHOSE
    if weighing.offer is not None:
        return COMPARE if weighing.offer.compare else READY
    return TAKEN if again and weighing.hold is Hold.NOT_NEW else HOLDS[weighing.hold]
