"""The schedule of the age: a proposal from data, for every age."""

from __future__ import annotations

import pytest

from kiosk.model.visit import Quantity
from kiosk.weighing.schedule import proposed, schedule_from, shipped_schedule

W, L, H = Quantity.WEIGHT, Quantity.LENGTH, Quantity.HEAD


@pytest.mark.parametrize(
    ("days", "measured"),
    [
        (0, {W, L, H}),
        (3, {W}),
        (8, {W, H}),
        (42, {W, H}),
        (91, {W, L, H}),
        (365, {W, L, H}),
        (500, {W, L}),
        (731, {W, L}),
        (1461, {W, L}),
        (5000, {W, L}),
        (-1, {W, L, H}),
    ],
)
def test_what_the_guideline_measures_at_an_age(days, measured):
    assert proposed(days) == measured


def test_weight_is_proposed_at_every_age():
    assert all(Quantity.WEIGHT in control.measure for control in shipped_schedule())


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"days": 5, "measure": ["weight"]}],
        [{"days": 0, "measure": ["weight"]}, {"days": 0, "measure": ["weight"]}],
        [{"days": 0, "measure": ["shoe-size"]}],
    ],
)
def test_a_schedule_of_another_shape_is_refused(rows):
    with pytest.raises(ValueError, match=r"controls begin|not a valid"):
        schedule_from({"control": rows})
