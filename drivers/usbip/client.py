"""A USB/IP client: list a server's devices, import one, run transfers with true time-outs.

No pyusb here; :mod:`drivers.usbip.backend` makes a pyusb backend of it.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from dataclasses import dataclass, field

from drivers.living import Part
from drivers.usbip import wire

Address = tuple[str, int] | str
"""Host and port, or the path of a unix socket."""

CONNECT_SECONDS = 2.0
UNLINK_SECONDS = 2.0
"""How long the server may take to give a transfer back."""


class DeviceGone(Exception):  # noqa: N818 - names what happened
    """The device was unplugged, or the server is gone."""


class DeviceBusy(Exception):  # noqa: N818 - names what happened
    """The server does not give the device out: another client has it, or it left."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a transfer ended. ``actual`` is ``None`` where a taken-back one told no count."""

    status: int
    actual: int | None
    data: bytes = field(default=b"", repr=False)
    timed_out: bool = False


@dataclass(slots=True)
class _Pending:
    direction: int
    finished: threading.Event = field(default_factory=threading.Event)
    result: tuple[int, int, bytes] | None = None


def list_devices(address: Address) -> tuple[wire.DeviceRecord, ...]:
    """Ask a server what it offers. Nothing if nobody answers there."""
    try:
        with wire.connect(address, CONNECT_SECONDS) as connection:
            connection.sendall(wire.OPERATION.pack(wire.VERSION, wire.REQUEST_LIST, 0))
            _reply(connection, wire.REPLY_LIST)
            (count,) = wire.COUNT.unpack(wire.read_exactly(connection, wire.COUNT.size))
            return tuple(_record(connection) for _ in range(min(count, 256)))
    except (OSError, wire.WireError):
        return ()


class ImportedDevice:
    """One device for one client. Transfers may run from several threads at once."""

    def __init__(self, address: Address, bus_id: str) -> None:
        """Import the device. Raises :class:`DeviceGone` or :class:`DeviceBusy`."""
        try:
            self._connection = wire.connect(address, CONNECT_SECONDS)
        except OSError:
            raise DeviceGone from None
        try:
            self.record = self._import(bus_id)
        except (OSError, wire.WireError):
            self._connection.close()
            raise DeviceGone from None
        except DeviceBusy:
            self._connection.close()
            raise
        self._connection.settimeout(None)
        self._sequence = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._lock = threading.Lock()
        self._gone = False
        part = Part("usbip", self._receive, name="usbip-client", ends=True)
        part.start()
        # It waits for what the device says; who waits for an answer has a deadline.
        part.sign.rests()

    def transfer(
        self, direction: int, endpoint: int, payload: bytes | int, setup: bytes, seconds: float
    ) -> Outcome:
        """Run one transfer: bytes to write or a count to read, ``setup`` for endpoint 0.

        Raises :class:`DeviceGone`. A transfer not done within ``seconds`` is taken back,
        and its outcome says how far it had come.
        """
        data = payload if isinstance(payload, bytes) else b""
        length = len(payload) if isinstance(payload, bytes) else payload
        sequence, pending = self._enlist(direction)
        self._send(
            wire.Submit(
                sequence, self.record.device_id, direction, endpoint, length, setup, data
            ).pack()
        )
        timed_out = not pending.finished.wait(seconds)
        if timed_out:
            self._take_back(sequence, pending)
        self._forget(sequence)
        return self._outcome(pending, timed_out=timed_out)

    def close(self) -> None:
        """Give the device back to the server."""
        self._lose()

    def _import(self, bus_id: str) -> wire.DeviceRecord:
        request = wire.OPERATION.pack(wire.VERSION, wire.REQUEST_IMPORT, 0)
        name = bus_id.encode().ljust(wire.BUS_ID_BYTES, b"\0")
        self._connection.sendall(request + name)
        if _reply(self._connection, wire.REPLY_IMPORT):
            raise DeviceBusy
        return wire.DeviceRecord.unpack(wire.read_exactly(self._connection, wire.DEVICE.size))

    def _enlist(self, direction: int) -> tuple[int, _Pending]:
        with self._lock:
            if self._gone:
                raise DeviceGone
            sequence, pending = next(self._sequence), _Pending(direction)
            self._pending[sequence] = pending
        return sequence, pending

    def _forget(self, sequence: int) -> None:
        with self._lock:
            self._pending.pop(sequence, None)

    def _take_back(self, sequence: int, pending: _Pending) -> None:
        """Unlink, and wait until either the transfer's own answer or the unlink's is here."""
        unlink, answer = self._enlist(pending.direction)
        self._send(wire.Unlink(unlink, self.record.device_id, sequence).pack())
        answered = answer.finished.wait(UNLINK_SECONDS)
        self._forget(unlink)
        if not answered:
            self._lose()
            raise DeviceGone

    def _outcome(self, pending: _Pending, *, timed_out: bool) -> Outcome:
        if pending.result is not None:
            status, actual, data = pending.result
            return Outcome(status, actual, data, timed_out and status == wire.STATUS_UNLINKED)
        if self._gone:
            raise DeviceGone
        return Outcome(wire.STATUS_UNLINKED, None, timed_out=True)

    def _send(self, data: bytes) -> None:
        try:
            with self._lock:
                self._connection.sendall(data)
        except OSError:
            self._lose()
            raise DeviceGone from None

    def _receive(self) -> None:
        """Hand each answer to whoever waits for it, until the connection ends."""
        try:
            while True:
                self._take_answer()
        except wire.WireError:
            self._lose()

    def _take_answer(self) -> None:
        raw = wire.read_exactly(self._connection, wire.COMMAND_BYTES)
        command, sequence, *_ = wire.HEADER.unpack_from(raw)
        with self._lock:
            pending = self._pending.get(sequence)
        status, actual, *_ = wire.RESULT.unpack_from(raw, wire.HEADER.size)
        if command == wire.RET_SUBMIT:
            data = self._body(pending, actual)
            if pending is not None:
                pending.result = (status, actual, data)
        elif command != wire.RET_UNLINK:
            raise wire.WireError("not an answer")
        if pending is not None:
            pending.finished.set()

    def _body(self, pending: _Pending | None, actual: int) -> bytes:
        if pending is None or actual > wire.MAX_TRANSFER:
            raise wire.WireError("an answer nobody asked for")
        return wire.read_exactly(self._connection, actual) if pending.direction == wire.IN else b""

    def _lose(self) -> None:
        with self._lock:
            self._gone = True
            waiting = list(self._pending.values())
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()
        for pending in waiting:
            pending.finished.set()


def _reply(connection: socket.socket, expected: int) -> int:
    """Read an operation's reply and return its status, 0 for "granted"."""
    version, code, status = wire.OPERATION.unpack(
        wire.read_exactly(connection, wire.OPERATION.size)
    )
    if version != wire.VERSION or code != expected:
        raise wire.WireError("not a USB/IP server")
    return int(status)


def _record(connection: socket.socket) -> wire.DeviceRecord:
    record = wire.DeviceRecord.unpack(wire.read_exactly(connection, wire.DEVICE.size))
    wire.read_exactly(connection, wire.INTERFACE.size * record.interfaces)
    return record
