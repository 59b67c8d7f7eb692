"""A short run of the fuzzer on every driver; `make fuzz` runs a million inputs each."""

from dataclasses import replace
from functools import partial

import pytest

from drivers.contract_samples import read
from drivers.driver import Kind
from drivers.events import Reading
from drivers.registry import all_drivers
from tests.fuzz.fuzzing import corpus_of, faults, inputs

DRIVERS = all_drivers()


@pytest.mark.parametrize("key", sorted(DRIVERS))
def test_random_and_mutated_bytes_raise_nothing_and_invent_no_value(key):
    corpus = corpus_of(DRIVERS[key])
    assert [fault for data in inputs(corpus, 1, 2000) for fault in faults(corpus, data)] == []


SCALES = sorted(key for key, driver in DRIVERS.items() if driver.kind is Kind.SCALE)
"""The second readers of the fuzzer know weights; audiograms are held by their own properties."""


@pytest.mark.parametrize("key", SCALES)
def test_the_fuzzer_notices_a_driver_that_loses_a_sign_or_a_digit(key, monkeypatch):
    corpus = corpus_of(DRIVERS[key])
    for spoil in (lambda v: -v if v else v + 1, lambda v: v * 10 + 1):
        spoilt = partial(spoilt_read, spoil)
        monkeypatch.setattr("tests.fuzz.fuzzing.read", spoilt)
        assert any(fault for data in inputs(corpus, 1, 300) for fault in faults(corpus, data))


def spoilt_read(spoil, driver, settings, *chunks):
    return [
        replace(event, value=spoil(event.value)) if isinstance(event, Reading) else event
        for event in read(driver, settings, *chunks)
    ]
