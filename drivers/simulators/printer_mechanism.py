"""The inside of a simulated receipt printer: buffer, sensors, head and knife.

It keeps what real printers keep: jobs survive paper-out in the receive buffer and come out
on the next roll, a full buffer takes nothing more, real-time commands are obeyed on arrival
even inside a picture.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from drivers.simulators.printer_escpos import (
    Ask,
    AskDone,
    Cut,
    EscPosReader,
    Feed,
    Guard,
    Line,
    Operation,
    Report,
    Reset,
    Row,
    Unknown,
)
from drivers.simulators.printer_options import PrinterOptions
from drivers.simulators.printer_paper import Roll, Slip
from drivers.simulators.printer_realtime import RealTimeScanner

KNIFE_ROWS = 120
"""The head stands this far before the knife; what is between is fed at each cut."""

CLEARED = b"7%\0"

__all__ = ["Mechanism", "PrinterOptions"]


class Mechanism:
    """The printer behind its data pipe. All methods may be called from any thread."""

    def __init__(self, options: PrinterOptions, on_slip: Callable[[Slip], None]) -> None:
        self.options = options
        self.unknown: list[bytes] = []
        self.kicks = 0
        self.received = bytearray()
        self._on_slip = on_slip
        self._ready: Callable[[], None] = lambda: None
        self._change = threading.Condition(threading.RLock())
        self._buffer = bytearray()
        self._reader = EscPosReader()
        self._arrived, self._hasty = bytearray(), EscPosReader()
        self._scanner = RealTimeScanner()
        self._roll = Roll()
        self._says: list[tuple[float, bytes]] = []
        self._paper = True
        self._rows_left: int | None = None
        self._cover_open = False
        self._mask = 0
        self._kick_allowed = True
        self._quota: int | None = None
        self._stopped = False
        self._news = False
        threading.Thread(target=self._work, name="printer-head", daemon=True).start()

    def listen(self, ready: Callable[[], None]) -> None:
        """Call ``ready`` when there is room again or something to say."""
        self._ready = ready

    def accept(self, data: bytes) -> int:
        """Take what fits into the receive buffer; the rest is not taken."""
        with self._change:
            room = self.options.buffer_bytes - len(self._buffer)
            if self._quota is not None:
                room = min(room, self._quota)
                self._quota -= min(room, len(data))
            for byte in data[:room]:
                self._arrive(byte)
            self._news = True
            self._change.notify_all()
        return min(len(data), room)

    def say(self, limit: int) -> bytes:
        """What the printer has to say now, at most ``limit`` bytes."""
        with self._change:
            due = [said for at, said in self._says if at <= time.monotonic()]
            said = b"".join(due)[:limit]
            self._says = [(0.0, b"".join(due)[limit:])] * (len(said) < sum(map(len, due))) + [
                each for each in self._says if each[0] > time.monotonic()
            ]
        return said

    def port_byte(self) -> int:
        """GET_PORT_STATUS: paper empty 20h, selected 10h, not error 08h."""
        with self._change:
            if not self.options.port_status:
                return 0x18
            paper = 0x00 if self._has_paper() else 0x20
            return paper | 0x10 | (0x00 if paper or self._cover_open else 0x08)

    def clear(self) -> None:
        """Drop both buffers and everything begun; the paper stays as it is."""
        with self._change:
            self._buffer.clear()
            self._reader.reset()
            self._arrived.clear()
            self._hasty.reset()
            self._scanner.reset()
            self._says.clear()
            self._announce()

    def set_paper(self, *, present: bool) -> None:
        """Take the roll out, or put a new one in: what hung out of the old one goes with it."""
        with self._change:
            self._paper, self._rows_left = present, None
            if present:
                self._roll.tear()
            self._report()
            self._announce()

    def run_out_after(self, rows: int) -> None:
        """Let the roll end after so many more rows."""
        with self._change:
            self._rows_left = rows

    def set_cover(self, *, is_open: bool) -> None:
        """Open or close the cover."""
        with self._change:
            self._cover_open = is_open
            self._report()
            self._announce()

    def set_quota(self, count: int | None) -> None:
        """Take only so many more bytes, for no reason the printer would tell."""
        with self._change:
            self._quota = count
            self._announce()

    def power_on(self) -> None:
        """Everything as after the power came back; paper and cover as they are."""
        with self._change:
            self.clear()
            self._mask, self._kick_allowed, self._quota = 0, True, None

    @property
    def hanging(self) -> Slip:
        """What hangs out of the printer, not cut off yet."""
        with self._change:
            return self._roll.hanging

    @property
    def waiting(self) -> int:
        """Bytes in the receive buffer."""
        with self._change:
            return len(self._buffer)

    def stop(self) -> None:
        """Stop the head."""
        with self._change:
            self._stopped = True
            self._change.notify_all()

    def _arrive(self, byte: int) -> None:
        """One byte into the buffer, and a look whether it ends a real-time command."""
        self.received.append(byte)
        self._buffer.append(byte)
        self._answer_hastily(byte)
        command = self._scanner.feed(byte)
        if command is None:
            return
        if command[1] == 0x04:
            if self.options.real_time:
                self._tell(bytes((self._status_byte(command[2]),)))
        elif command[2] == 8 and self.options.clearing:
            self.clear()
            self._tell(CLEARED)
        elif command[2] == 1 and self._kick_allowed:
            self.kicks += 1

    def _answer_hastily(self, byte: int) -> None:
        """What a printer says that does not wait for its head."""
        if not self.options.on_arrival:
            return
        self._arrived.append(byte)
        while (operation := self._hasty.take(self._arrived)) is not None:
            self._answer(operation)

    def _status_byte(self, question: int) -> int:
        paper, cover = self._has_paper(), self._cover_open
        return 0x12 | {
            1: 0x08 * (cover or not paper),
            2: 0x04 * cover | 0x20 * (not paper),
            3: 0,
            4: 0x6C * (not paper),
        }.get(question, 0)

    def _report(self) -> None:
        """Automatic status, if it was asked for."""
        paper, cover = self._has_paper(), self._cover_open
        if self._mask and self.options.reports:
            first = 0x10 | 0x08 * (cover or not paper) | 0x20 * cover
            self._tell(bytes((first, 0, 0x0C * (not paper), 0x0F)))
        self._change.notify_all()

    def _has_paper(self) -> bool:
        return self._paper and self._rows_left != 0

    def _tell(self, said: bytes) -> None:
        if self.options.answers:
            due = time.monotonic() + self.options.answer_delay
            self._says.append((due, self.options.mangle(said)))

    def _announce(self) -> None:
        """Let the head's thread tell the bus; a caller may hold locks of its own."""
        self._news = True
        self._change.notify_all()

    def _work(self) -> None:
        """The head: one operation after the other while nothing stands in its way."""
        while not self._stopped:
            with self._change:
                self._change.wait_for(lambda: self._news or self._can_work(), self._patience())
                operation = self._reader.take(self._buffer) if self._can_work() else None
                slip = self._perform(operation) if operation is not None else None
                self._news = False
            if operation is not None:
                self._pace(operation)
            if slip is not None:
                self._on_slip(slip)
            self._ready()

    def _patience(self) -> float:
        """Seconds until the head looks up by itself: soon where answers are held back."""
        return 0.02 if self.options.answer_delay else 0.5

    def _can_work(self) -> bool:
        idle = not self._buffer or self._cover_open or not self._has_paper()
        return self._stopped or not idle

    def _pace(self, operation: Operation) -> None:
        rows = 1 if isinstance(operation, Row) else KNIFE_ROWS * isinstance(operation, Cut)
        if self.options.rows_per_second and rows:
            time.sleep(rows / self.options.rows_per_second)

    def _perform(self, operation: Operation) -> Slip | None:
        if isinstance(operation, Cut):
            return self._roll.tear()
        if isinstance(operation, Row):
            self._print_row(operation.dots)
        elif isinstance(operation, Feed):
            self._roll.feed(operation.lines)
        elif isinstance(operation, Line):
            self._roll.text(operation.text, double=operation.double)
        elif isinstance(operation, Unknown):
            self.unknown.append(operation.raw)
        else:
            self._set_or_answer(operation)
        return None

    def _print_row(self, dots: bytes) -> None:
        paper = self.options.dots // 8
        self._roll.row(dots[:paper].ljust(len(dots), b"\0"))
        if self._rows_left is not None:
            self._rows_left -= 1
            if not self._rows_left:
                self._report()

    def _set_or_answer(self, operation: Operation) -> None:
        if isinstance(operation, Reset):
            self._mask, self._kick_allowed = 0, True
        elif isinstance(operation, Guard):
            self._kick_allowed = operation.enabled if operation.function == 1 else True
        elif isinstance(operation, Report):
            self._mask = operation.mask
            self._report()
        elif not self.options.on_arrival:
            self._answer(operation)

    def _answer(self, operation: Operation) -> None:
        """Answer a question that stands in the order of the data."""
        if isinstance(operation, AskDone) and self.options.process_ids:
            self._tell(b"7\x22" + operation.identity + b"\0")
        elif isinstance(operation, Ask) and operation.what == "r":
            self._tell(bytes((0x0C * (not self._has_paper()),)))
        elif isinstance(operation, Ask) and self.options.model:
            self._tell(b"_" + self.options.model.encode("ascii") + b"\0")
