"""What is stated of a hearing test is what holds however its missing tones would be answered.

The oracle knows nothing of bounds: it gives every tone that is not known each threshold the answers
allow, one after the other, and asks the criteria of each audiogram that comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.outcome import conditions_of, heard_of, outcome_of, verdict_on
from kiosk.hearing.protocol import (
    Condition,
    Criterion,
    Pass,
    PassRule,
    Protocol,
    Refer,
    Retest,
    shipped,
)
from kiosk.model.hearing_test import Outcome, Result, Verdict

DAY = date(2026, 11, 23)
EARS = (Ear.RIGHT, Ear.LEFT)
LOWEST, LOUDEST, DEAF = -10, 120, 10**6
MOST_WORLDS = 1500
SLOW = [HealthCheck.too_slow]
"""A busy machine draws slowly; that says nothing about what is drawn."""
GAPS = (Response.NOT_TESTED, Response.COULD_NOT_BE_TESTED, None)


# --- the oracle ----------------------------------------------------------------------------


def thresholds(tone: Tone | None, step: int) -> list[int]:
    """Every threshold a tone leaves possible; ``DEAF`` is beyond any audiometer."""
    all_of_them = [*range(LOWEST, LOUDEST + 1, step), DEAF]
    if tone is None or tone.level_db is None or tone.masking is Masking.MASKED:
        return all_of_them
    level = int(tone.level_db)
    if tone.response is Response.THRESHOLD:
        return [level]
    if tone.response is Response.HEARD:
        return [one for one in all_of_them if one <= level]
    return [one for one in all_of_them if one > level]


def worlds(protocol: Protocol, tones: list[Tone]) -> Iterator[dict[tuple[Ear, int], int]]:
    places = [(ear, hz) for ear in EARS for hz in protocol.order]
    told = {(one.ear, one.hz): one for one in tones}
    each = [thresholds(told.get(place), protocol.step_db) for place in places]
    for levels in product(*each):
        yield dict(zip(places, levels, strict=True))


def holds(condition: Condition, protocol: Protocol, world: dict, *, is_retest: bool) -> bool:
    if condition.criterion is Criterion.PERSISTS:
        return is_retest and to_be_retested(protocol, world)
    for ear in EARS:
        levels = [world[ear, hz] for hz in condition.hz]
        if condition.criterion is Criterion.MEAN:
            if Decimal(sum(levels)) / len(levels) > condition.db:
                return True
        elif len([one for one in levels if one >= condition.db]) >= condition.n:
            return True
    return False


def passed(protocol: Protocol, world: dict) -> bool:
    heard = [place for place, level in world.items() if level <= protocol.level[place[1]]]
    if protocol.passes.rule is PassRule.ALL:
        return len(heard) == len(world)
    return len(heard) >= protocol.passes.n


def to_be_retested(protocol: Protocol, world: dict) -> bool:
    if protocol.retest is None:
        return False
    if not protocol.retest.any_of:
        return not passed(protocol, world)
    return any(holds(one, protocol, world, is_retest=False) for one in protocol.retest.any_of)


def to_be_referred(protocol: Protocol, world: dict, *, is_retest: bool) -> bool:
    if protocol.refer is None:
        return False
    conditions = protocol.refer.any_of
    return any(holds(one, protocol, world, is_retest=is_retest) for one in conditions)


def verdict(said: set[bool]) -> Verdict:
    return {
        frozenset({True}): Verdict.MET,
        frozenset({False}): Verdict.NOT_MET,
        frozenset({True, False}): Verdict.NOT_DECIDED,
    }[frozenset(said)]


# --- protocols and tests -------------------------------------------------------------------

SIGNED = {"approved_by": "Kari Lege, lege", "approved_on": DAY}


def filled(protocol: Protocol) -> Protocol:
    """A signed copy; what the shipped one leaves to the clinic is filled in."""
    order = protocol.order or (1000, 4000)
    level = protocol.level or dict.fromkeys(order, 25)
    passes = protocol.passes or Pass(PassRule.ALL)
    return replace(protocol, order=order, level=level, passes=passes, **SIGNED)


COPIES = [filled(one) for one in shipped().values()]
decibels = st.integers(0, 8).map(lambda n: 5 * n)


@st.composite
def conditions(draw, order: tuple[int, ...], *, persists: bool) -> Condition:
    kinds = [Criterion.COUNT, Criterion.MEAN, *([Criterion.PERSISTS] if persists else [])]
    kind = draw(st.sampled_from(kinds))
    if kind is Criterion.PERSISTS:
        return Condition(kind)
    hz = tuple(draw(st.lists(st.sampled_from(order), min_size=1, unique=True)))
    if kind is Criterion.MEAN:
        return Condition(kind, draw(st.integers(-5, 45)), hz)
    return Condition(kind, draw(decibels), hz, draw(st.integers(1, len(hz))))


@st.composite
def protocols(draw) -> Protocol:
    order = tuple(draw(st.permutations([500, 1000, 4000]))[: draw(st.integers(1, 3))])
    some = {
        persists: st.lists(conditions(order, persists=persists), max_size=2).map(tuple)
        for persists in (False, True)
    }
    counted = st.integers(1, 2 * len(order)).map(lambda n: Pass(PassRule.COUNT, n))
    retest = st.builds(Retest, some[False], st.none(), st.just(56))
    refer = st.builds(Refer, st.just("hørselssentral"), some[True])
    return Protocol(
        "own",
        "1",
        "the clinic",
        (36, 72),
        order,
        {hz: draw(decibels) for hz in order},
        step_db=draw(st.sampled_from([5, 10])),
        passes=draw(st.one_of(st.just(Pass(PassRule.ALL)), counted)),
        retest=draw(st.one_of(st.none(), retest)),
        refer=draw(st.one_of(st.none(), refer)),
        **SIGNED,
    )


@dataclass(frozen=True)
class Case:
    protocol: Protocol
    tones: list[Tone]
    is_retest: bool


@st.composite
def cases(draw) -> Case:
    """A test with few tones that are not known, so that every way it could end can be tried."""
    protocol = draw(st.one_of(protocols(), st.sampled_from(COPIES)))
    step, count = protocol.step_db, 1
    tones = []
    for place in draw(st.permutations([(ear, hz) for ear in EARS for hz in protocol.order])):
        tone = _tone(draw, place, step)
        if count * len(thresholds(tone, step)) > MOST_WORLDS:
            tone = _heard(place, Response.THRESHOLD, _level(draw, step))
        count *= len(thresholds(tone, step))
        tones += [tone] if tone is not None else []
    return Case(protocol, tones, draw(st.booleans()))


def _level(draw, step: int) -> int:
    return LOWEST + step * draw(st.integers(0, 80 // step))


def _tone(draw, place: tuple[Ear, int], step: int) -> Tone | None:
    levelled = [Response.THRESHOLD, Response.HEARD, Response.NO_RESPONSE]
    response = draw(
        st.sampled_from([*levelled, *GAPS, Response.NO_RESPONSE_LEVEL_UNKNOWN, *levelled])
    )
    if response is None:
        return None
    return _heard(place, response, _level(draw, step) if response in levelled else None)


def _heard(place: tuple[Ear, int], response: Response, level: int | None) -> Tone:
    decimal = Decimal(level) if level is not None else None
    return Tone(place[0], Transducer.HEADPHONE, place[1], response, decimal, Masking.NONE)


def missing_of(case: Case) -> set[tuple[Ear, int]]:
    told = {(one.ear, one.hz) for one in case.tones if one.response not in GAPS}
    return {(ear, hz) for ear in EARS for hz in case.protocol.order} - told


def check(case: Case, found: Outcome) -> None:
    """Compare what is stated with what holds in every audiogram there can be."""
    protocol, again = case.protocol, case.is_retest
    said: tuple[set[bool], ...] = (set(), set(), set())
    for world in worlds(protocol, case.tones):
        said[0].add(passed(protocol, world))
        said[1].add(to_be_retested(protocol, world))
        said[2].add(to_be_referred(protocol, world, is_retest=again))
    passes, retest, refer = (verdict(one) for one in said)
    assert (found.verdicts.passed, found.verdicts.retest) == (passes, retest)
    assert found.verdicts.refer is refer
    assert set(found.missing) == missing_of(case)
    assert (found.result is Result.REFER) is (refer is Verdict.MET)
    certain = retest is Verdict.MET and not again and refer is not Verdict.MET
    assert (found.result is Result.RETEST) is certain
    sent_nowhere = (passes, retest, refer) == (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_MET)
    assert (found.result is Result.NORMAL) is (sent_nowhere and not missing_of(case))


# --- the properties ------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(cases())
def test_what_is_stated_is_what_no_missing_tone_can_change(case):
    assert not case.protocol.gaps
    check(case, outcome_of(case.protocol, case.tones, DAY, is_retest=case.is_retest))


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(cases())
def test_each_condition_is_met_not_met_or_not_decided(case):
    protocol = case.protocol
    heard = heard_of(protocol, case.tones)
    for one in conditions_of(protocol):
        said = {
            holds(one, protocol, world, is_retest=case.is_retest)
            for world in worlds(protocol, case.tones)
        }
        told = verdict_on(one, protocol, heard, is_retest=case.is_retest)
        assert told is verdict(said)


# --- and that they can fail ----------------------------------------------------------------


def hidden_loss(ident: str) -> Case:
    """Sixty decibels on the left ear, and one tone of the right ear is missing."""
    protocol = next(one for one in COPIES if one.id == ident)
    places = [(ear, hz) for ear in EARS for hz in protocol.order][1:]
    level = {Ear.RIGHT: 10, Ear.LEFT: 60}
    tones = [_heard(place, Response.THRESHOLD, level[place[0]]) for place in places]
    return Case(protocol, tones, is_retest=False)


@pytest.mark.parametrize(
    ("ident", "result"),
    [("se-blekinge-4y", Result.REFER), ("uk-lincolnshire-reception", Result.RETEST)],
)
def test_putting_the_early_not_completed_back_is_noticed(ident, result):
    case = hidden_loss(ident)
    found = outcome_of(case.protocol, case.tones, DAY)
    assert found.result is result
    check(case, found)
    with pytest.raises(AssertionError):
        check(case, replace(found, result=Result.NOT_COMPLETED))
