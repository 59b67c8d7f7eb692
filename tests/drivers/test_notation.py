"""Events as plain data and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.notation import from_record, to_record

READINGS = st.builds(
    Reading,
    st.sampled_from(Quantity),
    st.decimals(-99_999_999, 99_999_999, places=6).filter(lambda value: value != 0),
    st.sampled_from(["kg", "g", "lb"]),
    st.sampled_from(Stability),
    st.frozensets(st.sampled_from(Flag)),
)
NOTHINGS = st.builds(NoReading, st.sampled_from(Reason), st.sampled_from(["", "10b"]))
GARBAGE = st.builds(Garbage, st.binary(max_size=30))


@given(event=st.one_of(READINGS, NOTHINGS, GARBAGE))
def test_what_is_written_is_read_back(event):
    assert from_record(to_record(event)) == event


def test_digits_stay_as_sent_and_never_become_an_exponent():
    for digits in ("4.2360", "0.000000", "-0.012", "20000000"):
        event = Reading(Quantity.WEIGHT, Decimal(digits), "kg", Stability.STABLE)
        assert to_record(event)["value"] == digits


def test_a_code_is_told_only_when_there_is_one():
    assert to_record(NoReading(Reason.BUSY)) == {"event": "no-reading", "reason": "busy"}
    assert to_record(NoReading(Reason.ERROR, "10b"))["code"] == "10b"


@pytest.mark.parametrize(
    "digits", ["1E5", "", "-", "--4", "5.", "4,2", "4.2.3", "nan", "\u0662", "1_0"]
)
def test_what_is_no_plain_number_is_refused(digits):
    record = to_record(Reading(Quantity.WEIGHT, Decimal(1), "kg", Stability.STABLE))
    with pytest.raises(ValueError, match="no number"):
        from_record({**record, "value": digits})
