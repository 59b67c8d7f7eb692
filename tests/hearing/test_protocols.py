"""Protocols are data that a clinic signs; without a signature or a number nothing is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.outcome import ONE_EAR, outcome_of
from kiosk.hearing.protocol import PassRule, ProtocolError, content_hash, read_protocol, shipped
from kiosk.model.hearing_test import Result, Verdict, Why

DAY = date(2026, 11, 23)
SIGNED = {"approved_by": "Kari Lege, lege", "approved_on": DAY}


def signed(ident: str):
    return replace(shipped()[ident], **SIGNED)


def tone(ear: Ear, hz: int, response: Response, level: int | None) -> Tone:
    given_level = None if level is None else Decimal(level)
    return Tone(ear, Transducer.HEADPHONE, hz, response, given_level)


def answers(protocol, response=Response.HEARD, level=20, **others) -> list[Tone]:
    """Every tone of the protocol answered alike, but for ``right_4000=(response, level)``."""
    made = []
    for ear in ONE_EAR:
        for hz in protocol.order:
            said = others.get(f"{ear.value}_{hz}", (response, level))
            made.append(tone(ear, hz, *said))
    return made


def test_the_shipped_protocols_are_the_ones_of_the_table_and_nobody_has_signed_them():
    found = shipped()
    assert set(found) == {
        "no-4y",
        "eu-euscreen-preschool",
        "eu-euscreen-school",
        "se-blekinge-4y",
        "uk-lincolnshire-reception",
        "uk-sweep-common",
    }
    assert all({"approved_by", "approved_on"} <= set(one.gaps) for one in found.values())
    assert all(one.source and len(one.hash) == 64 for one in found.values())


def test_the_norwegian_one_says_no_number_of_its_own():
    norwegian = shipped()["no-4y"]
    assert (norwegian.order, norwegian.level, norwegian.passes) == ((), {}, None)
    assert {"order", "level", "pass"} <= set(norwegian.gaps)


@pytest.mark.parametrize("ident", sorted(shipped()))
def test_without_a_signature_no_outcome_is_stated(ident):
    protocol = shipped()[ident]
    assert outcome_of(protocol, answers(protocol), DAY).why is Why.GAPS
    half = replace(protocol, approved_by="Kari Lege")
    assert outcome_of(half, answers(half), DAY).result is None


def test_what_was_signed_can_be_told_from_what_was_changed_since():
    data = {"id": "x", "level": {"1000": 20}}
    assert content_hash(data) == content_hash({**data, "approved_by": "A", "approved_on": DAY})
    assert content_hash(data) != content_hash({**data, "level": {"1000": 25}})


def test_heard_at_the_screening_level_everywhere_is_normal_by_protocol():
    protocol = signed("se-blekinge-4y")
    assert outcome_of(protocol, answers(protocol), DAY).result is Result.NORMAL


def test_two_bad_frequencies_in_one_ear_are_tested_again_within_two_months():
    protocol = signed("se-blekinge-4y")
    bad = (Response.THRESHOLD, 25)
    found = outcome_of(protocol, answers(protocol, right_1000=bad, right_2000=bad), DAY)
    assert (found.result, found.retest_from, found.retest_until) == (
        Result.RETEST,
        DAY,
        date(2027, 1, 23),
    )


def test_one_bad_frequency_in_each_ear_is_not_two_in_one():
    protocol = signed("se-blekinge-4y")
    bad = (Response.THRESHOLD, 25)
    found = outcome_of(protocol, answers(protocol, right_1000=bad, left_1000=bad), DAY)
    assert (found.result, found.why) == (None, Why.NO_RULE)


def test_what_persists_at_the_retest_is_referred():
    protocol = signed("se-blekinge-4y")
    bad = (Response.THRESHOLD, 25)
    tones = answers(protocol, right_1000=bad, right_2000=bad)
    found = outcome_of(protocol, tones, DAY, is_retest=True)
    assert (found.result, found.refer_to) == (Result.REFER, "hørselssentral")


@pytest.mark.parametrize(
    "others",
    [
        {"left_6000": (Response.THRESHOLD, 35)},
        {"left_4000": (Response.THRESHOLD, 30), "left_6000": (Response.THRESHOLD, 30)},
        {"left_500": (Response.NO_RESPONSE, 90)},
    ],
)
def test_each_condition_for_referral_is_enough(others):
    protocol = signed("se-blekinge-4y")
    assert outcome_of(protocol, answers(protocol, **others), DAY).result is Result.REFER


def test_not_heard_at_an_unknown_level_states_nothing():
    protocol = signed("se-blekinge-4y")
    unknown = (Response.NO_RESPONSE_LEVEL_UNKNOWN, None)
    found = outcome_of(protocol, answers(protocol, right_1000=unknown), DAY)
    assert (found.result, found.why) == (None, Why.UNKNOWN_LEVELS)


def test_not_heard_at_the_screening_level_may_be_anything_worse():
    protocol = signed("se-blekinge-4y")
    unheard = (Response.NO_RESPONSE, 20)
    found = outcome_of(protocol, answers(protocol, right_1000=unheard), DAY)
    assert (found.result, found.why) == (None, Why.UNKNOWN_LEVELS)


@pytest.mark.parametrize(("unheard", "result"), [(1, Result.NORMAL), (2, Result.RETEST)])
def test_a_counting_protocol_counts_the_tones_of_both_ears(unheard, result):
    protocol = signed("uk-lincolnshire-reception")
    places = ["right_1000", "left_4000"][:unheard]
    others = dict.fromkeys(places, (Response.NO_RESPONSE, 25))
    found = outcome_of(protocol, answers(protocol, level=25, **others), DAY)
    assert found.result is result
    if result is Result.RETEST:
        assert (found.retest_from, found.retest_until) == (date(2026, 12, 21), date(2027, 1, 18))


def test_a_test_that_was_broken_off_and_one_that_could_not_be_done_are_said_as_such():
    protocol = signed("se-blekinge-4y")
    missing = answers(protocol, left_500=(Response.NOT_TESTED, None))
    assert outcome_of(protocol, missing, DAY).result is Result.NOT_COMPLETED
    assert outcome_of(protocol, missing[:4], DAY).result is Result.NOT_COMPLETED
    impossible = answers(protocol, Response.COULD_NOT_BE_TESTED, None)
    assert outcome_of(protocol, impossible, DAY).result is Result.NOT_TESTABLE


responses = st.one_of(
    st.tuples(
        st.sampled_from([Response.THRESHOLD, Response.HEARD, Response.NO_RESPONSE]),
        st.integers(-2, 18).map(lambda n: 5 * n),
    ),
    st.just((Response.NO_RESPONSE_LEVEL_UNKNOWN, None)),
)


@given(st.lists(responses, min_size=10, max_size=10), st.booleans())
def test_more_knowledge_never_turns_a_stated_outcome_around(said, is_retest):
    """Whatever the true thresholds are, they give the outcome that was stated without them."""
    protocol = signed("se-blekinge-4y")
    places = [(ear, hz) for ear in ONE_EAR for hz in protocol.order]
    tones = [tone(*place, *one) for place, one in zip(places, said, strict=True)]
    stated = outcome_of(protocol, tones, DAY, is_retest=is_retest).result
    for worst in (False, True):
        true = [tone(one.ear, one.hz, Response.THRESHOLD, level(one, worst)) for one in tones]
        found = outcome_of(protocol, true, DAY, is_retest=is_retest).result
        if stated in {Result.NORMAL, Result.REFER}:
            assert found is stated


def level(one: Tone, worst: bool) -> int:
    known = int(one.level_db) if one.level_db is not None else None
    match one.response:
        case Response.THRESHOLD:
            return known
        case Response.HEARD:
            return known if worst else -10
        case Response.NO_RESPONSE:
            return 110 if worst else known + 5
    return 110 if worst else -10


COUNTED = '{criterion="count-at-least", n=%d, db=25, hz=[%s]}'
GOOD = """
id = "own"
version = "2"
source = "the clinic"
ages_months = [40, 60]
order = [1000]
[level]
1000 = 20
[pass]
rule = "all"
"""


def test_a_clinics_own_file_is_read():
    own = read_protocol(GOOD, "own.toml")
    assert (own.passes.rule, own.level[1000]) == (PassRule.ALL, 20)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("version", "versjon"), "versjon"),
        (("1000 = 20", "2000 = 20"), "level"),
        (('"all"', '"most"'), "most"),
        (('rule = "all"', 'rule = "count"'), "pass"),
        (('rule = "all"', 'rule = "all"\nn = 5'), "pass"),
        (('id = "own"', ""), "id"),
        (("order = [1000]", "order = [[1000]"), "own.toml"),
        (("[pass]", '[retest]\nany_of=[{criterion="persists", db=3}]\n[pass]'), "retest"),
        (("[pass]", '[refer]\nto="x"\nany_of=[{criterion="mean-above"}]\n[pass]'), "refer"),
        (("order = [1000]", "order = [1000, 1000]"), "order: a frequency twice"),
        (("order = [1000]", "order = [1000]\nstep_db = 0"), "step_db"),
        (("order = [1000]", 'order = [1000]\ntransducer = "unknown"'), "transducer"),
        (("order = [1000]", 'order = [1000]\ntransducer = "phones"'), "transducer"),
        (("[pass]", f"[retest]\nany_of=[{COUNTED % (1, '500, 500')}]\n[pass]"), "twice"),
        (("[pass]", f"[retest]\nany_of=[{COUNTED % (0, '500')}]\n[pass]"), "n is 1 or more"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_name(change, words):
    with pytest.raises(ProtocolError, match=words) as caught:
        read_protocol(GOOD.replace(*change), "own.toml")
    assert str(caught.value).startswith("own.toml: ")


def test_bone_conduction_says_nothing_about_a_screening_by_headphones():
    protocol = signed("se-blekinge-4y")
    loud = answers(protocol, Response.THRESHOLD, 60)
    bone = [replace(one, transducer=Transducer.BONE, level_db=Decimal(0)) for one in loud]
    assert outcome_of(protocol, [*loud, *bone], DAY).result is Result.REFER
    alone = outcome_of(protocol, bone, DAY)
    assert (alone.result, len(alone.missing)) == (Result.NOT_COMPLETED, 10)


def test_where_the_transducer_is_not_known_no_outcome_is_stated():
    protocol = signed("se-blekinge-4y")
    good = answers(protocol)
    unknown = [replace(one, transducer=Transducer.UNKNOWN) for one in good]
    for told in (unknown, [unknown[0], *good[1:]], [*good, unknown[0]]):
        found = outcome_of(protocol, told, DAY)
        assert (found.result, found.why) == (None, Why.UNKNOWN_TRANSDUCER)
        assert found.missing == ()
    loud = answers(protocol, Response.THRESHOLD, 60)
    assert outcome_of(protocol, [unknown[0], *loud[1:]], DAY).result is Result.REFER


def test_where_masking_matters_no_outcome_is_stated():
    protocol = signed("se-blekinge-4y")
    good = answers(protocol)
    masked = replace(good[0], masking=Masking.MASKED)
    assert outcome_of(protocol, [*good, masked], DAY).why is Why.NO_RULE
    found = outcome_of(protocol, [masked, *good[1:]], DAY)
    assert (found.result, found.why, found.missing) == (None, Why.NO_RULE, ())


def test_masking_of_one_tone_does_not_hide_what_the_others_say():
    protocol = signed("se-blekinge-4y")
    loud = answers(protocol, Response.THRESHOLD, 60)
    masked = replace(loud[0], masking=Masking.MASKED)
    assert outcome_of(protocol, [*loud, masked], DAY).result is Result.REFER


def test_of_two_answers_for_one_tone_neither_is_picked():
    protocol = signed("se-blekinge-4y")
    good = answers(protocol)
    other = replace(good[0], response=Response.THRESHOLD, level_db=Decimal(60))
    for told in ([*good, other], [other, *good]):
        assert outcome_of(protocol, told, DAY).why is Why.NO_RULE


# --- a test that is not whole --------------------------------------------------------------


GAP = (Response.NOT_TESTED, None)


@pytest.mark.parametrize(
    "gap", [GAP, (Response.COULD_NOT_BE_TESTED, None)], ids=["not-tested", "impossible"]
)
def test_a_loss_is_referred_although_a_tone_is_missing(gap):
    protocol = signed("se-blekinge-4y")
    sixty = dict.fromkeys([f"left_{hz}" for hz in protocol.order], (Response.THRESHOLD, 60))
    found = outcome_of(protocol, answers(protocol, **sixty, right_4000=gap), DAY)
    assert (found.result, found.refer_to) == (Result.REFER, "hørselssentral")
    assert found.missing == ((Ear.RIGHT, 4000),)


def test_too_few_heard_is_tested_again_although_a_tone_is_missing():
    protocol = signed("uk-lincolnshire-reception")
    unheard = (Response.NO_RESPONSE, 25)
    tones = answers(protocol, level=25, left_1000=unheard, left_2000=unheard, left_4000=GAP)
    found = outcome_of(protocol, tones, DAY)
    assert (found.result, found.retest_from) == (Result.RETEST, date(2026, 12, 21))
    assert not found.may_refer


def test_a_retest_that_is_certain_says_that_a_referral_is_still_open():
    protocol = signed("se-blekinge-4y")
    bad = (Response.THRESHOLD, 25)
    tones = answers(protocol, right_1000=bad, right_2000=bad, left_6000=GAP)
    found = outcome_of(protocol, tones, DAY)
    assert (found.result, found.may_refer) == (Result.RETEST, True)
    assert found.verdicts.refer is Verdict.NOT_DECIDED


def test_what_the_missing_tone_could_change_is_not_stated():
    protocol = signed("uk-lincolnshire-reception")
    one = answers(protocol, level=25, left_1000=(Response.NO_RESPONSE, 25), left_4000=GAP)
    found = outcome_of(protocol, one, DAY)
    assert (found.result, found.missing) == (Result.NOT_COMPLETED, ((Ear.LEFT, 4000),))
    assert found.verdicts.retest is Verdict.NOT_DECIDED


def test_with_a_tone_missing_nothing_is_ever_called_normal():
    protocol = signed("uk-lincolnshire-reception")
    found = outcome_of(protocol, answers(protocol, level=25, left_4000=GAP), DAY)
    assert found.verdicts.passed is Verdict.MET
    assert found.result is Result.NOT_COMPLETED


def test_a_retest_that_is_not_passed_either_is_said_as_such_although_a_tone_is_missing():
    protocol = signed("uk-lincolnshire-reception")
    unheard = (Response.NO_RESPONSE, 25)
    tones = answers(protocol, level=25, left_1000=unheard, left_2000=unheard, left_4000=GAP)
    found = outcome_of(protocol, tones, DAY, is_retest=True)
    assert (found.result, found.why) == (None, Why.NO_RULE)
