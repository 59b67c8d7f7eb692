"""A person at the real pages over a real station, and the station to stand at."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.config.schema import Config
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field
from kiosk.desk.state import Desk, Screen
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store
from tests.desk.every import messages as m
from tests.ui.driver import Driver

WAIT = 60.0


class Hands:
    """A person at the real pages over a real station."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.runtime = station.runtime
        # ``Driver`` shows a desk by setting it: here it is the station's own.
        self.screen = Driver(self.runtime.desk, station=lambda _: self.runtime)
        self.runtime.on_change = self.screen.root.render
        self._ticked = time.monotonic()

    @property
    def desk(self) -> Desk:
        return self.runtime.desk

    def touch(self, *names: str) -> None:
        for name in names:
            self.pump()
            self.screen.tap(name)

    def type(self, text: str) -> None:
        self.touch(*(f"key-{key}" for key in text))

    def pump(self) -> None:
        self.runtime.pump()
        if time.monotonic() - self._ticked >= 1:
            self._ticked = time.monotonic()
            self.runtime.tick()
        self.screen.frames(1)

    def until(self, condition: Callable[[Desk], object]) -> None:
        end = time.monotonic() + WAIT
        while not condition(self.desk):
            assert time.monotonic() < end, (self.desk.page, self.desk.station.weighing)
            self.pump()
            time.sleep(0.01)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Hands]]:
    stations = []

    def started(**tables: object) -> Hands:
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        table = StationTable(clinic="Solbakken", data_dir=str(folder), approvers=("anne",))
        store = Store.open(folder, new_key())
        store.add_person(PersonRow("anne", "Anne", "health-secretary", ""), "1234", "setup")
        station = Station(Config(station=table, **tables), store, training=False)
        stations.append(station)
        station.start()
        return Hands(station)

    yield started
    for station in stations:
        station.stop()


def signed_in(hands: Hands) -> Hands:
    hands.touch("user-anne")
    hands.type("1234")
    hands.touch("primary")
    hands.until(lambda desk: desk.user is not None)
    return hands


def open_a_child(hands: Hands) -> None:
    """Open a child that can be weighed, by the messages that the pages send."""
    hands.runtime.touch(m.Back())
    hands.until(lambda desk: desk.screen is Screen.FIND)
    born, name = ((m.TypeKey(key) for key in text) for text in ("10012026", "Nora"))
    for message in (m.Scan("10915596784"), *born, m.ActivateField(Field.GIVEN_NAME), *name):
        hands.runtime.touch(message)
    hands.runtime.touch(m.FindChild())
    hands.until(lambda desk: desk.screen is Screen.IDENTITY)
    hands.touch("primary")


def offered(desk: Desk) -> str:
    """The weight that may be taken."""
    offer = desk.station.weighing.offer
    return offer.text if offer is not None else ""
