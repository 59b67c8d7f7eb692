"""When a message that is tried again and again goes to a person. Pure; counts since the last start.

A receiver that answers nobody is an outage: that is told on the strip, and the messages wait. A
message that gets an answer each time and is never taken, or that stays behind while others are
taken, will not get there by trying.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kiosk.journal.answers import Line, Verdict
from kiosk.model.outbox import Done, Failure, Later, Parked


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often before a person is told.

    ``strays``: answers that were none to this message, or questions about it that were not
    understood. ``answers``: refusals for the time being, with the growing waits between them.
    ``passed``: tries in vain between which others were taken: then it is this message, not the
    receiver.
    """

    strays: int
    answers: Mapping[Failure, int]
    passed: Mapping[Failure, int]


OF_HL7 = Bounds(
    strays=5,
    # About an hour and a half: a record may be locked (206) as long as somebody has it open.
    answers={Failure.BUSY: 40},
    passed={Failure.CONFIGURATION: 3, Failure.UNKNOWN_OUTCOME: 8},
)
OF_FHIR = Bounds(
    strays=5,
    # A service that is down for a night says 500 or 503 to everything; nobody wants to find all of
    # it parked in the morning. There are services that say 500 to what they refuse.
    answers={Failure.BUSY: 400},
    passed={Failure.BUSY: 5, Failure.UNKNOWN_OUTCOME: 8},
)


@dataclass(slots=True)
class _Tried:
    strays: int = 0
    answers: int = 0
    passed: int = 0
    taken: int = 0


class Patience:
    """The tries of each message that waits. One thread uses it."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
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
        answers, passed = self._bounds.answers, self._bounds.passed
        tried.strays += stray
        tried.answers += failure in answers
        tried.passed += failure in passed and tried.taken < self._taken
        tried.taken = self._taken
        return (
            tried.strays >= self._bounds.strays
            or (failure in answers and tried.answers >= answers[failure])
            or (failure in passed and tried.passed >= passed[failure])
        )


def _for_a_person(outcome: Later) -> Parked:
    doubtful = outcome.ambiguous
    return Parked(Failure.MAY_HAVE_ARRIVED if doubtful else Failure.REFUSED, outcome.detail)
