"""A simulated scale with a USB serial port of its own (CDC ACM), reachable over USB/IP.

The modem line DTR tells whether a program has the port open, as with a real device. Source: USB
*Class Definitions for Communications Devices* 1.2, PSTN subclass, sections 6.3.10 to 6.3.12.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from typing import Final

from drivers.simulators.usbip_standard import Setup

VENDOR, PRODUCT = 0x1209, 0x0001
"""A test identity of pid.codes, which no product has."""

NOTIFY_IN, BULK_IN, BULK_OUT = 0x83, 0x82, 0x01
SET_LINE_CODING, GET_LINE_CODING, SET_CONTROL_LINE_STATE, SEND_BREAK = 0x20, 0x21, 0x22, 0x23
DTR: Final = 1
MOST_WAITING: Final = 4096


class AcmFunction:
    """The port as a host sees it."""

    def __init__(self, port: AcmScalePort, serial: str) -> None:
        self._port = port
        self.device_descriptor = struct.pack(
            "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 2, 0, 0, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3, 1
        )
        communication = (
            struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 1, 2, 2, 0, 0)
            + bytes((5, 0x24, 0, 0x10, 1, 4, 0x24, 2, 2, 5, 0x24, 6, 0, 1, 5, 0x24, 1, 0, 1))
            + struct.pack("<BBBBHB", 7, 5, NOTIFY_IN, 3, 8, 16)
        )
        data = (
            struct.pack("<BBBBBBBBB", 9, 4, 1, 0, 2, 10, 0, 0, 0)
            + struct.pack("<BBBBHB", 7, 5, BULK_OUT, 2, 64, 0)
            + struct.pack("<BBBBHB", 7, 5, BULK_IN, 2, 64, 0)
        )
        whole = 9 + len(communication) + len(data)
        head = struct.pack("<BBHBBBBB", 9, 2, whole, 2, 1, 0, 0x80, 50)
        self.configuration = head + communication + data
        self.strings: tuple[str, ...] = ("Example", "Simulated scale", serial)

    def control(self, setup: Setup, data: bytes) -> bytes | None:
        """Answer the requests that set the line; DTR opens and closes the port."""
        if setup.kind != 1:
            return None
        if setup.request == SET_LINE_CODING:
            self._port.coding = data
        elif setup.request == GET_LINE_CODING:
            return self._port.coding
        elif setup.request == SET_CONTROL_LINE_STATE:
            self._port.dtr = bool(setup.value & DTR)
        elif setup.request != SEND_BREAK:
            return None
        return b""

    def write(self, endpoint: int, data: bytes) -> int:  # noqa: ARG002 - there is one
        """Take what the host sends."""
        self._port.inbox.extend(data)
        self._port.arrived.set()
        return len(data)

    def read(self, endpoint: int, limit: int) -> bytes:
        """Give what the scale said; nothing on the pipe for notifications."""
        return self._port.leave(limit) if endpoint == BULK_IN & 0x0F else b""

    def listen(self, ready: Callable[[], None]) -> None:
        """Remember whom to tell of new bytes."""
        self._port.ready = ready


class AcmScalePort:
    """One life of the plugged-in scale. ``coding`` is the line as the host has set it."""

    def __init__(self, leave: Callable[[AcmScalePort], None], serial: str = "SIM-ACM-1") -> None:
        self._left = leave
        self._lock = threading.Lock()
        self._outbox = bytearray()
        self.inbox = bytearray()
        self.arrived = threading.Event()
        self.ready: Callable[[], None] = lambda: None
        self.coding = struct.pack("<IBBB", 9600, 0, 0, 8)
        self.dtr = False
        self.device = AcmFunction(self, serial)

    def is_open(self) -> bool:
        """Whether the host raises DTR."""
        return self.dtr

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``, or sooner when bytes arrive."""
        self.arrived.wait(seconds)
        self.arrived.clear()

    def read(self) -> bytes:
        """Return what was sent to the device, possibly nothing."""
        data = bytes(self.inbox)
        del self.inbox[: len(data)]
        return data

    def write(self, data: bytes) -> None:
        """Queue bytes for the host; beyond a buffer's size the newest are lost."""
        with self._lock:
            self._outbox += data[: MOST_WAITING - len(self._outbox)]
        self.ready()

    def leave(self, limit: int) -> bytes:
        """Take up to ``limit`` bytes out of the buffer."""
        with self._lock:
            data = bytes(self._outbox[:limit])
            del self._outbox[: len(data)]
        return data

    def close(self) -> None:
        """Pull the cable."""
        self._left(self)
