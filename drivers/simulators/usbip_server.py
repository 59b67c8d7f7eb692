"""A USB/IP device server in user space: simulated USB devices for any USB/IP client.

Each importing client gets a thread and an ``Importer``.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

from drivers.simulators.usbip_importer import Importer, UsbDevice
from drivers.usbip import wire
from drivers.usbip.client import Address

BUS = 1


@dataclass(slots=True)
class _Port:
    """A place on the bus and whoever has imported the device in it."""

    device: UsbDevice
    bus_id: str
    number: int
    client: Importer | None = None


@dataclass(slots=True)
class UsbipServer:
    """Devices on one simulated bus, offered at ``address``; port 0 picks a free port.

    ``tells_count`` off behaves as the kernel's own server, which gives no count of a write
    that was taken back.
    """

    address: Address
    tells_count: bool = True
    _ports: dict[str, _Port] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listener: socket.socket | None = None
    _next: int = 1

    def start(self) -> Address:
        """Begin to serve; returns the address clients can use. Raises OSError."""
        if isinstance(self.address, tuple):
            self._listener = socket.create_server(self.address)
            self.address = self._listener.getsockname()[:2]
        else:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self.address)
            self._listener.listen()
        threading.Thread(
            target=self._accept, args=(self._listener,), name="usbip-server", daemon=True
        ).start()
        return self.address

    def stop(self) -> None:
        """Unplug everything and stop listening."""
        for bus_id in list(self._ports):
            self.unplug(bus_id)
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        if isinstance(self.address, str):
            Path(self.address).unlink(missing_ok=True)

    def plug(self, device: UsbDevice) -> str:
        """Put a device on the bus, under a device number not used before; returns its bus id."""
        with self._lock:
            port = _Port(device, f"{BUS}-{self._next}", self._next)
            self._next += 1
            self._ports[port.bus_id] = port
        device.listen(lambda: _pump(port))
        return port.bus_id

    def unplug(self, bus_id: str) -> None:
        """Take a device off the bus; its client sees errno 19 at once."""
        with self._lock:
            port = self._ports.pop(bus_id, None)
        if port is not None and port.client is not None:
            port.client.unplug()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            if connection.family != socket.AF_UNIX:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=self._serve, args=(connection,), name="usbip-client-of", daemon=True
            ).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            raw = wire.read_exactly(connection, wire.OPERATION.size)
            version, code, _status = wire.OPERATION.unpack(raw)
            if version == wire.VERSION and code == wire.REQUEST_LIST:
                connection.sendall(self._listing())
            elif version == wire.VERSION and code == wire.REQUEST_IMPORT:
                self._import(connection)
        except (wire.WireError, OSError):
            pass  # the client left; there is nobody to tell
        finally:
            connection.close()

    def _listing(self) -> bytes:
        with self._lock:
            ports = list(self._ports.values())
        head = wire.OPERATION.pack(wire.VERSION, wire.REPLY_LIST, 0)
        return head + wire.COUNT.pack(len(ports)) + b"".join(_listed(port) for port in ports)

    def _import(self, connection: socket.socket) -> None:
        raw = wire.read_exactly(connection, wire.BUS_ID_BYTES)
        bus_id = raw.split(b"\0")[0].decode("ascii", "replace")
        with self._lock:
            port = self._ports.get(bus_id)
            granted = port is not None and port.client is None
            if port is not None and granted:
                port.client = Importer(connection, port.device, tells_count=self.tells_count)
        connection.sendall(wire.OPERATION.pack(wire.VERSION, wire.REPLY_IMPORT, not granted))
        if port is None or port.client is None or not granted:
            return
        try:
            connection.sendall(_record(port).pack())
            port.client.run()
        finally:
            port.client = None


def _pump(port: _Port) -> None:
    client = port.client
    if client is not None:
        client.pump()


def _record(port: _Port) -> wire.DeviceRecord:
    """The record of a device, read out of its own descriptors."""
    raw = port.device.device_descriptor
    vendor, product, release = (int.from_bytes(raw[at : at + 2], "little") for at in (8, 10, 12))
    return wire.DeviceRecord(
        port.bus_id,
        BUS,
        port.number,
        wire.SPEED_FULL,
        vendor,
        product,
        release,
        (raw[4], raw[5], raw[6]),
        port.device.configuration[5],
        raw[17],
        port.device.configuration[4],
    )


def _listed(port: _Port) -> bytes:
    """A record followed by the classes of each interface."""
    raw = port.device.configuration
    at, interfaces = 0, b""
    while at < len(raw):
        if raw[at + 1] == 4 and raw[at + 3] == 0:
            interfaces += wire.INTERFACE.pack(*raw[at + 5 : at + 8])
        at += raw[at]
    return _record(port).pack() + interfaces
