"""A dark screen looks for a finger less often: nobody is there, and a quarter of a watt is saved.

Kivy looks for input once a frame, sixty times a second, also when nothing is drawn. While the
screen is dark eight times are enough: the touch that lights it is felt within an eighth of a
second, and after it everything is as quick as ever.
"""

from __future__ import annotations

from kivy.clock import Clock

AWAKE, RESTING = 60.0, 8.0
"""Looks for input a second."""


def rest(*, resting: bool) -> None:
    """Look for input less often, or as often as usual."""
    # Kivy reads its own setting only once, at its import.
    Clock._max_fps = RESTING if resting else AWAKE  # noqa: SLF001
