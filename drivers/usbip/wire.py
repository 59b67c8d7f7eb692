"""The USB/IP wire format, shared by our client and our device server.

Source: Linux kernel, ``Documentation/usb/usbip_protocol.rst``. All numbers are big-endian,
but for the 8 setup bytes, which are as on the bus.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field

VERSION = 0x0111
REQUEST_LIST, REPLY_LIST = 0x8005, 0x0005
REQUEST_IMPORT, REPLY_IMPORT = 0x8003, 0x0003
CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
OUT, IN = 0, 1
STATUS_OK, STATUS_GONE, STATUS_STALL, STATUS_UNLINKED = 0, -19, -32, -104
SPEED_FULL = 2
MAX_TRANSFER = 1 << 20
"""Largest transfer accepted, in bytes, so that a wild header cannot eat the memory."""

OPERATION = struct.Struct(">HHI")
COUNT = struct.Struct(">I")
DEVICE = struct.Struct(">256s32sIIIHHHBBBBBB")
INTERFACE = struct.Struct(">BBBx")
HEADER = struct.Struct(">IIIII")
SUBMIT = struct.Struct(">IiIII8s")
RESULT = struct.Struct(">iIIII8x")
UNLINK = struct.Struct(">I24x")
UNLINKED = struct.Struct(">i24x")
SETUP = struct.Struct("<BBHHH")
BUS_ID_BYTES = 32
COMMAND_BYTES = 48


class WireError(Exception):
    """The other side closed the connection or does not speak USB/IP."""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A device as the list and the import show it. ``classes`` are class, subclass, protocol."""

    bus_id: str
    bus: int
    number: int
    speed: int
    vendor: int
    product: int
    release: int
    classes: tuple[int, int, int]
    configuration: int
    configurations: int
    interfaces: int

    @property
    def device_id(self) -> int:
        """The number the device has in every later command."""
        return self.bus << 16 | self.number

    def pack(self) -> bytes:
        """The 312 bytes of this record."""
        return DEVICE.pack(
            f"/sys/devices/{self.bus_id}".encode(),
            self.bus_id.encode(),
            self.bus,
            self.number,
            self.speed,
            self.vendor,
            self.product,
            self.release,
            *self.classes,
            self.configuration,
            self.configurations,
            self.interfaces,
        )

    @classmethod
    def unpack(cls, raw: bytes) -> DeviceRecord:
        """Read the 312 bytes of a record."""
        _path, bus_id, *rest = DEVICE.unpack(raw)
        bus, number, speed, vendor, product, release, a, b, c, value, count, interfaces = rest
        name = bus_id.split(b"\0")[0].decode("ascii", "replace")
        classes = (a, b, c)
        return cls(
            name, bus, number, speed, vendor, product, release, classes, value, count, interfaces
        )


@dataclass(frozen=True, slots=True)
class Submit:
    """One transfer asked for. ``data`` only on the way out, ``length`` either way."""

    sequence: int
    device_id: int
    direction: int
    endpoint: int
    length: int
    setup: bytes
    data: bytes = field(default=b"", repr=False)

    def pack(self) -> bytes:
        """The 48 header bytes and the data."""
        return (
            HEADER.pack(CMD_SUBMIT, self.sequence, self.device_id, self.direction, self.endpoint)
            + SUBMIT.pack(0, self.length, 0, 0xFFFFFFFF, 0, self.setup)
            + self.data
        )


@dataclass(frozen=True, slots=True)
class Unlink:
    """Take back the transfer ``victim``."""

    sequence: int
    device_id: int
    victim: int

    def pack(self) -> bytes:
        """The 48 bytes of this command."""
        return HEADER.pack(CMD_UNLINK, self.sequence, self.device_id, 0, 0) + UNLINK.pack(
            self.victim
        )


def pack_result(sequence: int, status: int, actual: int, data: bytes = b"") -> bytes:
    """Answer a transfer with its status, the bytes moved, and what was read."""
    head = HEADER.pack(RET_SUBMIT, sequence, 0, 0, 0)
    return head + RESULT.pack(status, actual, 0, 0xFFFFFFFF, 0) + data


def pack_unlinked(sequence: int, status: int) -> bytes:
    """Answer an unlink: :data:`STATUS_UNLINKED` if it came in time, 0 if it was too late."""
    return HEADER.pack(RET_UNLINK, sequence, 0, 0, 0) + UNLINKED.pack(status)


def read_exactly(connection: socket.socket, count: int) -> bytes:
    """Read ``count`` bytes. Raises :class:`WireError` if the connection ends before."""
    parts = bytearray()
    while len(parts) < count:
        try:
            part = connection.recv(count - len(parts))
        except OSError as error:
            raise WireError(str(error.errno)) from None
        if not part:
            raise WireError("closed")
        parts += part
    return bytes(parts)


def read_command(connection: socket.socket) -> Submit | Unlink:
    """Read one command on the device side. Raises :class:`WireError`."""
    raw = read_exactly(connection, COMMAND_BYTES)
    command, sequence, device_id, direction, endpoint = HEADER.unpack_from(raw)
    body = raw[HEADER.size :]
    if command == CMD_UNLINK:
        return Unlink(sequence, device_id, UNLINK.unpack(body)[0])
    _flags, length, _start, _packets, _interval, setup = SUBMIT.unpack(body)
    if command != CMD_SUBMIT or not 0 <= length <= MAX_TRANSFER:
        raise WireError("not a command")
    data = read_exactly(connection, length) if direction == OUT else b""
    return Submit(sequence, device_id, direction, endpoint, length, setup, data)


def connect(address: tuple[str, int] | str, seconds: float) -> socket.socket:
    """Open a connection to host and port, or to the path of a unix socket. Raises OSError."""
    if isinstance(address, tuple):
        connection = socket.create_connection(address, seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
