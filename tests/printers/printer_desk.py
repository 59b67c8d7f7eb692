"""A printer thread on a simulated printer, with everything it said kept for the test."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drivers.printers.document import ROW_BYTES, Document
from drivers.printers.jobs import Job, JobChange, JobState
from drivers.printers.line import Timing
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.printers.status import PrinterState, PrinterStatus
from drivers.simulators.printer_mechanism import PrinterOptions
from drivers.simulators.usbip_printer import SimulatedPrinter
from tests.patience import PATIENCE

QUICK = Timing(
    answer=0.08,
    slice=0.03,
    stall=0.2,
    confirm=1.0,
    idle=0.02,
    reopen=0.03,
    silent=0.05,
    rows_per_second=100_000,
)
"""Short enough for tests, long beside the 0.3 ms an answer takes on loopback."""
END_STATES = {
    JobState.CONFIRMED,
    JobState.UNCERTAIN,
    JobState.EXPIRED,
    JobState.CANCELLED,
    JobState.FAILED,
}


def picture(seed: int, rows: int = 200) -> Document:
    """A document that looks like no other; it has no byte that begins a real-time command."""
    dots = random.Random(seed).randbytes(rows * ROW_BYTES)
    return Document(dots.replace(b"\x10", b"\x11"))


@dataclass
class Desk:
    """Keeps all changes and statuses, and lets a test wait for one."""

    recorded: list[JobChange] = field(default_factory=list)
    changes: list[JobChange] = field(default_factory=list)
    statuses: list[PrinterStatus] = field(default_factory=list)
    refuse: Callable[[JobChange], bool] = lambda change: False
    before_record: Callable[[JobChange], None] = lambda change: None
    bell: threading.Condition = field(default_factory=threading.Condition)

    def record(self, change: JobChange) -> None:
        self.before_record(change)
        if self.refuse(change):
            raise OSError(28, "No space left on device")
        self.recorded.append(change)

    def changed(self, change: JobChange) -> None:
        with self.bell:
            self.changes.append(change)
            self.bell.notify_all()

    def status(self, status: PrinterStatus) -> None:
        with self.bell:
            self.statuses.append(status)
            self.bell.notify_all()

    def states(self, job_id: str) -> list[JobState]:
        return [change.state for change in self.changes if change.job_id == job_id]

    def end(self, job_id: str, attempt: int = 1, seconds: float = 10) -> JobChange:
        """Wait for the outcome of a job."""

        def found() -> JobChange | None:
            return next(
                (
                    each
                    for each in self.changes
                    if (each.job_id, each.attempt) == (job_id, attempt) and each.state in END_STATES
                ),
                None,
            )

        with self.bell:
            assert self.bell.wait_for(found, seconds), (self.changes, self.statuses)
            result = found()
        assert result is not None
        return result

    def wait_state(self, state: PrinterState, seconds: float = PATIENCE) -> PrinterStatus:
        """Wait until the newest status is ``state``."""
        with self.bell:
            assert self.bell.wait_for(
                lambda: self.statuses and self.statuses[-1].state is state, seconds
            ), self.statuses
            return self.statuses[-1]

    def wait_job(self, job_id: str, state: JobState, seconds: float = PATIENCE) -> None:
        with self.bell:
            assert self.bell.wait_for(lambda: state in self.states(job_id), seconds), self.changes


@dataclass
class Station:
    """A simulated printer, the thread that drives it, and the desk that watches."""

    device: SimulatedPrinter
    printer: Printer
    desk: Desk

    def print(self, job_id: str, document: Document, **settings: float) -> JobChange:
        self.printer.submit(Job(job_id, document, **settings))  # type: ignore[arg-type]
        return self.desk.end(job_id, int(settings.get("attempt", 1)))


@contextmanager
def station(
    options: PrinterOptions | None = None,
    *,
    timing: Timing = QUICK,
    desk: Desk | None = None,
    tells_count: bool = True,
    ready: bool = True,
) -> Iterator[Station]:
    """Start a simulated printer and a thread on it, and stop both again."""
    with (
        SimulatedPrinter(options, tells_count=tells_count) as device,
        driven(device, timing=timing, desk=desk, ready=ready) as running,
    ):
        yield running


@contextmanager
def station_on(earlier: Station, *, suspect: bool) -> Iterator[Station]:
    """Another process on the same printer, as after a restart."""
    with driven(earlier.device, suspect=suspect) as running:
        yield running


@contextmanager
def driven(
    device: SimulatedPrinter,
    *,
    timing: Timing = QUICK,
    desk: Desk | None = None,
    ready: bool = True,
    suspect: bool = False,
) -> Iterator[Station]:
    """A printer thread on ``device``."""
    desk = desk or Desk()
    printer = Printer(
        printer_factory(device.url),
        desk,
        on_status=desk.status,
        on_change=desk.changed,
        suspect=suspect,
        timing=timing,
    )
    printer.start()
    try:
        if ready:
            desk.wait_state(PrinterState.READY)
        yield Station(device, printer, desk)
    finally:
        printer.stop()
