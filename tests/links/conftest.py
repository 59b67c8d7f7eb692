from collections.abc import Iterator

import pytest

from drivers.registry import all_drivers
from drivers.simulators.scale import SimulatedScale
from tests.links.line_bench import Listener

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
