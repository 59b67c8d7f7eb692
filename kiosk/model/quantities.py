"""What is measured, in one table: how it is written, and what belongs to it.

Values are kept in whole grams or millimetres; a person reads and types kilograms and centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kiosk.model.visit import Quantity


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity as a person writes it: the unit, and the decimals that reach a whole value."""

    unit: str
    decimals: int

    def whole(self, written: Decimal) -> int:
        """Grams or millimetres of a number in the unit; what is finer than that is cut off."""
        return int(written * 10**self.decimals)

    def written(self, value: int) -> str:
        """The digits of whole grams or millimetres in the unit: ``61.2``."""
        return str(Decimal(value).scaleb(-self.decimals))


MEASURED = {
    Quantity.WEIGHT: Measured("kg", 3),
    Quantity.LENGTH: Measured("cm", 1),
    Quantity.HEAD: Measured("cm", 1),
}
