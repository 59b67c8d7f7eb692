"""What an approved protocol makes of a hearing test, and what of it is not decided.

Each criterion of the protocol is met, not met or *not decided*. A tone bounds the threshold as far
as it says anything: one that was not heard at a level lies above it by at least one step of the
audiometer, one that was heard at a level lies there or below, and one without an answer lies
anywhere. All criteria look in one direction, so two audiograms tell everything: the one with the
best thresholds that can be, and the one with the worst. What holds in both holds whatever the
missing tones would have said, and is stated although the test is not whole; what holds in only
one of them is not decided. The station restates the clinic's own rules and judges nothing itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.protocol import Condition, Criterion, PassRule, Protocol
from kiosk.hearing.session import LOWEST_DB
from kiosk.model.hearing_test import Outcome, Place, Result, Verdict, Verdicts, Why

ONE_EAR = (Ear.RIGHT, Ear.LEFT)
BEST, WORST = Decimal(LOWEST_DB), Decimal("Infinity")
"""Between which levels in dB HL any threshold lies: what no audiometer reaches is not heard."""

UNANSWERED = frozenset({Response.NOT_TESTED, Response.COULD_NOT_BE_TESTED})


@dataclass(frozen=True, slots=True)
class Levels:
    """The best and the worst threshold in dB HL that a place may have."""

    best: Decimal = BEST
    worst: Decimal = WORST


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of the places of a protocol. A place that is not here has any threshold.

    Of the places that are ``unclear``, ``unknown`` are those with an answer by who knows what.
    """

    levels: Mapping[Place, Levels]
    unclear: frozenset[Place] = frozenset()
    unknown: frozenset[Place] = frozenset()

    def best(self, place: Place) -> Decimal:
        """The best threshold it may have."""
        return self.levels.get(place, Levels()).best

    def worst(self, place: Place) -> Decimal:
        """The worst threshold it may have."""
        return self.levels.get(place, Levels()).worst


At = Callable[[Place], Decimal]
"""One audiogram: the threshold of each place."""


def outcome_of(
    protocol: Protocol, tones: Iterable[Tone], on: date, *, is_retest: bool = False
) -> Outcome:
    """Say what the protocol makes of the tones of a test on a day.

    Only tones of the transducer the protocol asks for count: bone conduction heard at 0 dB says
    nothing about a screening by headphones. One whose transducer nobody knows may be such a tone.
    """
    if protocol.gaps:
        return Outcome(None, Why.GAPS)
    told = tuple(tones)
    heard = heard_of(protocol, told)
    verdicts = verdicts_of(protocol, heard, is_retest=is_retest)
    wanted = [(ear, hz) for ear in ONE_EAR for hz in protocol.order]
    missing = tuple(one for one in wanted if one not in heard.levels and one not in heard.unclear)
    if verdicts.refer is Verdict.MET and protocol.refer is not None:
        to = protocol.refer.to
        return Outcome(Result.REFER, refer_to=to, verdicts=verdicts, missing=missing)
    if verdicts.retest is Verdict.MET and not is_retest:
        first, last = _days(protocol, on)
        return Outcome(Result.RETEST, None, first, last, verdicts=verdicts, missing=missing)
    if _is_not_testable(protocol, told):
        return Outcome(Result.NOT_TESTABLE, verdicts=verdicts, missing=missing)
    # A screening protocol knows nothing of masking, and which of two answers counts is no question
    # for a station. Nor does every protocol say what becomes of a retest that is not passed either.
    silent = verdicts.retest is Verdict.MET and verdicts.refer is Verdict.NOT_MET
    if heard.unclear or silent:
        return Outcome(None, _why_unclear(heard), verdicts=verdicts, missing=missing)
    result, why = (Result.NOT_COMPLETED, None) if missing else _whole(verdicts)
    return Outcome(result, why, verdicts=verdicts, missing=missing)


def _why_unclear(heard: Heard) -> Why:
    return Why.UNKNOWN_TRANSDUCER if heard.unknown else Why.NO_RULE


def _whole(verdicts: Verdicts) -> tuple[Result | None, Why | None]:
    """What is said of a whole test after which the protocol sends nobody anywhere."""
    if Verdict.NOT_DECIDED in (verdicts.passed, verdicts.retest, verdicts.refer):
        return None, Why.UNKNOWN_LEVELS
    return (Result.NORMAL, None) if verdicts.passed is Verdict.MET else (None, Why.NO_RULE)


def _is_not_testable(protocol: Protocol, told: Iterable[Tone]) -> bool:
    """Whether it was tried and nothing at all was answered, by whatever transducer."""
    return all(
        one.response is Response.COULD_NOT_BE_TESTED
        or (one.response is Response.NOT_TESTED and one.hz not in protocol.order)
        for one in told
    )


def _days(protocol: Protocol, on: date) -> tuple[date | None, date | None]:
    rule = protocol.retest
    days = (rule.after_days_min, rule.after_days_max) if rule is not None else (None, None)
    first, last = (on + timedelta(days=one) if one is not None else None for one in days)
    return first, last


