"""Station, sessions, one thing over the page: held for every kind of news, and on random walks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from mypy import api

from drivers.driver import Line
from drivers.events import LinkState, LinkStatus, Reading, Stability
from drivers.events import Quantity as Measured
from kiosk.desk import lock_pages, page_stack
from kiosk.desk import pages as p
from kiosk.desk.child_form import LookUp
from kiosk.desk.drafts import Question
from kiosk.desk.hearing_work import EarlierTest
from kiosk.desk.messages import News
from kiosk.desk.notices import Notice
from kiosk.desk.over import Aside, Ask, Doubt, LookedAt, Placing, Preview, Second, SlipLanguages
from kiosk.desk.session import Locked, LockForm, Session
from kiosk.desk.state import Desk, User
from kiosk.features import ear
from kiosk.features.hearing.receive import arrivals
from kiosk.features.second_reading import Which
from kiosk.features.today import saved_again
from kiosk.features.update import HANDLERS, REGISTERED, update
from kiosk.hearing.arrivals import InboxState, key_of
from kiosk.hearing.follow_up import Settled, Settling
from kiosk.hearing.quality import CheckKind, Quality
from kiosk.hearing.session import Kind
from kiosk.model.hearing_test import End
from kiosk.model.listening import Likely
from kiosk.model.lists import Booked, Equipped, ListedVisit, PluggedIn, PortKind
from kiosk.model.outbox import DeliveryChanged, JournalState, OutboxCounts, OutboxStatus
from kiosk.model.slip import Paper, SlipPicture, SlipState
from kiosk.model.visit import (
    ChangeReason,
    Child,
    Delivery,
    Device,
    IdKind,
    OddReason,
    Position,
    Quantity,
)
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.gate import Weighing
from tests.desk.desk_bench import NOON, NUMBER, TODAY, Bench
from tests.desk.every import EFFECTS, NEWS, TOUCHES
from tests.desk.every import effects as e
from tests.desk.every import messages as m
from tests.features.hearing.hearing_bench import FOUR_NUMBER, SCREENING, HearingBench
from tests.features.hearing.test_day import awaited
from tests.features.hearing.test_receive import file, sent
from tests.features.hearing.test_record import cut_off
from tests.features.test_messages import STOPPED, WAITING
from tests.full import full

VISIT = UUID(int=4_711)


def test_every_message_has_one_handler_and_there_is_no_other():
    kinds = [one.kind for one in REGISTERED]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == set(HANDLERS) == {*TOUCHES, *NEWS}


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda one: one.__name__)
def test_an_effect_says_of_itself_which_news_answers_it_or_that_none_does(effect):
    assert "answered_by" in vars(effect)
    assert set(effect.answered_by) <= set(NEWS)


def test_no_two_kinds_are_called_the_same():
    names = [one.__name__ for one in (*TOUCHES, *NEWS, *EFFECTS)]
    assert len(names) == len(set(names))


WIRED = """\
from kiosk.desk.registering import on
from kiosk.features import sign_in
from kiosk.features.hearing import begin, protocol

