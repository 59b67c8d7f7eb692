"""Brings back to a station what becomes of the visits it handed over to the clinic's database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from drivers.living import Part
from kiosk.model.outbox import DeliveryChanged
from kiosk.station.clinic.clinic import Clinic
from kiosk.store.errors import StoreError
from kiosk.store.store import Store

LOG = logging.getLogger(__name__)
PACE_SECONDS = 3.0
"""How often the clinic's database is asked while something is on its way there."""
AWAY_SECONDS = 15.0
"""How long it is left alone after it did not answer."""


class ClinicEcho:
    """A thread that follows handed-over visits until the journal has them."""

    def __init__(
        self,
        own: Store,
        clinic: Clinic,
        publish: Callable[[DeliveryChanged], None],
        *,
        pace: float = PACE_SECONDS,
    ) -> None:
        self._own, self._clinic, self._publish, self._pace = own, clinic, publish, pace
        self._woken, self._stopping = Event(), Event()
        self._thread = Part("echo", self._run, name="clinic-echo")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Something was handed over or delivered. For any thread."""
        self._woken.set()

    def stop(self) -> None:
        """End it; a question that is under way has its own limit of time."""
        self._stopping.set()
        self._woken.set()
        self._thread.end(2.0)

    def follow(self) -> bool:
        """Ask once about all, some at a time; tells whether anything moved.

        Raises :class:`StoreError`.
        """
        moved, handed = False, self._own.handed_over()
        while handed.after is not None:
            self._thread.sign.seen()
            asked = handed.visits
            changes = self._own.follow(self._clinic.store().standing(asked), asked)
            for change in changes:
                self._publish(change)
            moved = moved or bool(changes)
            handed = self._own.handed_over(handed.after)
        self._clinic.look(self._own)
        return moved

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._thread.sign.seen()
            pause = self._pace
            try:
                self.follow()
            except StoreError:
                # The line to the clinic's database tells of this; here nothing is lost by waiting.
                pause = AWAY_SECONDS
            except Exception as error:  # noqa: BLE001 - what is handed over must be followed for ever
                LOG.error("following handed-over visits: %s", type(error).__name__)
                pause = AWAY_SECONDS
            self._woken.wait(pause)
            self._woken.clear()
            # What a sender settles is seen a moment later, several at once.
            self._stopping.wait(min(0.2, self._pace))
