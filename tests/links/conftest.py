import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from line_bench import Listener

from drivers.registry import all_drivers
from drivers.simulators.scale import SimulatedScale

DRIVERS = all_drivers()
TRIED = ("mt-sics", "radwag")
"""The link is the same for all; ``tests/links/test_trial.py`` runs it once with every driver."""


@pytest.fixture(params=TRIED)
def driver(request):
    return DRIVERS[request.param]


@pytest.fixture
def scale(driver, tmp_path) -> Iterator[SimulatedScale]:
    simulated = SimulatedScale(driver, tmp_path / "scale")
    simulated.start()
    yield simulated
    simulated.stop()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def link(driver, scale, tmp_path, listener):
    one = listener.link(driver, str(tmp_path / "scale"))
    one.start()
    yield one
    one.stop()
