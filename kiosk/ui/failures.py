"""Failures of the screen itself: told calmly, counted, and never with a value in the log."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from kivy.base import ExceptionHandler, ExceptionManager

from drivers.living import PARTS, place_of
from kiosk.desk.notices import Notice
from kiosk.features.status import Trouble
from kiosk.ui.port import DeskPort

MOST_FAILURES = 3
WITHIN_SECONDS = 60.0

log = logging.getLogger(__name__)


class Failures(ExceptionHandler):
    """Kivy asks this handler what to do with an exception of a callback."""

    def __init__(
        self, runtime: DeskPort, clock: Callable[[], float], give_up: Callable[[], None]
    ) -> None:
        super().__init__()
        self._runtime = runtime
        self._clock = clock
        self._give_up = give_up
        self._times: deque[float] = deque(maxlen=MOST_FAILURES)
        self._telling = False

    def handle_exception(self, exception: BaseException) -> Any:
        """Go on, saying so; give up after three failures in a minute.

        A request to end the process (:class:`KeyboardInterrupt`, :class:`SystemExit`) is no
        failure and is let through.
        """
        if not isinstance(exception, Exception):
            return ExceptionManager.RAISE
        # The class and the place only: an exception's text may hold a child's data.
        log.error(
            "Failure on the screen: %s at %s",
            type(exception).__name__,
            place_of(exception.__traceback__),
        )
        PARTS.count("screen")
        now = self._clock()
        self._times.append(now)
        if len(self._times) == MOST_FAILURES and now - self._times[0] <= WITHIN_SECONDS:
            self._give_up()
            return ExceptionManager.PASS
        self._tell()
        return ExceptionManager.PASS

    def _tell(self) -> None:
        if self._telling:
            return
        self._telling = True
        try:
            self._runtime.feed([Trouble(Notice.SOMETHING_WENT_WRONG)])
        except Exception as again:  # noqa: BLE001 - drawing the notice may fail as the page did
            log.error("Failure while telling of it: %s", type(again).__name__)
        finally:
            self._telling = False
