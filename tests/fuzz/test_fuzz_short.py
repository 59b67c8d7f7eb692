"""A short run of the fuzzer on every driver; `make fuzz` runs a million inputs each."""

import pytest
from fuzzing import corpus_of, faults, inputs

from drivers.registry import all_drivers

DRIVERS = all_drivers()


@pytest.mark.parametrize("key", sorted(DRIVERS))
def test_random_and_mutated_bytes_raise_nothing_and_invent_no_value(key):
    corpus = corpus_of(DRIVERS[key])
    assert [fault for data in inputs(corpus, 1, 2000) for fault in faults(corpus, data)] == []