on(sign_in.PinKey, sign_in.pin_key)
on(sign_in.PinKey, sign_in.choose_user)  # wrong
on(sign_in.SubmitPin, sign_in.submit_pin)
on(begin.SetFirstEar, begin.set_first_ear)
on(protocol.SetScreeningLevel, begin.set_first_ear)  # wrong
on(protocol.SetMissing, protocol.set_missing)
on(protocol.SetReferTo, protocol.set_missing)  # wrong
"""


def test_a_handler_of_another_message_fails_the_type_check(tmp_path):
    options = ["--strict", "--config-file=", f"--cache-dir={tmp_path}", "--follow-imports=silent"]
    told, _, _ = api.run([*options, "-c", WIRED])
    found = [int(number) for number in re.findall(r"<string>:(\d+): error", told)]
    wrong = [n for n, line in enumerate(WIRED.splitlines(), 1) if line.endswith("# wrong")]
    assert found == wrong, told


# --- news behind the lock is news before it ---------------------------------------------------


def look_up() -> Bench:
    return HearingBench().sign_in().form(name="Nora").send(m.FindChild())


def measured() -> Bench:
    return HearingBench().measuring().scale("0.000", "8.420").take()


def receiving() -> Bench:
    return HearingBench().open().send(m.OpenReceive())


def changing() -> Bench:
    bench = measured().send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(e.SaveVisit).visit.id), m.OpenChange(), m.WithdrawVisit())
    return bench.send(m.ConfirmChange(ChangeReason.OTHER))


STARTS: dict[str, Callable[[], Bench]] = {
    "look-up": look_up,
    "look-up-on-status": lambda: look_up().send(m.OpenStatus()),
    "identity": lambda: HearingBench().sign_in().found(),
    "measured": measured,
    "typing": lambda: measured().send(m.OpenEntry(Quantity.HEAD)).keys("39"),
    "leaving": lambda: measured().send(m.Back()),
    "saving": lambda: measured().send(m.OpenReview(), m.Save()),
    "status": lambda: measured().send(m.OpenStatus(), m.MessagesListed((STOPPED, WAITING))),
    "message": lambda: STARTS["status"]().send(m.LookAtMessage(STOPPED.item_id)),
    "today": lambda: HearingBench().sign_in().form().send(m.OpenToday()),
    "retests": lambda: HearingBench().sign_in().form().send(m.OpenRetests()),
    "hearing": lambda: HearingBench().open(),
    "recording": lambda: HearingBench().begun().heard(2),
    "receiving": receiving,
    "changing": changing,
}


def news_for(bench: Bench) -> dict[type, News]:
    """One of each kind, of what this desk waits for where it waits for something."""
    desk = bench.desk
    visit = desk.visit.id if desk.visit is not None else VISIT
    changed = desk.changing.saved.id if desk.changing is not None else VISIT
    child = Child(NUMBER, IdKind.NATIONAL, TODAY, "Emil")
    shown = replace(desk.saved or saved(child), id=changed)
    listed = ListedVisit(VISIT, NOON, "Emil", TODAY, (), Delivery.QUEUED)
    made: tuple[News, ...] = (
        m.LookUpAnswered(desk.station.requests, "found", "Patient/7", "Nora"),
        m.BookedListed((Booked("a", NOON, child),)),
        m.EarlierAnswered(visit, (Earlier(Quantity.WEIGHT, 8000, TODAY),)),
        m.SlipPreviewed(changed, SlipPicture(1, 1, b"\xff")),
        m.TicketPrinted(7),
        m.VisitSaved(visit, (UUID(int=9),)),
        m.VisitNotSaved(visit, Notice.DISK_FULL),
        m.SlipChanged(changed, SlipState.PRINTED),
        m.PrinterChanged(Paper.READY),
        m.DevicePlugged("FT232R", "usb-port:1-1.4", here=True),
        m.ProfileKept(kept=True),
        m.Heard(1, b"X1    4.236 kg\r\n"),
        m.EarLost(1, "unplugged"),
        m.Recognised(1, (LIKELY,), 90),
        m.EarTold(1, EVENT),
        m.PortsListed((PORT,)),
        m.SlipTried(PRINTER.address, sent=True),
        m.DeviceKept(kept=True),
        m.ScaleSet(EQUIPPED, Weighing("scale", 1), Device("scale", "KERN", "kern", "1")),
        m.FirstDayKept("scale-1.toml"),
        m.TodayListed((listed,)),
        m.VisitRead(shown),
        m.ChangeSaved(changed, changed),
        m.ChangeNotSaved(changed, Notice.CHANGE_NOT_SAVED),
        m.MessagesListed((WAITING,), OutboxCounts(1, 0, 0)),
        m.UsersChanged((User("anne", "Anne"), User("cecilie", "Cecilie"))),
        m.Trouble(Notice.DISK_LOW),
        m.PartsTold(Notice.PART_STOPPED),
        m.UnfinishedListed((cut_off(),)),
        m.TestedBeforeTold(visit, EarlierTest(NOON, awaited=True)),
        m.QualityTold(Quality(())),
        m.RetestsListed((awaited(1),)),
        m.ProtocolsChanged((replace(SCREENING, version="2"),)),
        m.HeldListed(()),
        m.FilesToTake((file(),)),
        m.InboxChanged(InboxState(held_name="x")),
        LinkStatus("audiometer", LinkState.LOST, 1),
        DeliveryChanged(UUID(int=9), changed, Delivery.DONE, None),
        OutboxStatus(JournalState.UNKNOWN, None, OutboxCounts(2, 0, 0)),
        sent(),
    )
    return {type(one): one for one in made}


LIKELY = Likely("kern", "KERN", {}, Line())
EQUIPPED = Equipped("KERN", "usb-port:1-1.4", "kern")
PORT = PluggedIn(PortKind.SCALE, "FT232R", "usb-port:1-1.4")
PRINTER = PluggedIn(PortKind.PRINTER, "TM-T20III", "usb:04b8:0e28:5839")
EVENT = Reading(Measured.WEIGHT, Decimal("4.236"), "kg", Stability.STABLE)


def saved(child: Child):
    bench = measured().send(m.OpenReview(), m.Save())
    return replace(saved_again(bench.last(e.SaveVisit).visit), child=child)


ONLY_AT_THE_DESK = {m.Tick, m.PinChecked}
"""The clock and the PIN are what locks and unlocks; they are no news for anybody's work."""


