"""Every way from one child to another at the desk, and every kind of value that may come along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from drivers.audiogram_files.imported import FileFormat, FilePatient, Imported
from drivers.events import Event, LinkState, LinkStatus, Quantity, Reading, Stability, Stamped
from drivers.hearing import Ear, ToneRecord
from kiosk.desk.drafts import SavedVisit
from kiosk.desk.hearing_work import Left
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Screen
from kiosk.features.change import SaveChange
from kiosk.features.find import AskJournal
from kiosk.features.hearing.receive import arrivals
from kiosk.features.save import SaveVisit
from kiosk.hearing import session as s
from kiosk.hearing.arrivals import key_of
from kiosk.hearing.unfinished import Unfinished
from kiosk.hearing.waiting_files import WaitingFile
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.performer import Device
from kiosk.model.visit import ChangeReason, Child, Delivery, IdKind, OddReason, Position
from kiosk.model.visit import Quantity as Measured
from tests.desk.desk_bench import NOON
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.features.hearing.hearing_bench import SCREENING, HearingBench, m_field
from tests.features.hearing.test_receive import tones

HEAD = Measured.HEAD
BORN = date(2022, 11, 2)
TWINS = ("Nora", "Emil")
NUMBERS = {"Nora": "02912299992", "Emil": "02912299801"}
VISIT = UUID(int=70_001)
MOVED = UUID(int=70_002)
SCALE = Device("scale", "RADWAG", "radwag", "1")
BOARD = Device("board", "Board", "adam-muw", "1")


class Ways(HearingBench):
    """A desk with every device, whose clock walks, and two children of the same age."""

    def __init__(self) -> None:
        super().__init__()
        self.rules = DeskRules(scale=SCALE, length_board=BOARD)
        told = replace(self.desk.station.audiometer, cable=True, inbox=True)
        self.desk = made(self.desk, audiometer=told)
        self.files: tuple[WaitingFile, ...] = ()
        self.offered: set[str] = {""}
        self.pressed: set[str] = {""}
        self.openings: set[UUID] = set()
        self.sign_in()
        self.send(LinkStatus("scale", LinkState.OPEN, 1))

    def send(self, *messages: m.Message) -> Ways:
        super().send(*messages)
        if self.desk.station.weighing.offer is not None:
            self.offered.add(self.desk.station.weighing.offer.key)
        if flat(self.desk).length is not None:
            self.pressed.add(flat(self.desk).length.key)
        if self.desk.station.opening.id is not None:
            self.openings.add(self.desk.station.opening.id)
        return self

    # What devices say

    def say(self, event: Event, link: str) -> Ways:
        self.now += 0.1
        wall = NOON + timedelta(seconds=self.now)
        return self.send(Stamped(event, link, "x", "1", 1, self.now, wall))

    def shows(self, text: str, times: int = 4) -> Ways:
        for _ in range(times):
            self.say(Reading(Quantity.WEIGHT, Decimal(text), "kg", Stability.STABLE), "scale")
        return self

    def press(self, text: str, link: str = "board") -> Ways:
        return self.say(Reading(Quantity.LENGTH, Decimal(text), "cm", Stability.UNKNOWN), link)

    def record(self, record: ToneRecord) -> Ways:
        return self.say(record, "audiometer")

    def export(self, level: int) -> Ways:
        """The audiometer's program writes a file into the inbox."""
        wall = NOON + timedelta(seconds=self.now)
        imported = Imported(FileFormat.NOAH, FilePatient(""), (both_ears(level),))
        one = WaitingFile(f"{level:064x}", "x.xml", wall, imported)
        self.files = (*self.files, one)
        return self.send(m.FilesToTake(self.files))

    def lengths(self) -> list[str]:
        """What may be touched: the length that is offered, then those that are gone."""
        offered = [flat(self.desk).length.key] if flat(self.desk).length is not None else []
        return [*offered, *sorted(self.pressed.difference(offered))]

    # Answers by name

    def named(self, *, yes: bool = True) -> Ways:
        """Answer whatever is asked by the child's name now."""
        opening = self.desk.station.opening.id or UUID(int=0)
        if flat(self.desk).doubt is not None:
            return self.send(m.AnswerDoubt(opening, yes))
        return self.send(m.LiesThere(opening)) if yes else self

    # Leaving and opening

    def confirm(self) -> Ways:
        assert self.desk.screen is Screen.IDENTITY, self.desk.screen
        return self.send(m.ConfirmChild())

    def filled(self, name: str) -> Ways:
        """The form is filled in: the journal answers, and the child is shown."""
        self.send(m.FindChild())
        request = self.last(AskJournal).request
        return self.send(m.LookUpAnswered(request, "found", "Patient/8", name))


def both_ears(level: int) -> ToneRecord:
    return ToneRecord((*tones(Ear.RIGHT, level), *tones(Ear.LEFT, level)), raw=b"%d" % level)


