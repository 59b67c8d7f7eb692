"""Reading a number, and what it counts, as the device sent it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from drivers.events import Flag

NEGATIVE: Final = frozenset({Flag.NEGATIVE})
PLAIN: Final[frozenset[Flag]] = frozenset()

NO_WEIGHT: Final = {
    **dict.fromkeys((b"PC", b"PCS", b"Q", b"QT"), "counting"),
    **dict.fromkeys((b"%", b"PCT"), "percent"),
    **dict.fromkeys((b"CT", b"OZT", b"DWT", b"GN", b"TL", b"TLH", b"TLS", b"TLT"), "unit"),
    **dict.fromkeys((b"TL.G", b"TL.T", b"MOM", b"TICAL", b"TOLA", b"LB:OZ", b"CU"), "unit"),
    **dict.fromkeys((b"N", b"DS", b"T", b"MG"), "unit"),
}
"""What may stand in place of a unit of a child's weight, in capitals, and what to call it."""


def no_weight(unit: bytes) -> str:
    """Return what a line in this unit says in place of a weight; empty for one that is unknown."""
    return NO_WEIGHT.get(unit.strip().upper(), "")


def signed(digits: bytes, *, minus: bool) -> tuple[Decimal, frozenset[Flag]]:
    """Return the value of unsigned ``digits`` and its flags; a minus before zeros means zero."""
    value = Decimal(digits.decode("ascii"))
    return (-value, NEGATIVE) if minus and value else (value, PLAIN)