def told(desk: Desk) -> tuple[object, ...]:
    """A desk without the words that pass, and what begins anew at every opening by design."""
    station = replace(desk.station, opening=type(desk.station.opening)(), weighing=None)
    front = desk.front
    if isinstance(front, Session):
        front = replace(front.told(None), parked_on=None)
    return station, front, desk.parked


@pytest.mark.parametrize("start", STARTS)
def test_news_behind_the_lock_then_signed_in_is_news_after_signing_in(start):
    kinds = set(NEWS) - ONLY_AT_THE_DESK
    news = news_for(STARTS[start]())
    assert set(news) == kinds
    for one in news.values():
        orders = []
        for behind in (True, False):
            bench = STARTS[start]().send(m.Lock())
            at = bench.moment()
            steps = [m.ChooseUser("anne"), m.PinChecked("anne", right=True)]
            steps = [one, *steps] if behind else [*steps, one]
            for message in steps:
                bench.desk, _ = update(bench.desk, message, at, bench.rules)
            orders.append(told(bench.desk))
        if type(one) is type(sent()) and start == "receiving":
            # Nobody saw whose it is: it waits among what came, and is taken by a touch.
            assert len(orders[0][0].held) == len(orders[1][0].held) == 1
            continue
        assert orders[0] == orders[1], (start, type(one).__name__)


# --- random walks -----------------------------------------------------------------------------

OVER: dict[object, Any] = {
    Ask.LEAVING: p.Measure,
    Ask.REPRINTING: p.Done,
    Ask.PROTOCOLS: p.Hearing,
    Ask.STOPPING: p.Recording,
    Aside.MENU: p.Find,
    Question: p.Measure,
    Placing: p.Measure,
    Second: p.Measure,
    Doubt: p.Measure | p.Receive | p.Drawing,
    Preview: p.Done,
    SlipLanguages: p.Done,
    LookedAt: p.Status | lock_pages.StatusAtLock,
    Settling: p.Retests,
}
"""Over which page a thing may lie; help, the look and old work over any."""

