"""Notices when something is plugged in or pulled out, and names the lasting address to use.

The kernel's events (through pyudev) only say *look now*; what came and went is found by comparing
what is there. So nothing is missed where events do not arrive: in a container, on a machine
without udev, or when the buffer of events runs over. Then the look every few seconds finds it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from drivers.attached import Attached, attached
from drivers.living import Part

RESCAN_SECONDS: Final = 5.0
"""How long a change may go unnoticed where no events arrive."""

SLICE_SECONDS: Final = 0.5
SETTLE_SECONDS: Final = 0.1
"""One adapter is several devices to the kernel; they are looked at together."""

SUBSYSTEMS: Final = ("tty", "hidraw", "usb", "usbmisc")
UDEV_RUNS: Final = Path("/run/udev/control")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """Something was plugged in, or pulled out."""

    device: Attached
    here: bool


class Events(Protocol):
    """Where the kernel's events come from."""

    def poll(self, timeout: float) -> object | None:
        """Return an event, or ``None`` after ``timeout`` seconds without one."""


class Watcher:
    """A thread that tells of every change. What is there when it starts is no change."""

    def __init__(
        self,
        tell: Callable[[Change], None],
        *,
        look: Callable[[], tuple[Attached, ...]] = attached,
        events: Callable[[], Events | None] | None = None,
        rescan: float = RESCAN_SECONDS,
    ) -> None:
        """``tell`` is called on the thread and must not block. Nothing happens before start."""
        self._tell = tell
        self._look = look
        self._events = events or udev_events
        self._rescan = rescan
        self._stopping = threading.Event()
        self._thread = Part("watcher", self._run)

    def start(self) -> None:
        """Start the thread. May be called once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns within a second."""
        self._stopping.set()
        self._thread.end(2 * SLICE_SECONDS)

    def _run(self) -> None:
        events = self._events()
        known = self._here()
        looked = time.monotonic()
        while not self._stopping.is_set():
            self._thread.sign.seen()
            happened = self._wait(events)
            if not happened and time.monotonic() - looked < self._rescan:
                continue
            looked = time.monotonic()
            known = self._compare(known, self._here())

    def _wait(self, events: Events | None) -> bool:
        """Wait a little; whether the kernel said that something changed."""
        if events is None:
            self._stopping.wait(SLICE_SECONDS)
            return False
        if events.poll(SLICE_SECONDS) is None:
            return False
        end = time.monotonic() + SETTLE_SECONDS
        while (left := end - time.monotonic()) > 0:
            events.poll(left)
        return True

    def _here(self) -> Mapping[tuple[str, str, str], Attached]:
        try:
            devices = self._look()
        except OSError as error:
            # A device that leaves while it is read; the next look sees it gone.
            _LOG.info("looking at devices failed: %s", type(error).__name__)
            devices = ()
        return {(d.kind, d.node, d.location): d for d in devices}

    def _compare(
        self,
        before: Mapping[tuple[str, str, str], Attached],
        now: Mapping[tuple[str, str, str], Attached],
    ) -> Mapping[tuple[str, str, str], Attached]:
        for key, device in before.items():
            if key not in now:
                self._tell(Change(device, here=False))
        for key, device in now.items():
            if key not in before:
                self._tell(Change(device, here=True))
        return now


def udev_events() -> Events | None:
    """Return the kernel's events, after udev's rules where it runs; ``None`` without libudev."""
    try:
        import pyudev

        source = "udev" if UDEV_RUNS.exists() else "kernel"
        monitor: Any = pyudev.Monitor.from_netlink(pyudev.Context(), source)
        for subsystem in SUBSYSTEMS:
            monitor.filter_by(subsystem)
        monitor.start()
    except (ImportError, OSError) as error:
        _LOG.info("no device events: %s", type(error).__name__)
        return None
    return _Udev(monitor)


class _Udev:
    """pyudev's monitor; a buffer that ran over is an event like another."""

    def __init__(self, monitor: Any) -> None:
        self._monitor = monitor

    def poll(self, timeout: float) -> object | None:
        try:
            event: object | None = self._monitor.poll(timeout)
        except OSError as error:
            return error
        return event
