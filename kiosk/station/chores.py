"""What a station does once a day by itself: forget what was delivered long ago, look at what ends.

At the start it also tries the journal with a test resource, where a test patient is configured.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from drivers.living import Part
from kiosk.config.schema import Config
from kiosk.desk.messages import News
from kiosk.desk.notices import Notice
from kiosk.features.status import Trouble
from kiosk.station import journal_side
from kiosk.station.access_ends import days_left
from kiosk.station.clinic.clinic import Clinic
from kiosk.station.trouble import notice_of
from kiosk.store.database import upgrading
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

LOG = logging.getLogger(__name__)
A_DAY = 24 * 3600.0


class Chores:
    """A thread of little work. What goes wrong in it is said and stops nothing."""

    def __init__(
        self,
        config: Config,
        store: Store,
        clinic: Clinic | None,
        post: Callable[[News], None],
        *,
        every: float = A_DAY,
    ) -> None:
        self._config, self._store, self._clinic, self._post = config, store, clinic, post
        self._every = every
        self._stopping = Event()
        self._thread = Part("chores", self._run)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End it, without waiting for a journal that takes its time."""
        self._stopping.set()
        self._thread.end(0.5)

    def _run(self) -> None:
        self._guarded(self.try_the_journal)
        while not self._stopping.is_set():
            self._guarded(self.forget)
            self._guarded(self.warn)
            self._thread.sign.waits(self._every)
            self._stopping.wait(self._every)

    def _guarded(self, chore: Callable[[], None]) -> None:
        self._thread.sign.seen()
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - the next chore, and tomorrow's, must still come
            LOG.error("%s: %s", chore.__name__, type(error).__name__)

    def forget(self) -> None:
        """Forget what the journal has had long enough, here and in the clinic's database."""
        days = self._config.database.keep_days
        delivered = self._config.database.keep_delivered_days
        try:
            self._store.purge(now_utc(), days, delivered)
        except StoreError as error:
            # The scale must still be read: what is wrong is said, and saving will say it again.
            self._post(Trouble(notice_of(error)))
        # What a copy from before an upgrade holds is gone here by then.
        folder = Path(self._config.station.data_dir)
        upgrading.forget(folder, now_utc(), timedelta(days=max(days, delivered)))
        if self._clinic is not None:
            try:
                self._clinic.store().purge(now_utc(), days, delivered)
            except StoreError as error:
                # The line to that database tells of it; tomorrow is early enough for this.
                LOG.info("forgetting in the clinic's database: %s", error.fault.value)

    def warn(self) -> None:
        """Say in time that a key or a certificate ends."""
        left = days_left(self._config, datetime.now(UTC).date())
        if left is not None:
            self._post(Trouble(Notice.ACCESS_ENDS, left))

    def try_the_journal(self) -> None:
        """Send a test resource twice and see whether the journal keeps one.

        A journal that does not answer now tells nothing; ``kiosk doctor`` asks again.
        """
        from kiosk.journal.fhir.self_test import Honours

        told = journal_side.tried_twice(self._config)
        if told is None:
            return
        self._store.note("self-test", "station", told.honours.value)
        if told.honours in {Honours.TWICE, Honours.NOT_FOUND}:
            self._post(Trouble(Notice.JOURNAL_DOUBLES))
