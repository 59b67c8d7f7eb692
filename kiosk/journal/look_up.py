"""Asking the journal who a child is without anybody waiting: a thread and a deadline."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from queue import SimpleQueue
from threading import Event
from typing import Any, Generic, TypeVar

from drivers.living import Part
from kiosk.journal.contract import Journal, LookUpFailed, PatientAnswer, PatientRef
from kiosk.model.lists import Booked
from kiosk.model.outbox import Failure
from kiosk.model.visit import IdKind
from kiosk.weighing.earlier import Earlier

LOOK_UP_SECONDS = 4.0
"""How long a person at the desk waits; after that the visit goes on without the answer."""

log = logging.getLogger(__name__)
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Question(Generic[A]):
    """What to ask, and what to say where nothing comes back."""

    put: Callable[[Journal], A]
    otherwise: Callable[[str], A]
    answer: Future[A]


class Looker:
    """A worker with its own connection. ``ask`` never blocks; questions are taken in order.

    ``connect`` is called in the worker's thread.
    """

    def __init__(self, connect: Callable[[], Journal], seconds: float = LOOK_UP_SECONDS) -> None:
        self._connect = connect
        self._seconds = seconds
        self._questions: SimpleQueue[_Question[Any] | None] = SimpleQueue()
        self._journal: Journal | None = None
        self._thread = Part("looker", self._run, name="journal-looker")

    def start(self) -> None:
        """Start the worker."""
        self._thread.start()

    def ask(self, number: str, kind: IdKind, birth_date: date) -> Future[PatientAnswer]:
        """Look a child up; the future always gets an answer within the deadline."""
        return self._ask(lambda journal: journal.look_up(number, kind, birth_date), _not_told)

    def ask_earlier(self, patient: PatientRef) -> Future[Sequence[Earlier]]:
        """Ask for the values of last time; an empty answer where they cannot be told in time."""
        return self._ask(lambda journal: journal.earlier(patient), lambda _: ())

    def ask_booked(self, since: datetime, until: datetime) -> Future[Sequence[Booked]]:
        """Ask who has an appointment; an empty answer where it cannot be told in time."""
        return self._ask(lambda journal: journal.booked(since, until), lambda _: ())

    def _ask(self, put: Callable[[Journal], A], otherwise: Callable[[str], A]) -> Future[A]:
        question = _Question(put, otherwise, Future[A]())
        answered = Event()
        question.answer.add_done_callback(lambda _: answered.set())

        def remind() -> None:
            if not answered.wait(self._seconds):
                _settle(question.answer, otherwise("deadline"))

        Part("look-up-deadline", remind, ends=True).start()
        self._questions.put(question)
        return question.answer

    def stop(self, timeout: float = 2.0) -> bool:
        """End the worker, cutting what it waits for; tells whether it ended in time."""
        self._questions.put(None)
        if self._journal is not None:
            self._journal.abort()
        self._thread.end(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        sign = self._thread.sign
        sign.rests()
        while (question := self._questions.get()) is not None:
            sign.seen()
            if not question.answer.done():
                _settle(question.answer, self._answer(question))
            sign.rests()
        if self._journal is not None:
            self._journal.close()

    def _answer(self, question: _Question[A]) -> A:
        try:
            if self._journal is None:
                self._journal = self._connect()
            return question.put(self._journal)
        except Exception as error:  # noqa: BLE001 - the desk must get an answer whatever happens
            log.error("look-up failed: %s", type(error).__name__)
            return question.otherwise(type(error).__name__)


def _not_told(why: str) -> PatientAnswer:
    return LookUpFailed(Failure.UNREACHABLE, why)


def _settle(answer: Future[A], found: A) -> None:
    # The worker and the clock race for the future; whoever is second has nothing to say.
    with suppress(InvalidStateError):
        answer.set_result(found)