NAMES = {"anne": ("Nora", NUMBER), "bo": ("Emil", FOUR_NUMBER)}
"""Each person measures a child of their own, so that a trace of the other one's is seen."""


def strings(one: object) -> Iterator[str]:
    """Every text that is anywhere in it, also what ``repr`` leaves out."""
    if isinstance(one, str):
        yield one
    elif is_dataclass(one) and not isinstance(one, type):
        for each in fields(one):
            yield from strings(getattr(one, each.name))
    elif isinstance(one, tuple | list | frozenset):
        for each in one:
            yield from strings(each)


class Walk:
    """Two people at one desk, whose questions are answered at some later time."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        # Every fourth walk is of somebody who sets devices up.
        self.technician = seed % 4 == 3
        self.bench = HearingBench()
        audiometer = replace(self.bench.desk.station.audiometer, cable=True, inbox=True)
        audiometer = replace(audiometer, approvers=("anne", "bo"))
        lines = self.random.random() < 0.7
        scale = Equipped("X1", "/dev/ttyUSB0", "taught", lines=lines)
        station = replace(self.bench.desk.station, audiometer=audiometer, teachable=True)
        station = replace(station, scale=scale, approvers=("anne",))
        self.bench.desk = replace(self.bench.desk, station=station)
        self.waiting: list[News] = []
        self.owner: dict[UUID, str] = {}
        self.seen: set[str] = set()
        self.listens: object = None

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.send(self.random.choice(self.choices())())
            self.check()
        self.answer_all()
        for session in self.sessions():
            found = page_stack.find(session.page, p.Find)
            assert found is None or found.look_up is not LookUp.WAITING

    def send(self, message: m.Message) -> None:
        bench, before = self.bench, self.bench.desk
        bench.now += 0.5
        bench.desk, effects = update(before, message, bench.moment(), bench.rules)
        if isinstance(message, m.Back):
            self.check_back(before)
        tasks = [one.task for one in effects if isinstance(one, e.Listen)]
        self.listens = tasks[-1] if tasks else self.listens
        assert self.listens == ear.wanted(bench.desk), "the ear listens for a page that is left"
        for effect in effects:
            self.waiting += self.answers(effect)

    def answer_all(self) -> None:
        for _ in range(1000):
            if not self.waiting:
                return
            self.send(self.waiting.pop(0))
        raise AssertionError("the answers never end")

    def sessions(self) -> list[Session]:
        desk = self.bench.desk
        return [*desk.parked, *([desk.session] if desk.session is not None else [])]

    # What is looked after at every step

    def check(self) -> None:
        desk = self.bench.desk
        self.seen.add(desk.screen)
        self.seen.add(str(desk.over if isinstance(desk.over, Ask | Aside) else type(desk.over)))
        over = desk.front.over
        where = OVER.get(over if isinstance(over, Ask | Aside) else type(over))
        assert where is None or isinstance(desk.page, where), (over, desk.page)
        if isinstance(desk.front, Locked):
            texts = set(strings(desk.front))
            assert not texts & {"Nora", "Emil", NUMBER, FOUR_NUMBER}
        for session in self.sessions():
            user, visit = session.user.user_id, session.visit
            if visit is not None:
                assert self.owner.setdefault(visit.id, user) == user
            other = NAMES["bo" if user == "anne" else "anne"]
            assert not set(strings(session.page)) & set(other), (user, session.page)
        people = [session.user.user_id for session in self.sessions()]
        assert len(people) == len(set(people))

    def check_back(self, before: Desk) -> None:
        was, now = before.front, self.bench.desk.front
        plain = Locked(look=was.look) if isinstance(was, Locked) else None
        says = now.notice in {Notice.STILL_SAVING, Notice.NO_WAY_BACK}
        assert now != was or says or was == plain or before.station.blanked, was

    # What the store, the journal and the printer say, at last

    def answers(self, effect: e.Effect) -> list[News]:
        luck, answer = self.random.random() < 0.8, ANSWERS.get(type(effect))
        return answer(self, effect, luck) if answer is not None else []

    def look_up(self, effect: e.AskJournal, luck: bool) -> list[News]:
        name = "Nora" if effect.number == NUMBER else "Emil"
        outcome = self.random.choice(["found", "found", "offline", "missing", "differs"])
        return [m.LookUpAnswered(effect.request, outcome, "Patient/7", name)]

    def visit_read(self, effect: e.ReadVisit, luck: bool) -> list[News]:
        found = [one.saved for one in self.sessions() if one.saved is not None]
        return [m.VisitRead(one) for one in found if one.id == effect.visit_id]

    # What may happen next

    def choices(self) -> list[Callable[[], m.Message]]:
        happens = [self.news, self.news, m.Back, self.touch, self.touch, self.touch, m.Tick]
        if self.bench.desk.user is None:
            return [*happens, self.sign_in, self.sign_in, self.sign_in]
        rare = [m.Lock] if self.random.random() < 0.2 else []
        return [*happens, self.way_on, self.way_on, self.way_on, self.way_on, *rare]

    def news(self) -> News:
        if self.waiting and self.random.random() < 0.7:
            return self.waiting.pop(self.random.randrange(len(self.waiting)))
        chance = self.random
        return chance.choice(
            [
                m.FilesToTake((file(FOUR_NUMBER),) if chance.random() < 0.5 else ()),
                LinkStatus("audiometer", chance.choice(list(LinkState)), 1),
                m.PartsTold(chance.choice([None, Notice.PART_STOPPED])),
                m.DevicePlugged("FT232R", "usb", here=chance.random() < 0.5),
                m.ProtocolsChanged((SCREENING,)),
                m.Trouble(Notice.DISK_LOW),
                m.PrinterChanged(Paper.READY),
                m.TodayListed(()),
                m.UsersChanged(self.bench.desk.station.users),
                sent(),
                self.weight(),
                m.Heard(self.bench.desk.station.requests, self.line()),
                m.EarLost(self.bench.desk.station.requests, "unplugged"),
                m.Recognised(self.bench.desk.station.requests, (LIKELY,), 90),
                m.EarTold(self.bench.desk.station.requests, EVENT),
            ]
        )

    def weight(self) -> m.Message:
        self.bench.scale("0.000", f"8.{self.random.randrange(400, 460)}")
        return m.Touched()

    def line(self) -> bytes:
        page = self.bench.desk.page
        teaches = isinstance(page, p.Calibrate) and page.calibrating.display
        return f"X1 {(teaches or '4,2').replace(',', '.'):>8} kg\r\n".encode() * 4

    def sign_in(self) -> m.Message:
        lock = self.bench.desk.lock
        if lock.user_id is None:
            return m.ChooseUser(self.random.choice(["anne", "bo"]))
        if len(lock.pin) < 4:
            return m.PinKey("1")
        return m.SubmitPin()

    def touch(self) -> m.Touch:
        """Anything at all that a finger could mean, whether it is offered now or not."""
        chance, desk = self.random, self.bench.desk
        opening = desk.station.opening.id or UUID(int=0)
        waits = self.waits()
        plain = [kind for kind in TOUCHES if not fields(kind)]
        offered: list[m.Touch] = [
            m.AnswerDoubt(opening, yes=chance.random() < 0.5),
            m.LiesThere(opening),
            m.AnswerOdd(OddReason.READ_AGAIN),
            m.ChooseReading(chance.choice(list(Which))),
            m.PlaceChild(Position.LYING),
            m.OpenEntry(chance.choice(list(Quantity))),
            m.TypeKey(chance.choice("0123456789,")),
            m.LookAtMessage(STOPPED.item_id),
            m.ConfirmChange(ChangeReason.OTHER),
            m.WeighWithAdult(chance.random() < 0.3),
            m.AnswerTone(chance.choice([Kind.HEARD, Kind.NOT_HEARD])),
            m.EndHearing(End.TIRED),
            m.OpenCheck(CheckKind.LISTENING),
            m.TakeArrival(chance.choice(waits)),
            m.DropArrival(chance.choice(waits)),
            m.SettleRetest(UUID(int=1)),
            m.ChooseSettled(Settled.MISTAKE),
        ]
        return chance.choice([chance.choice(plain)(), chance.choice(offered)])

    def way_on(self) -> m.Touch:
        """What somebody who knows the station would do on this page."""
        way = WAYS_ON.get(type(self.bench.desk.page))
        return way(self) if way is not None else m.Touched()

    def way_to_find(self) -> m.Touch:
        desk = self.bench.desk
        form = desk.page.form
        _, number = NAMES[desk.user.user_id]
        if self.technician and not form.number:
            return m.OpenStatus()
        if not form.number:
            return m.Scan(number)
        if len(form.birth_date) < 8:
            born = "10012026" if number == NUMBER else "02112022"
            return m.TypeKey(born[len(form.birth_date)])
        return m.FindChild()

    def waits(self) -> list[str]:
        return [key_of(one) for one in arrivals(self.bench.desk)] or ["none"]

    def way_to_draw(self) -> m.Touch:
        opening = self.bench.desk.station.opening.id
        if isinstance(self.bench.desk.over, Doubt) and opening is not None:
            return m.AnswerDoubt(opening, yes=True)
        return m.TakeArrival(self.waits()[0])

    def way_to_measure(self) -> m.Touch:
        desk, chance = self.bench.desk, self.random
        offer = desk.station.weighing.offer
        if not desk.visit.drafts and offer is not None:
            return m.TakeWeight(offer.key)
        entry = m.OpenEntry(chance.choice(list(Quantity)))
        return chance.choice([m.OpenReview(), m.OpenReview(), m.OpenHearing(), entry])


def _one_of(*kinds: Callable[[], m.Touch]) -> Callable[[Walk], m.Touch]:
    return lambda walk: (walk.random.choice(kinds) if kinds[1:] else kinds[0])()


WAYS_ON: dict[type, Callable[[Walk], m.Touch]] = {
    p.Find: Walk.way_to_find,
    p.Confirm: _one_of(m.ConfirmChild),
    p.Measure: Walk.way_to_measure,
    p.Review: _one_of(m.Save),
    p.Typing: _one_of(m.SubmitEntry),
    p.Done: _one_of(m.NextChild, m.OpenChange, m.PrintSlip),
    p.Change: _one_of(m.WithdrawVisit, m.MoveVisit),
    p.Hearing: _one_of(
        m.BeginHearing, m.OpenReceive, m.OpenReceive, m.OpenProtocols, m.OpenProtocol
    ),
    p.Receive: Walk.way_to_draw,
    p.Recording: _one_of(*[lambda: m.AnswerTone(Kind.HEARD)] * 8, m.StopHearing),
    p.Status: _one_of(m.OpenCalibration, m.OpenEquipment, lambda: m.LookAtMessage(STOPPED.item_id)),
    p.Equipment: _one_of(
        lambda: m.SetUpDevice(PORT.address), lambda: m.SetUpDevice(PRINTER.address), m.OpenFirstDay
    ),
    p.SetUp: _one_of(
        lambda: m.TypeKey("4"), m.SubmitDisplay, m.KeepDevice, m.SignFirstDay, m.TeachPort
    ),
    p.ComparingScale: _one_of(lambda: m.TypeKey("4"), m.SubmitDisplay, m.SignFirstDay),
    p.SetUpPrinter: _one_of(lambda: m.ChooseWidth(576), lambda: m.ChooseWidth(0), m.KeepDevice),
    p.Calibrate: _one_of(
        m.SubmitDisplay,
        lambda: m.TypeKey("1"),
        lambda: m.TypeKey("7"),
        m.LeaveOutLoad,
        m.KeepLearned,
        m.Back,
    ),
    p.Drawing: _one_of(m.ConfirmAudiogram),
}

ANSWERS: dict[type, Callable[[Walk, Any, bool], list[News]]] = {
    e.CheckPin: lambda _, one, luck: [m.PinChecked(one.user_id, right=luck, tries_left=3)],
    e.AskJournal: Walk.look_up,
    e.SaveVisit: lambda _, one, luck: [
        m.VisitSaved(one.visit.id) if luck else m.VisitNotSaved(one.visit.id, Notice.DISK_FULL)
    ],
    e.SaveChange: lambda _, one, luck: [
        m.ChangeSaved(one.change.visit_id, one.change.visit_id)
        if luck
        else m.ChangeNotSaved(one.change.visit_id, Notice.CHANGE_NOT_SAVED)
    ],
    e.ReadVisit: Walk.visit_read,
    e.PrintVisit: lambda _, one, luck: [m.SlipChanged(one.saved.id, SlipState.PRINTED)],
    e.DrawSlip: lambda _, one, luck: [m.SlipPreviewed(one.saved.id, SlipPicture(1, 1, b"\xff"))],
    e.ListMessages: lambda _, one, luck: [m.MessagesListed((STOPPED, WAITING) if luck else ())],
    e.AskRetests: lambda _, one, luck: [m.RetestsListed((awaited(1),))],
    e.ListPorts: lambda _, one, luck: [m.PortsListed((PORT, PRINTER) if luck else ())],
    e.KeepScale: lambda _, one, luck: [m.DeviceKept(kept=luck)],
    e.KeepPrinter: lambda _, one, luck: [m.DeviceKept(kept=luck)],
    e.TrySlip: lambda _, one, luck: [m.SlipTried(one.address, sent=luck)],
    e.KeepFirstDay: lambda _, one, luck: [m.FirstDayKept("scale-1.toml" if luck else "")],
    e.KeepProfile: lambda _, one, luck: [m.ProfileKept(kept=luck)],
    e.AskQuality: lambda _, one, luck: [m.QualityTold(Quality(()))],
}


STEPS = 500
TO_BE_SEEN = {*p.Screen, Ask.LEAVING, Ask.STOPPING, str(Question), str(LookedAt)}


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_no_walk_shows_what_is_not_ones_own_or_ends_in_a_dead_end():
    seen: set[str] = set()
    walks = full(100_000, 5_000) // STEPS
    for seed in range(4 * walks):
        # A walk that never comes to a page proves nothing of it: then some more are walked.
        if seed >= walks and seen >= TO_BE_SEEN:
            break
        walk = Walk(seed)
        try:
            walk.run(STEPS)
        except AssertionError as wrong:
            raise AssertionError(f"walk {seed}: {wrong}") from wrong
        seen |= walk.seen
    assert seen >= TO_BE_SEEN, TO_BE_SEEN - seen


def test_work_of_another_day_is_asked_about_and_may_be_dropped():
    for answer, kept in ((m.Back(), True), (m.NotThisChild(), False)):
        bench = measured().send(m.Lock())
        tomorrow = replace(bench.moment(), today=TODAY + timedelta(days=1))
        for message in (m.ChooseUser("anne"), m.PinChecked("anne", right=True)):
            bench.desk, _ = update(bench.desk, message, tomorrow, bench.rules)
        assert bench.desk.over is Ask.OLD_WORK
        bench.send(answer)
        assert (bench.desk.visit is not None) is kept
        assert bench.desk.over is None
        assert bench.send(m.Lock()).desk.parked == () or kept


def test_back_at_the_pin_pad_leads_to_the_tiles():
    bench = Bench().send(m.ChooseUser("anne"), m.PinKey("1"), m.Back())
    assert bench.desk.lock == LockForm()
