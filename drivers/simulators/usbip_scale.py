"""A simulated USB HID scale, reachable over USB/IP: reports instead of a byte stream.

Each frame of the simulated scale is one input report on the interrupt pipe, and the host gets the
report descriptor.
Sources: USB *Device Class Definition for HID* 1.11; USB-IF *HID Usage Tables for Weighing
Devices* 1.0.
"""

from __future__ import annotations

import struct
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from drivers.simulators.usbip_standard import Setup

VENDOR, PRODUCT = 0x0922, 0x8003
"""The identity of a common postal scale, which the driver claims."""

INTERRUPT_IN: Final = 0x81
GET_DESCRIPTOR, REPORT, HID = 6, 0x22, 0x21
GET_REPORT, SET_IDLE = 1, 10
MOST_WAITING: Final = 8
"""Reports a host that does not read may miss before the oldest is dropped."""

REPORT_DESCRIPTOR: Final = bytes.fromhex(
    "058d 0920 a101 8503 0932 a102 7508 9501"  # scale device, report 3, data report
    "0970 a102 1971 2978 8100 c0"  # status
    "0950 a102 1951 295c 8100 c0"  # unit
    "0941 8102 0940 7510 8102 c0 c0"  # exponent, weight
)


class HidFunction:
    """The scale as a host sees it: descriptors, and reports on the interrupt pipe."""

    def __init__(self, port: HidScalePort, serial: str) -> None:
        self._port = port
        self.device_descriptor = struct.pack(
            "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3, 1
        )
        size = len(REPORT_DESCRIPTOR)
        self.configuration = (
            struct.pack("<BBHBBBBB", 9, 2, 34, 1, 1, 0, 0x80, 50)
            + struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 1, 3, 0, 0, 0)
            + struct.pack("<BBHBBBH", 9, HID, 0x0111, 0, 1, REPORT, size)
            + struct.pack("<BBBBHB", 7, 5, INTERRUPT_IN, 3, 8, 10)
        )
        self.strings: tuple[str, ...] = ("DYMO", "Simulated HID scale", serial)

    def control(self, setup: Setup, data: bytes) -> bytes | None:  # noqa: ARG002 - no data stage
        """Answer GET_DESCRIPTOR for the report descriptor and the requests hosts begin with."""
        if setup.request == GET_DESCRIPTOR and setup.value >> 8 == REPORT:
            self._port.opened.set()
            return REPORT_DESCRIPTOR
        if setup.kind == 1 and setup.request in {GET_REPORT, SET_IDLE}:
            return b""
        return None

    def write(self, endpoint: int, data: bytes) -> int:  # noqa: ARG002 - nothing is taken
        """Swallow what a host writes: it changes nothing."""
        return len(data)

    def read(self, endpoint: int, limit: int) -> bytes:  # noqa: ARG002 - there is one
        """Give the oldest report, if there is one."""
        waiting = self._port.waiting
        return waiting.popleft()[:limit] if waiting else b""

    def listen(self, ready: Callable[[], None]) -> None:
        """Remember whom to tell of a new report."""
        self._port.ready = ready


class HidScalePort:
    """One life of the plugged-in scale, as a simulated scale and a USB/IP server see it."""

    def __init__(self, leave: Callable[[HidScalePort], None], serial: str = "SIM-HID-1") -> None:
        self._leave = leave
        self.device = HidFunction(self, serial)
        self.waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self.ready: Callable[[], None] = lambda: None
        self.opened = threading.Event()

    def is_open(self) -> bool:
        """Whether a host has asked for the report descriptor."""
        return self.opened.is_set()

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``: a HID scale is never asked for anything."""
        threading.Event().wait(seconds)

    def read(self) -> bytes:
        """Return nothing, for the same reason."""
        return b""

    def write(self, data: bytes) -> None:
        """Queue one report."""
        if data:
            self.waiting.append(data)
            self.ready()

    def close(self) -> None:
        """Pull the cable."""
        self._leave(self)
