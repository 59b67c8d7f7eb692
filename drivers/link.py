"""The thread that keeps one measuring device connected and publishes what it says."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from drivers.capture import CaptureRing
from drivers.conversation import Conversation, Timing
from drivers.driver import Driver, Line, Settings
from drivers.events import DeviceEvent, LinkState, LinkStatus, Stamped
from drivers.hints import LOOKS_LIKE, UNREAD, Hint, is_valid
from drivers.host import Rival, rivals
from drivers.living import Part
from drivers.recognising import fits
from drivers.registry import RegistryError, all_drivers
from drivers.transports.base import LinkLost, LossCause, Transport
from drivers.transports.opening import file_behind, open_transport

Publish = Callable[[Stamped | LinkStatus], None]
"""Takes events and changes of state. Called on the link's thread; must not block."""

Opener = Callable[[str, Line], Transport]

LENT: Final = "lent"
"""Hint while somebody else has the port: the device is being set up or taught."""

FAULT: Final = "fault"
"""Hint for an error that no transport should raise; the log names its kind."""

REFUSED: Final = frozenset(
    {LossCause.PERMISSION, LossCause.BUSY, LossCause.IO, LossCause.AMBIGUOUS}
)

TAKEN_SECONDS: Final = 2.0
"""A port that vanishes sooner after opening was taken by another program, if there is one."""

STOP_SECONDS: Final = 1.0

LOOK_SECONDS: Final = 10.0
"""How often it is looked for another driver that reads what this one cannot."""

_LOG = logging.getLogger(__name__)


