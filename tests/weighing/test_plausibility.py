from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model.visit import Quantity
from kiosk.weighing.plausibility import Verdict, judge, limits_at, shipped_table


@pytest.mark.parametrize(
    ("quantity", "value", "age_days", "verdict"),
    [
        (Quantity.WEIGHT, 4236, 42, Verdict.USUAL),
        (Quantity.WEIGHT, 42360, 42, Verdict.FAR),
        (Quantity.WEIGHT, 2800, 42, Verdict.ASK),
        (Quantity.WEIGHT, 0, 42, Verdict.IMPOSSIBLE),
        (Quantity.LENGTH, 1029, 1461, Verdict.USUAL),
        (Quantity.LENGTH, 102, 1461, Verdict.IMPOSSIBLE),
        (Quantity.HEAD, 424, 183, Verdict.USUAL),
        (Quantity.HEAD, 484, 91, Verdict.FAR),
    ],
)
def test_numbers_that_look_mistyped_ask(quantity, value, age_days, verdict):
    assert judge(quantity, value, age_days) is verdict


def test_the_shipped_ranges_are_nested_and_rise_with_age():
    for points in shipped_table().points.values():
        for _, limits in points:
            assert limits.far_low < limits.low < limits.high < limits.far_high
        for (one, low), (other, high) in pairwise(points):
            assert one < other
            assert low.low < high.low
            assert low.high < high.high


@given(st.sampled_from(list(Quantity)), st.integers(0, 9000))
def test_interpolated_limits_stay_nested(quantity, age_days):
    limits = limits_at(shipped_table().points[quantity], age_days)
    assert limits.far_low < limits.low < limits.high < limits.far_high


@given(st.sampled_from(list(Quantity)), st.integers(0, 9000))
def test_ten_times_too_much_is_always_noticed(quantity, age_days):
    limits = limits_at(shipped_table().points[quantity], age_days)
    middle = (limits.low + limits.high) // 2
    assert judge(quantity, middle * 10, age_days) is not Verdict.USUAL
    assert judge(quantity, middle // 10, age_days) is not Verdict.USUAL
