"""The printer thread: it alone owns the printer, prints one job at a time and heals itself.

Every step of a job is durable in the :class:`~drivers.printers.jobs.JobLog` before the
first byte it allows, and each outcome after. Nothing is ever sent twice by itself once a
byte has left.
"""

from __future__ import annotations

import itertools
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from drivers.living import Part
from drivers.printers.acquaintance import Known, check_supported, get_to_know
from drivers.printers.command_bytes import REPORT_CHANGES, process_id
from drivers.printers.facts import Facts
from drivers.printers.job_queue import JobQueue, Waiting
from drivers.printers.jobs import Cause, Job, JobChange, JobLog, JobState
from drivers.printers.line import Line, Timing
from drivers.printers.resync import FRESH, Wreck, resync
from drivers.printers.session import await_confirmation, send_document
from drivers.printers.status import PrinterState, PrinterStatus, status_of
from drivers.printers.transports import LostCause, PrinterLost, Transport

STOP_SECONDS = 20.0
ASK_SECONDS = 2.0
SILENT_ASK_SECONDS = 10.0
"""How often an idle printer is asked, and one that never says anything."""

_LOG = logging.getLogger(__name__)


def _ignore(_: object) -> None:
    """The callback of whoever does not want to know."""


class Printer:
    """One receipt printer and its thread. Public methods may be called from any thread.

    ``factory`` opens the transport and may raise PrinterLost. ``suspect`` must be true if an
    earlier process left a job uncertain: part of a slip may still be in the printer.
    ``width`` is what a person has found its paper to take, in dots, and stands over its model's.
    ``on_status`` and ``on_change`` are called in the printer thread, ``on_change`` after the
    change is durable.
    """

    def __init__(
        self,
        factory: Callable[[], Transport],
        log: JobLog,
        *,
        on_status: Callable[[PrinterStatus], None] = _ignore,
        on_change: Callable[[JobChange], None] = _ignore,
        suspect: bool = False,
        width: int | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._factory = factory
        self._log = log
        self._on_status = on_status
        self._on_change = on_change
        self._timing = timing or Timing()
        self._queue = JobQueue()
        self._width = width
        self._line: Line | None = None
        self._identity = ""
        self._known: dict[str, Known] = {}
        self._wreck: Wreck | None = Wreck(None, on_paper=True) if suspect else FRESH
        self._status = PrinterStatus(PrinterState.ABSENT)
        self._numbers = itertools.count(secrets.randbelow(36**4))
        self._asked_at = 0.0
        self._stopping = False
        self._thread = Part("printer", self._run)

    @property
    def status(self) -> PrinterStatus:
        """The newest status."""
        return self._status

    @property
    def width(self) -> int | None:
        """Dots across the paper: as set, else of the model last connected; ``None`` unknown."""
        known = self._known.get(self._identity)
        return self._width or (known.width if known else None)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job without waiting. Raises QueueFull."""
        self._queue.put(job)

    def cancel(self, job_id: str) -> None:
        """Take a job back that is not being sent yet; the outcome comes by ``on_change``."""
        self._queue.cancel(job_id)

    def stop(self) -> None:
        """Finish the job being sent, cancel the waiting ones, give the printer back."""
        self._stopping = True
        self._queue.close()
        self._thread.end(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping:
            self._thread.sign.seen()
            try:
                self._turn()
            except PrinterLost as lost:
                self._drop(lost.cause.value)
            except Exception as error:  # noqa: BLE001 - this thread must outlive any mistake
                _LOG.error("printer thread: %s", type(error).__name__)
                self._drop("internal-error", PrinterState.FAULT)
        for waiting in self._queue.take_all():
            self._settle(_change(waiting.job, JobState.CANCELLED, Cause.STOPPED))
        self._drop("", PrinterState.STOPPED)

    def _turn(self) -> None:
        """One look at everything, and at most one job."""
        self._keep_books()
        line = self._line or self._open()
        if self._wreck is not None and not self._clean(line, self._wreck):
            self._queue.wait(self._timing.reopen)
            return
        facts = self._facts(line)
        self._publish(status_of(facts))
        waiting = None if facts.hindered else self._queue.take()
        if waiting is None:
            self._queue.wait(self._timing.idle)
        else:
            self._print(line, waiting)

    def _open(self) -> Line:
        transport = self._factory()
        self._identity = check_supported(transport)
        self._line = Line(transport, self._timing)
        self._asked_at = -ASK_SECONDS
        return self._line

    def _clean(self, line: Line, wreck: Wreck) -> bool:
        """Resynchronise; whether something new may be printed."""
        if wreck.completion is None:
            self._check(line)
        self._publish(status_of(line.facts, PrinterState.PREPARING))
        if resync(line, wreck):
            self._wreck = None
            line.forget_questions()
            if line.talks:
                line.send(REPORT_CHANGES)
            if not line.model:
                earlier = self._known.get(self._identity, Known())
                self._known[self._identity] = get_to_know(line, self._identity, earlier)
            return True
        self._wreck = Wreck(None, wreck.on_paper)
        self._publish(status_of(line.facts, PrinterState.NEEDS_POWER_CYCLE))
        if line.transport.in_doubt():
            self._drop(LostCause.COUNT_UNKNOWN.value)
        return False

    def _facts(self, line: Line) -> Facts:
        """What is known: asked for before a job and now and then, else only listened for.

        Questions pile up in the buffer of a printer that is out of paper, so one that
        reports the new roll by itself is hardly asked then.
        """
        listen = not line.talks or (line.facts.hindered and line.reports)
        pause = SILENT_ASK_SECONDS if listen else ASK_SECONDS
        now = time.monotonic()
        job_due = self._queue.has_jobs and not line.facts.hindered
        if job_due or now - self._asked_at >= pause:
            self._asked_at = now
            return self._check(line)
        line.look()
        return line.facts

    def _check(self, line: Line) -> Facts:
        """Ask for everything. Raises PrinterLost where silence means that nobody is there."""
        facts = line.check()
        if line.transport.must_answer and not line.answers_at_once:
            raise PrinterLost(LostCause.SILENT)
        return facts

    def _print(self, line: Line, waiting: Waiting) -> None:
        """Send one job and settle it. Raises PrinterLost after settling."""
        job, identity = waiting.job, process_id(next(self._numbers))
        step = _change(job, JobState.SENDING, identity=identity)
        if not self._record(step):
            self._tell(replace(step, state=JobState.FAILED, cause=Cause.LOG_REFUSED))
            return
        self._tell(step)
        if self.width is not None and job.document.width > self.width:
            self._settle(replace(step, state=JobState.FAILED, cause=Cause.TOO_WIDE))
            return
        self._printing(line.facts)
        delivery = send_document(line, job.document, identity)
        step = replace(step, bytes_sent=delivery.bytes_sent, cause=delivery.cause)
        self._wreck = delivery.wreck
        if delivery.complete:
            self._finish(line, job, step, identity)
        elif delivery.bytes_sent or delivery.lost:
            state = JobState.UNCERTAIN if delivery.picture_out else JobState.FAILED
            self._settle(replace(step, state=state))
        else:
            self._settle(replace(step, state=JobState.QUEUED))
            self._queue.put_back(waiting)
        if delivery.lost or line.transport.in_doubt():
            raise PrinterLost(delivery.lost or LostCause.COUNT_UNKNOWN)

    def _finish(self, line: Line, job: Job, step: JobChange, identity: bytes) -> None:
        """Wait for the printer's word on a slip that left in full."""
        self._settle(replace(step, state=JobState.SENT))
        try:
            cause = await_confirmation(line, job.document, identity, self._printing)
        except PrinterLost:
            self._wreck = FRESH
            self._settle(replace(step, state=JobState.UNCERTAIN, cause=Cause.LOST))
            raise
        confirmed = cause in {Cause.BY_PROCESS_ID, Cause.IN_ORDER}
        hindered = not confirmed and cause is not Cause.NO_CONFIRMATION
        if hindered or (not confirmed and line.answers_in_order):
            self._wreck = Wreck(None, on_paper=hindered)
        state = JobState.CONFIRMED if confirmed else JobState.UNCERTAIN
        self._settle(replace(step, state=state, cause=cause))
        known = self._known.get(self._identity, Known())
        self._known[self._identity] = replace(known, process_ids=line.process_ids)
        if cause is Cause.NO_CONFIRMATION and line.transport.must_answer:
            raise PrinterLost(LostCause.SILENT)

    def _printing(self, facts: Facts) -> None:
        self._publish(status_of(facts, PrinterState.PRINTING))

    def _keep_books(self) -> None:
        """Make the arrival and the end of waiting jobs durable."""
        for waiting in self._queue.unlogged():
            step = _change(waiting.job, JobState.QUEUED)
            waiting.logged = self._record(step)
            if waiting.logged:
                self._tell(step)
            else:
                self._queue.remove(waiting)
                self._tell(replace(step, state=JobState.FAILED, cause=Cause.LOG_REFUSED))
        for waiting in self._queue.take_dead():
            cancelled = waiting.cancelled
            state = JobState.CANCELLED if cancelled else JobState.EXPIRED
            cause = Cause.BY_PERSON if cancelled else Cause.TOO_OLD
            self._settle(_change(waiting.job, state, cause))

    def _record(self, change: JobChange) -> bool:
        """Make a change durable; whether that worked. The log may fail in any way."""
        try:
            self._log.record(change)
        except Exception as error:  # noqa: BLE001 - a full disk must not end the thread
            _LOG.error("job log: %s", type(error).__name__)
            return False
        return True

    def _settle(self, change: JobChange) -> None:
        """Record what has happened and tell it, also if the log fails: it did happen."""
        self._record(change)
        self._tell(change)

    def _tell(self, change: JobChange) -> None:
        try:
            self._on_change(change)
        except Exception as error:  # noqa: BLE001 - the screen's mistake is not the printer's
            _LOG.error("job callback: %s", type(error).__name__)

    def _publish(self, status: PrinterStatus) -> None:
        if status == self._status:
            return
        self._status = status
        try:
            self._on_status(status)
        except Exception as error:  # noqa: BLE001 - the screen's mistake is not the printer's
            _LOG.error("status callback: %s", type(error).__name__)

    def _drop(self, hint: str, state: PrinterState = PrinterState.ABSENT) -> None:
        """Let go of the printer; the next connection starts from not knowing anything."""
        line, self._line = self._line, None
        if line is not None:
            line.transport.close()
        wreck = self._wreck or FRESH
        self._wreck = Wreck(None, wreck.on_paper)
        self._publish(PrinterStatus(state, hint=hint))
        silent = hint == LostCause.SILENT
        self._queue.wait(self._timing.silent if silent else self._timing.reopen)


def _change(
    job: Job, state: JobState, cause: Cause = Cause.NONE, identity: bytes = b""
) -> JobChange:
    name, hashed = identity.decode("ascii"), job.document.sha256
    return JobChange(job.id, state, job.attempt, hashed, name, cause=cause)
