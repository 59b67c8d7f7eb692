"""A device behind a serial-to-Ethernet converter: raw bytes over TCP."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from typing import Final

from drivers.transports.base import LinkLost, LossCause, opening_cause

CONNECT_SECONDS: Final = 0.8
WRITE_SECONDS: Final = 0.5
CHUNK: Final = 4096


class TcpPort:
    """An open TCP connection to a converter. Satisfies ``Transport``."""

    def __init__(self, host: str, port: int) -> None:
        """Connect within 0.8 s. Raises ``LinkLost``."""
        try:
            self._socket = socket.create_connection((host, port), CONNECT_SECONDS)
        except OSError as error:
            unreachable = isinstance(error, TimeoutError | socket.gaierror)
            cause = LossCause.ABSENT if unreachable else opening_cause(error)
            raise LinkLost(cause) from None
        self._socket.settimeout(WRITE_SECONDS)
        # A cable pulled beyond the switch is noticed by nobody but the keep-alive probes.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._waiter = select.poll()
        self._waiter.register(self._socket, select.POLLIN)

    def read(self, timeout: float) -> bytes:
        """Return what has arrived, waiting up to ``timeout`` seconds. Raises ``LinkLost``."""
        try:
            if not self._waiter.poll(max(0.0, timeout) * 1000):
                return b""
            data = self._socket.recv(CHUNK)
        except (OSError, ValueError):
            raise LinkLost(LossCause.UNPLUGGED) from None
        if not data:
            raise LinkLost(LossCause.UNPLUGGED)
        return data

    def write(self, data: bytes) -> None:
        """Send all of ``data`` within 0.5 s. Raises ``LinkLost``."""
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise LinkLost(LossCause.IO) from None
        except (OSError, ValueError):
            raise LinkLost(LossCause.UNPLUGGED) from None

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._socket.close()
