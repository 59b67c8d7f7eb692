"""From the address in the configuration to an open transport."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from drivers.driver import Line
from drivers.transports.base import Transport
from drivers.transports.replay import ReplayPort
from drivers.transports.serial_port import SerialPort
from drivers.transports.tcp import TcpPort

TCP: Final = "tcp://"
REPLAY: Final = "replay:"


class AddressError(ValueError):
    """An address has no meaning. A mistake of the configuration, not a loss of the device."""


def open_transport(address: str, line: Line) -> Transport:
    """Open ``address``: a path (serial port), ``tcp://host:port`` or ``replay:FILE``.

    ``line`` is used by serial ports only. Raises ``LinkLost`` or :class:`AddressError`.
    """
    if address.startswith(TCP):
        return TcpPort(*tcp_address(address))
    if address.startswith(REPLAY):
        return ReplayPort(Path(address.removeprefix(REPLAY)))
    if "/" not in address:
        raise AddressError("an address is a path, tcp://host:port or replay:FILE")
    return SerialPort(address, line)


def tcp_address(address: str) -> tuple[str, int]:
    """Return host and port of ``tcp://host:port``. Raises :class:`AddressError`."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or not port:
        raise AddressError("a TCP address is written tcp://host:port")
    return parts.hostname, port


def file_behind(address: str) -> Path | None:
    """Return the file whose existence tells whether opening can work; ``None`` for a network."""
    if address.startswith(TCP):
        return None
    return Path(address.removeprefix(REPLAY))
