"""A second reading of the same quantity: which value counts, and when a third is worth it.

All readings are kept with the value, and the rule's name is stored beside it; the reader can do
the sum again. Rule and difference stand in the table of quantities.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Quantity, Rule


def reckon(quantity: Quantity, values: Sequence[int]) -> int:
    """The reported value of readings in grams or millimetres; a mean is rounded half up.

    Raises :class:`ValueError` for no readings at all.
    """
    if not values:
        raise ValueError("no readings")
    if MEASURED[quantity].rule is Rule.LARGEST:
        return max(values)
    return (2 * sum(values) + len(values)) // (2 * len(values))


def differ_much(quantity: Quantity, values: Sequence[int]) -> bool:
    """Whether the readings lie so far apart that a further one is proposed."""
    return max(values) - min(values) > MEASURED[quantity].differ


def written(quantity: Quantity, value: int) -> tuple[str, str]:
    """The digits and unit of a reckoned value: 5845 g is ("5.845", "kg")."""
    measured = MEASURED[quantity]
    return measured.written(value), measured.unit
