"""Every driver in its own rhythm, from a simulated device on a pty to a saved value."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import drivers as shipped
from drivers.driver import Kind, Rhythm, Settings
from drivers.events import LinkState
from drivers.profile import sample_settings
from drivers.registry import all_drivers, find_driver
from drivers.simulators.scale import SimulatedScale
from kiosk.config.schema import Config, Drivers, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field
from kiosk.desk.state import Desk
from kiosk.model.visit import OddReason
from kiosk.runtime.headless import Headless, Order, Stopped
from kiosk.station.doctor.examination import Level, examine
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.patience import PATIENCE, until

SETTLED = 0.3
"""Seconds after opening in which a link drops what it hears, and some more."""

SHIPPED: Settings = {}
ONCE: Settings = {"rhythm": "once"}
"""A profile for a device that was set to print. CAS blocks have a checksum, Adam's lines none."""

GRAMS = 8420
SHIPPED_FOLDER = Path(shipped.__file__).parent
SCALES = sorted(key for key, one in all_drivers().items() if one.kind is Kind.SCALE)


class Counter:
    """A station with one scale, used without a screen."""

    def __init__(self, folder: Path, key: str, profile: Settings, drivers: Path | None) -> None:
        driver = find_driver(key, drivers)
        settings = {**sample_settings(driver), **profile}
        self.scale = SimulatedScale(driver, folder / "scale", settings=settings)
        self.scale.start()
        config = Config(
            station=StationTable(clinic="Solbakken", data_dir=str(folder / "data")),
            scale=Scale(driver=key, port=str(folder / "scale"), settings=settings),
            drivers=Drivers(folder=str(drivers or "")),
        )
        self.station = Station(config, Store.open(folder / "data", new_key()), training=False)
        self.station.start()
        self.station.sign_in_service()

    @property
    def desk(self) -> Desk:
        return self.station.runtime.desk

    def touch(self, *messages) -> None:
        for message in messages:
            self.station.runtime.touch(message)

    def until(self, condition) -> None:
        until(
            lambda: condition(self.desk),
            lambda: (self.desk.station.weighing, self.desk.station.strip),
            meanwhile=self.look,
        )

    def look(self) -> None:
        self.station.runtime.feed(self.station.bus.wait(0.1))
        self.station.runtime.tick()

    def open(self, name: str) -> None:
        self.touch(m.WithoutNumber(), *(m.TypeKey(c) for c in "10082026"))
        self.touch(m.ActivateField(Field.GIVEN_NAME), *(m.TypeKey(c) for c in name))
        self.touch(m.FindChild(), m.ConfirmChild())
        assert self.desk.visit.child.given_name == name

    def ready(self) -> None:
        """The scale is heard, or is one that has nothing to say while it is empty."""
        if self.desk.station.weighing.rhythm is Rhythm.ONCE:
            self.until(lambda desk: desk.station.weighing.state is LinkState.OPEN)
            time.sleep(SETTLED)
        else:
            self.until(lambda desk: desk.station.weighing.hold is Hold.EMPTY)

    def lay(self, grams: int) -> str:
        """Lay a weight on; returns the key of what is offered then."""
        before = self.desk.station.weighing.offer
        self.scale.put(grams)
        self.until(lambda desk: desk.station.weighing.offer not in {None, before})
        assert self.desk.station.weighing.offer.grams == grams
        return self.desk.station.weighing.offer.key

    def save(self):
        if flat(self.desk).question is not None:
            self.touch(m.AnswerOdd(OddReason.READ_AGAIN))
        self.touch(m.OpenReview(), m.Save())
        self.until(lambda desk: desk.saved is not None)
        return self.station.store.visit(self.desk.saved.id)


@contextmanager
def counter(
    folder: Path, key: str, profile: Settings = SHIPPED, drivers: Path | None = None
) -> Iterator[Counter]:
    made = Counter(folder, key, profile, drivers)
    try:
        yield made
    finally:
        made.station.stop()
        made.scale.stop()


