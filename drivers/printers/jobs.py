"""The life of a print job, and the log that hears of each step before the paper does.

QUEUED → SENDING → SENT → CONFIRMED is the good way. A job in SENDING may have ink on paper,
so nothing past SENDING is ever sent again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from drivers.printers.document import Document


class JobState(StrEnum):
    """Where a job stands.

    ``FAILED`` means that no complete slip came out: the picture never left in full.
    ``UNCERTAIN`` means that one may have, and only a look at the paper can tell.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN_STATES = frozenset({JobState.QUEUED, JobState.SENDING, JobState.SENT})


class Cause(StrEnum):
    """Why a job came to its state. A code; the words for it belong to the screen."""

    NONE = ""
    BY_PROCESS_ID = "confirmed-by-process-id"
    IN_ORDER = "confirmed-by-in-order-status"
    NO_CONFIRMATION = "no-confirmation"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    PRINTER_ERROR = "printer-error"
    TOO_WIDE = "wider-than-paper"
    BLOCKED = "printer-takes-no-data"
    LOST = "printer-lost"
    TOO_OLD = "too-old"
    BY_PERSON = "cancelled-by-person"
    STOPPED = "station-stopped"
    LOG_REFUSED = "log-refused"


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at printing one document.

    ``attempt`` counts from 1; a reprint is a person's choice and a new attempt of the same
    id with a document that carries its copy mark. ``life`` is how many seconds the job may
    wait, by default 3 minutes: after that the family has gone.
    """

    id: str
    document: Document = field(repr=False)
    attempt: int = 1
    life: float = 180.0


@dataclass(frozen=True, slots=True)
class JobChange:
    """One step of a job, as the log keeps it. ``bytes_sent`` counts what the printer took.

    ``bytes_sent`` is the document's bytes with its commands; after a lost connection it is
    the least number that is certain.
    """

    job_id: str
    state: JobState
    attempt: int
    document_sha256: str
    process_id: str = ""
    bytes_sent: int = 0
    cause: Cause = Cause.NONE


class JobLog(Protocol):
    """Where job changes become durable."""

    def record(self, change: JobChange) -> None:
        """Return once ``change`` is durable. Any exception keeps the job off the paper."""


def recover(open_jobs: Iterable[JobChange]) -> tuple[JobChange, ...]:
    """Settle the jobs a stopped process left behind, to be recorded at start.

    ``open_jobs`` is the newest change of each job. A job that was still queued is
    cancelled, since its picture is gone and nothing of it was printed; one in SENDING or
    SENT is uncertain. Settled jobs are left out. If the answer holds an uncertain job, the
    printer must be started with ``suspect=True``: it may still wait for the rest of a
    picture.
    """
    return tuple(_settle(change) for change in open_jobs if change.state in OPEN_STATES)


def _settle(change: JobChange) -> JobChange:
    queued = change.state is JobState.QUEUED
    state = JobState.CANCELLED if queued else JobState.UNCERTAIN
    return JobChange(
        change.job_id,
        state,
        change.attempt,
        change.document_sha256,
        change.process_id,
        change.bytes_sent,
        Cause.STOPPED,
    )
