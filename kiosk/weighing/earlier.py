"""What the journal has from last time, and whether today's number is a surprise beside it.

The question is "is the number right?", never "is something wrong with the child". How far a
value lies between the ends of what is asked about at its age (:mod:`kiosk.weighing.plausibility`)
is compared then and now: half of all swapped digits pass every range, but not this. The limits
are data in ``earlier.toml``. Nothing of the comparison is shown, stored or sent.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import assert_never

from kiosk.model.quantities import MEASURED, Loss
from kiosk.model.visit import Position, Quantity
from kiosk.weighing.plausibility import limits_at, shipped_table


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value from an earlier visit: grams or millimetres, as the journal has it now."""

    quantity: Quantity
    value: int
    measured_on: date
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a change is asked about.

    ``share`` is a part of the range at the age, in percent; ``loss`` the largest usual loss of
    weight in percent, asked about from ``loss_from_days`` of age on: new-borns lose weight.
    ``shrink`` is how many millimetres a length or head may seem to have shrunk, and
    ``standing`` how many more when the child was measured lying then and stands now.
    """

    share: int
    loss: int
    loss_from_days: int
    shrink: int
    standing: int


@cache
def shipped_bounds() -> Bounds:
    """The limits that come with the station."""
    text = files("kiosk.weighing").joinpath("earlier.toml").read_text("utf-8")
    return Bounds(**tomllib.loads(text))


def is_surprise(now: Earlier, before: Earlier, born: date) -> bool:
    """Whether today's value is so far from the earlier one that it may be mistyped."""
    if now.quantity is not before.quantity or before.measured_on >= now.measured_on:
        return False
    moved = abs(_place(now, born) - _place(before, born))
    return moved > shipped_bounds().share or _less_than_usual(now, before, born)


def _place(one: Earlier, born: date) -> int:
    """Where the value lies in the range at its age, in percent from the lower end."""
    age = (one.measured_on - born).days
    limits = limits_at(shipped_table().points[one.quantity], age)
    return (one.value - limits.low) * 100 // (limits.high - limits.low)


def _less_than_usual(now: Earlier, before: Earlier, born: date) -> bool:
    bounds, loss = shipped_bounds(), MEASURED[now.quantity].loss
    match loss:
        case Loss.SHARE:
            begun = (before.measured_on - born).days >= bounds.loss_from_days
            return begun and now.value * 100 < before.value * (100 - bounds.loss)
        case Loss.SHRINKING:
            stood_up = before.position is Position.LYING and now.position is Position.STANDING
            allowed = bounds.shrink + (bounds.standing if stood_up else 0)
            return now.value < before.value - allowed
        case Loss.NEVER:
            return False
    assert_never(loss)
