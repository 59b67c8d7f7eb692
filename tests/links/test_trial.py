"""Every driver's simulator is read through the real link, and a bad driver is found out."""

from dataclasses import replace

import pytest

from drivers.driver import Rhythm
from drivers.events import Garbage
from drivers.framing import LineDecoder
from drivers.registry import all_drivers
from drivers.simulators import trial as module
from drivers.simulators.trial import trial

DRIVERS = {key: driver for key, driver in all_drivers().items() if driver.kind.value == "scale"}


@pytest.mark.parametrize("key", sorted(DRIVERS))
def test_every_driver_reads_its_own_simulator_over_a_port(key):
    assert list(trial(DRIVERS[key])) == []


@pytest.mark.parametrize(
    ("key", "rhythm"),
    [("st-us", Rhythm.ONCE), ("mt-sics", Rhythm.ONCE), ("tanita", Rhythm.STREAMS)],
)
def test_a_profile_sets_another_rhythm(key, rhythm):
    assert list(trial(DRIVERS[key], rhythm)) == []


def test_a_driver_that_reads_nothing_is_found_out(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    deaf = replace(DRIVERS["radwag"], decoder=lambda settings: LineDecoder(Garbage))
    (sentence,) = trial(deaf)
    assert "never arrive" in sentence
