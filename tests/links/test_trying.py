"""A scale that is set up as another one: what the link and ``kiosk devices --try`` say of it."""

from decimal import Decimal

import pytest

from drivers.driver import Kind
from drivers.events import LinkState, Quantity, Reading, Stability
from drivers.profile import sample_settings
from drivers.registry import all_drivers, find_driver
from drivers.simulators.pty_port import PtyPort
from drivers.simulators.scale import SimulatedScale
from kiosk.__main__ import main
from kiosk.cli import trying
from tests.links.line_bench import FAST, Listener

KNOWN = all_drivers()
SCALES = sorted(key for key, one in KNOWN.items() if one.kind is Kind.SCALE)
STREAMS = {"rhythm": "streams"}


@pytest.fixture
def ohaus(tmp_path):
    scale = SimulatedScale(find_driver("ohaus"), tmp_path / "scale", settings=STREAMS)
    scale.start()
    yield str(tmp_path / "scale")
    scale.stop()


def test_a_link_names_the_device_whose_driver_reads_what_came(ohaus):
    listener = Listener()
    link = listener.link(find_driver("st-us"), ohaus, timing=FAST, settings=STREAMS)
    link.start()
    try:
        listener.state(LinkState.SILENT, f"looks-like:{find_driver('ohaus').name}")
    finally:
        link.stop()


def test_devices_try_names_the_drivers_that_read_a_port(ohaus, capsys):
    assert main(["devices", "--try", ohaus, "--seconds", "5"]) == 0
    first, *found = capsys.readouterr().out.splitlines()
    assert "Lytter" in first
    assert found[0].startswith("ohaus:")


def test_devices_try_says_that_nothing_came_and_that_there_is_no_port(tmp_path, capsys):
    port = PtyPort(tmp_path / "quiet")
    try:
        assert main(["devices", "--try", str(tmp_path / "quiet"), "--seconds", "0.1"]) == 1
    finally:
        port.close()
    assert "Ingenting kom" in capsys.readouterr().out
    assert main(["devices", "--try", str(tmp_path / "nothing"), "--seconds", "0.1"]) == 1
    assert "Porten kan ikke åpnes" in capsys.readouterr().err


GRAMS = (4236, 5100, 3980, 8420)


def sent_by(driver):
    """What its simulator sends of some weights, whole and at rest."""
    settings = sample_settings(driver)
    shown = (Reading(Quantity.WEIGHT, Decimal(g) / 1000, "kg", Stability.STABLE) for g in GRAMS)
    return b"".join(driver.render(one, settings) for one in shown) * 3


@pytest.mark.parametrize("key", SCALES)
def test_devices_try_names_every_family_with_its_speed(monkeypatch, capsys, key):
    driver = KNOWN[key]
    asked = []

    def listen(port, line, seconds):
        asked.append(line)
        return sent_by(driver) if line == driver.line else b""

    monkeypatch.setattr(trying, "_listen", listen)
    assert trying.try_port("/dev/x", tuple(KNOWN.values()), 1.0) == 0
    _, *found = capsys.readouterr().out.splitlines()
    assert key in [one.partition(":")[0] for one in found[:2]], found
    assert all(f"{driver.line.baud} {driver.line.bits}" in one for one in found)
    assert asked[-1] == driver.line
