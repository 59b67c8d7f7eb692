"""What every protocol's stream must come to at the desk, from rendered bytes to the offer.

One child, two children, a wriggler, a cable, a tared blanket: for each driver the registry finds.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from drivers.driver import Driver
from drivers.events import (
    Event,
    Flag,
    Garbage,
    LinkState,
    LinkStatus,
    Quantity,
    Reading,
    Stability,
    Stamped,
)
from drivers.profile import sample_settings
from drivers.registry import all_drivers
from kiosk.weighing import gate
from kiosk.weighing.gate import Hold, Weighing

DRIVERS = [d for d in all_drivers().values() if Quantity.WEIGHT in d.measures]
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEIGHTS = ("8.420", "8.42", "8.4")
STEP = 0.1


class Scale:
    """A driver's frames, read by its own decoder and given to the gate, ten a second."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.settings = sample_settings(driver)
        self.state = Weighing("scale", driver.trusted_frames)
        self.now = 100.0
        self.session = 0
        self.taken: list[int] = []
        self.plug()

    def plug(self) -> None:
        self.session += 1
        self.decoder = self.driver.decoder(self.settings)
        status = LinkStatus("scale", LinkState.OPEN, self.session)
        self.state = gate.scale_changed(self.state, status)

    def unplug(self) -> None:
        status = LinkStatus("scale", LinkState.LOST, self.session, "unplugged")
        self.state = gate.scale_changed(self.state, status)

    def frame(self, text: str, *, moving: bool = False) -> bytes:
        """Return the bytes of a weight; nothing where the protocol cannot say it."""
        value = Decimal(text)
        stability = Stability.MOVING if moving else Stability.STABLE
        flags = frozenset({Flag.NEGATIVE} if value < 0 else ())
        try:
            return self.driver.render(
                Reading(Quantity.WEIGHT, value, "kg", stability, flags), self.settings
            )
        except ValueError:
            return b""

    def shows(self, text: str, *, seconds: float = 3.0, moving: bool = False) -> None:
        for _ in range(round(seconds / STEP)):
            self.now += STEP
            self.hears(self.frame(text, moving=moving))
            self.state = gate.time_passed(self.state, self.now)

    def hears(self, data: bytes) -> None:
        for event in self.decoder.feed(data):
            wall = START + timedelta(seconds=self.now)
            stamped = Stamped(event, "scale", self.driver.key, "1", self.session, self.now, wall)
            self.state = gate.event_arrived(self.state, stamped)

    def take(self) -> None:
        assert self.state.offer is not None, self.state.hold
        self.taken.append(self.state.offer.grams)
        self.state = gate.taken(self.state)


def child_of(scale: Scale) -> str:
    """Return a child's weight that this protocol can say and read back."""
    return next(text for text in WEIGHTS if scale.frame(text))


@pytest.fixture(params=DRIVERS, ids=lambda driver: driver.key)
def scale(request) -> Scale:
    return Scale(request.param)


def test_a_wriggler_who_settles_and_is_lifted_is_offered_exactly_once(scale):
    child = child_of(scale)
    keys = set()
    scale.shows("0.000")
    for second in range(20):
        scale.shows("7.9" if second % 2 else "8.6", seconds=1.0, moving=True)
        assert scale.state.offer is None
    for _ in range(30):
        scale.shows(child, seconds=STEP)
        keys |= {scale.state.offer.key} if scale.state.offer else set()
    assert scale.state.offer is not None
    assert scale.state.offer.grams == Decimal(child) * 1000
    scale.take()
    for text in ("8.6", "3.1", "0.000"):
        scale.shows(text, moving=True)
        assert scale.state.offer is None
    scale.shows("0.000")
    assert scale.state.offer is None
    assert len(keys) == 1


def test_a_stream_that_goes_on_after_the_lift_offers_nothing_more(scale):
    child = child_of(scale)
    scale.shows("0.000")
    scale.shows(child)
    scale.take()
    for _ in range(50):
        scale.shows(child, seconds=STEP)
        assert scale.state.offer is None
    assert scale.state.hold is Hold.NOT_NEW


def test_the_cable_out_and_in_with_the_load_on_offers_nothing(scale):
    child = child_of(scale)
    scale.shows("0.000")
    scale.shows(child)
    scale.unplug()
    assert scale.state.offer is None
    scale.plug()
    scale.shows(child)
    assert scale.state.offer is None
    assert scale.state.hold is Hold.NOT_NEW


def test_twins_of_the_same_weight_are_two_weighings(scale):
    child = child_of(scale)
    for _ in range(2):
        scale.shows("0.000")
        scale.shows(child)
        scale.take()
    assert scale.taken == [int(Decimal(child) * 1000)] * 2


def test_twins_without_an_empty_platform_between_need_a_person(scale):
    child = child_of(scale)
    scale.shows("0.000")
    scale.shows(child)
    scale.take()
    scale.shows(child)
    scale.state = gate.person_says_new(scale.state)
    scale.shows(child)
    scale.take()
    assert len(scale.taken) == 2


def test_a_tared_blanket_taken_away_is_shown_and_refused(scale):
    child, blanket = child_of(scale), "-0.7"
    if not scale.frame(blanket):
        blanket = next((text for text in ("-0.700", "-1.0") if scale.frame(text)), "")
    scale.shows("0.000")
    scale.shows(child)
    scale.take()
    scale.shows(blanket or "0.000")
    assert scale.state.offer is None
    if blanket:
        assert scale.state.shown is not None
        assert scale.state.shown.value == Decimal(blanket)
        assert scale.state.hold is Hold.NEGATIVE


def test_however_the_bytes_arrive_the_events_are_the_same(scale):
    """1 to 7 bytes at a time, with pauses below the two seconds after which a frame is given up."""
    child = child_of(scale)
    texts = ("0.000", "7.9", child, child, child, "3.1", "0.000", "-0.7", child)
    data = b"".join(scale.frame(text, moving=text in {"7.9", "3.1"}) for text in texts) * 3
    whole = [*events_of(scale.driver.decoder(scale.settings).feed(data))]
    for seed in range(20):
        decoder = scale.driver.decoder(scale.settings)
        chunks = pieces(data, random.Random(seed))
        assert [*events_of(e for chunk in chunks for e in decoder.feed(chunk))] == whole


def events_of(events) -> Iterator[Event]:
    """Leave out garbage, whose bytes may be told of in more or fewer pieces."""
    yield from (event for event in events if not isinstance(event, Garbage))


def pieces(data: bytes, chance: random.Random) -> Iterator[bytes]:
    while data:
        size = chance.randrange(1, 8)
        yield data[:size]
        data = data[size:]
