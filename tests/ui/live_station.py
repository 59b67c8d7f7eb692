"""A station whose threads and devices answer at once, and pages on which a touch leads on."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from drivers.driver import Rhythm
from kiosk.desk.child_form import ChildForm, Field, LookUp
from kiosk.desk.drafts import ChangeDraft, Entry
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, LockForm, Screen
from kiosk.features.update import update
from kiosk.hearing.quality import NOTHING_TO_SAY
from kiosk.hearing.session import Kind, Step
from kiosk.model.slip import SlipState
from kiosk.model.visit import ChangeKind, Position, Quantity
from tests.desk.every import effects as e
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.desk.flat_desk import replaced as replace
from tests.ui import hearing_states as h
from tests.ui import states as s
from tests.ui.device_states import PORTS
from tests.ui.driver import FakeStation
from tests.ui.every_state import STATES

WHOLE = ChildForm(number=s.NUMBER, birth_date="14082026", active=Field.BIRTH_DATE)
OLDER = replace(s.NORA, number="02112212345", given_name="Per Olav")
CORRECTING = ChangeDraft(s.SAVED, ChangeKind.CORRECTED, s.WEIGHT.id)
ON_THE_WAY: dict[str, Desk] = {
    "pin-whole": replace(s.PIN, lock=LockForm("anne", "1234")),
    "pin-whole-audiometer": replace(
        s.PIN, lock=LockForm("anne", "1234"), audiometer=h.AUDIOMETER, protocols=(h.SCREENING,)
    ),
    "find-whole": replace(s.SIGNED_IN, form=WHOLE),
    "find-whole-move": replace(
        s.CHANGE,
        screen=Screen.FIND,
        form=WHOLE,
        changing=ChangeDraft(replace(s.SAVED, child=OLDER), ChangeKind.WRONG_CHILD),
    ),
    "identity-move": replace(
        s.CHANGE,
        screen=Screen.IDENTITY,
        identity=flat(s.IDENTITY).identity,
        changing=ChangeDraft(replace(s.SAVED, child=OLDER), ChangeKind.WRONG_CHILD),
    ),
    "identity-number": replace(
        s.STATES["done-numberless"],
        screen=Screen.IDENTITY,
        identity=flat(s.IDENTITY).identity,
        changing=ChangeDraft(s.STATES["done-numberless"].saved, ChangeKind.NUMBERED),
    ),
    "entry-twice": s.entry(
        quantity=Quantity.LENGTH, typed="61,2", first="61,2", position=Position.LYING
    ),
    "entry-odd": s.entry(quantity=Quantity.WEIGHT, typed="15,42", first="15,42"),
    "entry-further": replace(s.FILLED, screen=Screen.ENTRY, entry=Entry(Quantity.HEAD, "39", "39")),
    "entry-corrects": replace(
        s.CHANGE, screen=Screen.ENTRY, changing=CORRECTING, entry=Entry(Quantity.WEIGHT, "5", "5")
    ),
    "review-one": replace(s.REVIEW, visit=replace(s.VISIT, drafts=(s.WEIGHT,))),
    "measure-odd": s.measure(replace(s.OFFERED, offer=replace(s.offer("15.42"), grams=15420))),
    "measure-again": s.measure(s.OFFERED, s.WEIGHT),
    "measure-surprise": s.measure(s.OFFERED, s.HEAVY, earlier=s.EARLIER),
    "record-last": h.record(h.work(h.SCREENING, *h.heard()[:9])),
    "record-levels": h.record(replace(h.work(h.SCREENING, *h.HALF), strips=True)),
    "record-missed": h.record(h.work(h.SCREENING, *h.HALF, Step(Kind.AGAIN, h.Ear.LEFT, 1000))),
    "calibrate-last": s.calibrate(typed="5,0", seen=s.SEEN[:4]),
    "unfinished-two": replace(
        h.HEARING_STATES["find-unfinished-test"],
        unfinished=(
            h.LEFT_BEHIND,
            replace(
                h.LEFT_BEHIND,
                test=replace(
                    h.LEFT_BEHIND.test, session=replace(h.LEFT_BEHIND.test.session, id=UUID(int=78))
                ),
            ),
        ),
    ),
    "conflict-two": h.arrived(
        h.RECORD,
        replace(
            h.RECORD,
            sequence="2",
            tones=tuple(replace(one, level_db=Decimal(45)) for one in h.RECORD.tones[:2]),
        ),
    ),
    "audiogram-corrected": replace(
        h.drawn(replace(h.ALL, corrects=h.tested(h.MISSED))),
        visit=None,
        saved=h.SAVED_HEARING,
        changing=ChangeDraft(h.SAVED_HEARING, ChangeKind.CORRECTED),
    ),
}
"""Pages filled in so far that the next touch leads on."""

DESKS = {name: d for name, d in {**STATES, **ON_THE_WAY}.items() if not d.station.training}


class LiveStation(FakeStation):
    """A station with a real desk; threads and devices answer before anything is drawn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.root = None
        self.deaf = False
        self.count = 0
        self._rules = DeskRules(languages=("nb", "nn", "en"), slip_languages=("nb", "nn", "ar"))

    def touch(self, message: m.Touch) -> None:
        super().touch(message)
        if not self.deaf:
            self.take(message)
            self._lie_still()
            self.root.render(self.desk)

    def take(self, message: object) -> None:
        """Let the desk have it, and every answer that follows."""
        self.count += 1
        moment = m.Moment(100.5, s.NOON, 60, s.TODAY, UUID(int=9000 + self.count))
        self.desk, wanted = update(self.desk, message, moment, self._rules)
        for effect in wanted:
            for news in answers(effect, self.desk):
                self.take(news)
        if any(isinstance(one, e.AskRetests) for one in wanted) and flat(self.desk).awaited is None:
            self.take(_retests(None, self.desk))

    def after(self, messages: tuple[m.Touch, ...]) -> Desk:
        """The desk as it would be after these, with nothing drawn and nothing remembered."""
        desk, count = self.desk, self.count
        for message in messages:
            self.take(message)
        self._lie_still()
        would, self.desk, self.count = self.desk, desk, count
        return would

    def _lie_still(self) -> None:
        """The scale goes on sending what lies on it, if it is one that does."""
        once = self.desk.station.weighing.rhythm is Rhythm.ONCE
        shown = None if once else self.desk.station.weighing.shown
        for _ in range(3 if shown is not None and self.desk.screen is Screen.MEASURE else 0):
            self.take(s.stamped(shown))


