"""An unknown scale on a pty is taught by touches on the real pages, and then a child is weighed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.link import LENT
from drivers.simulators.pty_port import PtyPort
from kiosk.config.schema import Config, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field
from kiosk.desk.state import Desk, Screen
from kiosk.station.checking.scale_setup import scale_setup
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.features.unknown_scales import SCALES, Unknown
from tests.ui.driver import Driver

WAIT = 60.0
DISPLAYS = ("0,000", "4,236", "1,002", "12,450", "-0,700")
PRESSED = ("1,002", "1,950", "2,310", "3,900")


class Shown:
    """A made-up scale on a pty: it streams what its display shows, or prints it when told."""

    def __init__(self, path: Path, scale: Unknown) -> None:
        self.port, self._scale = PtyPort(path), scale
        self.display, self.pressed = "0,000", False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, display: str) -> None:
        """Put something on; a scale that does not stream is asked to print it."""
        self.display = display
        if not self._scale.streams:
            self.port.write(self._scale.line(display))

    def _run(self) -> None:
        count = 0
        while not self._stopping.wait(0.05):
            count += 1
            if self._scale.streams and self.port.is_open():
                moves = PRESSED[count % 4] if self.pressed else self.display
                self.port.write(self._scale.line(moves, moving=self.pressed))

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.port.close()


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


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_an_unknown_scale_is_taught_by_touches_and_then_weighs_a_child(start, tmp_path, scale):
    shown = Shown(tmp_path / "unknown", scale)
    try:
        hands = signed_in(start(scale=Scale(driver="taught", port=str(tmp_path / "unknown"))))
        hands.until(lambda _: shown.port.is_open())
        shown.put("8,420")
        if scale.streams and scale.ending == b"\r\n":
            hands.until(lambda desk: desk.station.weighing.hold is Hold.UNCALIBRATED)
        assert hands.desk.station.weighing.offer is None
        hands.runtime.touch(m.OpenStatus())
        hands.touch("teach")
        for number, display in enumerate(DISPLAYS):
            hands.until(lambda desk: desk.station.strip.scale_hint == LENT)
            hands.until(lambda _: shown.port.is_open())
            shown.put(display)
            # What the scale said of the load before is past.
            time.sleep(0.2)
            hands.type(display.removeprefix("-"))
            hands.touch("primary")
            hands.until(lambda desk, n=number: flat(desk).calibrating.at == n + 1)
        shown.pressed = True
        hands.touch("primary" if scale.streams else "leave-out")
        hands.until(lambda desk: flat(desk).calibrating.learned)
        shown.pressed = False
        assert hands.desk.station.weighing.offer is None
        hands.touch("primary")
        hands.until(lambda desk: desk.screen is Screen.STATUS)
        weigh(hands, shown, scale)
        # The next start reads it from the file.
        assert scale_setup(hands.station.config).settings["forms"]
    finally:
        shown.close()


def weigh(hands: Hands, shown: Shown, scale: Unknown) -> None:
    """Measure a child with the scale, by the messages that the pages send."""
    hands.runtime.touch(m.Back())
    hands.until(lambda desk: desk.screen is Screen.FIND)
    shown.put("0,000")
    born, name = ((m.TypeKey(key) for key in text) for text in ("10012026", "Nora"))
    for message in (m.Scan("10915596784"), *born, m.ActivateField(Field.GIVEN_NAME), *name):
        hands.runtime.touch(message)
    hands.runtime.touch(m.FindChild())
    hands.until(lambda desk: desk.screen is Screen.IDENTITY)
    hands.touch("primary")
    hands.until(lambda desk: desk.station.strip.scale_hint != LENT)
    hands.until(lambda _: shown.port.is_open())
    time.sleep(0.5 if scale.streams else 0.2)
    shown.put("8,420")
    hands.until(lambda desk: offered(desk) == "8.420")


def offered(desk: Desk) -> str:
    offer = desk.station.weighing.offer
    return offer.text if offer is not None else ""
