"""When a message that is tried again and again goes to a person. Pure; counts since the last start.

A receiver that answers nobody is an outage: that is told on the strip, and the messages wait. A
message that gets an answer each time and is never taken, or that stays behind while others are
taken, will not get there by trying.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kiosk.core.outbox import Done, Failure, Later, Parked
from kiosk.journal.answers import Line, Verdict

NOT_UNDERSTOOD = 5
"""Answers that were none to this message, after which a person is told."""

ANSWERS: Mapping[Failure, int] = {Failure.BUSY: 40}
"""Refusals for the time being, with the growing waits between them: about an hour and a half. A
record may be locked (206) for as long as somebody has it open."""

PASSED_BY: Mapping[Failure, int] = {Failure.CONFIGURATION: 3, Failure.UNKNOWN_OUTCOME: 8}
"""Tries in vain between which others were taken: then it is this message, not the receiver."""


@dataclass(slots=True)
class _Tried:
    strays: int = 0
    answers: int = 0
    passed: int = 0
    taken: int = 0


class Patience:
    """The tries of each message that waits. One thread uses it."""

    def __init__(self) -> None:
        self._tried: dict[UUID, _Tried] = {}
        self._taken = 0

    def bounded(self, item_id: UUID, verdict: Verdict, *, stray: bool) -> Verdict:
        """The verdict, or that a person must look. ``stray``: what came back was no answer."""
        outcome = verdict.outcome
        if isinstance(outcome, Later):
            tried = self._tried.setdefault(item_id, _Tried(taken=self._taken))
            if not self._is_too_often(tried, outcome.failure, stray=stray):
                return verdict
            verdict = Verdict(_for_a_person(outcome), Line.UP)
        self._tried.pop(item_id, None)
        self._taken += isinstance(outcome, Done)
        return verdict

    def _is_too_often(self, tried: _Tried, failure: Failure, *, stray: bool) -> bool:
        tried.strays += stray
        tried.answers += failure in ANSWERS
        tried.passed += failure in PASSED_BY and tried.taken < self._taken
        tried.taken = self._taken
        return (
            tried.strays >= NOT_UNDERSTOOD
            or (failure in ANSWERS and tried.answers >= ANSWERS[failure])
            or (failure in PASSED_BY and tried.passed >= PASSED_BY[failure])
        )


def _for_a_person(outcome: Later) -> Parked:
    doubtful = outcome.ambiguous
    return Parked(Failure.MAY_HAVE_ARRIVED if doubtful else Failure.REFUSED, outcome.detail)
