"""Printing one document: every byte counted, the end confirmed by the printer itself."""

from __future__ import annotations

import time
from dataclasses import dataclass

from drivers.printers.answers import ProcessDone
from drivers.printers.command_bytes import Chunk, chunks
from drivers.printers.document import Document
from drivers.printers.jobs import Cause
from drivers.printers.line import Line
from drivers.printers.resync import FRESH, Wreck
from drivers.printers.transports import LostCause, PrinterLost


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a document left.

    ``bytes_sent`` counts what the printer took, the least that is certain after a loss.
    ``picture_out`` says that all dots left, so a whole slip may come out. ``wreck`` is set
    where the printer must be resynchronised, ``lost`` where the connection is gone.
    """

    bytes_sent: int
    picture_out: bool
    cause: Cause = Cause.NONE
    wreck: Wreck | None = None
    lost: LostCause | None = None

    @property
    def complete(self) -> bool:
        """Whether every byte was taken."""
        return self.cause is Cause.NONE


def send_document(line: Line, document: Document, identity: bytes) -> Delivery:
    """Send a whole slip, or stop at the first strip the printer does not take."""
    parts = list(chunks(document, identity, ask_id=line.process_ids))
    sent = 0
    for index, chunk in enumerate(parts):
        last = index == len(parts) - 1
        try:
            result = line.send(chunk.data)
            sent += result.taken
            answered = result.cause or index or _guard_is_up(line)
        except PrinterLost as lost:
            wreck = Wreck(None, on_paper=True)
            return Delivery(sent, last, Cause.LOST, wreck, lost.cause)
        if result.cause is not Cause.NONE:
            wreck = _wreck(line, chunk, result.taken, on_paper=index > 0)
            return Delivery(sent, last, result.cause, wreck)
        if not answered:
            return Delivery(sent, last, Cause.BLOCKED, FRESH)
    line.outstanding += 1
    return Delivery(sent, picture_out=True)


def await_confirmation(line: Line, document: Document, identity: bytes) -> Cause:
    """Wait until the printer says that the slip is printed, or why it cannot be.

    Returns :attr:`Cause.BY_PROCESS_ID`, else :attr:`Cause.IN_ORDER`, else
    :attr:`Cause.NO_CONFIRMATION` or what hinders the printer. Raises PrinterLost.
    """
    printing = document.height / line.timing.rows_per_second
    deadline = time.monotonic() + printing + line.timing.confirm
    taken_out = False
    while (left := deadline - time.monotonic()) > 0:
        if ProcessDone(identity) in line.hear(min(left, line.timing.slice)):
            return Cause.BY_PROCESS_ID
        taken_out = taken_out or not line.outstanding
        if taken_out and not line.process_ids:
            return Cause.IN_ORDER
        hindrance = line.look()
        if hindrance is not Cause.NONE and not taken_out:
            return hindrance
    line.process_ids = line.process_ids and not taken_out
    return Cause.IN_ORDER if taken_out else Cause.NO_CONFIRMATION


def _guard_is_up(line: Line) -> bool:
    """Wait for the answer that ends the first chunk, if this printer gives any."""
    line.outstanding += 1
    return not line.answers_in_order or line.await_order(line.timing.stall)


def _wreck(line: Line, chunk: Chunk, taken: int, *, on_paper: bool) -> Wreck:
    """What must be done after ``taken`` bytes of ``chunk``; unknown if bytes are in doubt."""
    exact = not line.transport.in_doubt()
    return Wreck(chunk.completion(taken) if exact else None, on_paper)
