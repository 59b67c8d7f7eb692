"""The main job without a screen: the same desk, driven by a short list of steps.

For service over ssh and for acceptance checks. It walks the same state machine as the
touchscreen, so every rule of the desk holds here too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from drivers.driver import Rhythm
from kiosk.desk.child_form import Field, LookUp
from kiosk.desk.drafts import Question
from kiosk.desk.over import Doubt
from kiosk.desk.pages import Confirm, Find
from kiosk.desk.state import Desk
from kiosk.features.doubts import AnswerDoubt, LiesThere
from kiosk.features.entry import TypeKey
from kiosk.features.find import ActivateField, FindChild
from kiosk.features.identity import ConfirmChild
from kiosk.features.measure import AnswerOdd, TakeWeight
from kiosk.features.save import OpenReview, Save
from kiosk.features.slip import PrintSlip
from kiosk.features.status import Touched
from kiosk.model.slip import SlipState
from kiosk.model.visit import Delivery, OddReason
from kiosk.runtime.bus import Bus
from kiosk.runtime.loop import Runtime
from kiosk.weighing.child_on_scale import asks_whose
from kiosk.weighing.gate import Gate, Hold, Offer

SETTLED = frozenset({Delivery.DONE, Delivery.DELIVERED, Delivery.REJECTED})


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure and for whom. Times in seconds.

    ``display`` is what the scale's own display shows, where a person has looked at it.
    """

    number: str
    birth_date: date
    given_name: str
    slip: bool
    on_scale: bool
    odd_reason: OddReason | None
    wait_for_weight: float
    wait_for_journal: float
    display: Decimal | None = None


class Stopped(Exception):  # noqa: N818 - it names what happened
    """The job could not be finished. ``code`` is one of :data:`EXIT_CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


EXIT_CODES = {
    "accepted": 0,
    "delivered": 9,
    "queued": 3,
    "no-weight": 4,
    "identity": 5,
    "odd-value": 6,
    "not-saved": 7,
    "rejected": 8,
}
"""How ``kiosk measure`` ends. 2 is a wrong command line or configuration."""


class Headless:
    """Drives one runtime through one measurement."""

    def __init__(self, runtime: Runtime, bus: Bus, tell: Callable[[str], None]) -> None:
        self._runtime = runtime
        self._bus = bus
        self._tell = tell

    @property
    def desk(self) -> Desk:
        """The desk as it stands."""
        return self._runtime.desk

    def measure(self, order: Order) -> Desk:
        """Measure, save, print and forward; raises :class:`Stopped` where it cannot go on."""
        self._identify(order)
        self._weigh(order)
        self._save()
        if order.slip:
            self._print()
        self._await_journal(order)
        return self.desk

    def _identify(self, order: Order) -> None:
        touch = self._runtime.touch
        for field, text in (
            (Field.NUMBER, order.number),
            (Field.BIRTH_DATE, order.birth_date.strftime("%d%m%Y")),
            (Field.GIVEN_NAME, order.given_name),
        ):
            touch(ActivateField(field))
            for key in text:
                touch(TypeKey(key))
        touch(FindChild())
        self._until(lambda d: not _waits(d), 20.0)
        page = self.desk.page
        if not isinstance(page, Confirm) or page.identity.typed_name:
            raise Stopped("identity")
        touch(ConfirmChild())

    def _weigh(self, order: Order) -> None:
        if order.on_scale:
            self._say_who_lies_there(order)
        said: set[Hold] = set()
        for desk in self._waiting(order.wait_for_weight):
            offer = desk.station.weighing.offer
            if offer is not None and (not offer.compare or _is_on_display(offer, order)):
                self._runtime.touch(TakeWeight(offer.key))
                self._answer_whose(order)
            else:
                # Nobody is here to compare an unconfirmed value with the scale's own display.
                hold = desk.station.weighing.hold if offer is None else Hold.NOT_CONFIRMED
                if hold not in said:
                    said.add(hold)
                    self._tell(hold.value)
            if isinstance(self.desk.over, Question):
                self._answer(order)
            if self.desk.visit is not None and self.desk.visit.drafts:
                return
        raise Stopped("no-weight")

    def _say_who_lies_there(self, order: Order) -> None:
        """The command names the child and says that it is on the scale: the question's answer."""
        ready = (Gate.OPEN, Gate.CLOSED)
        once = self.desk.station.weighing.rhythm is Rhythm.ONCE
        self._until(
            lambda d: once or asks_whose(d.station.weighing) or d.station.weighing.gate in ready,
            order.wait_for_weight,
        )
        opening = self.desk.station.opening.id
        if opening is not None:
            self._runtime.touch(LiesThere(opening))

    def _answer_whose(self, order: Order) -> None:
        """A line from before the child was opened is this child's if the command says so."""
        opening = self.desk.station.opening.id
        if isinstance(self.desk.over, Doubt) and opening is not None:
            self._runtime.touch(AnswerDoubt(opening, yes=order.on_scale))

    def _answer(self, order: Order) -> None:
        if order.odd_reason is None:
            raise Stopped("odd-value")
        self._runtime.touch(AnswerOdd(order.odd_reason))
        if isinstance(self.desk.over, Question):
            raise Stopped("odd-value")

    def _save(self) -> None:
        self._runtime.touch(OpenReview())
        self._runtime.touch(Save())
        self._until(lambda d: d.visit is None or not d.visit.saving, 30.0)
        if self.desk.saved is None:
            raise Stopped("not-saved")

    def _print(self) -> None:
        self._runtime.touch(PrintSlip())
        waiting = {SlipState.QUEUED, SlipState.PRINTING}
        self._until(lambda d: d.saved is None or d.saved.slip not in waiting, 30.0)

    def _await_journal(self, order: Order) -> None:
        self._until(
            lambda d: d.saved is None or d.saved.delivery in SETTLED, order.wait_for_journal
        )

    def _until(self, reached: Callable[[Desk], bool], seconds: float) -> None:
        for desk in self._waiting(seconds):
            if reached(desk):
                return

    def _waiting(self, seconds: float) -> Iterator[Desk]:
        """The desk again and again, news taken in between, until the time is up."""
        deadline = time.monotonic() + seconds
        yield self.desk
        while time.monotonic() < deadline:
            self._runtime.feed(self._bus.wait(0.25))
            self._runtime.touch(Touched())
            self._runtime.tick()
            yield self.desk


def _waits(desk: Desk) -> bool:
    """Whether the journal is still asked for the child."""
    return isinstance(desk.page, Find) and desk.page.look_up is LookUp.WAITING


def _is_on_display(offer: Offer, order: Order) -> bool:
    """Whether a person read the same number from the display that the scale sent."""
    return order.display is not None and order.display == Decimal(offer.text)


def outcome_of(desk: Desk) -> str:
    """How a finished measurement ended, one of :data:`EXIT_CODES`."""
    delivery = desk.saved.delivery if desk.saved is not None else None
    if delivery is Delivery.DONE:
        return "accepted"
    if delivery is Delivery.DELIVERED:
        return "delivered"
    return "rejected" if delivery is Delivery.REJECTED else "queued"
