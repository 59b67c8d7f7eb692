"""How long a test waits for what must come.

Nothing is decided by it: whatever passes, passes as soon as it has happened, and only what never
happens takes so long. So it is as long as a busy machine may ever need, and the same everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0


def until(
    reached: Callable[[], object],
    told: Callable[[], object] = lambda: "did not happen",
    *,
    pause: float = 0.01,
    meanwhile: Callable[[], object] | None = None,
) -> float:
    """Wait for something; returns the seconds it took.

    ``meanwhile`` is done again and again instead of a ``pause``; ``told`` is what a failure says.
    """
    begun = time.monotonic()
    while not reached():
        assert time.monotonic() - begun < PATIENCE, told()
        if meanwhile is None:
            time.sleep(pause)
        else:
            meanwhile()
    return time.monotonic() - begun


def within(seconds: float) -> float:
    """The limit for a promise of so many seconds: a machine ten times as busy keeps it too.

    What the promise rules out must take longer than that, or the test could not fail: set the wait
    that is not to be waited for accordingly.
    """
    return 10 * seconds
