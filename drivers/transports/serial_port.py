"""Serial ports, USB-serial adapters and pseudo-terminals, by pyserial.

pyserial reports a lost port as ``SerialException``, ``OSError`` or ``termios.error``,
depending on the call; the last is no subclass of the others. All become
:class:`~drivers.transports.base.LinkLost`. A pseudo-terminal has no modem lines and refuses a
change of parity, so everything is set before or while opening, never afterwards.
"""

from __future__ import annotations

import os
import select
import termios
from contextlib import suppress
from pathlib import Path
from typing import Final

import serial

from drivers.driver import Line
from drivers.transports.base import LinkLost, LossCause, opening_cause

LOSSES: Final = (serial.SerialException, OSError, termios.error, ValueError, TypeError)
"""What pyserial may raise. The last two come from a port whose descriptor is gone."""

CHUNK: Final = 4096
"""Bytes fetched in one read."""

WRITE_SECONDS: Final = 0.5


class SerialPort:
    """An open serial port, held exclusively. Satisfies ``Transport``."""

    def __init__(self, path: str, line: Line) -> None:
        """Open ``path`` with ``line`` and drop what the port had kept. Raises ``LinkLost``."""
        self._path = path
        port = serial.Serial()
        try:
            _configure(port, path, line)
            port.open()
        except LOSSES as error:
            with suppress(*LOSSES):
                port.close()
            raise LinkLost(opening_cause(error)) from None
        self._port = port
        try:
            self._fd: int = port.fileno()
            self._waiter = select.poll()
            self._waiter.register(self._fd, select.POLLIN)
            port.reset_input_buffer()
        except LOSSES:
            self.close()
            raise LinkLost(LossCause.UNPLUGGED) from None

    def read(self, timeout: float) -> bytes:
        """Return everything waiting, or wait up to ``timeout`` seconds. Raises ``LinkLost``.

        The descriptor is read directly: pyserial's own read waits until a wanted number of
        bytes is there, and a weight must not wait for the frame after it.
        """
        try:
            if not self._waiter.poll(max(0.0, timeout) * 1000):
                return self._nothing()
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except LOSSES:
            raise LinkLost(LossCause.UNPLUGGED) from None
        if not data:
            # Ready to read but nothing there: the cable is out, or another program reads too.
            raise LinkLost(self._why_empty())
        return data

    def write(self, data: bytes) -> None:
        """Send all of ``data`` within 0.5 s. Raises ``LinkLost``."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            raise LinkLost(LossCause.IO) from None
        except LOSSES:
            raise LinkLost(LossCause.UNPLUGGED) from None

    def close(self) -> None:
        """Close the port; bytes not yet sent are dropped so that closing cannot block."""
        with suppress(*LOSSES):
            self._port.reset_output_buffer()
        try:
            self._port.close()
        except LOSSES:
            _close_descriptor(self._port)

    def _nothing(self) -> bytes:
        """Tell silence from a node that vanished without the descriptor noticing."""
        if not Path(self._path).exists():
            raise LinkLost(LossCause.UNPLUGGED)
        return b""

    def _why_empty(self) -> LossCause:
        return LossCause.IO if Path(self._path).exists() else LossCause.UNPLUGGED


def _configure(port: serial.Serial, path: str, line: Line) -> None:
    """Put the settings in place before the port opens.

    DTR and RTS are asserted from the first moment: an edge after opening restarts some
    devices, and others send only while they see the lines set.
    """
    port.port = path
    port.baudrate = line.baud
    port.bytesize = line.bits
    port.parity = line.parity
    port.stopbits = line.stop
    port.rtscts = line.handshake == "rtscts"
    port.xonxoff = line.handshake == "xonxoff"
    port.dtr = True
    port.rts = True
    port.exclusive = True
    port.timeout = 0
    port.write_timeout = WRITE_SECONDS


def _close_descriptor(port: serial.Serial) -> None:
    """Close what pyserial left open after its own close failed halfway."""
    descriptor = getattr(port, "fd", None)
    if isinstance(descriptor, int):
        with suppress(OSError):
            os.close(descriptor)
        port.fd = None