class Link:
    """Opens, reads, decodes, stamps, publishes; reopens for ever when the port is lost."""

    def __init__(
        self,
        link_id: str,
        driver: Driver,
        address: str,
        publish: Publish,
        *,
        settings: Settings | None = None,
        line: Line | None = None,
        opener: Opener = open_transport,
        timing: Timing | None = None,
        grabbers: Callable[[], frozenset[Rival]] = rivals,
    ) -> None:
        """Nothing is opened before :meth:`start`.

        ``settings`` are the driver's profile settings and ``line`` replaces the driver's own
        line settings where the device was set up differently. ``grabbers`` tells which programs
        that take ports away are on this machine.
        """
        self._link_id = link_id
        self._driver = driver
        self._address = address
        self._publish = publish
        self._settings: Mapping[str, str] = dict(settings or {})
        self._line = line or driver.line
        self._opener = opener
        self._timing = timing or Timing()
        self.ring = CaptureRing()
        self._session = 0
        self._said: tuple[LinkState, int, str] | None = None
        self._retry = self._timing.first_retry
        self._grabbers = grabbers
        self._warning = ""
        self._other = ""
        self._looked_at = -LOOK_SECONDS
        self._taken = False
        self._stopping = threading.Event()
        self._nudged = threading.Event()
        self._taught = threading.Event()
        self._lent = threading.Event()
        self._thread = Part("link", self._run, name=f"link-{link_id}")

    @property
    def link_id(self) -> str:
        """The name of this link in everything it publishes."""
        return self._link_id

    @property
    def address(self) -> str:
        """Where its device is, as it was configured."""
        return self._address

    def start(self) -> None:
        """Start the thread. May be called once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; returns within a second."""
        self._stopping.set()
        self._nudged.set()
        self._thread.end(STOP_SECONDS)

    def wake(self) -> None:
        """Try the port again at once: something was plugged in. May be called by any thread."""
        self._nudged.set()

    def teach(self, settings: Settings) -> None:
        """Read with these profile settings from now on: the port is opened anew."""
        self._settings = dict(settings)
        self._taught.set()

    def lend(self) -> None:
        """Close the port and leave it alone until it is given back. May be called by any thread."""
        self._lent.set()
        self._nudged.set()

    def take_back(self) -> None:
        """Use the port again, if it was lent."""
        if self._lent.is_set():
            self._lent.clear()
            self._nudged.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            before = self._identity()
            self._thread.sign.seen()
            if self._lent.is_set():
                self._say(LinkState.ABSENT, LENT)
                self._pause(before)
                continue
            try:
                self._connect()
            except Exception as error:  # noqa: BLE001 - a dead thread is a dead scale: report, go on
                self._report_fault(error)
            self._pause(before)

    def _connect(self) -> None:
        """Open the port and talk until it is lost or the link is stopped."""
        try:
            transport = self._opener(self._address, self._line)
        except LinkLost as loss:
            self._say_not_open(loss.cause)
            return
        self._session += 1
        self._warning = ""
        opened = time.monotonic()
        try:
            # Open is not yet a scale: only an answer that the driver understands proves one.
            self._say(LinkState.OPEN, Hint.UNANSWERED.value)
            self._converse(transport)
        except LinkLost as loss:
            self._taken = self._was_taken(loss.cause, time.monotonic() - opened)
            cause = LossCause.TAKEN if self._taken else loss.cause
            self._say(LinkState.LOST, cause.value)
        finally:
            transport.close()

    def _say_not_open(self, cause: LossCause) -> None:
        """Tell why the port did not open; that it was taken outlives that it is now absent."""
        if self._taken and cause is LossCause.ABSENT:
            cause = LossCause.TAKEN
        self._say(LinkState.REFUSED if cause in REFUSED else LinkState.ABSENT, cause.value)

    def _was_taken(self, cause: LossCause, seconds: float) -> bool:
        vanished = cause is LossCause.UNPLUGGED and seconds < TAKEN_SECONDS
        return vanished and Rival.BRLTTY in self._grabbers()

    def _converse(self, transport: Transport) -> None:
        self._taught.clear()
        talk = Conversation(self._driver, transport, self._settings, self.ring, self._timing)
        talk.settle()
        leaves = (self._stopping, self._taught, self._lent)
        while not any(event.is_set() for event in leaves):
            self._thread.sign.seen()
            talk.step(self._hand_over)
            hint = talk.hint()
            if hint:
                self._say(LinkState.SILENT, self._cause(hint, talk))
            self._warning = talk.warning() or ""

    def _cause(self, hint: Hint, talk: Conversation) -> str:
        """The hint, or the device that another driver takes this one for."""
        now = time.monotonic()
        if hint not in UNREAD:
            return hint.value
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._other = _likely(talk.unread, self._driver)
        return self._other or hint.value

    def _hand_over(self, event: DeviceEvent) -> None:
        stamped = Stamped(
            event=event,
            link_id=self._link_id,
            driver=self._driver.key,
            driver_version=self._driver.version,
            session=self._session,
            monotonic=time.monotonic(),
            wall=datetime.now(UTC),
        )
        if is_valid(event):
            self._retry = self._timing.first_retry
            self._taken = False
            self._say(LinkState.OPEN, self._warning)
        self._publish(stamped)

    def _say(self, state: LinkState, hint: str = "") -> None:
        """Publish a state, once until it changes."""
        said = (state, self._session, hint)
        if said != self._said:
            self._said = said
            self._publish(LinkStatus(self._link_id, state, self._session, hint))

    def _report_fault(self, error: Exception) -> None:
        """Tell about an error nobody foresaw, without its text, which may hold a value."""
        _LOG.error("link %s: %s", self._link_id, type(error).__name__)
        was_open = self._said is not None and self._said[0] in (LinkState.OPEN, LinkState.SILENT)
        try:
            self._say(LinkState.LOST if was_open else LinkState.REFUSED, FAULT)
        except Exception as again:  # noqa: BLE001 - the receiver itself is what failed
            _LOG.error("link %s: publishing failed: %s", self._link_id, type(again).__name__)

    def _pause(self, before: object) -> None:
        """Wait with growing patience, but end at once when the port's node comes or changes.

        A nudge ends it too: then something was plugged in, or the link is to stop.
        """
        end = time.monotonic() + self._retry
        self._retry = min(2 * self._retry, self._timing.longest_retry)
        while (left := end - time.monotonic()) > 0:
            self._thread.sign.seen()
            if self._nudged.wait(min(left, self._timing.look)):
                self._nudged.clear()
                self._retry = self._timing.first_retry
                return
            now = self._identity()
            if now is not None and now != before:
                self._retry = self._timing.first_retry
                return
            before = now

    def _identity(self) -> object:
        """Return what tells one node from its successor; ``None`` when there is none.

        The change time is part of it, so that a node whose access rights were just granted
        is tried again at once.
        """
        path = file_behind(self._address)
        if path is None:
            return None
        try:
            status = path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino, status.st_rdev, status.st_ctime_ns


def _likely(data: bytes, own: Driver) -> str:
    """Name the device whose driver reads these bytes best; empty where none does."""
    try:
        others = [one for key, one in all_drivers().items() if key != own.key]
    except RegistryError:
        return ""
    found = fits(data, others)
    return f"{LOOKS_LIKE}{found[0].driver.name}" if found else ""
