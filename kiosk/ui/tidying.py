"""Garbage collection when nobody waits for the screen.

Python's full collections walk over everything that was ever imported and over every page that was
left, for up to a tenth of a second, in the middle of whatever is drawn. Here what is there after
the first page is set aside for good, and full collections wait for a quiet moment.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass

QUIET_SECONDS = 3.0
"""After the last touch; a finger that comes back this soon is rare."""

LONGEST_SECONDS = 300.0
"""A station that shows live weights all day collects this often at least."""

RARELY = 1_000_000
"""Younger generations between two full collections of Python's own: in effect never."""


@dataclass(slots=True)
class Tidying:
    """Collects once in the quiet after something was touched. Times are monotonic seconds."""

    touched: float = 0.0
    collected: float = 0.0

    def begin(self, now: float) -> None:
        """The first page is there: everything imported so far stays for ever.

        Until now nothing was collected, if the start has turned it off.
        """
        gc.freeze()
        gc.enable()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, RARELY)
        self.collected = now

    def tick(self, touched: float, now: float) -> bool:
        """Collect if it is quiet and something has happened; tells whether it did."""
        happened = touched > self.touched or now - self.collected >= LONGEST_SECONDS
        if not happened or now - touched < QUIET_SECONDS:
            return False
        self.touched, self.collected = touched, now
        gc.collect()
        return True
