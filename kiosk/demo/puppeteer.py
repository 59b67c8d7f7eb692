"""Puts a child on the simulated scale when one is measured, as parents do.

The weight fits the age, so that the first tour does not begin with a question about an odd
number; it is lifted when the weight was taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from uuid import UUID

from kiosk.desk.drafts import VisitDraft
from kiosk.desk.state import Desk, Screen
from kiosk.model.visit import Quantity
from kiosk.weighing.plausibility import limits_at, shipped_table

STEP_GRAMS = 2
"""The display step of a baby scale."""


TONES = """next
wait 3
right 500=20 1000=15 2000=15 4000=20 6000=20
left 500=20 1000=20 2000=15 4000=30 6000=25
send"""
"""A child that hears well but for one tone: something to look at on the drawing."""


class Puppeteer:
    """Watches the desk and tells the scale what lies on it."""

    def __init__(
        self,
        say: Callable[[str], None],
        seed: int | None = None,
        press_send: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``say`` tells the scale what to do, ``press_send`` the audiometer."""
        self._say = say
        self._press_send = press_send
        self._waited_for: UUID | None = None
        self._random = random.Random(seed)  # noqa: S311 - a made-up weight, no secret
        self._put_for: UUID | None = None
        self._lying = False

    def watch(self, desk: Desk) -> None:
        """Take a look at the desk after each change."""
        visit = desk.visit
        self._send_tones(desk)
        taken = visit is not None and any(d.quantity is Quantity.WEIGHT for d in visit.drafts)
        if self._lying and (visit is None or taken):
            self._lying = False
            # A child that comes back from behind the lock without a weight is put on again.
            self._put_for = self._put_for if taken else None
            self._say("lift")
        elif visit is not None and desk.screen is Screen.MEASURE and not taken:
            self._put(visit)

    def _send_tones(self, desk: Desk) -> None:
        """Whoever works the audiometer sends the test a while after it is waited for."""
        waits = desk.visit is not None and desk.screen is Screen.RECEIVE
        if desk.visit is None or not waits or self._waited_for == desk.visit.id:
            return
        self._waited_for = desk.visit.id
        self._press_send(TONES)

    def _put(self, visit: VisitDraft) -> None:
        if self._put_for == visit.id:
            return
        self._put_for, self._lying = visit.id, True
        self._say(f"lift\nwait 1\nput {self._weight(visit.age_days)} wriggle 3")

    def _weight(self, age_days: int) -> str:
        limits = limits_at(shipped_table().points[Quantity.WEIGHT], age_days)
        low, high = (3 * limits.low + limits.high) // 4, (limits.low + limits.high) // 2
        grams = self._random.randrange(low, high) // STEP_GRAMS * STEP_GRAMS
        return f"{grams // 1000}.{grams % 1000:03}"
