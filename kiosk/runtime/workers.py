"""A few threads that take jobs from one queue, in their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue

from drivers.living import Part

Job = Callable[[], object]


class Workers:
    """``count`` threads of one kind. An exception of a job ends its thread and is told."""

    def __init__(self, kind: str, count: int) -> None:
        """The threads start at once."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._parts = [
            Part(kind, partial(self._run, number), name=f"{kind}-{number}")
            for number in range(count)
        ]
        for part in self._parts:
            part.start()

    def submit(self, job: Job) -> None:
        """Queue a job; returns at once."""
        self._jobs.put(job)

    def close(self, seconds: float) -> None:
        """Finish what is queued and end the threads, or leave them after so long."""
        for _ in self._parts:
            self._jobs.put(None)
        for part in self._parts:
            part.end(seconds)

    def _run(self, number: int) -> None:
        sign = self._parts[number].sign
        while True:
            sign.rests()
            job = self._jobs.get()
            if job is None:
                return
            sign.seen()
            job()
