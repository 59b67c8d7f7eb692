"""Random walks between children, against an oracle that knows what lay where, and when.

Every load, length, record and file has digits of its own, so that a value in a visit tells which
one it was. At each step: what entered the visit came after its child was opened, or somebody said
yes by the child's name while it was there.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from uuid import UUID

from drivers.hearing import Ear, ToneRecord
from kiosk.desk.opening import AnotherSend
from kiosk.desk.state import Screen
from kiosk.features.hearing.receive import arrivals
from kiosk.features.second_reading import Which
from kiosk.hearing.arrivals import key_of
from kiosk.model.visit import OddReason, Position
from kiosk.weighing.child_on_scale import asks_whose
from kiosk.weighing.length import LengthOffer
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.features.hearing.test_receive import tones
from tests.features.ways_bench import LEAVING, OPENING, TWINS, Ways, armed, lock_and_back

WALKS = 120
STEPS = 80


class Walk:
    """A desk, and what is physically true around it."""

    def __init__(self) -> None:
        self.bench = Ways()
        self.count = 0
        self.load = "0.000"
        self.here: set[str] = set()
        """What was put on, pressed or sent since the child was opened, or answered for by name."""
        self.allowed: set[tuple[UUID, str]] = set()
        self.send_of: dict[str, int] = {}
        self.joins: set[frozenset[int]] = set()
        self.press_of_send = 0
        self.opening: UUID | None = None
        self.last: tuple[str, str] | None = None

    # What happens around the station

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def put(self) -> None:
        self.load = f"15.{self.fresh():03}"
        self.here.add(self.load)
        self.frames()

    def lift(self) -> None:
        self.load = "0.000"
        self.frames()

    def frames(self) -> None:
        self.bench.shows(self.load)

    def press(self, link: str = "board") -> None:
        text = f"{100 + self.fresh() // 10}.{self.count % 10}"
        self.here.add(text)
        self.bench.now += 4
        self.bench.press(text, link)
        self.last = text, link

    def again(self) -> None:
        if self.last is not None:
            self.bench.press(*self.last)

    def send(self, parts: int = 1) -> None:
        self.bench.now += 11
        self.press_of_send += 1
        for number in range(1, parts + 1):
            raw = b"r%d" % self.fresh()
            self.here.add(raw.decode())
            self.send_of[raw.decode()] = self.press_of_send
            ear = Ear.RIGHT if number == 1 else Ear.LEFT
            found = tones(ear, 15 + self.count % 40)
            self.bench.record(ToneRecord(found, number, parts, raw=raw))

    def half(self) -> None:
        """The group breaks off after its first record."""
        self.bench.now += 11
        self.press_of_send += 1
        raw = b"r%d" % self.fresh()
        self.here.add(raw.decode())
        self.send_of[raw.decode()] = self.press_of_send
        self.bench.record(ToneRecord(tones(Ear.RIGHT, 20), 1, 2, raw=raw))

    def export(self) -> None:
        level = self.fresh()
        self.here.add(str(level))
        self.bench.now += 1
        self.bench.export(level)

    # What a person does

    def answer(self) -> None:
        """Say yes by the child's name to whatever asks."""
        desk = self.bench.desk
        doubt = flat(desk).doubt
        if isinstance(doubt, AnotherSend):
            ours = {self.send_of[one.raw.decode()] for one in desk.hearing.received.records}
            theirs = {self.send_of[one.received.records[0].raw.decode()] for one in doubt.records}
            self.joins.add(frozenset(ours | theirs))
        elif isinstance(doubt, LengthOffer):
            self.here.add(doubt.text)
        elif doubt is not None:
            self.here |= {one.raw.decode() for one in doubt.received.records}
        elif desk.screen is Screen.MEASURE and asks_whose(desk.station.weighing):
            self.here |= {self.load}
            # The rod of the scale measures the same child.
            rods = [one for one in desk.station.opening.before if one.reading.link_id == "scale"]
            self.here |= {one.text for one in rods}
        self.bench.named()

    def stale(self) -> None:
        for opening in self.bench.openings - {self.bench.desk.station.opening.id}:
            self.bench.send(m.LiesThere(opening), m.AnswerDoubt(opening, yes=True))

    def refuse(self) -> None:
        self.bench.named(yes=False)

    def new(self) -> None:
        self.bench.send(m.ChildIsOnScale())
        self.frames()

    def take(self) -> None:
        self.home()
        self.frames()
        self.bench.send(*(m.TakeWeight(key) for key in sorted(self.bench.offered)))
        self.settle()

    def take_length(self) -> None:
        self.home()
        for key in self.bench.lengths():
            self.bench.send(m.TakeLength(key))
        self.settle()

    def settle(self) -> None:
        self.bench.send(m.PlaceChild(Position.STANDING), m.AnswerOdd(OddReason.READ_AGAIN))
        self.bench.send(m.ChooseReading(Which.BOTH), m.ChooseReading(Which.NEW))

    def both(self) -> None:
        self.home()
        self.bench.send(m.WeighWithAdult(True))

    def receive(self) -> None:
        armed(self.bench)
        for one in arrivals(self.bench.desk)[:2]:
            self.bench.send(m.TakeArrival(key_of(one)))

    def confirm(self) -> None:
        self.bench.send(m.ConfirmAudiogram())

    def back(self) -> None:
        self.bench.send(m.Back())

    def arm(self) -> None:
        armed(self.bench)

    def sends(self) -> None:
        """Two presses of *send*, one ear each, while the station waits for them."""
        self.home()
        self.arm()
        self.send()
        self.send()

    def group(self) -> None:
        self.send(2)

    def home(self) -> None:
        """Back to the measuring page."""
        for _ in range(6):
            desk = self.bench.desk
            if desk.visit is not None and desk.screen is not Screen.MEASURE:
                self.bench.send(m.Back())

    # From one child to another

    def leave(self, how: str) -> None:
        bench = self.bench
        if bench.desk.visit is None:
            return
        self.refuse()
        self.home()
        if flat(bench.desk).asking:
            self.back()
        if bench.desk.screen is Screen.MEASURE and bench.desk.hearing is None:
            LEAVING[how](bench)

    def enter(self, how: str, name: str) -> None:
        if self.bench.desk.screen is Screen.FIND and self.bench.desk.visit is None:
            OPENING[how](self.bench, name)

    def lock(self) -> None:
        lock_and_back(self.bench)

    # The oracle

    def check(self) -> None:
        """Nothing entered the visit that was there before, or that nobody answered for."""
        desk = self.bench.desk
        if desk.station.opening.id != self.opening:
            self.opening = desk.station.opening.id
            self.here = set()
        visit = desk.visit
        if visit is None:
            return
        for value in self.values():
            known = (visit.id, value)
            assert known in self.allowed or value in self.here, value
            self.allowed.add(known)
        for test in visit.hearing:
            sends = frozenset(self.send_of[raw.decode()] for raw in test.raw if raw[:1] == b"r")
            assert len(sends) < 2 or any(sends <= joined for joined in self.merged()), sends

    def merged(self) -> list[frozenset[int]]:
        """What was said to be of one test; who is joined to the joined is of it too."""
        groups: list[frozenset[int]] = []
        for one in self.joins:
            near = [group for group in groups if group & one]
            groups = [group for group in groups if not group & one]
            groups.append(one.union(*near))
        return groups

    def values(self) -> set[str]:
        """Everything in the visit, and on its way into it, that a device said."""
        visit, desk = self.bench.desk.visit, self.bench.desk
        drafts = [
            *visit.drafts,
            *(d for d in (flat(desk).placing, flat(desk).second) if d is not None),
        ]
        drafts += [flat(desk).question.draft] if flat(desk).question is not None else []
        read = {kept.text for draft in drafts for kept in draft.readings}
        read |= {d.text for d in drafts if (d.offer or d.length) and not d.readings}
        read |= {visit.together.text} if visit.together is not None else set()
        read |= {raw.decode() for test in visit.hearing for raw in test.raw}
        if desk.hearing is not None and desk.hearing.received is not None:
            read |= {one.raw.decode() for one in desk.hearing.received.records}
        return read


