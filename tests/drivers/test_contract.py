"""The one test that every driver passes, found wherever the registry finds drivers."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import PROMISES
from drivers.contract_samples import bytes_of, read, readings, sample
from drivers.profile import sample_settings
from drivers.registry import all_drivers, check

DRIVERS = list(all_drivers().values())
each_driver = pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.key)


@each_driver
@pytest.mark.parametrize("promise", PROMISES, ids=lambda p: p.__name__)
def test_a_driver_keeps(driver, promise):
    assert list(promise(driver)) == []


SAMPLES = {driver.key: sample(driver) for driver in DRIVERS}


@each_driver
@settings(deadline=None)
@given(data=st.binary(max_size=400))
def test_random_bytes_raise_nothing_and_every_byte_comes_back(driver, data):
    assert bytes_of(read(driver, sample_settings(driver), data)) == data


@each_driver
@settings(deadline=None)
@given(before=st.binary(max_size=40), at=st.integers(0), after=st.binary(max_size=40))
def test_what_stands_around_a_frame_changes_no_digit_of_it(driver, before, at, after):
    good = SAMPLES[driver.key]
    cut = at % len(good.frame)
    told = readings(read(driver, good.settings, before + good.frame[cut:] + after))
    if cut == 0 and any(r.raw == good.frame for r in told):
        assert good.reading in told


def test_the_drivers_do_not_contradict_each_other():
    assert check(DRIVERS) == []


def test_protocol_modules_import_no_port_library():
    code = (
        "import sys, drivers.registry as r; r.all_drivers();"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('serial', 'usb', 'kiosk')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
