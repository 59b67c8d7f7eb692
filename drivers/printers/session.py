"""Printing one document: every byte counted, the end confirmed by the printer itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.printers.command_bytes import Chunk, chunks
from drivers.printers.document import Document
from drivers.printers.evidence import Evidence, all_well
from drivers.printers.facts import Facts
from drivers.printers.jobs import Cause
from drivers.printers.line import Line, hindrance
from drivers.printers.models import aligns_pictures
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
    aligns = aligns_pictures(line.model, document.width)
    ask_id = line.process_ids is not False
    parts = list(chunks(document, identity, ask_id=ask_id, aligns=aligns))
    line.evidence = Evidence(identity)
    sent = 0
    for index, chunk in enumerate(parts):
        last = index == len(parts) - 1
        try:
            result = line.send(chunk.data)
            sent += result.taken
            line.evidence.gave(time.monotonic(), chunk.rows / line.timing.rows_per_second)
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


def await_confirmation(
    line: Line,
    document: Document,
    identity: bytes,
    seen: Callable[[Facts], None] = lambda _: None,
) -> Cause:
    """Wait until the printer says that the slip is printed, or why it cannot be.

    Returns :attr:`Cause.BY_PROCESS_ID`, else :attr:`Cause.IN_ORDER`, else
    :attr:`Cause.NO_CONFIRMATION` or what hinders the printer. ``seen`` is told what is known
    while this waits. Raises PrinterLost.
    """
    evidence = line.evidence
    evidence.identity = identity
    printing = document.height / line.timing.rows_per_second
    deadline = time.monotonic() + printing + line.timing.confirm
    asked_at = time.monotonic()
    while (now := time.monotonic()) < deadline:
        if evidence.hindered is not Cause.NONE:
            return evidence.hindered
        if evidence.strong(line.timing.knife):
            line.process_ids = True
            return Cause.BY_PROCESS_ID
        done = evidence.done is not None or (not line.outstanding and line.process_ids is False)
        if done and now >= evidence.printed_by:
            break
        line.hear(_pause(line, now, deadline, weak=done))
        line.look()
        if line.answers_at_once and now - asked_at >= line.timing.idle:
            asked_at = now
            line.check()
        seen(line.facts)
    return _weigh(line)


def _pause(line: Line, now: float, deadline: float, *, weak: bool) -> float:
    """How long to listen: a slice, but not past the moment that settles it."""
    ends = [deadline - now, line.timing.slice]
    if weak:
        ends.append(line.evidence.printed_by - now)
    return max(0.0, min(ends))


def _weigh(line: Line) -> Cause:
    """What counts where no id came when it should have: a last look at everything decides.

    By now even a slow head has printed all, so what the printer says of paper and cover tells
    whether it got there.
    """
    evidence = line.evidence
    facts = line.check() if line.talks else line.facts
    if evidence.hindered is not Cause.NONE or facts.hindered:
        return evidence.hindered or hindrance(facts)
    if line.outstanding or evidence.nonsense:
        return Cause.NO_CONFIRMATION
    line.process_ids = evidence.done is not None
    if not all_well(facts):
        return Cause.NO_CONFIRMATION
    return Cause.BY_PROCESS_ID if line.process_ids else Cause.IN_ORDER


def _guard_is_up(line: Line) -> bool:
    """Wait for the answer that ends the first chunk, if this printer gives any."""
    line.outstanding += 1
    return not line.answers_in_order or line.await_order(line.timing.stall)


def _wreck(line: Line, chunk: Chunk, taken: int, *, on_paper: bool) -> Wreck:
    """What must be done after ``taken`` bytes of ``chunk``; unknown if bytes are in doubt."""
    exact = not line.transport.in_doubt()
    return Wreck(chunk.completion(taken) if exact else None, on_paper)
