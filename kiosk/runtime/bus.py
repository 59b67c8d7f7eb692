"""The one queue from every thread to the desk.

Order is kept. Live weights coalesce: a moving reading that has not been looked at yet gives
way to the next one of the same scale. Stable readings, states and answers never do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition

from drivers.events import Reading, Stability, Stamped
from kiosk.desk.messages import News


class Bus:
    """Post from any thread, drain on the thread that owns the desk."""

    def __init__(self) -> None:
        self._queue: deque[News] = deque()
        self._arrived = Condition()
        self._wake: Callable[[], None] | None = None

    def set_waker(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` (from any thread) whenever the queue becomes non-empty."""
        self._wake = wake

    def post(self, message: News) -> None:
        """Add a message; never blocks for longer than the lock."""
        with self._arrived:
            was_empty = not self._queue
            if self._queue and _gives_way(self._queue[-1], message):
                self._queue[-1] = message
            else:
                self._queue.append(message)
            self._arrived.notify_all()
        if was_empty and self._wake is not None:
            self._wake()

    def drain(self) -> list[News]:
        """Take everything that has arrived, in order."""
        with self._arrived:
            taken = list(self._queue)
            self._queue.clear()
        return taken

    def wait(self, timeout: float) -> list[News]:
        """For a loop without a screen: wait up to ``timeout`` seconds, then drain."""
        with self._arrived:
            self._arrived.wait_for(lambda: bool(self._queue), timeout)
        return self.drain()


def _gives_way(waiting: News, arriving: News) -> bool:
    return (
        isinstance(waiting, Stamped)
        and isinstance(arriving, Stamped)
        and waiting.link_id == arriving.link_id
        and _is_live(waiting)
        and isinstance(arriving.event, Reading)
    )


def _is_live(stamped: Stamped) -> bool:
    return isinstance(stamped.event, Reading) and stamped.event.stability is Stability.MOVING
