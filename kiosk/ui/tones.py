"""How a state looks: tone and icon. Never colour alone: each comes with a word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.ui import theme
from kiosk.ui.theme import Rgba


class Tone(StrEnum):
    """How serious something is."""

    CALM = "calm"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


INK: dict[Tone, Rgba] = {
    Tone.CALM: theme.SUBTLE,
    Tone.GOOD: theme.GOOD,
    Tone.WARN: theme.WARN,
    Tone.BAD: theme.BAD,
}
"""The colour of icon and word."""

GROUND: dict[Tone, Rgba] = {
    Tone.CALM: theme.SUNKEN,
    Tone.GOOD: theme.GOOD_SOFT,
    Tone.WARN: theme.WARN_SOFT,
    Tone.BAD: theme.BAD_SOFT,
}
"""The surface behind it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A state in one icon, one or two words, and a sentence saying what to do."""

    icon: str
    tone: Tone
    word: str
    advice: str = ""
