"""One flipped bit in a frame with a checksum never makes another weight."""

import pytest

from drivers.contract_samples import read, readings
from drivers.registry import all_drivers
from drivers.vector_file import vectors_for

CHECKED = (
    ("cas", "Q1"),
    ("tanita", "T4"),
    ("tanita", "FT1"),
    ("tanita", "T14"),
    ("tanita", "T17"),
    ("seca-rs232", "E11"),
    ("toledo-continuous", "Y7"),
)


@pytest.mark.parametrize(("key", "name"), CHECKED)
def test_no_flipped_bit_makes_another_value(key, name):
    driver = all_drivers()[key]
    (vector,) = (v for v in vectors_for(driver) if v.id == name)
    frame = b"".join(vector.chunks)
    truth = readings(read(driver, vector.settings, frame))
    assert truth
    assert all(reading.checked for reading in truth)
    for bit in range(8 * len(frame)):
        data = bytearray(frame)
        data[bit // 8] ^= 1 << bit % 8
        told = readings(read(driver, vector.settings, bytes(data)))
        assert {(r.value, r.unit) for r in told} <= {(r.value, r.unit) for r in truth}, bit


def test_every_driver_that_trusts_one_frame_is_among_them():
    alone = {key for key, driver in all_drivers().items() if driver.trusted_frames == 1}
    assert alone <= {key for key, _ in CHECKED}
