"""A simulated USB socket: what is plugged in appears to every host that speaks USB/IP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from drivers.simulators.usbip_importer import UsbDevice
from drivers.simulators.usbip_server import UsbipServer

LOOPBACK: Final = "127.0.0.1"


class UsbPort(Protocol):
    """One life of a plugged-in device: its USB side, and the side of the simulated scale."""

    @property
    def device(self) -> UsbDevice:
        """What the host sees."""

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``, or sooner when there is something to do."""

    def is_open(self) -> bool:
        """Return whether a host uses the device."""

    def read(self) -> bytes:
        """Return what was sent to the device, possibly nothing."""

    def write(self, data: bytes) -> None:
        """Send ``data``; what nobody takes is lost."""

    def close(self) -> None:
        """Pull the cable."""


class UsbSocket:
    """Where the cable of a simulated scale goes in; ``address`` is where hosts find it."""

    def __init__(self, make: Callable[[Callable[[UsbPort], None]], UsbPort], port: int = 0) -> None:
        """Listen on ``port`` of this machine, 0 for a free one; nothing is plugged in yet.

        ``make`` gets the function that a port calls when its cable is pulled. Raises OSError.
        """
        self._make = make
        self._server = UsbipServer((LOOPBACK, port))
        self.address = self._server.start()
        self._places: dict[int, str] = {}

    @property
    def url(self) -> str:
        """The address of a HID scale in this socket, for the configuration of the station."""
        return f"hid+usbip://{LOOPBACK}:{self.address[1]}"

    def plug(self) -> UsbPort:
        """Plug the device in: the next life of its port."""
        port = self._make(self._unplug)
        self._places[id(port)] = self._server.plug(port.device)
        return port

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    def _unplug(self, port: UsbPort) -> None:
        place = self._places.pop(id(port), None)
        if place is not None:
            self._server.unplug(place)
