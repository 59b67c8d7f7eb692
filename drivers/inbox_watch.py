"""The thread that looks at an inbox and publishes what comes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from drivers.inbox import Inbox
from drivers.inbox_events import FileArrived, InboxEvent
from drivers.living import Part

PACE_SECONDS: Final = 1.0
"""How often the folder is looked at: soon enough for a person who waits, cheap on a share."""

STOP_SECONDS: Final = 1.0

_LOG = logging.getLogger(__name__)


class InboxWatch:
    """Looks at one inbox until it is stopped."""

    def __init__(
        self,
        inbox: Inbox,
        publish: Callable[[InboxEvent], None],
        *,
        pace: float = PACE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``publish`` is called on the thread that looks and must not block."""
        self._inbox = inbox
        self._publish = publish
        self._pace = pace
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = Part("inbox", self._run)

    def start(self) -> None:
        """Start the thread. May be called once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a share that hangs does not hold up the caller beyond a second."""
        self._stopping.set()
        self._thread.end(STOP_SECONDS)

    def accept(self, arrived: FileArrived) -> None:
        """As :meth:`drivers.inbox.Inbox.accept`; may be called by any thread."""
        with self._lock:
            events = self._inbox.accept(arrived)
        self._hand_over(events)

    def reject(self, arrived: FileArrived, code: str) -> None:
        """As :meth:`drivers.inbox.Inbox.reject`; may be called by any thread."""
        with self._lock:
            events = self._inbox.reject(arrived, code)
        self._hand_over(events)

    def _run(self) -> None:
        while not self._stopping.wait(self._pace):
            self._thread.sign.seen()
            try:
                with self._lock:
                    events = self._inbox.poll(self._clock())
                self._hand_over(events)
            except Exception as error:  # noqa: BLE001 - a dead thread is a dead inbox: report, go on
                # Without its text, which may hold what a file says.
                _LOG.error("inbox: %s", type(error).__name__)

    def _hand_over(self, events: tuple[InboxEvent, ...]) -> None:
        for event in events:
            self._publish(event)