COMMON = (
    *("put", "lift", "frames", "press", "again", "send", "half", "sends", "export", "new", "both"),
    *("answer", "answer", "stale", "refuse", "take", "take", "take_length"),
    *("arm", "receive", "confirm", "home", "home", "lock"),
)


def step(random: Random) -> tuple[str, ...]:
    """One step, the more likely the more often it happens at a counter."""
    match random.random():
        case chance if chance < 0.8:
            return (random.choice(COMMON),)
        case chance if chance < 0.83:
            return ("press", "scale")
        case chance if chance < 0.86:
            return ("group",)
        case chance if chance < 0.9:
            return ("leave", random.choice(sorted(LEAVING)))
        case chance if chance < 0.95:
            return ("enter", random.choice(sorted(OPENING)), random.choice(TWINS))
    return ("over", random.choice(sorted(LEAVING)), random.choice(sorted(OPENING)))


def walk(steps: list[tuple[str, ...]]) -> Walk:
    """Take the steps; the oracle looks after each."""
    made = Walk()
    made.enter("find", TWINS[0])
    made.check()
    for name, *arguments in steps:
        if name == "over":
            made.leave(arguments[0])
            made.check()
            made.enter(arguments[1], TWINS[1])
        else:
            getattr(made, name)(*arguments)
        made.check()
    return made


def test_no_walk_brings_anything_along_unasked():
    used: Counter[str] = Counter()
    for seed in range(WALKS):
        random = Random(seed)
        steps = [step(random) for _ in range(STEPS)]
        try:
            made = walk(steps)
        except AssertionError as wrong:
            raise AssertionError(f"walk {seed}: {wrong} in {steps}") from wrong
        used.update(kind_of(value) for _, value in made.allowed)
        used["joined"] += len(made.joins)
    # A walk that takes nothing proves nothing.
    assert all(used[kind] > 10 for kind in ("load", "length", "record", "file", "joined"))


def kind_of(value: str) -> str:
    if value.startswith("r"):
        return "record"
    return "file" if "." not in value else "load" if value.startswith("15.") else "length"
