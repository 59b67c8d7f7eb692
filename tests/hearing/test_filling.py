"""A clinic fills in a protocol and signs it; what is read back is what was signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.hearing.filling import (
    Fault,
    ProtocolFaulty,
    choices,
    clear_refer,
    clear_retest,
    draft_of,
    faults,
    set_all_levels,
    set_level,
    set_pass,
    set_refer,
    set_retest,
    toggle_frequency,
)
from kiosk.hearing.protocol import Criterion, Pass, PassRule, read_protocol, shipped
from kiosk.hearing.signing import is_changed, sign
from kiosk.hearing.writing import write_protocol

DAY = date(2026, 11, 23)
NAME = "Kari Lege, helsestasjonslege"


def filled(ident: str = "no-4y"):
    """A draft with three frequencies at 20 dB HL, all of which must be heard."""
    draft = draft_of(shipped()[ident])
    for hz in (1000, 2000, 4000):
        if hz not in draft.order:
            draft = toggle_frequency(draft, hz)
    return set_pass(set_all_levels(draft, 20), PassRule.ALL)


def signed(draft, earlier=()):
    return read_protocol(sign(draft, NAME, DAY, earlier), "own.toml")


def test_what_is_offered_are_the_tones_and_levels_of_a_screening_audiometer():
    offered = choices()
    assert offered.frequencies == (250, 500, 1000, 2000, 3000, 4000, 6000, 8000)
    assert (offered.levels[0], offered.levels[-1], offered.levels.step) == (-10, 60, 5)


def test_the_norwegian_protocol_is_filled_in_and_signed():
    draft = draft_of(shipped()["no-4y"])
    assert faults(draft) == (Fault.NO_FREQUENCY, Fault.PASS_MISSING)
    own = signed(filled())
    assert (own.order, own.level) == ((1000, 2000, 4000), {1000: 20, 2000: 20, 4000: 20})
    assert (own.approved_by, own.approved_on, own.gaps) == (NAME, DAY, ())
    assert (own.id, own.version) == ("no-4y", "1+1")
    assert own.source == f"{shipped()['no-4y'].source}; utfylt av helsestasjonen"


def test_a_protocols_own_frequencies_keep_its_order_and_others_follow():
    draft = draft_of(shipped()["eu-euscreen-school"])
    draft = toggle_frequency(toggle_frequency(draft, 8000), 250)
    assert draft.order == (1000, 2000, 4000, 6000, 500, 8000, 250)
    draft = toggle_frequency(toggle_frequency(draft, 1000), 6000)
    assert draft.order == (2000, 4000, 500, 8000, 250)
    assert toggle_frequency(draft, 6000).order == (2000, 4000, 6000, 500, 8000, 250)


def test_a_frequency_taken_out_by_mistake_comes_back_with_its_level():
    draft = set_level(filled(), 2000, 35)
    assert toggle_frequency(toggle_frequency(draft, 2000), 2000).protocol.level[2000] == 35
    assert 2000 not in toggle_frequency(draft, 2000).protocol.level


@pytest.mark.parametrize(
    "step",
    [
        lambda draft: toggle_frequency(draft, 1234),
        lambda draft: set_level(draft, 8000, 20),
        lambda draft: set_level(draft, 1000, 22),
        lambda draft: set_level(draft, 1000, 65),
        lambda draft: set_all_levels(draft, -15),
        lambda draft: set_retest(draft, -1, None),
        lambda draft: set_retest(draft, 0, -1),
    ],
)
def test_what_the_audiometer_or_the_calendar_does_not_have_is_refused(step):
    with pytest.raises(ValueError, match=r"offered|tested|retest"):
        step(filled())


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (lambda draft: toggle_frequency(draft, 8000), Fault.LEVEL_MISSING),
        (lambda draft: replace(draft, passes=None), Fault.PASS_MISSING),
        (lambda draft: set_pass(draft, PassRule.COUNT, 7), Fault.PASS_COUNT),
        (lambda draft: set_pass(draft, PassRule.COUNT, 0), Fault.PASS_COUNT),
        (lambda draft: set_retest(draft, 30, 29), Fault.DAYS_REVERSED),
        (lambda draft: set_refer(set_retest(draft, 1, None), " "), Fault.REFER_TO_MISSING),
        (lambda draft: set_refer(draft, "hørselssentral"), Fault.REFER_WITHOUT_RETEST),
    ],
)
def test_each_fault_is_found_and_nothing_with_a_fault_is_signed(step, fault):
    draft = step(filled())
    assert faults(draft) == (fault,)
    with pytest.raises(ProtocolFaulty, match=fault) as caught:
        sign(draft, NAME, DAY)
    assert caught.value.faults == (fault,)


def test_as_many_tones_as_there_are_may_be_asked_for():
    assert faults(set_pass(filled(), PassRule.COUNT, 6)) == ()


def test_without_a_name_nothing_is_signed():
    with pytest.raises(ProtocolFaulty) as caught:
        sign(filled(), "  ", DAY)
    assert caught.value.faults == (Fault.NOT_SIGNED,)


def test_conditions_that_came_with_the_protocol_are_kept_until_they_are_cleared():
    source = shipped()["se-blekinge-4y"]
    draft = set_refer(set_retest(draft_of(source), 14, None), "øre-nese-hals")
    own = signed(draft)
    assert own.retest.any_of == source.retest.any_of
    assert (own.retest.after_days_min, own.retest.after_days_max) == (14, None)
    assert (own.refer.to, own.refer.any_of) == ("øre-nese-hals", source.refer.any_of)
    own = signed(set_refer(set_retest(clear_refer(clear_retest(draft)), 14, 60), "lege"))
    assert own.retest.any_of == ()
    assert [one.criterion for one in own.refer.any_of] == [Criterion.PERSISTS]


def test_a_condition_on_a_frequency_that_is_no_longer_tested_is_a_contradiction():
    draft = toggle_frequency(draft_of(shipped()["se-blekinge-4y"]), 6000)
    assert faults(draft) == (Fault.CONDITION_NOT_TESTED,)
    assert faults(clear_refer(draft)) == ()


@pytest.mark.parametrize(
    "ident", ["se-blekinge-4y", "uk-lincolnshire-reception", "uk-sweep-common"]
)
def test_a_protocol_that_is_only_signed_stays_what_it_is(ident):
    source = shipped()[ident]
    draft = draft_of(source)
    assert not is_changed(draft)
    assert signed(draft) == replace(source, approved_by=NAME, approved_on=DAY)


def test_each_change_is_a_new_revision_and_the_same_content_is_the_same_one():
    first = signed(filled())
    second = signed(set_level(draft_of(first), 1000, 25))
    assert (first.version, second.version) == ("1+1", "1+2")
    assert second.source == first.source
    # From the shipped one again, as if the clinic's own had been lost on the way.
    third = signed(set_level(filled(), 1000, 30), [first, second])
    again = signed(set_level(filled(), 1000, 25), [first, second, third])
    assert (third.version, again.version) == ("1+3", "1+2")
    assert again.hash == second.hash
    other = replace(first, id="other", version="1+9")
    assert signed(filled("uk-sweep-common"), [other]).version == "1"


def test_a_new_version_that_is_shipped_begins_its_own_revisions():
    first = signed(filled())
    newer = replace(shipped()["no-4y"], version="2")
    draft = replace(set_level(filled(), 1000, 25), source=newer)
    assert signed(draft, [first]).version == "2+1"


def test_the_hash_is_of_the_content_and_not_of_the_signature():
    one = sign(filled(), NAME, DAY)
    other = sign(filled(), "Ola Lege", datetime(2027, 1, 2, 3, 4, tzinfo=UTC))
    read = read_protocol(other, "other.toml")
    assert read_protocol(one, "one.toml").hash == read.hash
    assert read.approved_on == date(2027, 1, 2)


words = st.text(max_size=12)
levels = st.sampled_from(choices().levels)


@st.composite
def drafts(draw):
    """A draft from a shipped protocol after any steps in any order, whole or not."""
    source = draw(st.sampled_from(sorted(shipped().values(), key=lambda one: one.id)))
    source = replace(source, version=draw(words), source=draw(words))
    if draw(st.booleans()):
        source = replace(source, transducer="insert", presentations=3, responses_needed=2)
    draft = draft_of(source)
    for hz in draw(st.lists(st.sampled_from(choices().frequencies), max_size=5)):
        draft = toggle_frequency(draft, hz)
    draft = set_all_levels(draft, draw(levels))
    for hz in draft.order:
        draft = set_level(draft, hz, draw(levels))
    draft = set_pass(draft, draw(st.sampled_from(PassRule)), draw(st.integers(0, 16)))
    if draw(st.booleans()):
        draft = set_retest(clear_retest(draft), draw(st.integers(0, 99)), draw(st.none() | days))
    if draw(st.booleans()):
        draft = set_refer(clear_refer(draft), draw(words))
    return draft


days = st.integers(0, 200)


@given(drafts(), words, st.dates())
def test_what_is_signed_is_read_back_exactly(draft, name, day):
    assume(not faults(draft) and name.strip())
    read = read_protocol(sign(draft, name, day), "own.toml")
    assert read == replace(
        draft.protocol,
        version=read.version,
        source=read.source,
        approved_by=name.strip(),
        approved_on=day,
        hash=read.hash,
    )
    assert read.source.startswith(draft.source.source)
    assert is_changed(draft) is (read.version != draft.source.version)
    assert not read.gaps
    again = read_protocol(sign(draft_of(read), name, day), "own.toml")
    assert again == read


@given(drafts())
def test_a_draft_with_a_fault_is_never_signed_and_one_without_always(draft):
    if faults(draft):
        with pytest.raises(ProtocolFaulty):
            sign(draft, NAME, DAY)
    else:
        assert signed(draft).approved_by == NAME


@given(drafts(), st.sampled_from(choices().frequencies))
def test_two_taps_on_a_frequency_test_the_same_tones_at_the_same_levels(draft, hz):
    twice = toggle_frequency(toggle_frequency(draft, hz), hz)
    assert set(twice.order) == set(draft.order)
    assert twice.protocol.level == draft.protocol.level


def test_any_text_is_written_so_that_it_is_read_back():
    odd = "\x00\x07\t\n\r\x1f\x7f\"'\\ æøå 👂\u2028"
    protocol = replace(shipped()["uk-sweep-common"], source=odd, passes=Pass(PassRule.ALL))
    assert read_protocol(write_protocol(protocol), "odd.toml").source == odd


def test_half_a_character_is_refused_before_it_reaches_a_file():
    with pytest.raises(ValueError, match="surrogates"):
        sign(filled(), "Kari \ud800", DAY)
