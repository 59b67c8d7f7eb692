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


def ink(tone: Tone) -> Rgba:
    """The colour of icon and word."""
    inks = {Tone.GOOD: theme.GOOD, Tone.WARN: theme.WARN, Tone.BAD: theme.BAD}
    return inks.get(tone, theme.SUBTLE)


def ground(tone: Tone) -> Rgba:
    """The surface behind it."""
    grounds = {Tone.GOOD: theme.GOOD_SOFT, Tone.WARN: theme.WARN_SOFT, Tone.BAD: theme.BAD_SOFT}
    return grounds.get(tone, theme.SUNKEN)


@dataclass(frozen=True, slots=True)
class Sign:
    """A state in one icon, one or two words, and a sentence saying what to do."""

    icon: str
    tone: Tone
    word: str
    advice: str = ""
