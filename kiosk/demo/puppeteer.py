"""Puts a child on the simulated scale when one is measured, as parents do.

The weight fits the age, so that the first tour does not begin with a question about an odd
number; it is lifted when the weight was taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Quantity
from kiosk.core.plausibility import limits_at, shipped_table

STEP_GRAMS = 2
"""The display step of a baby scale."""


class Puppeteer:
    """Watches the desk and tells the scale what lies on it."""

    def __init__(self, say: Callable[[str], None], seed: int | None = None) -> None:
        self._say = say
        self._random = random.Random(seed)  # noqa: S311 - a made-up weight, no secret
        self._on_scale: object = None

    def watch(self, desk: Desk) -> None:
        """Take a look at the desk after each change."""
        visit = desk.visit
        waiting = desk.screen is Screen.MEASURE and visit is not None
        taken = visit is not None and any(d.quantity is Quantity.WEIGHT for d in visit.drafts)
        if visit is not None and waiting and not taken and self._on_scale != visit.id:
            self._on_scale = visit.id
            self._say(f"lift\nwait 1\nput {self._weight(visit.age_days)} wriggle 3")
        elif self._on_scale is not None and (taken or visit is None):
            self._on_scale = None if visit is None else self._on_scale
            self._say("lift")

    def _weight(self, age_days: int) -> str:
        limits = limits_at(shipped_table().points[Quantity.WEIGHT], age_days)
        low, high = (3 * limits.low + limits.high) // 4, (limits.low + limits.high) // 2
        grams = self._random.randrange(low, high) // STEP_GRAMS * STEP_GRAMS
        return f"{grams // 1000}.{grams % 1000:03}"
