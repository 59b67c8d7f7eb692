"""A network printer on its raw port (9100): TCP with a count of what was acknowledged."""

from __future__ import annotations

import fcntl
import select
import socket
import termios
import time

from drivers.printers.transports import LostCause, PortStatus, PrinterLost

CONNECT_SECONDS = 3.0


class TcpLine:
    """An open connection to a printer's raw port."""

    rate = 100_000.0
    must_answer = True

    def __init__(self, host: str, port: int = 9100) -> None:
        """Connect within 3 s. Raises :class:`PrinterLost`."""
        try:
            self._socket = socket.create_connection((host, port), CONNECT_SECONDS)
        except ConnectionRefusedError:
            raise PrinterLost(LostCause.BUSY) from None
        except OSError:
            raise PrinterLost(LostCause.NOT_FOUND) from None
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    def write(self, data: bytes, deadline: float) -> int:
        """Send until ``deadline``; returns what was handed to the network."""
        sent = 0
        while sent < len(data):
            if not self._ready(select.POLLOUT, deadline - time.monotonic()):
                break
            sent += self._send(data[sent:])
        while self.in_doubt() and time.monotonic() < deadline:
            time.sleep(0.002)
        return sent

    def in_doubt(self) -> int:
        """Bytes handed over that the printer has not acknowledged: they may still arrive."""
        buffer = bytearray(4)
        fcntl.ioctl(self._socket, termios.TIOCOUTQ, buffer)
        return int.from_bytes(buffer, "little")

    def read(self, timeout: float) -> bytes:
        """Return what the printer says within ``timeout`` seconds, or nothing."""
        if not self._ready(select.POLLIN, timeout):
            return b""
        try:
            data = self._socket.recv(512)
        except BlockingIOError:
            return b""
        except OSError:
            raise PrinterLost(LostCause.UNPLUGGED) from None
        if not data:
            raise PrinterLost(LostCause.UNPLUGGED)
        return data

    def port_status(self) -> PortStatus | None:
        """A network printer has no status beside its data."""
        return None

    def device_id(self) -> str:
        """A network printer has no IEEE 1284 identity."""
        return ""

    def soft_reset(self) -> bool:
        """A network printer has no reset beside its data."""
        return False

    def close(self) -> None:
        """Drop the connection at once, with whatever has not left yet."""
        linger = b"\x01\x00\x00\x00" + bytes(4)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()

    def _ready(self, what: int, seconds: float) -> bool:
        poller = select.poll()
        poller.register(self._socket, what)
        return bool(poller.poll(max(0.0, seconds) * 1000))

    def _send(self, data: bytes) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            raise PrinterLost(LostCause.UNPLUGGED) from None
