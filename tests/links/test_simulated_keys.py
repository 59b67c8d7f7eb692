"""The keys and the faults of a simulated scale, read by a real link over a real pty."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.driver import Line
from drivers.events import Flag, LinkStatus, Quantity, Reading, Stability
from drivers.link import Link
from drivers.registry import find_driver
from drivers.simulators import faults
from drivers.simulators.keys import ZERO_RANGE_GRAMS, Key, Panel, pressed, said, seen
from drivers.simulators.motion import Shown
from drivers.simulators.scale import SimulatedScale
from drivers.transports.serial_port import SerialPort
from tests.patience import PATIENCE, until

CHILD = Shown(8420, stable=True)
EMPTY = Shown(0, stable=True)


def test_a_held_value_stays_while_the_child_is_lifted():
    panel = pressed(Panel(), Key.HOLD, CHILD, 0.0)
    reading = said(panel, Shown(1200, stable=False), 1.0)
    assert (reading.value, reading.stability) == (Decimal("8.420"), Stability.STABLE)
    assert Flag.HOLD in reading.flags
    assert said(pressed(panel, Key.HOLD, EMPTY, 2.0), EMPTY, 2.0).value == 0


def test_a_tare_makes_net_and_a_lifted_blanket_negative():
    panel = pressed(Panel(), Key.TARE, Shown(700, stable=True), 0.0)
    reading = said(panel, Shown(9120, stable=True), 1.0)
    assert (reading.value, Flag.NET in reading.flags) == (Decimal("8.420"), True)
    assert said(panel, EMPTY, 2.0).value == Decimal("-0.700")


def test_zero_works_only_near_zero():
    near = Shown(ZERO_RANGE_GRAMS, stable=True)
    assert said(pressed(Panel(), Key.ZERO, near, 0.0), near, 0.0).value == 0
    assert pressed(Panel(), Key.ZERO, CHILD, 0.0) == Panel()


def test_the_units_go_round():
    panel = Panel()
    found = []
    for _ in range(3):
        reading = said(panel, CHILD, 0.0)
        found.append(f"{reading.value} {reading.unit}")
        panel = pressed(panel, Key.UNITS, CHILD, 0.0)
    assert found == ["8.420 kg", "8420 g", "18.56 lb"]
    assert panel == Panel()


def test_an_old_weighing_comes_back_from_memory_for_a_while():
    panel = pressed(seen(Panel(), CHILD), Key.RECALL, EMPTY, 10.0)
    reading = said(panel, EMPTY, 11.0)
    assert (reading.value, Flag.RECALLED in reading.flags) == (Decimal("8.420"), True)
    assert said(panel, EMPTY, 20.0).value == 0


@pytest.fixture
def scale(tmp_path):
    scale = SimulatedScale(find_driver("st-us"), tmp_path / "scale")
    scale.start()
    yield scale
    scale.stop()


@pytest.fixture
def heard(scale, tmp_path):
    seen: list[object] = []
    driver = find_driver("st-us")
    link = Link("scale", driver, str(tmp_path / "scale"), seen.append)
    link.start()
    yield seen
    link.stop()


def values(seen) -> list[Reading]:
    events = (getattr(item, "event", None) for item in list(seen))
    return [event for event in events if isinstance(event, Reading)]


def hints(seen) -> list[str]:
    return [item.hint for item in list(seen) if isinstance(item, LinkStatus)]


def test_the_units_key_and_the_step_are_read_through_the_link(scale, heard):
    scale.step(5)
    scale.put(4236)
    until(lambda: values(heard) and values(heard)[-1].value == Decimal("4.235"))
    scale.press("units")
    until(lambda: values(heard)[-1].unit == "g")


def test_twins_and_stray_bytes_change_no_value(scale, heard):
    scale.put(4236)
    for name in ("twins", "stray-bytes"):
        scale.fault(name)
    until(lambda: len([v for v in values(heard) if v.value == Decimal("4.236")]) > 10)
    assert {v.value for v in values(heard)} <= {Decimal("0.000"), Decimal("4.236")}


def test_lost_bytes_lose_frames_and_the_next_good_one_is_read(scale, heard):
    scale.fault("drop-bytes")
    scale.put(4236)
    time.sleep(0.5)
    scale.clear_faults()
    until(lambda: values(heard) and values(heard)[-1].value == Decimal("4.236"))


def test_a_sleeping_scale_is_named_and_wakes_by_itself(scale, heard, monkeypatch):
    monkeypatch.setattr("drivers.simulators.scale.SLEEP_SECONDS", 0.3)
    scale.put(4236)
    until(lambda: values(heard))
    scale.fault("sleep")
    until(lambda: "asleep" in hints(heard))
    scale.put(8420)
    until(lambda: values(heard)[-1].value == Decimal("8.420"))


def test_a_device_that_restarts_when_opened_is_silent_and_then_speaks(scale, tmp_path, monkeypatch):
    monkeypatch.setattr("drivers.simulators.scale.RESTART_SECONDS", 0.5)
    scale.fault("dtr-reset")
    port = SerialPort(str(tmp_path / "scale"), Line())
    try:
        opened = time.monotonic()
        while not port.read(0.05):
            assert time.monotonic() - opened < PATIENCE
        assert time.monotonic() - opened > 0.3
    finally:
        port.close()


def test_a_scale_that_waits_for_a_modem_line_is_silent(scale, heard):
    scale.fault("handshake")
    time.sleep(0.3)
    count = len(values(heard))
    time.sleep(0.5)
    assert len(values(heard)) == count


def test_one_frame_a_second_is_one_frame_a_second(scale, heard):
    scale.rate(1)
    time.sleep(0.3)
    count = len(values(heard))
    time.sleep(2.0)
    assert 1 <= len(values(heard)) - count <= 3


def test_a_length_is_sent_once(tmp_path):
    seen: list[object] = []
    driver = find_driver("adam-muw")
    scale = SimulatedScale(driver, tmp_path / "board")
    scale.start()
    link = Link("board", driver, str(tmp_path / "board"), seen.append)
    link.start()
    try:
        # An empty platform says nothing; the first line is the first measurement.
        until(lambda: any(isinstance(item, LinkStatus) and item.session for item in seen))
        time.sleep(0.3)
        assert values(seen) == []
        scale.measure(724)
        until(lambda: any(v.quantity is Quantity.LENGTH for v in values(seen)))
        lengths = [v for v in values(seen) if v.quantity is Quantity.LENGTH]
        assert [(v.value, v.unit) for v in lengths] == [(Decimal("72.4"), "cm")]
    finally:
        link.stop()
        scale.stop()


def test_every_fault_has_its_meaning_in_words():
    assert set(faults.MEANINGS) == set(faults.Fault)
    assert {f.value for f in faults.Fault} >= faults.MUTE


def test_the_faults_in_the_handbook_are_the_faults_there_are():
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    for fault, meaning in faults.MEANINGS.items():
        assert f"| `{fault}` | {meaning} |" in page
