"""One client of the simulated USB/IP server, and the device it has imported.

Transfers that the device cannot serve yet stay parked, as a bus would NAK them; a taken-back
write reports how far it had come.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.simulators.usbip_standard import Setup, standard_request
from drivers.usbip import wire


class UsbDevice(Protocol):
    """A simulated device: its descriptors, and what its endpoints do right now."""

    device_descriptor: bytes
    configuration: bytes
    strings: tuple[str, ...]

    def control(self, setup: Setup, data: bytes) -> bytes | None:
        """Answer a class or vendor request, or one to its interface; ``None`` stalls."""

    def write(self, endpoint: int, data: bytes) -> int:
        """Take as many bytes as there is room for, at once; 0 leaves the rest parked."""

    def read(self, endpoint: int, limit: int) -> bytes:
        """Give what there is, at most ``limit`` bytes; nothing leaves the read parked."""

    def listen(self, ready: Callable[[], None]) -> None:
        """Call ``ready`` whenever a parked transfer may go on."""


@dataclass(slots=True)
class _Parked:
    """A transfer the device has not finished."""

    request: wire.Submit
    moved: int = 0


class Importer:
    """One importing connection."""

    def __init__(self, connection: socket.socket, device: UsbDevice, *, tells_count: bool) -> None:
        self._connection = connection
        self._device = device
        self._tells_count = tells_count
        self._lock = threading.RLock()
        self._parked: list[_Parked] = []
        self._gone = False

    def run(self) -> None:
        """Serve until the connection ends."""
        try:
            while True:
                command = wire.read_command(self._connection)
                with self._lock:
                    self._obey(command)
        except wire.WireError:
            self.close()

    def pump(self) -> None:
        """Let parked transfers go on, in order on each pipe."""
        with self._lock:
            blocked: set[tuple[int, int]] = set()
            for parked in list(self._parked):
                pipe = (parked.request.direction, parked.request.endpoint)
                if pipe in blocked or not self._finish(parked):
                    blocked.add(pipe)

    def unplug(self) -> None:
        """End all parked transfers with "no such device" and drop the connection."""
        with self._lock:
            self._gone = True  # what is asked before the connection ends gets no answer
            for parked in self._parked:
                self._send(wire.pack_result(parked.request.sequence, wire.STATUS_GONE, 0))
            # Nothing gets through a cable that is out, also not what had begun.
            self._parked.clear()
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def _obey(self, command: wire.Submit | wire.Unlink) -> None:
        if self._gone:
            return
        if isinstance(command, wire.Unlink):
            self._take_back(command)
        elif command.endpoint == 0:
            self._control(command)
        else:
            self._parked.append(_Parked(command))
            self.pump()

    def _control(self, command: wire.Submit) -> None:
        setup = Setup(*wire.SETUP.unpack(command.setup))
        answer = standard_request(self._device, setup)
        if setup.kind or (answer is None and setup.recipient):
            answer = self._device.control(setup, command.data)
        if answer is None:
            self._send(wire.pack_result(command.sequence, wire.STATUS_STALL, 0))
            return
        answer = answer[: command.length]
        moved = len(answer) if command.direction == wire.IN else len(command.data)
        self._send(wire.pack_result(command.sequence, wire.STATUS_OK, moved, answer))

    def _finish(self, parked: _Parked) -> bool:
        """Move what can be moved; whether the transfer is done and answered."""
        request = parked.request
        data = b""
        if request.direction == wire.IN:
            data = self._device.read(request.endpoint, request.length)
            done = bool(data)
            parked.moved = len(data)
        else:
            rest = request.data[parked.moved :]
            parked.moved += self._device.write(request.endpoint, rest)
            done = parked.moved == len(request.data)
        if done:
            self._parked.remove(parked)
            self._send(wire.pack_result(request.sequence, wire.STATUS_OK, parked.moved, data))
        return done

    def _take_back(self, command: wire.Unlink) -> None:
        found = [each for each in self._parked if each.request.sequence == command.victim]
        status = wire.STATUS_UNLINKED
        for parked in found:
            self._parked.remove(parked)
            if self._tells_count:
                sequence, status = parked.request.sequence, wire.STATUS_OK
                self._send(wire.pack_result(sequence, wire.STATUS_UNLINKED, parked.moved))
        status = status if found else wire.STATUS_OK
        self._send(wire.pack_unlinked(command.sequence, status))

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._connection.sendall(data)
