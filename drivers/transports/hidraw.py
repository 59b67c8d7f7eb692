"""A USB HID device through the kernel's hidraw node: each read is one report.

Source: Linux kernel, ``Documentation/hid/hidraw.rst``.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from typing import Final

from drivers.driver import Settings
from drivers.hid_report import DESCRIPTOR_SETTING
from drivers.transports.base import LinkLost, LossCause, opening_cause
from drivers.transports.hid_rule import report_descriptor

LONGEST_REPORT: Final = 4096


class HidrawPort:
    """An open hidraw node. Satisfies ``Transport``, and tells the device's descriptor."""

    def __init__(self, node: str) -> None:
        """Open ``node``. Raises ``LinkLost``."""
        try:
            self._fd = os.open(node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise LinkLost(opening_cause(error)) from None
        self.settings: Settings = {DESCRIPTOR_SETTING: report_descriptor(node).hex()}
        self._waiter = select.poll()
        self._waiter.register(self._fd, select.POLLIN)
        self._open = True

    def read(self, timeout: float) -> bytes:
        """Return one report, waiting up to ``timeout`` seconds. Raises ``LinkLost``."""
        if not self._open:
            raise LinkLost(LossCause.UNPLUGGED)
        try:
            if not self._waiter.poll(max(0.0, timeout) * 1000):
                return b""
            return os.read(self._fd, LONGEST_REPORT)
        except BlockingIOError:
            return b""
        except OSError:
            raise LinkLost(LossCause.UNPLUGGED) from None

    def write(self, data: bytes) -> None:
        """Send ``data`` as one output report. Raises ``LinkLost``."""
        try:
            sent = os.write(self._fd, data) if self._open else 0
        except OSError:
            raise LinkLost(LossCause.UNPLUGGED) from None
        if sent != len(data):
            raise LinkLost(LossCause.IO if self._open else LossCause.UNPLUGGED)

    def close(self) -> None:
        """Give the node back."""
        if self._open:
            self._open = False
            with suppress(OSError):
                os.close(self._fd)
