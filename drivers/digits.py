"""Reading a number as the device sent it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from drivers.events import Flag

NEGATIVE: Final = frozenset({Flag.NEGATIVE})
PLAIN: Final[frozenset[Flag]] = frozenset()


def signed(digits: bytes, *, minus: bool) -> tuple[Decimal, frozenset[Flag]]:
    """Return the value of unsigned ``digits`` and its flags; a minus before zeros means zero."""
    value = Decimal(digits.decode("ascii"))
    return (-value, NEGATIVE) if minus and value else (value, PLAIN)
