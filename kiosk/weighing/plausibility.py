"""Is the number right? Age limits for what is typed. They never judge the child.

The ranges are data in ``plausibility.toml`` beside this file. Outside ``ask`` the station
asks for a reason, outside ``far`` it asks in stronger words; a value that was looked at
again and confirmed always goes through. Only what cannot be a measurement is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from kiosk.model.visit import Quantity


class Verdict(StrEnum):
    """What the check says about a number. ``SURPRISE``: it is far from the one of last time."""

    USUAL = "usual"
    ASK = "ask"
    FAR = "far"
    SAME_AS_LAST = "same-as-last"
    SURPRISE = "surprise"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Limits:
    """Whole grams or millimetres: asked outside ``low``–``high``, strongly outside the far pair."""

    far_low: int
    low: int
    high: int
    far_high: int


Points = Sequence[tuple[int, Limits]]


@dataclass(frozen=True, slots=True)
class Table:
    """The ranges by quantity: (age in days, limits) in rising age, and the possible range."""

    points: Mapping[Quantity, Points]
    possible: Mapping[Quantity, tuple[int, int]]


@cache
def shipped_table() -> Table:
    """The ranges that come with the station."""
    text = files("kiosk.weighing").joinpath("plausibility.toml").read_text("utf-8")
    return table_from(tomllib.loads(text))


def table_from(data: Mapping[str, Any]) -> Table:
    """Build the table; raises ``KeyError`` or ``TypeError`` for a file of another shape."""
    known = [quantity for quantity in Quantity if quantity.value in data]
    points = {
        q: tuple((days, Limits(*limits)) for days, *limits in data[q.value]["age"]) for q in known
    }
    possible = {q: (data[q.value]["possible"][0], data[q.value]["possible"][1]) for q in known}
    return Table(points, possible)


def limits_at(points: Points, age_days: int) -> Limits:
    """The limits at an age, interpolated between two rows and constant outside them."""
    if age_days <= points[0][0]:
        return points[0][1]
    for (start, low), (end, high) in pairwise(points):
        if age_days <= end:
            return _between(low, high, age_days - start, end - start)
    return points[-1][1]


def _between(one: Limits, other: Limits, part: int, whole: int) -> Limits:
    def mix(a: int, b: int) -> int:
        return a + (b - a) * part // whole

    return Limits(
        mix(one.far_low, other.far_low),
        mix(one.low, other.low),
        mix(one.high, other.high),
        mix(one.far_high, other.far_high),
    )


def judge(quantity: Quantity, value: int, age_days: int, table: Table | None = None) -> Verdict:
    """Judge a value in grams or millimetres at an age in days."""
    table = table or shipped_table()
    lowest, highest = table.possible[quantity]
    if not lowest <= value <= highest:
        return Verdict.IMPOSSIBLE
    limits = limits_at(table.points[quantity], age_days)
    if not limits.far_low <= value <= limits.far_high:
        return Verdict.FAR
    if not limits.low <= value <= limits.high:
        return Verdict.ASK
    return Verdict.USUAL
