"""The follow-up list of hearing tests: who stands on it, why, and when it is time.

A child stands on it from the moment a test leaves something open until a person takes it off for a
reason. Only a test that was passed, or a hearing loss that is followed up already, leaves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kiosk.hearing import session as s
from kiosk.hearing.unfinished import Unfinished
from kiosk.model.hearing_test import Outcome, Place, Result, Why


class Reason(StrEnum):
    """Why a child is to be followed up.

    ``NOT_DECIDED``: the answers do not decide it by the protocol. ``NOT_JUDGED``: there was no
    protocol that could say anything. ``NOT_SAVED``: every tone was answered and nothing saved.
    """

    REFER = "refer"
    RETEST = "retest"
    NOT_DECIDED = "not-decided"
    NOT_JUDGED = "not-judged"
    NOT_COMPLETED = "not-completed"
    NOT_TESTABLE = "not-testable"
    NOT_SAVED = "not-saved"


class Settled(StrEnum):
    """Why a person takes a child off the list."""

    TESTED = "tested-again"
    REFERRED = "referred"
    ELSEWHERE = "followed-up-elsewhere"
    DECLINED = "declined"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Settling:
    """An entry that a person takes off the list; ``reason`` once it is chosen."""

    id: UUID
    reason: Settled | None = None


class Due(StrEnum):
    """How the day stands to the days of a retest."""

    LATER = "later"
    NOW = "now"
    OVERDUE = "overdue"


RESULTS = {
    Result.REFER: Reason.REFER,
    Result.RETEST: Reason.RETEST,
    Result.NOT_TESTABLE: Reason.NOT_TESTABLE,
    Result.NOT_COMPLETED: Reason.NOT_COMPLETED,
}
NOTHING_OPEN = frozenset({Result.NORMAL, Result.ALREADY_KNOWN})
STATED = frozenset({Result.NORMAL, Result.RETEST, Result.REFER, Result.ALREADY_KNOWN})
"""Outcomes that say more than that something is not known."""


def reason_of(outcome: Outcome) -> Reason | None:
    """Why a test of this outcome is to be followed up; ``None`` where it leaves nothing open."""
    if outcome.result in NOTHING_OPEN:
        return None
    if outcome.result is not None:
        return RESULTS[outcome.result]
    return Reason.NOT_JUDGED if outcome.why in {None, Why.GAPS} else Reason.NOT_DECIDED


def answered_by(outcome: Outcome) -> frozenset[Reason]:
    """Which reasons of an earlier test a later one of this outcome takes the place of.

    A test that leaves open what was open before takes the place of that alone. A referral is
    settled by a person: that somebody else has seen the child cannot be known from a test here.
    """
    own = reason_of(outcome)
    replaced = {own} if own is not None else set()
    if outcome.result in STATED:
        replaced |= set(Reason) - {Reason.REFER}
    return frozenset(replaced)


def left_open(test: Unfinished) -> tuple[Reason, Outcome] | None:
    """Why a session that is not saved is to be followed up; ``None`` where none was begun."""
    session = test.session
    if not session.steps and session.end is None:
        return None
    given = s.answers(session)
    missing = tuple((ear, hz) for ear in s.OTHER for hz in session.order if (ear, hz) not in given)
    reason = Reason.NOT_COMPLETED if missing else Reason.NOT_SAVED
    return reason, Outcome(None, missing=missing)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A child on the list.

    ``visit_id`` is ``None`` where there is no visit to be looked at: it was never saved, or it is
    forgotten since. To be tested again from ``since`` until ``until``; ``None`` where no day was
    said. ``missing`` are the tones without an answer.
    """

    id: UUID
    visit_id: UUID | None
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    tested_at: datetime
    since: date | None
    until: date | None
    reason: Reason = Reason.RETEST
    missing: tuple[Place, ...] = ()
    may_refer: bool = False

    def due(self, today: date) -> Due:
        """Whether it is time."""
        if self.until is not None and today > self.until:
            return Due.OVERDUE
        return Due.LATER if self.since is not None and today < self.since else Due.NOW


def line_of(test: Unfinished) -> Awaited | None:
    """A session that was begun and is not saved as a line of the list."""
    found = left_open(test)
    if found is None:
        return None
    reason, outcome = found
    child, at = test.child, test.begun_at
    named = (child.given_name, child.birth_date)
    return Awaited(test.id, None, *named, at, None, None, reason, outcome.missing)
