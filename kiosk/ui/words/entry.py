"""The examples shown while a value is typed."""

from __future__ import annotations

from kiosk.model.visit import Quantity
from kiosk.ui.words.mark import mark

EXAMPLES: dict[Quantity, str] = {
    Quantity.WEIGHT: mark("Kilogram med komma, for eksempel 4,236."),
    Quantity.LENGTH: mark("Centimeter med komma, for eksempel 54,3."),
    Quantity.HEAD: mark("Centimeter med komma, for eksempel 38,5."),
}
