"""Hearing tests in the store: read back exactly, kept while they are awaited, gone when they go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid6 import uuid7

from drivers.hearing import Ear, Masking, Noise, Response, Tone, Transducer
from kiosk.hearing.follow_up import Due, Settled
from kiosk.hearing.stored import data_of, hearing_test_of
from kiosk.model.changes import current, moved
from kiosk.model.hearing_test import End, Outcome, Result
from kiosk.model.outbox import Done
from kiosk.model.visit import Change, ChangeKind, ChangeReason
from kiosk.store.errors import StoreError
from kiosk.system.clock import now_utc
from tests.store.hearing_samples import RETEST, heard, hearing_test, tone
from tests.store.samples import ANNE, NOW, NUMBER, child, message, visit

OTHER_NUMBER = "18912650053"


def save(store, of, *used):
    store.save_visit(of, [message(of)], ANNE, used)
    return of


def change(of, kind, *tests):
    return Change(uuid4(), of.id, kind, ChangeReason.OTHER, NOW, 60, ANNE, hearing=tests)


def test_a_visit_with_a_hearing_test_is_read_back_exactly(store):
    saved = save(store, heard(hearing_test(raw=(b"\x02\xff\x03",), remarks=("carried",))))
    assert store.visit(saved.id) == saved


def test_values_and_hearing_stand_together_and_are_listed_as_both(store):
    both = save(store, replace(visit(), hearing=(hearing_test(),)))
    (line,) = store.visits_since(now_utc() - timedelta(hours=1))
    assert (len(line.measured), line.hearing) == (2, True)
    assert store.visit(both.id) == both


def test_the_same_visit_with_another_answer_is_refused(store):
    saved = save(store, heard())
    (test,) = saved.hearing
    other = replace(test, tones=(tone(Response.THRESHOLD, 20), *test.tones[1:]))
    with pytest.raises(StoreError):
        save(store, replace(saved, hearing=(other,)))


levels = st.integers(-20, 240).map(lambda n: Decimal(n) / 2)
tones = st.builds(
    lambda ear, path, hz, answer, masking: Tone(ear, path, hz, answer[0], answer[1], *masking),
    st.sampled_from(Ear),
    st.sampled_from(Transducer),
    st.sampled_from([125, 500, 1000, 12000]),
    st.one_of(
        st.tuples(
            st.sampled_from([Response.THRESHOLD, Response.HEARD, Response.NO_RESPONSE]), levels
        ),
        st.tuples(st.sampled_from([Response.NOT_TESTED, Response.COULD_NOT_BE_TESTED]), st.none()),
    ),
    st.one_of(
        st.just((Masking.UNKNOWN,)),
        st.tuples(st.just(Masking.MASKED), levels, st.sampled_from([Noise.WHITE, None])),
    ),
)


@given(st.lists(tones, max_size=8), st.sampled_from(End), st.sampled_from([None, *Result]))
def test_every_test_survives_being_written_as_text(given_tones, end, result):
    test = replace(
        hearing_test(Outcome(result, refer_to="øre-nese-hals")), tones=tuple(given_tones), end=end
    )
    assert hearing_test_of(json.loads(json.dumps(data_of(test)))) == test


@pytest.mark.parametrize("data", [{}, {"format": 2}, {"format": 1}, {"format": 1, "id": "x"}])
def test_what_is_no_test_is_refused(data):
    with pytest.raises(ValueError, match="not a hearing test"):
        hearing_test_of(data)


def test_a_correction_keeps_the_old_answer_readable(store):
    saved = save(store, heard(hearing_test(RETEST)))
    (test,) = saved.hearing
    right = replace(test, tones=(tone(Response.THRESHOLD, 25),), outcome=Outcome(Result.NORMAL))
    store.save_change(change(saved, ChangeKind.CORRECTED, right), [], None)
    kept = store.visit(saved.id)
    assert kept.hearing == (test,)
    assert current(kept).hearing == (right,)
    assert store.hearing.awaited() == []


def test_a_test_of_a_wrong_child_is_moved_with_its_times_and_a_new_id(store):
    saved = save(store, heard(hearing_test(RETEST)))
    right = moved(saved, uuid7(), child("Ada", OTHER_NUMBER), NOW, uuid7)
    taken_out = change(saved, ChangeKind.WRONG_CHILD)
    store.save_change(taken_out, [], (right, [message(right)]))
    (line,) = store.hearing.awaited()
    assert (line.visit_id, line.given_name) == (right.id, "Ada")
    (test,) = store.visit(right.id).hearing
    assert test.id != saved.hearing[0].id
    assert test.tested_at == saved.hearing[0].tested_at


# --- tests under way -----------------------------------------------------------------------


def test_a_session_survives_the_process_and_goes_with_the_commit_of_its_visit(opens):
    of = heard()
    session_id = of.hearing[0].id
    store = opens()
    store.hearing.keep_session(session_id, {"steps": 1})
    store.hearing.keep_session(session_id, {"steps": 2})
    store.close()
    store = opens()
    (kept,) = store.hearing.sessions()
    assert (kept.id, kept.data) == (session_id, {"steps": 2})
    save(store, of, session_id)
    assert store.hearing.sessions() == []
    store.close()


def test_a_session_that_a_person_drops_leaves_a_trace(store):
    session_id = uuid7()
    store.hearing.keep_session(session_id, {})
    store.hearing.drop([session_id], "anne")
    assert store.hearing.sessions() == []
    rows = [(row.kind, row.subject) for row in store.audit_rows()]
    assert rows == [("hearing-dropped", str(session_id))]


def test_what_an_audiometer_sent_waits_until_it_is_used(store):
    first, second = uuid7(), uuid7()
    for one, at in ((first, NOW), (second, NOW + timedelta(seconds=1))):
        store.hearing.hold(one, at, "audiometer", {"raw": "AAE="})
    assert [one.id for one in store.hearing.held()] == [first, second]
    save(store, heard(), first)
    assert [one.id for one in store.hearing.held()] == [second]


def test_checks_of_the_day_are_read_in_their_order(store):
    for minutes in (30, 0, -2000):
        at = NOW + timedelta(minutes=minutes)
        store.hearing.add_check(uuid7(), at, {"minutes": minutes}, "anne")
    since = NOW - timedelta(hours=1)
    assert [one["minutes"] for one in store.hearing.checks_since(since)] == [0, 30]


# --- who is to be tested again -------------------------------------------------------------


def test_a_retest_is_awaited_until_the_child_was_tested_again(store):
    saved = save(store, heard(hearing_test(RETEST), name="Per"))
    save(store, heard(hearing_test(RETEST), name="Ada", number=OTHER_NUMBER))
    assert {line.given_name for line in store.hearing.awaited()} == {"Per", "Ada"}
    save(store, heard(hearing_test(is_retest=True), name="Per"))
    (line,) = store.hearing.awaited()
    assert line.given_name == "Ada"
    assert store.visit(saved.id).hearing[0].outcome == RETEST


def test_children_without_a_number_are_never_taken_for_each_other(store):
    save(store, heard(hearing_test(RETEST), name="Per", number=""))
    save(store, heard(hearing_test(), name="Ada", number=""))
    assert [line.given_name for line in store.hearing.awaited()] == ["Per"]
    assert store.hearing.before("", NOW - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 12, 20), Due.LATER),
        (date(2026, 12, 21), Due.NOW),
        (date(2027, 1, 18), Due.NOW),
        (date(2027, 1, 19), Due.OVERDUE),
    ],
)
def test_a_retest_has_its_time(store, today, due):
    save(store, heard(hearing_test(RETEST)))
    (line,) = store.hearing.awaited()
    assert line.due(today) is due


def test_a_person_may_take_a_child_off_the_list(store):
    saved = save(store, heard(hearing_test(RETEST)))
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.ELSEWHERE)
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.TESTED)
    assert store.hearing.awaited() == []
    assert [row.kind for row in store.audit_rows()] == ["save", "retest-settled"]
    told = list(store.audit_rows())[-1]
    assert (told.actor, told.subject) == (
        "anne",
        f"{saved.hearing[0].id} followed-up-elsewhere",
    )


def test_what_is_withdrawn_is_awaited_no_more_and_counts_for_nothing(store):
    saved = save(store, heard(hearing_test(RETEST)))
    store.save_change(change(saved, ChangeKind.WITHDRAWN), [], None)
    assert store.hearing.awaited() == []
    assert store.hearing.judged_since(NOW - timedelta(days=1)) == ()
    assert store.hearing.before(NUMBER, NOW - timedelta(days=1)) is None


def test_what_was_tested_before_is_told_for_today_and_for_an_awaited_retest(store):
    yesterday = hearing_test(RETEST)
    save(store, heard(replace(yesterday, tested_at=NOW - timedelta(days=40))))
    assert store.hearing.before(NUMBER, NOW) == (NOW - timedelta(days=40), True)
    save(store, heard(hearing_test()))
    assert store.hearing.before(NUMBER, NOW) == (NOW, False)
    assert store.hearing.before(NUMBER, NOW + timedelta(days=1)) is None
    assert store.hearing.before(OTHER_NUMBER, NOW) is None


def test_the_days_results_are_those_that_a_protocol_judged(store):
    for outcome in (Outcome(Result.NORMAL), RETEST, Outcome(None), Outcome(Result.NOT_COMPLETED)):
        save(store, heard(hearing_test(outcome)))
    assert sorted(store.hearing.judged_since(NOW)) == [False, True]


# --- forgetting ----------------------------------------------------------------------------


def delivered(store, of):
    item = store.claim(now_utc())
    store.settle(item.id, Done("Observation/1"), now_utc())
    assert item.visit_id == of.id


def test_a_delivered_test_is_forgotten_with_its_corrections(store):
    saved = save(store, heard())
    delivered(store, saved)
    right = replace(saved.hearing[0], tones=(tone(Response.THRESHOLD, 25),))
    store.save_change(change(saved, ChangeKind.CORRECTED, right), [], None)
    delivered(store, saved)
    assert store.purge(now_utc() + timedelta(days=40)) == 1
    with pytest.raises(LookupError):
        store.visit(saved.id)


def test_a_child_that_is_to_be_tested_again_is_not_forgotten_before(store):
    saved = save(store, heard(hearing_test(RETEST)))
    delivered(store, saved)
    before = datetime.fromisoformat("2027-01-17T12:00:00+00:00") + timedelta(days=30)
    assert store.purge(before, 30) == 0
    assert store.purge(before + timedelta(days=3), 30) == 1


def test_the_files_that_were_imported_are_known(store):
    save(store, heard(hearing_test(digest="cd" * 32)))
    save(store, heard(hearing_test()))
    assert store.hearing.files() == {"cd" * 32}
