"""A printer on a serial port or USB-serial adapter. Needs flow control to lose nothing.

Linux and pyserial have no DSR/DTR handshake: wire the printer's DTR to CTS and use
``rtscts``, or set the printer to XON/XOFF and use ``xonxoff`` here.
"""

from __future__ import annotations

import errno
import os
import termios
import time

import serial

from drivers.printers.transports import LostCause, PortStatus, PrinterLost

HIDDEN_BYTES = 512
"""How much a USB-serial adapter may hold that nobody can count."""

_LOST = (serial.SerialException, OSError, termios.error)
_POLL = 0.005


class SerialLine:
    """An open serial printer. ``handshake`` is ``rtscts``, ``xonxoff`` or ``none``."""

    must_answer = False

    def __init__(self, port: str, baud: int = 38400, handshake: str = "rtscts") -> None:
        """Open the port for itself at 8N1. Raises :class:`PrinterLost`."""
        self.rate = baud / 10
        self._stuck = False
        try:
            self._port = serial.Serial(
                port,
                baud,
                timeout=0,
                write_timeout=0,
                exclusive=True,
                rtscts=handshake == "rtscts",
                xonxoff=handshake == "xonxoff",
            )
        except _LOST as error:
            raise PrinterLost(_cause(error)) from None

    def write(self, data: bytes, deadline: float) -> int:
        """Send until ``deadline``; bytes still waiting then are taken back and not counted."""
        try:
            given = self._give(data, deadline)
            while (waiting := self._port.out_waiting) and time.monotonic() < deadline:
                time.sleep(_POLL)
            if waiting:
                self._port.reset_output_buffer()
            self._stuck = given - waiting < len(data)
            return max(0, given - waiting)
        except _LOST:
            raise PrinterLost(LostCause.UNPLUGGED) from None

    def in_doubt(self) -> int:
        """What an adapter may hold after a short write."""
        return HIDDEN_BYTES if self._stuck else 0

    def read(self, timeout: float) -> bytes:
        """Return what the printer says within ``timeout`` seconds, or nothing."""
        try:
            self._port.timeout = timeout
            first: bytes = self._port.read(1)
            return first + self._port.read(self._port.in_waiting) if first else b""
        except _LOST:
            raise PrinterLost(LostCause.UNPLUGGED) from None

    def port_status(self) -> PortStatus | None:
        """A serial line has no status beside its data."""
        return None

    def device_id(self) -> str:
        """A serial line has no IEEE 1284 identity."""
        return ""

    def soft_reset(self) -> bool:
        """A serial line has no reset beside its data."""
        return False

    def close(self) -> None:
        """Close the port. Waiting bytes are dropped, so that closing never blocks."""
        try:
            self._port.reset_output_buffer()
            self._port.close()
        except _LOST:
            return

    def _give(self, data: bytes, deadline: float) -> int:
        """Put ``data`` into the port's own buffer as room appears."""
        given = 0
        while given < len(data):
            given += self._offer(data[given:])
            if given < len(data):
                if time.monotonic() >= deadline:
                    break
                time.sleep(_POLL)
        return given

    def _offer(self, data: bytes) -> int:
        """Write past pyserial, whose own write spins for ever on a full port."""
        try:
            return os.write(self._port.fileno(), data)
        except BlockingIOError:
            return 0


def _cause(error: Exception) -> LostCause:
    """Name why an open failed, from the error number pyserial passes on."""
    code = getattr(error, "errno", None)
    return {
        errno.ENOENT: LostCause.NOT_FOUND,
        errno.EAGAIN: LostCause.BUSY,
        errno.EBUSY: LostCause.BUSY,
        errno.EACCES: LostCause.NOT_ALLOWED,
    }.get(code or 0, LostCause.BROKEN)
