"""Which drivers read what a port sends."""

from random import Random

from drivers.driver import Kind
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
