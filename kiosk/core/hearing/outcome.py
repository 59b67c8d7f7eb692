"""What an approved protocol makes of a hearing test; nothing where it cannot be told.

Each question has three answers: yes, no, and *cannot be told*. A tone that was not heard at a level
is worse than that level by at least one step of the audiometer; one heard at a level is that level
or better; one without a level says nothing. Where the answer depends on what is not known, no
outcome is stated. The station restates the clinic's own rules and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from drivers.hearing import Ear, Masking, Response, Tone
from kiosk.core.hearing.protocol import Condition, Criterion, PassRule, Protocol

ONE_EAR = (Ear.RIGHT, Ear.LEFT)


class Result(StrEnum):
    """What the protocol says. ``ALREADY_KNOWN`` is a person's word: this hearing is followed up."""

    NORMAL = "normal-by-protocol"
    RETEST = "retest"
    REFER = "refer"
    NOT_TESTABLE = "not-testable"
    NOT_COMPLETED = "not-completed"
    ALREADY_KNOWN = "already-known"


class Why(StrEnum):
    """Why no outcome is stated."""

    GAPS = "protocol-has-gaps"
    UNKNOWN_LEVELS = "levels-not-known"
    NO_RULE = "protocol-says-nothing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the protocol says, until when to test again, and to whom to refer.

    ``result`` is ``None`` where no outcome is stated; ``why`` says for which reason.
    """

    result: Result | None
    why: Why | None = None
    retest_from: date | None = None
    retest_until: date | None = None
    refer_to: str = ""


NOTHING_STATED = Outcome(None)

Answers = Mapping[tuple[Ear, int], Tone]


def outcome_of(
    protocol: Protocol, tones: Iterable[Tone], on: date, *, is_retest: bool = False
) -> Outcome:
    """Say what the protocol makes of the tones of a test on a day.

    Only tones of the transducer the protocol asks for count: bone conduction heard at 0 dB says
    nothing about a screening by headphones.
    """
    if protocol.gaps:
        return Outcome(None, Why.GAPS)
    told = [one for one in tones if one.ear in ONE_EAR and one.transducer == protocol.transducer]
    wanted = [(ear, hz) for ear in ONE_EAR for hz in protocol.order]
    if any(one.masking is Masking.MASKED and (one.ear, one.hz) in wanted for one in told):
        # A screening protocol knows nothing of masking, and which of two answers counts is no
        # question for a station.
        return Outcome(None, Why.NO_RULE)
    answers = {(tone.ear, tone.hz): tone for tone in told}
    given = [answers.get(place) for place in wanted]
    if all(one is None or one.response is Response.COULD_NOT_BE_TESTED for one in given):
        return Outcome(Result.NOT_TESTABLE)
    if any(not _is_answered(one) for one in given):
        return Outcome(Result.NOT_COMPLETED)
    return _judged(protocol, answers, on, is_retest=is_retest)


def _is_answered(tone: Tone | None) -> bool:
    unanswered = {Response.NOT_TESTED, Response.COULD_NOT_BE_TESTED}
    return tone is not None and tone.response not in unanswered


def _judged(protocol: Protocol, answers: Answers, on: date, *, is_retest: bool) -> Outcome:
    refers = _refers(protocol, answers, is_retest=is_retest)
    retests, passed = _retests(protocol, answers), passes(protocol, answers)
    if refers and protocol.refer is not None:
        return Outcome(Result.REFER, refer_to=protocol.refer.to)
    if refers is None or (not passed and retests is None):
        return Outcome(None, Why.UNKNOWN_LEVELS)
    if passed:
        return Outcome(Result.NORMAL)
    if retests and protocol.retest is not None and not is_retest:
        low, high = protocol.retest.after_days_min, protocol.retest.after_days_max
        return Outcome(
            Result.RETEST,
            retest_from=on + timedelta(days=low) if low is not None else None,
            retest_until=on + timedelta(days=high) if high is not None else None,
        )
    return Outcome(None, Why.UNKNOWN_LEVELS if passed is None else Why.NO_RULE)


def passes(protocol: Protocol, answers: Answers) -> bool | None:
    """Whether enough tones were heard at the screening level."""
    level = protocol.level
    heard = [is_heard_at(answers[ear, hz], level[hz]) for ear in ONE_EAR for hz in protocol.order]
    rule = protocol.passes
    needed = len(heard) if rule is None or rule.rule is PassRule.ALL else rule.n
    return _at_least(needed, heard)


def _refers(protocol: Protocol, answers: Answers, *, is_retest: bool) -> bool | None:
    if protocol.refer is None:
        return False
    conditions = protocol.refer.any_of
    said = [
        (is_retest and _retests(protocol, answers))
        if one.criterion is Criterion.PERSISTS
        else _holds(one, answers, protocol.step_db)
        for one in conditions
    ]
    return _at_least(1, said)


def _retests(protocol: Protocol, answers: Answers) -> bool | None:
    if protocol.retest is None:
        return False
    if not protocol.retest.any_of:
        passed = passes(protocol, answers)
        return None if passed is None else not passed
    said = [_holds(one, answers, protocol.step_db) for one in protocol.retest.any_of]
    return _at_least(1, said)


def _holds(condition: Condition, answers: Answers, step: int) -> bool | None:
    return _at_least(1, [_holds_for(condition, answers, ear, step) for ear in ONE_EAR])


def _holds_for(condition: Condition, answers: Answers, ear: Ear, step: int) -> bool | None:
    tones = [answers[ear, hz] for hz in condition.hz if (ear, hz) in answers]
    if len(tones) < len(condition.hz):
        return None
    if condition.criterion is Criterion.COUNT:
        worse = [is_worse_or_at(tone, condition.db, step) for tone in tones]
        return _at_least(condition.n, worse)
    return _mean_above(tones, condition.db, step)


def _mean_above(tones: list[Tone], db: int, step: int) -> bool | None:
    """Whether the mean lies above: certain only if its bounds agree."""
    lows, highs = zip(*(_bounds(tone, step) for tone in tones), strict=True)
    least = sum(lows, Decimal(0)) / len(lows) if None not in lows else None
    most = sum(highs, Decimal(0)) / len(highs) if None not in highs else None
    if least is not None and least > db:
        return True
    return False if most is not None and most <= db else None


def _bounds(tone: Tone, step: int) -> tuple[Decimal | None, Decimal | None]:
    """Between which levels the threshold lies; ``None`` where nothing bounds it."""
    level = tone.level_db
    match tone.response:
        case Response.THRESHOLD:
            return level, level
        case Response.HEARD:
            return None, level
        case Response.NO_RESPONSE if level is not None:
            return level + step, None
    return None, None


def is_heard_at(tone: Tone, db: int) -> bool | None:
    """Whether the tone is heard at this level in dB HL."""
    low, high = _bounds(tone, 1)
    if high is not None and high <= db:
        return True
    return False if low is not None and low > db else None


def is_worse_or_at(tone: Tone, db: int, step: int) -> bool | None:
    """Whether the threshold is at this level in dB HL or worse."""
    low, high = _bounds(tone, step)
    if low is not None and low >= db:
        return True
    return False if high is not None and high < db else None


def _at_least(n: int, answers: Iterable[bool | None]) -> bool | None:
    """Whether at least ``n`` hold: yes and no are only said where the unknown cannot change it."""
    known = list(answers)
    if known.count(True) >= n:
        return True
    return False if known.count(True) + known.count(None) < n else None
