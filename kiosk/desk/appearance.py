"""How a person wants the screen: its colours, the hand that touches, and how large the text is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Palette(StrEnum):
    """The colours."""

    LIGHT = "light"
    CONTRAST = "contrast"


class Hand(StrEnum):
    """The hand that touches: the side of the main action and of the keys."""

    RIGHT = "right"
    LEFT = "left"


TEXT_SIZES = (100, 125, 150)
"""How large texts are drawn where there is room for it, in percent."""


@dataclass(frozen=True, slots=True)
class Look:
    """The station's look, or the one a person has chosen. ``text`` is one of the sizes."""

    palette: Palette = Palette.LIGHT
    hand: Hand = Hand.RIGHT
    text: int = 100

    def __str__(self) -> str:
        """Write it as it is kept: ``light right 100``."""
        return f"{self.palette} {self.hand} {self.text}"


def read_look(kept: str) -> Look | None:
    """Read what :meth:`Look.__str__` wrote; ``None`` for anything else."""
    try:
        palette, hand, text = kept.split()
        look = Look(Palette(palette), Hand(hand), int(text))
    except ValueError:
        return None
    return look if look.text in TEXT_SIZES else None
