"""Which drivers read what a port sends."""

from decimal import Decimal
from random import Random

import pytest

from drivers.driver import Driver, Kind
from drivers.events import Quantity, Reading
from drivers.hints import UNREAD, LineDoctor
from drivers.profile import sample_settings
from drivers.recognising import fits
from drivers.registry import all_drivers
from drivers.vector_file import vectors_for

DRIVERS = all_drivers()


def lines_of(key: str) -> bytes:
    """A vector of this driver with nothing in it but values, six times."""
    for vector in vectors_for(DRIVERS[key]):
        if {event["event"] for event in vector.events} == {"reading"}:
            return b"".join(vector.chunks) * 6
    raise AssertionError(key)


def test_every_scale_is_recognised_by_its_own_lines_also_when_the_first_is_cut():
    for key, driver in DRIVERS.items():
        if driver.kind is not Kind.SCALE:
            continue
        data = lines_of(key)
        for sent in (data, data[3:]):
            found = [fit.driver.key for fit in fits(sent, DRIVERS.values())]
            assert key in found[:2], (key, found)


def test_noise_silence_and_other_text_are_nobodys():
    noise = Random(1).randbytes(600)
    for data in (b"", noise, b"Hello, this is a modem.\r\n" * 20, b"AT\r\nOK\r\n" * 20):
        assert [fit.driver.key for fit in fits(data, DRIVERS.values())] == [], data[:20]


def test_a_line_here_and_there_among_others_is_no_likeness():
    ohaus = lines_of("ohaus")
    data = (ohaus[: len(ohaus) // 6] + b"Total since Monday: 12 weighings, 4 refused\r\n") * 6
    assert "ohaus" not in [fit.driver.key for fit in fits(data, DRIVERS.values())]


ON_A_LINE = {
    key: driver
    for key, driver in DRIVERS.items()
    if driver.kind is Kind.SCALE and not any(claim.interface_class == 3 for claim in driver.claims)
}
"""Scales that may hang on a serial port; one that is a HID never sends there."""


def values_of(driver: Driver, data: bytes) -> set[tuple[Quantity, Decimal]]:
    events = driver.decoder(sample_settings(driver)).feed(data)
    return {(one.quantity, one.value) for one in events if isinstance(one, Reading)}


@pytest.mark.parametrize("sends", sorted(ON_A_LINE))
def test_under_any_other_driver_a_scale_is_read_the_same_or_named(sends):
    """A port that sends one family while the driver of another is set: every pair of them."""
    data = lines_of(sends)
    own = values_of(ON_A_LINE[sends], data)
    named = [fit.driver for fit in fits(data * 3, ON_A_LINE.values())]
    for key in sorted(set(ON_A_LINE) - {sends}):
        driver = ON_A_LINE[key]
        assert values_of(driver, data) <= own, key
        decoder = driver.decoder(sample_settings(driver))
        doctor = LineDoctor(b"", 0.0, line=driver.line)
        for second in range(12):
            doctor.heard(data, decoder.feed(data), float(second))
        hint = doctor.hint(12.0)
        likely = [one for one in named if one is not driver][:1]
        assert hint is None or (hint in UNREAD and values_of(likely[0], data) == own), (key, hint)
