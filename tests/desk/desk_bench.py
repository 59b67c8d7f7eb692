"""A desk for tests: sends messages with a hand-cranked clock and keeps the effects."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from kiosk.desk.child_form import Field
from kiosk.desk.messages import Effect
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import User
from kiosk.features.find import AskJournal
from kiosk.features.update import update
from kiosk.model.performer import Device
from tests.desk.every import messages as m
from tests.desk.flat_desk import made, new
from tests.weighing.scale_stream import Stream

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NUMBER = "10915596784"
E = TypeVar("E")


class Bench:
    def __init__(self, rules: DeskRules | None = None) -> None:
        self.rules = rules or DeskRules(scale=Device("scale", "RADWAG", "radwag", "1"))
        self.stream = Stream()
        users = (User("anne", "Anne"), User("bo", "Bo"))
        self.desk = new(users, self.stream.state, "Solbakken helsestasjon")
        self.now = 100.0
        self.count = 0
        self.effects: list[Effect] = []

    def moment(self) -> m.Moment:
        self.count += 1
        wall = NOON + timedelta(seconds=self.now)
        return m.Moment(self.now, wall, 60, TODAY, UUID(int=self.count))

    def send(self, *messages: m.Message) -> Bench:
        for message in messages:
            self.now += 0.01
            self.desk, effects = update(self.desk, message, self.moment(), self.rules)
            self.effects.extend(effects)
        return self

    def last(self, kind: type[E]) -> E:
        return next(e for e in reversed(self.effects) if isinstance(e, kind))

    def of(self, kind: type[E]) -> list[E]:
        return [e for e in self.effects if isinstance(e, kind)]

    def keys(self, text: str) -> Bench:
        return self.send(*(m.TypeKey(c) for c in text))

    def wait(self, seconds: float) -> Bench:
        for _ in range(int(seconds)):
            self.now += 1
            self.send(m.Tick())
        return self

    def sign_in(self, user: str = "anne") -> Bench:
        self.send(m.ChooseUser(user), *(m.PinKey(c) for c in "1234"), m.SubmitPin())
        return self.send(m.PinChecked(user, right=True))

    def form(self, number: str = NUMBER, born: str = "10012026", name: str = "") -> Bench:
        self.send(m.ActivateField(Field.NUMBER)).keys(number)
        self.send(m.ActivateField(Field.BIRTH_DATE)).keys(born)
        return self.send(m.ActivateField(Field.GIVEN_NAME)).keys(name)

    def found(self, name: str = "Nora") -> Bench:
        self.form().send(m.FindChild())
        request = self.last(AskJournal).request
        return self.send(m.LookUpAnswered(request, "found", "Patient/7", name))

    def measuring(self) -> Bench:
        return self.sign_in().found().send(m.ConfirmChild())

    def scale(self, *texts: str, times: int = 3) -> Bench:
        """Let the scale show these weights, three stable frames each."""
        self.stream.state = self.desk.station.weighing
        if not self.stream.session:
            self.stream.opened()
        for text in texts:
            self.stream.now = max(self.stream.now, self.now)
            self.stream.weight(text, times=times)
            self.now = self.stream.now
        self.desk = made(self.desk, weighing=self.stream.state)
        return self

    def take(self) -> Bench:
        offer = self.desk.station.weighing.offer
        return self.send(m.TakeWeight(offer.key if offer else ""))

    def typed(self, text: str) -> Bench:
        return self.keys(text).send(m.SubmitEntry())
