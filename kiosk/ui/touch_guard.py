"""When a touch counts: what commits sleeps after a change, and a second touch falls beside it.

A finger that trembles or touches twice meant what it saw the first time. So whatever comes to
stand under it takes nothing at first, and what commits is seen to wake. Only touches are held
back; the scanner and the devices never are.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Protocol

from kivy.clock import Clock

from kiosk.ui import theme


class Deed(StrEnum):
    """What a touch on a control does. Each control says it of itself.

    ``LEADS``: opens, goes back, types, or chooses what is only done by another touch.
    ``COMMITS``: confirms, takes, saves, sends, prints, signs, throws away.
    ``ANSWERS``: one of many answers in a row, each to a question of its own.
    """

    LEADS = "leads"
    COMMITS = "commits"
    ANSWERS = "answers"


SLEEP_SECONDS = {Deed.LEADS: 0.3, Deed.COMMITS: 0.5, Deed.ANSWERS: 0.5}
"""From the first frame that shows a control in its place until it takes a touch."""

AFTER_COMMIT_SECONDS = 0.7
AFTER_COMMIT_MM = 12
"""So long and so far around a commit every touch is dropped, whatever lies there by then.

Not around an answer: whoever tests hearing touches one key for tone after tone. There the keys
sleep, and are seen to, until the next tone can have been meant.
"""

WAKING_STEP_SECONDS = 1 / 30
"""How often a waking control is drawn anew; half a second is fifteen drawings, then none."""


class Arrival:
    """When something came to stand where it stands: ``None`` until a frame has shown it."""

    at: float | None = None


class Sleeper(Protocol):
    """What the guard knows of a control that is seen to wake."""

    deed: Deed
    arrival: Arrival

    def wake(self, share: float) -> None:
        """Draw how far it has woken, from 0 to 1."""

    def is_seen(self) -> bool:
        """Whether it is on the screen."""


class TouchGuard:
    """The one memory of what changed and of what was committed. Monotonic seconds, pixels."""

    def __init__(self) -> None:
        self._coming: Arrival | None = None
        self._commits: list[tuple[float, float, float]] = []
        self._sleepers: dict[Sleeper, None] = {}

    def arrival(self) -> Arrival:
        """The arrival of all that comes before the next frame.

        Its time is that of the frame after it was drawn: a page that takes long to build has not
        been seen meanwhile, and touches that waited for it are as old as that.
        """
        if self._coming is None:
            self._coming = Arrival()
            Clock.schedule_once(self._shown, 0)
        return self._coming

    def _shown(self, _: float) -> None:
        if self._coming is not None:
            self._coming.at, self._coming = Clock.get_time(), None

    def sleeps(self, deed: Deed, arrival: Arrival) -> bool:
        """Whether a control that does this and came then takes nothing yet."""
        return awake_share(deed, arrival) < 1

    def rouse(self, sleeper: Sleeper) -> None:
        """Let a control be seen to wake."""
        if sleeper not in self._sleepers:
            if not self._sleepers:
                Clock.schedule_interval(self._wake, WAKING_STEP_SECONDS)
            self._sleepers[sleeper] = None
        sleeper.wake(0)

    def _wake(self, _: float) -> bool:
        """Draw those that wake; stops with the last of them."""
        for sleeper in tuple(self._sleepers):
            share = awake_share(sleeper.deed, sleeper.arrival) if sleeper.is_seen() else 1
            if share >= 1:
                del self._sleepers[sleeper]
            sleeper.wake(share)
        return bool(self._sleepers)

    def committed(self, x: float, y: float) -> None:
        """Something was committed by a touch here."""
        self._commits.append((Clock.get_time(), x, y))

    def drops(self, x: float, y: float) -> bool:
        """Whether a finger that lands here is still the one that committed something."""
        now, near = Clock.get_time(), theme.mm(AFTER_COMMIT_MM)
        self._commits = [one for one in self._commits if now - one[0] < AFTER_COMMIT_SECONDS]
        return any(math.hypot(x - at_x, y - at_y) <= near for _, at_x, at_y in self._commits)


def awake_share(deed: Deed, arrival: Arrival) -> float:
    """How far a control has woken, from 0 to 1."""
    if arrival.at is None:
        return 0
    seconds = SLEEP_SECONDS[deed]
    slept = Clock.get_time() - arrival.at
    return 1 if slept >= seconds else slept / seconds


guard = TouchGuard()
"""There is one screen, and one hand at it."""
