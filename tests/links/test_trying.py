"""A scale that is set up as another one: what the link and ``kiosk devices --try`` say of it."""

import pytest

from drivers.events import LinkState
from drivers.registry import find_driver
from drivers.simulators.pty_port import PtyPort
from drivers.simulators.scale import SimulatedScale
from kiosk.__main__ import main
from tests.links.line_bench import FAST, Listener

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
