from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model.visit import Quantity
from kiosk.weighing.plausibility import (
    Limits,
    Verdict,
    judge,
    limits_at,
    shipped_table,
    table_from,
)


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


OWN = table_from(
    {
        "weight": {
            "possible": [200, 9000],
            "age": [
                [10, 100, 1000, 2000, 3000],
                [20, 200, 1101, 2207, 3400],
                [40, 300, 1200, 2300, 3500],
            ],
        },
        "length": {"possible": [1, 2], "age": [[0, 1, 2, 3, 4]]},
        "head": {"possible": [3, 4], "age": [[0, 1, 2, 3, 4]]},
    }
)


@pytest.mark.parametrize(
    ("age_days", "limits"),
    [
        (-1, (100, 1000, 2000, 3000)),
        (10, (100, 1000, 2000, 3000)),
        (11, (110, 1010, 2020, 3040)),
        (15, (150, 1050, 2103, 3200)),
        (19, (190, 1090, 2186, 3360)),
        (20, (200, 1101, 2207, 3400)),
        (30, (250, 1150, 2253, 3450)),
        (40, (300, 1200, 2300, 3500)),
        (99, (300, 1200, 2300, 3500)),
    ],
)
def test_between_two_ages_the_limits_lie_on_a_line_and_outside_they_stand(age_days, limits):
    assert limits_at(OWN.points[Quantity.WEIGHT], age_days) == Limits(*limits)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (199, Verdict.IMPOSSIBLE),
        (200, Verdict.ASK),
        (999, Verdict.ASK),
        (1000, Verdict.USUAL),
        (2000, Verdict.USUAL),
        (2001, Verdict.ASK),
        (3000, Verdict.ASK),
        (3001, Verdict.FAR),
        (9000, Verdict.FAR),
        (9001, Verdict.IMPOSSIBLE),
    ],
)
def test_a_limit_itself_is_within(value, verdict):
    assert judge(Quantity.WEIGHT, value, 10, OWN) is verdict


def test_below_the_far_limit_is_far():
    assert [judge(Quantity.WEIGHT, value, 40, OWN) for value in (299, 300)] == [
        Verdict.FAR,
        Verdict.ASK,
    ]


def test_each_quantity_has_its_own_range():
    assert OWN.possible == {
        Quantity.WEIGHT: (200, 9000),
        Quantity.LENGTH: (1, 2),
        Quantity.HEAD: (3, 4),
    }
    assert judge(Quantity.HEAD, 3, 0, OWN) is Verdict.USUAL
