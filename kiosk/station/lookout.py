"""Sees to it that a station of which a part has stopped does not go on as if nothing were wrong.

Asked once a second by the screen's own clock, so that the screen, too, gives its sign: the service
manager hears that the station lives only while every part does. A part that was *lost* never comes
back, so the process ends, with a code of its own, after it was said on the screen. A part that is
*silent* may: until then the manager hears nothing, and starts the station anew after its own time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from drivers.living import PARTS, Part, Parts
from kiosk.desk.messages import News
from kiosk.desk.notices import Notice
from kiosk.features.overdue import PartsTold
from kiosk.station import restarts
from kiosk.system.clock import now_utc
from kiosk.system.watchdog import notify

PART_LOST = 76
"""Exit code of a station of which a part stopped, or whose end did not come in time."""

LEAVE_SECONDS = 8.0
"""How long the screen says it before the process ends: long enough to be read, shorter than the
service manager's own patience."""

LOOP_SECONDS = 600.0
LOOP_COUNT = 3
"""So many starts within so long are no accident: measuring on paper is what is left."""

_LOG = logging.getLogger(__name__)


class Lookout:
    """``tell`` takes news for the desk, ``leave`` ends the screen. For the screen's thread."""

    def __init__(
        self,
        tell: Callable[[News], None],
        leave: Callable[[], None],
        folder: Path,
        *,
        parts: Parts = PARTS,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        """``folder`` is where restarts are noted: the data folder."""
        self.code = 0
        self._tell, self._leave, self._folder = tell, leave, folder
        self._parts, self._clock, self._now = parts, clock, now
        self._begun = clock()
        self._standing: Notice | None = None
        self._missed: tuple[str, ...] = ()
        self._leave_at: float | None = None

    def begin(self) -> None:
        """The first page is there: say if this has been tried in vain."""
        if restarts.within(self._folder, LOOP_SECONDS, self._now()) >= LOOP_COUNT:
            self._standing = Notice.RESTARTS_AGAIN
            self._tell(PartsTold(self._standing))

    def look(self) -> None:
        """Feed the watchdog if every part lives; otherwise do what is left to do."""
        lost = self._parts.lost()
        missed = lost or self._parts.silent()
        if missed:
            self._miss(missed)
        else:
            self._all_live()
        if lost and self._leave_at is None:
            self._leave_at = self._clock() + LEAVE_SECONDS
        if self._leave_at is not None and self._clock() >= self._leave_at:
            self.code = PART_LOST
            self._leave()

    def _miss(self, missed: tuple[str, ...]) -> None:
        if missed == self._missed:
            return
        first, self._missed = not self._missed, missed
        _LOG.error("no sign of life: %s", ", ".join(missed))
        notify(f"STATUS=no sign of life: {', '.join(missed)}")
        self._tell(PartsTold(self._standing or Notice.PART_STOPPED))
        if first:
            # On a thread of its own: the disk may be what does not answer.
            Part("note", partial(self._note, missed), ends=True).start()

    def _note(self, missed: tuple[str, ...]) -> None:
        try:
            restarts.note(self._folder, missed, self._now())
        except OSError as error:
            _LOG.error("restarts: %s", type(error).__name__)

    def _all_live(self) -> None:
        if self._standing is not None and self._clock() - self._begun > LOOP_SECONDS:
            self._standing = None
            self._missed = ("over",)
        if self._missed:
            self._missed = ()
            notify("STATUS=")
            self._tell(PartsTold(self._standing))
        notify("WATCHDOG=1")
