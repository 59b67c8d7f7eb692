"""Devices on real ptys at a whole station, through its desk: a seca is taught, a board measures."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest

from drivers.calibration import Load
from drivers.events import Flag, Quantity, Reading, Stability
from drivers.registry import find_driver
from drivers.simulators.pty_port import PtyPort
from drivers.simulators.scale import SimulatedScale
from kiosk.config.schema import Config, LengthBoard, Scale, ScaleLine
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field, LookUp
from kiosk.desk.state import Screen
from kiosk.model.visit import Position
from kiosk.station.checking.scale_setup import scale_setup
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.weighing.calibration_steps import LOADS
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.patience import until

TRUTH = {"bit-order": "first-is-bit-7", "crc": "ascii-00", "formats": "3=kg/3"}
SHOWN = {
    Load.EMPTY: ("0.000", frozenset()),
    Load.STABLE: ("4.236", frozenset()),
    Load.HELD: ("4.240", frozenset({Flag.HOLD})),
    Load.TARED: ("3.536", frozenset({Flag.NET})),
    Load.NEGATIVE: ("-0.700", frozenset({Flag.NET, Flag.NEGATIVE})),
}


class Seca:
    """A scale on a pty that sends what lies on it, twenty times a second."""

    def __init__(self, path) -> None:
        self.port = PtyPort(path)
        self.load = Load.EMPTY
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        driver = find_driver("seca-rs232")
        while not self._stopping.wait(0.05):
            text, flags = SHOWN[self.load]
            event = Reading(Quantity.WEIGHT, Decimal(text), "kg", Stability.STABLE, flags)
            if self.port.is_open():
                self.port.write(driver.render(event, TRUTH))

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.port.close()


@pytest.fixture
def run(tmp_path):
    """Start a station with these tables; ended after the test."""
    stations = []

    def start(**tables) -> Station:
        config = Config(
            station=StationTable(clinic="Solbakken", data_dir=str(tmp_path / "data")), **tables
        )
        (tmp_path / "data").mkdir(exist_ok=True)
        store = Store.open(tmp_path / "data", new_key())
        station = Station(config, store, training=False)
        stations.append(station)
        station.start()
        station.sign_in_service()
        return station

    yield start
    for station in stations:
        station.stop()


def shows(station: Station, condition) -> None:
    def pump() -> None:
        station.runtime.pump()
        time.sleep(0.01)

    until(
        lambda: condition(station.runtime.desk),
        lambda: station.runtime.desk.station.weighing,
        meanwhile=pump,
    )


def touch(station: Station, *messages) -> None:
    for message in messages:
        station.runtime.touch(message)


def test_a_seca_gives_no_value_is_taught_on_the_screen_and_then_does(run, tmp_path):
    seca = Seca(tmp_path / "seca")
    # A pty that is opened a second time refuses a parity it does not have.
    table = Scale(
        driver="seca-rs232",
        port=str(tmp_path / "seca"),
        name="seca 757",
        line=ScaleLine(parity="N"),
    )
    try:
        station = run(scale=table)
        shows(station, lambda desk: desk.station.weighing.hold is Hold.UNCALIBRATED)
        touch(station, m.OpenStatus(), m.OpenCalibration())
        for number, load in enumerate(LOADS):
            seca.load = load
            time.sleep(0.2)
            text = SHOWN[load][0].replace(".", ",").removeprefix("-")
            touch(station, *(m.TypeKey(key) for key in text), m.SubmitDisplay())
            shows(station, lambda desk, n=number: len(flat(desk).calibrating.seen) == n + 1)
        assert flat(station.runtime.desk).calibrating.learned == TRUTH
        touch(station, m.KeepLearned())
        shows(station, lambda desk: desk.screen is Screen.STATUS)
        seca.load = Load.EMPTY
        shows(station, lambda desk: desk.station.weighing.hold is Hold.EMPTY)
        seca.load = Load.STABLE
        shows(station, lambda desk: desk.station.weighing.offer is not None)
        assert station.runtime.desk.station.weighing.offer.text == "4.236"
        assert [row.kind for row in station.store.audit_rows()].count("scale-taught") == 1
        # The next start reads it from the file.
        setup = scale_setup(station.config)
        assert {key: setup.settings[key] for key in TRUTH} == TRUTH
    finally:
        seca.stop()


def test_a_length_goes_from_the_board_to_the_review_beside_the_weight(run, tmp_path):
    scale = SimulatedScale(find_driver("radwag"), tmp_path / "scale")
    board = SimulatedScale(find_driver("adam-muw"), tmp_path / "board")
    scale.start()
    board.start()
    try:
        station = run(
            scale=Scale(driver="radwag", port=str(tmp_path / "scale")),
            length_board=LengthBoard(
                driver="adam-muw",
                port=str(tmp_path / "board"),
                serial="B-7",
                settings={"request": "print-key"},
            ),
        )
        for field, text in (
            (Field.NUMBER, "10915596784"),
            (Field.BIRTH_DATE, "10012026"),
            (Field.GIVEN_NAME, "Nora"),
        ):
            touch(station, m.ActivateField(field), *(m.TypeKey(key) for key in text))
        touch(station, m.FindChild())
        shows(station, lambda desk: flat(desk).look_up is not LookUp.WAITING)
        touch(station, m.ConfirmChild())
        shows(station, lambda desk: desk.station.weighing.hold is Hold.EMPTY)
        scale.put(8420)
        shows(station, lambda desk: desk.station.weighing.offer is not None)
        touch(station, m.TakeWeight(station.runtime.desk.station.weighing.offer.key))
        board.measure(724)
        shows(station, lambda desk: flat(desk).length is not None)
        key = flat(station.runtime.desk).length.key
        touch(station, m.TakeLength(key), m.PlaceChild(Position.LYING))
        touch(station, m.OpenReview(), m.Save())
        shows(station, lambda desk: desk.saved is not None)
        saved = station.store.visit(station.runtime.desk.saved.id)
        weight, length = saved.measurements
        assert (weight.text, weight.device.driver) == ("8.420", "radwag")
        assert (length.text, length.unit, length.value) == ("72.4", "cm", 724)
        assert (length.device.driver, length.device.serial) == ("adam-muw", "B-7")
        assert length.raw == b"Height: 72.4 cm\r\n"
    finally:
        scale.stop()
        board.stop()
