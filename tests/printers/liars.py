"""Receipt printers that are less than honest, on a clock of their own.

A transport whose head, buffer and answers follow a pretended time, so that the roll may end at
every row in turn without one real second of waiting. It reads the bytes with the strict reader.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from drivers.printers.transports import PortStatus
from drivers.simulators.printer_escpos import Ask, AskDone, Cut, EscPosReader, Report, Row
from drivers.simulators.printer_realtime import RealTimeScanner

KNIFE_ROWS = 120
"""What is fed to the knife: a good centimetre that no printer leaves out."""


class Clock:
    """Stands in for the ``time`` module; only what is waited for makes it go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@dataclass(frozen=True)
class Kind:
    """How a printer lies. ``order`` and ``ids``: answered on "arrival", when "done", or "never"."""

    order: str = "done"
    ids: str = "never"
    status: bool = True
    reports: bool = True
    noise: bool = False
    buffer: int = 4096
    rows_per_second: float = 1200.0


class Liar:
    """One printer of a kind whose paper ends, or whose cover opens, before row ``stop``."""

    rate = 1e6
    must_answer = False

    def __init__(self, kind: Kind, clock: Clock, fault: str = "paper", stop: int = 10**6) -> None:
        self.kind, self.clock, self.fault, self.stop = kind, clock, fault, stop
        self.rows = 0
        self.cuts = 0
        self._buffer, self._reader = bytearray(), EscPosReader()
        self._arrived, self._early = bytearray(), EscPosReader()
        self._scanner = RealTimeScanner()
        self._says = bytearray()
        self._free_at = clock.now
        self._mask = 0
        self._told = False
        self._random = random.Random(stop)

    @property
    def stuck(self) -> bool:
        return self.rows >= self.stop

    def write(self, data: bytes, deadline: float) -> int:
        taken = 0
        while taken < len(data):
            self._work()
            room = self.kind.buffer - len(self._buffer)
            if not room:
                if self.stuck or self.clock.now >= deadline:
                    self.clock.now = max(self.clock.now, deadline)
                    break
                self.clock.now = max(self.clock.now, min(self._free_at, deadline)) + 1e-4
                continue
            for byte in data[taken : taken + room]:
                self._arrive(byte)
            taken += len(data[taken : taken + room])
            self.clock.now += 1e-5
        self._work()
        return taken

    def read(self, timeout: float) -> bytes:
        end = self.clock.now + max(0.0, timeout)
        self._work()
        while not self._says and self.clock.now < end:
            self.clock.now = min(end, self.clock.now + 0.005)
            self._work()
        said = bytes(self._says)
        self._says.clear()
        return said

    def in_doubt(self) -> int:
        return 0

    def port_status(self) -> PortStatus | None:
        return None

    def device_id(self) -> str:
        return ""

    def soft_reset(self) -> bool:
        return False

    def close(self) -> None:
        return

    def _tell(self, said: bytes) -> None:
        self._says += self._random.randbytes(len(said)) if self.kind.noise else said

    def _arrive(self, byte: int) -> None:
        self._buffer.append(byte)
        self._arrived.append(byte)
        command = self._scanner.feed(byte)
        if command and command[1] == 0x04 and self.kind.status:
            self._tell(bytes((self._status(command[2]),)))
        while (operation := self._early.take(self._arrived)) is not None:
            self._answer(operation, "arrival")

    def _status(self, question: int) -> int:
        paper, cover = (self.stuck and self.fault == each for each in ("paper", "cover"))
        bad = {1: 0x08 * self.stuck, 2: 0x04 * cover | 0x20 * paper, 3: 0, 4: 0x6C * paper}
        return 0x12 | bad[question]

    def _answer(self, operation: object, when: str) -> None:
        if isinstance(operation, Ask) and self.kind.order == when:
            self._tell(bytes((0x0C * (self.stuck and self.fault == "paper"),)))
        elif isinstance(operation, AskDone) and self.kind.ids == when:
            self._tell(b"7\x22" + operation.identity + b"\0")

    def _work(self) -> None:
        """Do what the head has had time for."""
        while self._buffer and not self.stuck and self._free_at <= self.clock.now:
            operation = self._reader.take(self._buffer)
            if operation is None:
                return
            if isinstance(operation, Report):
                self._mask = operation.mask * self.kind.reports
            self._answer(operation, "done")
            rows = {Row: 1, Cut: KNIFE_ROWS}.get(type(operation), 0)
            self.rows += isinstance(operation, Row)
            self.cuts += isinstance(operation, Cut)
            start = max(self._free_at, self.clock.now - 0.01)
            self._free_at = start + rows / self.kind.rows_per_second
            if self.stuck and self._mask and not self._told:
                self._told = True
                paper, cover = (self.fault == each for each in ("paper", "cover"))
                self._tell(bytes((0x18 | 0x20 * cover, 0, 0x0C * paper, 0x0F)))
