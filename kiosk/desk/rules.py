"""The desk's own settings: times, lengths and proposals. One place, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.model.performer import Device
from kiosk.model.visit import Dress, Position

DAYS_STANDING = 731
"""From this age in days a child is measured standing (WHO's tables change at 731 days)."""


@dataclass(frozen=True, slots=True)
class DeskRules:
    """What the clinic may set. Times in seconds, ages in years.

    ``save_within`` is how long a save may take before the screen says to write on paper.
    ``blank_after`` darkens the locked screen so long after the last touch; 0 never does.

    ``scale`` is the device behind the live weight, ``length_board`` one that only measures
    lengths; ``None`` where none is configured. ``languages`` are those of the screen in the
    order the button goes through them, ``slip_languages`` those a parent may choose from.
    ``reads_earlier`` asks the journal for the values of last
    time, ``reads_appointments`` for who is expected today.
    """

    lock_after: float = 120.0
    warn_before_lock: float = 20.0
    blank_after: float = 900.0
    save_within: float = 5.0
    shortest_pin: int = 4
    longest_pin: int = 8
    oldest_child_years: int = 20
    longest_name: int = 40
    clock_not_before_year: int = 2026
    scale: Device | None = None
    length_board: Device | None = None
    languages: tuple[str, ...] = ("nb",)
    slip_languages: tuple[str, ...] = ("nb",)
    reads_earlier: bool = False
    reads_appointments: bool = False


def proposed_dress(age_days: int) -> Dress:
    """What the guideline expects the child to wear: infants naked, older children lightly."""
    return Dress.NAKED if age_days < DAYS_STANDING else Dress.LIGHT


def proposed_position(age_days: int) -> Position:
    """How the length is usually taken at this age. Shown, and changed with one touch."""
    return Position.LYING if age_days < DAYS_STANDING else Position.STANDING
