"""A desk with an audiometer, a child of four years and a protocol the clinic has signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from drivers.hearing import Response
from kiosk.desk.hearing_work import Audiometer
from kiosk.features.find import AskJournal
from kiosk.hearing.protocol import Pass, PassRule, Protocol, Retest, shipped
from kiosk.hearing.session import Kind
from kiosk.model.performer import Device
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import made

FOUR = "02112022"
FOUR_NUMBER = "02912299992"
HZ = (1000, 2000, 4000, 6000, 500)
SCREENING = Protocol(
    "no-4y",
    "1+1",
    "the clinic",
    (42, 66),
    HZ,
    dict.fromkeys(HZ, 20),
    passes=Pass(PassRule.ALL),
    retest=Retest(after_days_min=28, after_days_max=56),
    approved_by="Ingrid",
    approved_on=date(2026, 11, 2),
    hash="ab" * 32,
)
BLEKINGE = replace(shipped()["se-blekinge-4y"], approved_by="Ingrid", approved_on=date(2026, 11, 2))
AUDIOMETER = Audiometer(Device("audiometer", "SA 202", "by-hand", "1", "70411"), loudest=90)


class HearingBench(Bench):
    def __init__(self, *protocols: Protocol) -> None:
        super().__init__()
        offered = protocols or (SCREENING,)
        wanted = replace(AUDIOMETER, protocol=offered[0].id)
        self.desk = made(self.desk, audiometer=wanted, protocols=offered)

    def child(self, name: str = "Per", number: str = "") -> HearingBench:
        """Confirm a child; without a number nobody is asked."""
        if number:
            self.form(number, FOUR).send(m.FindChild())
            request = self.last(AskJournal).request
            self.send(m.LookUpAnswered(request, "found", "Patient/8", name))
        else:
            self.send(m.WithoutNumber()).keys(FOUR)
            self.send(m.ActivateField(m_field())).keys(name).send(m.FindChild())
        self.send(m.ConfirmChild())
        return self

    def open(self) -> HearingBench:
        self.sign_in()
        self.child()
        self.send(m.OpenHearing())
        return self

    def begun(self) -> HearingBench:
        self.open().send(m.BeginHearing())
        return self

    def heard(self, count: int) -> HearingBench:
        self.send(*(m.AnswerTone(Kind.HEARD) for _ in range(count)))
        return self

    @property
    def answers(self) -> list[tuple[Response, int | None]]:
        assert self.desk.hearing is not None
        return [
            (one.response, None if one.level_db is None else int(one.level_db))
            for one in self.desk.hearing.tones
        ]


def m_field():
    from kiosk.desk.child_form import Field

    return Field.GIVEN_NAME
