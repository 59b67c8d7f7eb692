"""The jobs that wait for the printer: bounded, mortal, and safe to fill from any thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass

from drivers.printers.jobs import Job

MAX_WAITING = 8
"""More waiting slips than this means that nobody looks at the printer."""


class QueueFull(Exception):  # noqa: N818 - names what happened
    """There are :data:`MAX_WAITING` jobs already; the new one was not taken."""


@dataclass(slots=True)
class Waiting:
    """A job with the monotonic time at which it dies. ``logged`` once its QUEUED is durable."""

    job: Job
    dies: float
    logged: bool = False
    cancelled: bool = False


class JobQueue:
    """A first-in first-out queue with a bell."""

    def __init__(self) -> None:
        self._jobs: deque[Waiting] = deque()
        self._bell = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> None:
        """Add a job. Raises :class:`QueueFull`, also once the queue is closed."""
        with self._bell:
            if self._closed or len(self._jobs) >= MAX_WAITING:
                raise QueueFull
            self._jobs.append(Waiting(job, time.monotonic() + job.life))
            self._bell.notify_all()

    def cancel(self, job_id: str) -> None:
        """Mark every waiting attempt of this job; one already being sent is not touched."""
        with self._bell:
            for waiting in self._jobs:
                waiting.cancelled = waiting.cancelled or waiting.job.id == job_id
            self._bell.notify_all()

    def close(self) -> None:
        """Take no more jobs and wake whoever waits."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()

    def unlogged(self) -> list[Waiting]:
        """The jobs whose arrival is not durable yet, oldest first."""
        with self._bell:
            return [waiting for waiting in self._jobs if not waiting.logged]

    def take_dead(self) -> list[Waiting]:
        """Remove and return jobs that were cancelled or are too old."""
        now = time.monotonic()
        with self._bell:
            dead = [each for each in self._jobs if each.cancelled or each.dies <= now]
            self._jobs = deque(each for each in self._jobs if each not in dead)
        return dead

    def take_all(self) -> list[Waiting]:
        """Remove and return everything."""
        with self._bell:
            jobs = list(self._jobs)
            self._jobs.clear()
        return jobs

    def take(self) -> Waiting | None:
        """Remove and return the oldest job whose arrival is durable."""
        with self._bell:
            return self._jobs.popleft() if self._jobs and self._jobs[0].logged else None

    def remove(self, waiting: Waiting) -> None:
        """Take one job out, if it is still there."""
        with self._bell:
            self._jobs = deque(each for each in self._jobs if each is not waiting)

    def put_back(self, waiting: Waiting) -> None:
        """Put a job nothing was printed of back to the front."""
        with self._bell:
            self._jobs.appendleft(waiting)

    @property
    def has_jobs(self) -> bool:
        """Whether anything waits."""
        with self._bell:
            return bool(self._jobs)

    def wait(self, seconds: float) -> None:
        """Sleep until a new job, a cancellation or closing, at most ``seconds``."""
        with self._bell:
            if not self._closed and all(each.logged for each in self._jobs):
                self._bell.wait(seconds)