# --- what the tones say --------------------------------------------------------------------


def heard_of(protocol: Protocol, tones: Iterable[Tone]) -> Heard:
    """Between which levels the thresholds lie, as far as the tones of a protocol say."""
    told: dict[Place, set[Tone]] = defaultdict(set)
    for one in tones:
        if one.transducer in _counted(protocol) and one.response not in UNANSWERED:
            told[one.ear, one.hz].add(one)
    unclear = frozenset(place for place, some in told.items() if _is_unclear(some))
    unknown = frozenset(place for place, some in told.items() if _is_by_unknown(some))
    wanted = {(ear, hz) for ear in ONE_EAR for hz in _frequencies(protocol)}
    levels = {
        place: _bounds(next(iter(some)), protocol.step_db)
        for place, some in told.items()
        if place in wanted and place not in unclear
    }
    return Heard(levels, unclear & wanted, unknown & wanted)


def _counted(protocol: Protocol) -> frozenset[str]:
    return frozenset({protocol.transducer, Transducer.UNKNOWN})


def _is_by_unknown(answers: set[Tone]) -> bool:
    return any(one.transducer is Transducer.UNKNOWN for one in answers)


def _frequencies(protocol: Protocol) -> set[int]:
    """The frequencies a protocol presents or looks at."""
    looked_at = [hz for one in conditions_of(protocol) for hz in one.hz]
    return {*protocol.order, *looked_at}


def _is_unclear(answers: set[Tone]) -> bool:
    """Whether it takes a person to say what holds here."""
    masked = any(one.masking is Masking.MASKED for one in answers)
    differ = len({(one.response, one.level_db) for one in answers}) > 1
    return masked or differ or _is_by_unknown(answers)


def _bounds(tone: Tone, step: int) -> Levels:
    level = tone.level_db
    if level is None:
        return Levels()
    match tone.response:
        case Response.THRESHOLD:
            return Levels(level, level)
        case Response.HEARD:
            return Levels(min(BEST, level), level)
        case _:
            return Levels(level + step, WORST)


# --- what the criteria say -----------------------------------------------------------------


def verdicts_of(protocol: Protocol, heard: Heard, *, is_retest: bool) -> Verdicts:
    """How the criteria of a protocol stand."""
    return Verdicts(
        _verdict(lambda at: _passes(protocol, at), heard),
        _verdict(lambda at: _is_retested(protocol, at), heard),
        _verdict(lambda at: _is_referred(protocol, at, is_retest=is_retest), heard),
    )


def verdict_on(
    condition: Condition, protocol: Protocol, heard: Heard, *, is_retest: bool = False
) -> Verdict:
    """How one condition of a protocol stands."""
    return _verdict(lambda at: _holds(condition, protocol, at, is_retest=is_retest), heard)


def conditions_of(protocol: Protocol) -> tuple[Condition, ...]:
    """The conditions for a retest and for a referral."""
    rules = (protocol.retest, protocol.refer)
    return tuple(one for rule in rules if rule is not None for one in rule.any_of)


def _verdict(holds: Callable[[At], bool], heard: Heard) -> Verdict:
    """The same in the best and in the worst audiogram is the same in every one between."""
    said = {holds(heard.best), holds(heard.worst)}
    if len(said) > 1:
        return Verdict.NOT_DECIDED
    return Verdict.MET if True in said else Verdict.NOT_MET


def _passes(protocol: Protocol, at: At) -> bool:
    """Whether enough tones are heard at the screening level."""
    level = protocol.level
    heard = [at((ear, hz)) <= level[hz] for ear in ONE_EAR for hz in protocol.order]
    rule = protocol.passes
    needed = len(heard) if rule is None or rule.rule is PassRule.ALL else rule.n
    return sum(heard) >= needed


def _is_retested(protocol: Protocol, at: At) -> bool:
    if protocol.retest is None:
        return False
    conditions = protocol.retest.any_of
    if not conditions:
        return not _passes(protocol, at)
    return any(_holds(one, protocol, at, is_retest=False) for one in conditions)


def _is_referred(protocol: Protocol, at: At, *, is_retest: bool) -> bool:
    conditions = protocol.refer.any_of if protocol.refer is not None else ()
    return any(_holds(one, protocol, at, is_retest=is_retest) for one in conditions)


def _holds(condition: Condition, protocol: Protocol, at: At, *, is_retest: bool) -> bool:
    if condition.criterion is Criterion.PERSISTS:
        return is_retest and _is_retested(protocol, at)
    return any(_holds_for(condition, ear, at) for ear in ONE_EAR)


def _holds_for(condition: Condition, ear: Ear, at: At) -> bool:
    levels = [at((ear, hz)) for hz in condition.hz]
    if condition.criterion is Criterion.COUNT:
        return sum(level >= condition.db for level in levels) >= condition.n
    return sum(levels, Decimal(0)) > condition.db * len(levels)
