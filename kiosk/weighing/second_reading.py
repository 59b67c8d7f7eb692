"""A second reading of the same quantity: which value counts, and when a third is worth it.

All readings are kept with the value, and the rule's name is stored beside it; the reader can do
the sum again. The rules are data in ``readings.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Quantity, Rule


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is reported of several readings, and from which difference on they differ much."""

    rule: Rule
    differ: int


@cache
def shipped_rules() -> dict[Quantity, Reckoning]:
    """The rules that come with the station."""
    data = tomllib.loads(files("kiosk.weighing").joinpath("second_reading.toml").read_text("utf-8"))
    return {q: Reckoning(Rule(data[q]["rule"]), int(data[q]["differ"])) for q in Quantity}


def reckon(quantity: Quantity, values: Sequence[int]) -> int:
    """The reported value of readings in grams or millimetres; a mean is rounded half up.

    Raises :class:`ValueError` for no readings at all.
    """
    if not values:
        raise ValueError("no readings")
    if shipped_rules()[quantity].rule is Rule.LARGEST:
        return max(values)
    return (2 * sum(values) + len(values)) // (2 * len(values))


def differ_much(quantity: Quantity, values: Sequence[int]) -> bool:
    """Whether the readings lie so far apart that a further one is proposed."""
    return max(values) - min(values) > shipped_rules()[quantity].differ


def written(quantity: Quantity, value: int) -> tuple[str, str]:
    """The digits and unit of a reckoned value: 5845 g is ("5.845", "kg")."""
    measured = MEASURED[quantity]
    return measured.written(value), measured.unit
