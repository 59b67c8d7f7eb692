"""A driver written by somebody else reads our simulated scale, as it would read the balance."""

from __future__ import annotations

import pytest
import sartoriusb

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale


@pytest.fixture(params=["16", "22"])
def balance(request, tmp_path):
    settings = {"characters": request.param}
    scale = SimulatedScale(find_driver("sartorius"), tmp_path / "scale", settings=settings)
    scale.start()
    peer = sartoriusb.SartoriusUsb(str(tmp_path / "scale"), timeout=1)
    with peer:
        yield scale, peer
    scale.stop()


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