@pytest.mark.parametrize("key", SCALES)
def test_every_driver_is_used_to_a_saved_value(tmp_path, key):
    with counter(tmp_path, key) as desk:
        desk.open("Nora")
        desk.ready()
        desk.touch(m.TakeWeight(desk.lay(GRAMS)))
        (weight,) = desk.save().measurements
        assert (weight.value, weight.device.driver) == (GRAMS, key)


def test_a_driver_of_one_file_in_the_clinics_folder_is_used_to_a_saved_value(tmp_path):
    own = tmp_path / "drivers"
    own.mkdir()
    for name in ("scales/axis.py", "vectors/axis.toml"):
        text = (SHIPPED_FOLDER / name).read_text("utf-8")
        file = own / f"own{Path(name).suffix}"
        file.write_text(text.replace('key="axis"', 'key="own"'), "utf-8")
    with counter(tmp_path, "own", drivers=own) as desk:
        desk.open("Nora")
        desk.ready()
        desk.touch(m.TakeWeight(desk.lay(GRAMS)))
        (weight,) = desk.save().measurements
        assert (weight.value, weight.device.driver) == (GRAMS, "own")


def test_two_children_and_a_line_before_the_child_at_a_scale_that_prints(tmp_path):
    with counter(tmp_path, "tanita") as desk:
        desk.open("Nora")
        desk.ready()
        first = desk.lay(4236)
        desk.touch(m.NotThisChild())
        desk.open("Emil")
        desk.touch(m.TakeWeight(first))
        assert (desk.desk.visit.drafts, flat(desk.desk).doubt.grams) == ((), 4236)
        desk.touch(m.AnswerDoubt(desk.desk.station.opening.id, yes=False))
        desk.touch(m.TakeWeight(desk.lay(5100)))
        assert desk.save().measurements[0].value == 5100
        desk.touch(m.NextChild())
        desk.lay(3980)
        desk.open("Ida")
        desk.touch(m.TakeWeight(desk.desk.station.weighing.offer.key))
        desk.touch(m.AnswerDoubt(desk.desk.station.opening.id, yes=True))
        saved = desk.save()
        assert (saved.child.given_name, saved.measurements[0].value) == ("Ida", 3980)


def order(**changes) -> Order:
    given = {
        "number": "10915596784",
        "birth_date": date(2026, 1, 10),
        "given_name": "Nora",
        "slip": False,
        "on_scale": False,
        "odd_reason": None,
        "wait_for_weight": PATIENCE,
        "wait_for_journal": 0.0,
        "display": None,
    }
    return Order(**{**given, **changes})


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("cas", {"on_scale": True}),
        ("adam-muw", {"on_scale": True, "display": Decimal("8.42")}),
    ],
)
def test_the_command_takes_a_line_that_came_before_it(tmp_path, key, changes):
    with counter(tmp_path, key, ONCE) as desk:
        desk.ready()
        desk.lay(GRAMS)
        headless = Headless(desk.station.runtime, desk.station.bus, lambda _: None)
        headless.measure(order(**changes))
        saved = desk.station.store.visit(desk.desk.saved.id)
        assert saved.measurements[0].value == GRAMS


@pytest.mark.parametrize(
    ("key", "changes", "told"),
    [
        ("cas", {}, set()),
        ("adam-muw", {"on_scale": True}, {"not-confirmed-by-scale"}),
        ("adam-muw", {"on_scale": True, "display": Decimal("8.43")}, {"not-confirmed-by-scale"}),
    ],
)
def test_the_command_takes_no_line_that_nobody_answers_for(tmp_path, key, changes, told):
    with counter(tmp_path, key, ONCE) as desk:
        desk.ready()
        desk.lay(GRAMS)
        said: set[str] = set()
        headless = Headless(desk.station.runtime, desk.station.bus, said.add)
        with pytest.raises(Stopped):
            headless.measure(order(wait_for_weight=1.0, **changes))
        assert said >= told
        assert desk.desk.visit.drafts == ()


def test_the_doctor_does_not_call_a_silent_scale_that_prints_a_fault(tmp_path):
    with counter(tmp_path, "adam-muw") as desk:
        desk.station.stop()
        (found,) = [one for one in examine(desk.station.config) if one.check == "scale"]
        assert (found.level, "taus til noen veier" in found.text) == (Level.NOTE, True)