# Ways to leave a child that is open; afterwards nobody is open and somebody is signed in.


def drop(bench: Ways) -> None:
    bench.send(m.NotThisChild())


def back_and_drop(bench: Ways) -> None:
    bench.send(m.Back(), m.Back())
    if bench.desk.visit is not None:
        bench.send(m.NotThisChild())


def save(bench: Ways) -> None:
    """A head, typed: the visit is saved with something that no device said."""
    if bench.desk.visit.together is not None:
        bench.send(m.WeighWithAdult(False))
    bench.send(m.OpenEntry(HEAD)).typed("49,5").typed("49,5")
    bench.send(m.AnswerOdd(OddReason.READ_AGAIN), m.OpenReview(), m.Save())
    assert bench.desk.visit.saving, bench.desk.front.notice
    bench.send(m.VisitSaved(bench.desk.visit.id), m.NextChild())


def save_and_move(bench: Ways) -> None:
    """What was saved belongs to another child, and goes there."""
    save_until_done(bench)
    saved = bench.desk.saved
    bench.send(m.OpenChange(), m.MoveVisit())
    fill(bench, "02912299720")
    bench.filled("Ola").send(m.ConfirmChild())
    bench.send(m.ConfirmChange(ChangeReason.WRONG_CHILD))
    change = bench.last(SaveChange).change
    bench.send(m.ChangeSaved(change.visit_id, MOVED), m.VisitRead(replace(saved, id=MOVED)))
    bench.send(m.NextChild())


def save_until_done(bench: Ways) -> None:
    if bench.desk.visit.together is not None:
        bench.send(m.WeighWithAdult(False))
    bench.send(m.OpenEntry(HEAD)).typed("49,5").typed("49,5")
    bench.send(m.AnswerOdd(OddReason.READ_AGAIN), m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id))


def another_signs_in(bench: Ways) -> None:
    bench.send(m.Lock()).sign_in("bo")


LEAVING: dict[str, Callable[[Ways], None]] = {
    one.__name__: one for one in (drop, back_and_drop, save, save_and_move, another_signs_in)
}


# Ways to open one; afterwards the child is open on the measuring page.


def fill(bench: Ways, number: str) -> None:
    bench.form(number, f"{BORN:%d%m%Y}")


def find(bench: Ways, name: str) -> None:
    fill(bench, NUMBERS[name])
    bench.filled(name).confirm()


def scan(bench: Ways, name: str) -> None:
    bench.send(m.Scan(NUMBERS[name])).keys(f"{BORN:%d%m%Y}")
    bench.filled(name).confirm()


def numberless(bench: Ways, name: str) -> None:
    bench.send(m.WithoutNumber()).keys(f"{BORN:%d%m%Y}")
    bench.send(m.ActivateField(m_field())).keys(name).send(m.FindChild())
    bench.confirm()


def appointment(bench: Ways, name: str) -> None:
    child = Child(NUMBERS[name], IdKind.NATIONAL, BORN, name, "Patient/9")
    bench.send(m.OpenToday(), m.BookedListed((Booked("a", NOON, child),)), m.OpenBooked("a"))
    bench.confirm()


def after_todays_list(bench: Ways, name: str) -> None:
    """A visit of today is looked at, then the next child is found."""
    child = Child(NUMBERS[name], IdKind.NATIONAL, BORN, name)
    line = ListedVisit(VISIT, NOON, name, BORN, ((HEAD, None),), Delivery.QUEUED)
    bench.send(m.OpenToday(), m.TodayListed((line,)), m.OpenVisit(VISIT))
    bench.send(m.VisitRead(SavedVisit(VISIT, child, 1482, ())), m.NextChild())
    find(bench, name)


def wrong_then_right(bench: Ways, name: str) -> None:
    """The first that was found was not the one; back, and found again."""
    fill(bench, NUMBERS[name])
    bench.filled("Ola").send(m.NotThisChild())
    find(bench, name)


def resumed_test(bench: Ways, name: str) -> None:
    child = Child("", IdKind.UNKNOWN, BORN, name)
    session = s.begin(SCREENING, UUID(int=80_000 + bench.count), loudest=90)
    left = Left(NOON, Unfinished(session, child, NOON))
    bench.send(m.UnfinishedListed((left,)), m.ResumeHearing(session.id))
    assert bench.desk.screen is Screen.HEARING_RECORD
    bench.send(m.Back())


OPENING: dict[str, Callable[[Ways, str], None]] = {
    one.__name__: one
    for one in (
        find,
        scan,
        numberless,
        appointment,
        after_todays_list,
        wrong_then_right,
        resumed_test,
    )
}


def lock_and_back(bench: Ways) -> None:
    """The same person comes back to the same child."""
    bench.send(m.Lock()).sign_in("anne")


