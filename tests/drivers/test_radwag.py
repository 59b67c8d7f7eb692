"""The two frame lengths RADWAG prints, and range markers."""

from decimal import Decimal

import pytest

from drivers.events import Garbage, NoReading, Reading, Reason, Stability
from drivers.scales.radwag import read_line


def short(mark: str, mass: str = "    4.236", sign: str = " ") -> bytes:
    """Command, stability, blank, sign, mass: PUE C/31H manual p. 58."""
    return f"SI {mark} {sign}{mass} kg \r\n".encode()


def long(mark: str, mass: str = "    4.236", sign: str = " ") -> bytes:
    """A blank more before the stability: AS R2 PLUS manual p. 83, PS technical data p. 82."""
    return f"SI  {mark} {sign}{mass} kg \r\n".encode()


@pytest.mark.parametrize("layout", [short, long])
def test_both_layouts_tell_stable_from_moving(layout):
    for mark, stability in ((" ", Stability.STABLE), ("?", Stability.MOVING)):
        event = read_line(layout(mark))
        assert isinstance(event, Reading)
        assert (event.value, event.unit, event.stability) == (Decimal("4.236"), "kg", stability)
        negative = read_line(layout(mark, sign="-"))
        assert isinstance(negative, Reading)
        assert negative.value == Decimal("-4.236")


@pytest.mark.parametrize("layout", [short, long])
@pytest.mark.parametrize("mass", ["   20.180", "---------", "         "])
def test_under_a_range_marker_nothing_is_a_number(layout, mass):
    for mark, reason in (("^", Reason.OVERLOAD), ("v", Reason.UNDERLOAD)):
        event = read_line(layout(mark, mass))
        assert isinstance(event, NoReading)
        assert event.reason is reason


def test_lengths_are_the_two_printed_ones():
    assert len(short(" ")) == 21
    assert len(long(" ")) == 22
    for line in (short(" ").replace(b" kg", b"kg"), long(" ").replace(b"SI ", b"SI  ")):
        assert isinstance(read_line(line), Garbage)


def test_two_markers_are_garbage():
    assert isinstance(read_line(b"SI ?? " + short(" ")[5:]), Garbage)