def answers(effect: e.Effect, desk: Desk) -> tuple[object, ...]:
    """What the station's threads say, with everything going well."""
    say = SAY.get(type(effect))
    return (say(effect, desk),) if say is not None else ()


def _messages_without(effect, _desk: Desk) -> m.MessagesListed:
    return m.MessagesListed(tuple(one for one in s.SEVERAL if one.item_id != effect.item_id))


def _retests(effect, desk: Desk) -> m.RetestsListed:
    shown = flat(desk).awaited or flat(h.HEARING_STATES["retests"]).awaited
    return m.RetestsListed(tuple(one for one in shown if one.id != getattr(effect, "id", None)))


SAY = {
    e.CheckPin: lambda effect, _: m.PinChecked(effect.user_id, right=True),
    e.AskJournal: lambda effect, _: m.LookUpAnswered(
        effect.request, LookUp.FOUND.value, "Patient/7", "Nora"
    ),
    e.AskUnfinished: lambda _, __: m.UnfinishedListed((h.LEFT_BEHIND,)),
    e.SaveVisit: lambda effect, _: m.VisitSaved(effect.visit.id),
    e.SaveChange: lambda effect, _: m.ChangeSaved(effect.change.visit_id, effect.change.visit_id),
    e.ReadVisit: lambda effect, _: m.VisitRead(replace(s.SAVED, id=effect.visit_id)),
    e.SettleByHand: lambda effect, _: m.VisitRead(replace(s.SAVED, id=effect.visit_id)),
    e.PrintVisit: lambda effect, _: m.SlipChanged(effect.saved.id, SlipState.PRINTED),
    e.DrawSlip: lambda effect, _: m.SlipPreviewed(effect.saved.id, s.SLIP),
    e.GiveTicket: lambda _, __: m.TicketPrinted(14),
    e.ListToday: lambda _, __: m.TodayListed(s.LISTED),
    e.ListMessages: lambda _, __: m.MessagesListed(s.SEVERAL),
    e.RetryParked: _messages_without,
    e.ParkMessage: _messages_without,
    e.DiscardParked: _messages_without,
    e.ConfirmDelivered: _messages_without,
    e.KeepProfile: lambda _, __: m.ProfileKept(kept=True),
    e.AskQuality: lambda _, __: m.QualityTold(NOTHING_TO_SAY),
    e.TakeOffList: _retests,
    e.ListPorts: lambda _, __: m.PortsListed(PORTS),
    e.KeepScale: lambda _, __: m.DeviceKept(kept=True),
    e.KeepPrinter: lambda _, __: m.DeviceKept(kept=True),
    e.TrySlip: lambda effect, _: m.SlipTried(effect.address, sent=True),
    e.KeepFirstDay: lambda _, __: m.FirstDayKept("scale-1.toml"),
    e.AskHeld: lambda _, __: m.HeldListed((h.HELD,)),
}
