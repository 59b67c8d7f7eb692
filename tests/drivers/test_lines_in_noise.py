"""Every typed line of every driver, alone and among foreign bytes: its own values, and no other.

The contract tries one frame a driver among many kinds of noise; this walks all of them.
"""

import random
from dataclasses import replace

import pytest

from drivers.contract_samples import read, values
from drivers.registry import all_drivers
from drivers.vector_file import vectors_for

ROWS = [
    (driver, vector)
    for driver in all_drivers().values()
    for vector in vectors_for(driver)
    if values(read(driver, vector.settings, *vector.chunks))
]


def told(driver, vector, data):
    # Some lines may have a byte more in front of them, which changes nothing they say.
    return [replace(value, raw=b"") for value in values(read(driver, vector.settings, data))]


@pytest.mark.parametrize(("driver", "vector"), ROWS, ids=[f"{d.key}-{v.id}" for d, v in ROWS])
def test_a_line_among_foreign_bytes_gives_its_values_and_no_other(driver, vector):
    frame = b"".join(vector.chunks)
    chance = random.Random(vector.id)
    foreign = bytes(byte for byte in range(256) if byte not in frame)
    alone = told(driver, vector, frame)
    for size in (1, 7, 60):
        noise = bytes(chance.choices(foreign, k=size))
        got = told(driver, vector, noise + frame * 2 + noise)
        # What noise runs into may be lost; the whole lines behind it are not.
        assert got[-len(alone) :] == alone
        assert all(value in alone for value in got)


FIELD = {
    "nci": ["FA1"],
    "detecto-solo": ["FX1"],
    "kern": ["FK1", "FK2", "FQ1"],
    "mt-sics": ["FM1"],
    "ohaus": ["FD1", "FD2", "FD3", "FD4"],
    "plain": ["FP1"],
    "rice-lake-print": ["FX2"],
    "sartorius": ["FR1"],
    "st-us": ["FS1", "FS2", "FS3", "FS4", "FS5", "FS6", "FS7"],
    "tanita": ["FT1", "FT2"],
    "usb-hid": ["FH1"],
}
"""The lines of real devices and manuals that were once refused or misread, by driver."""


@pytest.mark.parametrize("key", sorted(FIELD))
def test_the_lines_from_the_field_stay_in_the_vectors(key):
    ids = {vector.id for vector in vectors_for(all_drivers()[key])}
    assert set(FIELD[key]) <= ids
