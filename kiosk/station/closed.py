"""A station whose store cannot be opened: it says why, calmly, and takes nothing.

It tries again by itself. Once the store opens, the process ends and the service manager starts
the whole station anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.desk.messages import News, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.state import Desk, Station
from kiosk.weighing.gate import Weighing

RETRY_SECONDS = 10.0


class ClosedDesk:
    """The lock screen with one sentence and nobody to sign in."""

    def __init__(
        self, clinic: str, notice: Notice, opens: Callable[[], bool], leave: Callable[[], None]
    ) -> None:
        self.desk = Desk(Station((), Weighing("none"), clinic, training=False)).told(notice)
        self.on_change: Callable[[Desk], None] | None = None
        self._opens = opens
        self._leave = leave
        self._tried_at = time.monotonic()

    def touch(self, message: Touch) -> None:
        """Nothing can be done here."""

    def feed(self, news: list[News]) -> None:
        """Nothing runs that could have news."""

    def pump(self) -> None:
        """Nothing posts."""

    def tick(self) -> None:
        """Try the store again now and then."""
        if time.monotonic() - self._tried_at < RETRY_SECONDS:
            return
        self._tried_at = time.monotonic()
        if self._opens():
            self._leave()

    def set_waker(self, wake: Callable[[], None]) -> None:
        """Nobody wakes this desk."""
