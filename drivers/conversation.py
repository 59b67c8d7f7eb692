"""One open port: requests out, bytes in, events up. Used by one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drivers.capture import CaptureRing, Direction
from drivers.driver import Decoder, Driver, Poll, Settings
from drivers.events import DeviceEvent, Reading
from drivers.hints import Hint, LineDoctor
from drivers.polling import Pacer
from drivers.profile import completed, poll_of, rhythm_of
from drivers.transports.base import Describing, Transport


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a link waits, in seconds.

    A port that was just opened is listened to for ``settle`` and what comes is dropped: an
    adapter may hand over bytes from before, which no flush can reach. ``partial`` is the
    silence after which an unfinished frame is given up, ``silent`` the time without a valid
    event before a link is called silent, ``slice`` the longest single read.
    """

    settle: float = 0.05
    partial: float = 2.0
    silent: float = 5.0
    slice: float = 0.2
    look: float = 0.05
    first_retry: float = 0.1
    longest_retry: float = 1.0


class Conversation:
    """Talks with a device over an open transport until the transport raises ``LinkLost``."""

    def __init__(
        self,
        driver: Driver,
        transport: Transport,
        settings: Settings,
        ring: CaptureRing,
        timing: Timing,
    ) -> None:
        now = time.monotonic()
        self._transport = transport
        settings = completed(driver, {**settings, **_learned(driver, transport)})
        self._decoder: Decoder = driver.decoder(settings)
        self._poll: Poll | None = poll_of(driver, settings)
        self._ring = ring
        self._timing = timing
        self._pacer = Pacer(self._poll, now)
        request = self._poll.command if self._poll else b""
        rhythm = rhythm_of(driver, settings)
        self._doctor = LineDoctor(request, now, timing.silent, driver.line, rhythm=rhythm)
        self._drop_reading = driver.first_frame_stale
        self._byte_at = now
        self._partial = False

    def settle(self) -> None:
        """Drop what the port still holds from before it was opened."""
        end = time.monotonic() + self._timing.settle
        while (left := end - time.monotonic()) > 0:
            self._transport.read(left)

    def step(self, take: Callable[[DeviceEvent], None]) -> None:
        """Send a request if one is due, read once and hand what became certain to ``take``.

        Keeping the books comes after handing over: the person at the desk waits for the value.
        """
        asked = time.monotonic()
        if self._poll and not self._pacer.wait(asked):
            self._transport.write(self._poll.command)
            self._pacer.sent(asked)
            self._ring.add(asked, Direction.OUT, self._poll.command)
        data = self._transport.read(min(self._timing.slice, self._pacer.wait(asked)))
        events = self._decoder.feed(data) if data else self._given_up()
        for event in self._without_stale(events) if self._drop_reading else events:
            take(event)
        now = time.monotonic()
        if data:
            self._ring.add(now, Direction.IN, data)
            self._byte_at = now
            self._partial = True
        self._pacer.heard(events, now)
        self._doctor.heard(data, events, now)

    def hint(self) -> Hint | None:
        """Return what is wrong with the line, or ``None``."""
        return self._doctor.hint(time.monotonic())

    @property
    def unread(self) -> bytes:
        """The newest bytes of which the driver could make nothing."""
        return self._doctor.unread

    def warning(self) -> Hint | None:
        """Return what is doubtful about the line although values arrive, or ``None``."""
        return self._doctor.warning()

    def _given_up(self) -> Sequence[DeviceEvent]:
        """Return what an unfinished frame comes to once the line has been silent too long."""
        if self._partial and time.monotonic() - self._byte_at >= self._timing.partial:
            self._partial = False
            return self._decoder.drop_partial()
        return ()

    def _without_stale(self, events: Sequence[DeviceEvent]) -> Sequence[DeviceEvent]:
        """Leave out the first value after opening where the device repeats the last weighing."""
        for index, event in enumerate(events):
            if isinstance(event, Reading):
                self._drop_reading = False
                return (*events[:index], *events[index + 1 :])
        return events


def _learned(driver: Driver, transport: Transport) -> Settings:
    """Return what the transport read from the device, as far as the driver asks for it."""
    if not isinstance(transport, Describing):
        return {}
    asked = {setting.key for setting in driver.settings}
    return {key: value for key, value in transport.settings.items() if key in asked and value}