# Kinds of value


@dataclass(frozen=True)
class KindOfValue:
    """``come`` is what happens for the child before, ``stay`` what goes on afterwards."""

    come: Callable[[Ways], object]
    stay: Callable[[Ways], object] = lambda _: None


def shown_and_ready(bench: Ways) -> None:
    bench.shows("0.000").shows("16.236")
    assert bench.desk.station.weighing.offer is not None


def first_of_two(bench: Ways) -> None:
    bench.send(m.WeighWithAdult(True)).shows("0.000").shows("78.420").take()
    assert bench.desk.visit.together is not None


def half_a_group(bench: Ways) -> None:
    armed(bench).record(ToneRecord(tones(Ear.RIGHT), 1, 2, "1", raw=b"R"))
    assert bench.desk.hearing.received is not None
    bench.send(m.Back(), m.Back())


def taken_and_left(bench: Ways) -> None:
    """A whole test was drawn and not confirmed."""
    armed(bench).record(both_ears(15))
    assert bench.desk.screen is Screen.AUDIOGRAM
    bench.send(m.Back(), m.Back(), m.Back())


def armed(bench: Ways) -> Ways:
    return bench.send(m.OpenHearing(), m.OpenReceive())


KINDS: dict[str, KindOfValue] = {
    "weight": KindOfValue(shown_and_ready, lambda bench: bench.shows("16.236")),
    "moving-then-still": KindOfValue(
        lambda bench: bench.shows("0.000").shows("16.236", times=1),
        lambda bench: bench.shows("16.238"),
    ),
    "first-of-two": KindOfValue(first_of_two, lambda bench: bench.shows("78.420")),
    "board": KindOfValue(
        lambda bench: bench.press("104.2"), lambda bench: bench.press("104.2").press("104.3")
    ),
    "board-once": KindOfValue(lambda bench: bench.press("104.2")),
    "rod": KindOfValue(
        lambda bench: bench.shows("0.000").shows("16.236").press("104.2", "scale"),
        lambda bench: bench.shows("16.236").press("104.4", "scale"),
    ),
    "record": KindOfValue(lambda bench: bench.record(both_ears(15))),
    "shown-record": KindOfValue(taken_and_left),
    "half-a-group": KindOfValue(half_a_group),
    "file": KindOfValue(
        lambda bench: bench.export(20), lambda bench: bench.send(m.FilesToTake(bench.files))
    ),
}


def everything_but_the_name(bench: Ways) -> None:
    """Touch all that could take a value along, without ever answering the question by name."""
    stale = bench.openings - {bench.desk.station.opening.id}
    for opening in stale:
        bench.send(m.LiesThere(opening))
    for together in (False, True):
        bench.send(m.WeighWithAdult(together), m.ChildIsOnScale())
        if bench.desk.station.weighing.shown is not None:
            bench.shows(str(bench.desk.station.weighing.shown.value))
        bench.send(*(m.TakeWeight(key) for key in sorted(bench.offered)))
        bench.send(m.AnswerOdd(OddReason.READ_AGAIN))
    bench.send(m.WeighWithAdult(False))
    for key in bench.lengths():
        bench.send(m.TakeLength(key), m.PlaceChild(Position.STANDING))
        bench.send(*(m.AnswerDoubt(opening, True) for opening in stale))
        bench.send(m.PlaceChild(Position.STANDING), m.AnswerOdd(OddReason.READ_AGAIN))
        bench.send(m.Back()) if flat(bench.desk).doubt is not None else None
    armed(bench)
    for one in arrivals(bench.desk):
        bench.send(m.TakeArrival(key_of(one)), m.ConfirmAudiogram())
        bench.send(*(m.AnswerDoubt(opening, True) for opening in stale), m.ConfirmAudiogram())
        bench.send(m.Back()) if flat(bench.desk).doubt is not None else None
    while bench.desk.screen not in {Screen.MEASURE, Screen.FIND}:
        bench.send(m.Back())


def everything_by_name(bench: Ways) -> None:
    """The same, and whatever asks by name is answered with yes."""
    bench.named()
    if bench.desk.station.weighing.shown is not None:
        bench.shows(str(bench.desk.station.weighing.shown.value))
    bench.take().send(m.AnswerOdd(OddReason.READ_AGAIN))
    if flat(bench.desk).length is not None:
        bench.send(m.TakeLength(flat(bench.desk).length.key))
        if flat(bench.desk).doubt is not None:
            bench.named()
        bench.send(m.PlaceChild(Position.STANDING), m.AnswerOdd(OddReason.READ_AGAIN))
    armed(bench)
    for one in arrivals(bench.desk):
        bench.send(m.TakeArrival(key_of(one)))
        if flat(bench.desk).doubt is not None:
            bench.named()
        bench.send(m.ConfirmAudiogram())
