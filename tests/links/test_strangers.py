"""Drivers written by others read our simulated scales, as they would read the balances."""

from __future__ import annotations

import warnings
from contextlib import contextmanager

import labmcp
import labmcp_mettler_toledo.driver as labmcp_mettler
import labmcp_sartorius.driver as labmcp_sartorius
import pytest
import sartoriusb
from labmcp.transports import open_transport

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale

with warnings.catch_warnings():
    # It asks an old library for its own version.
    warnings.simplefilter("ignore")
    import mettler_toledo_device

LAB = {"read_termination": "\r\n", "write_termination": "\r\n", "timeout": 20}


@contextmanager
def simulated(folder, key, **settings):
    scale = SimulatedScale(find_driver(key), folder / "scale", settings=settings)
    scale.start()
    try:
        yield scale, str(folder / "scale")
    finally:
        scale.stop()


@pytest.fixture(params=["16", "22"])
def balance(request, tmp_path):
    with (
        simulated(tmp_path, "sartorius", characters=request.param) as (scale, port),
        sartoriusb.SartoriusUsb(port, timeout=1) as peer,
    ):
        yield scale, peer


def test_sartoriusb_reads_weight_state_and_type(balance):
    scale, peer = balance
    scale.put(8420)
    measured = peer.measure()
    assert (measured.value, measured.unit, measured.stable) == ("+8.420", "kg", True)
    scale.put(4236, wriggle=60.0)
    assert peer.measure().stable is False
    scale.put(8420)
    assert peer.get(sartoriusb.CMD_INFO_TYPE)[0].strip() == "SIMULATED"
    peer.send(sartoriusb.CMD_TARA)
    assert peer.measure().value == "+0.000"


def test_sartoriusb_is_told_of_an_overload(balance):
    scale, peer = balance
    scale.fault("overload")
    assert peer.measure().message.split()[-1] == "High"


@pytest.mark.parametrize("characters", ["16", "22"])
def test_labmcp_uses_the_simulated_sartorius(tmp_path, characters):
    with (
        simulated(tmp_path, "sartorius", characters=characters) as (scale, port),
        open_transport(f"serial://{port}", **LAB) as transport,
    ):
        peer = labmcp_sartorius.SBIBalance(transport)
        assert peer.identify()["model"] == "SIMULATED"
        scale.put(8420)
        read = peer.weight()
        assert (read.value, read.unit, read.stable, read.decimals) == (8.42, "kg", True, 3)
        peer.tare()
        assert peer.weight().value == 0
        scale.put(4236, wriggle=60.0)
        assert peer.print_reading().unit is None
        scale.fault("overload")
        with pytest.raises(labmcp.InstrumentProtocolError, match="overloaded"):
            peer.print_reading()


@pytest.mark.parametrize("key", ["mt-sics", "kern"])
def test_labmcp_uses_the_simulated_mt_sics_and_kcp_scale(tmp_path, key):
    settings = {"request": "kcp"} if key == "kern" else {}
    with (
        simulated(tmp_path, key, **settings) as (scale, port),
        open_transport(f"serial://{port}", **LAB) as transport,
    ):
        peer = labmcp_mettler.MTSICSBalance(transport)
        assert peer.identify()["serial"] == "0123456789"
        scale.put(8420)
        for stable in (True, False):
            read = peer.weight(stable=stable)
            assert (read.value, read.unit, read.stable) == (8.42, "kg", True)
        assert peer.tare().value == 8.42
        assert peer.weight().value == 0
        scale.put(4236, wriggle=60.0)
        assert peer.weight(stable=False).stable is False
        scale.fault("overload")
        with pytest.raises(labmcp.InstrumentProtocolError, match="overload"):
            peer.weight(stable=False)


def test_mettler_toledo_device_uses_the_simulated_mt_sics_scale(tmp_path, monkeypatch):
    monkeypatch.setattr(mettler_toledo_device.MettlerToledoDevice, "_RESET_DELAY", 0)
    with simulated(tmp_path, "mt-sics") as (scale, port):
        # It waits 50 ms for an answer unless it is told otherwise.
        peer = mettler_toledo_device.MettlerToledoDevice(port=port, timeout=5)
        scale.put(8420)
        assert peer.get_weight() == [8.42, "kg", "S"]
        assert peer.get_weight_stable() == [8.42, "kg"]
        assert peer.get_serial_number() == "0123456789"
        assert peer.get_mtsics_level()[:2] == ["01", "2.20"]
        assert peer.zero_stable() is False
        scale.put(20)
        assert peer.zero_stable() is True
        peer.close()
