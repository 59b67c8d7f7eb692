"""When the next request may go out. Pure: told the time, never asks for it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from drivers.driver import Poll
from drivers.events import DeviceEvent, Garbage, NoReading, Reason


def is_answer(event: DeviceEvent) -> bool:
    """Return whether ``event`` ends a request.

    ``PENDING`` only says that the device has begun, and garbage may be half of an answer.
    A second request while the first is worked on gets both lost or mixed up on RADWAG and
    MT-SICS devices, so in doubt the time-out decides.
    """
    if isinstance(event, NoReading):
        return event.reason is not Reason.PENDING
    return not isinstance(event, Garbage)


class Pacer:
    """Keeps one request in flight at most. Times are seconds of one monotonic clock."""

    def __init__(self, poll: Poll | None, now: float) -> None:
        self._poll = poll
        self._next = now if poll else math.inf
        self._waiting = False

    def wait(self, now: float) -> float:
        """Return the seconds until a request is due; 0 when it is, infinite without a poll."""
        return max(0.0, self._next - now)

    def sent(self, now: float) -> None:
        """Note that the request went out."""
        if self._poll:
            self._waiting = True
            self._next = now + self._poll.timeout

    def heard(self, events: Sequence[DeviceEvent], now: float) -> None:
        """Note what arrived; an answer starts the pause before the next request."""
        if self._poll and self._waiting and any(map(is_answer, events)):
            self._waiting = False
            self._next = now + self._poll.interval
