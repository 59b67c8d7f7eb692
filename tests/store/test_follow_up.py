"""The follow-up list: nobody is lost from it, whatever becomes of a visit, until it is settled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from uuid6 import uuid7

from drivers.hearing import Ear
from kiosk.hearing import session as s
from kiosk.hearing.follow_up import Due, Reason, Settled
from kiosk.hearing.protocol import shipped
from kiosk.hearing.session import Kind, Step
from kiosk.hearing.stored import data_of
from kiosk.hearing.unfinished import Unfinished, to_data
from kiosk.model.changes import moved
from kiosk.model.hearing_test import End, Outcome, Result, Verdict, Verdicts, Why
from kiosk.model.outbox import Done
from kiosk.model.visit import Change, ChangeKind, ChangeReason
from kiosk.store import audit, schema
from kiosk.store import tables as t
from kiosk.store.database import engine
from kiosk.store.database.opening import FILE_NAME
from kiosk.store.store import Store
from kiosk.store.visits import saved as visits
from kiosk.system.clock import now_utc
from tests.store.hearing_samples import RETEST, heard, hearing_test
from tests.store.samples import ANNE, NOW, NUMBER, child, message

OTHER_NUMBER = "18912650053"
REFER = Outcome(Result.REFER, refer_to="hørselssentral")
NORMAL = Outcome(Result.NORMAL)
UNDECIDED = Outcome(None, Why.UNKNOWN_LEVELS)
GAP = ((Ear.LEFT, 4000),)
OPEN = {
    Reason.REFER: REFER,
    Reason.RETEST: RETEST,
    Reason.NOT_DECIDED: UNDECIDED,
    Reason.NOT_JUDGED: Outcome(None, Why.GAPS),
    Reason.NOT_COMPLETED: Outcome(Result.NOT_COMPLETED, missing=GAP),
    Reason.NOT_TESTABLE: Outcome(Result.NOT_TESTABLE, missing=GAP),
}


def save(store, of, *used):
    store.save_visit(of, [message(of)], ANNE, used)
    return of


def kept(store, outcome, name="Per", number=NUMBER, at=NOW):
    test = replace(hearing_test(outcome), tested_at=at)
    return save(store, heard(test, name=name, number=number))


def change(of, kind, *tests):
    return Change(uuid4(), of.id, kind, ChangeReason.OTHER, NOW, 60, ANNE, hearing=tests)


def reasons(store):
    return [line.reason for line in store.hearing.awaited()]


def kinds(store):
    return [row.kind for row in store.audit_rows()]


def begun(*kinds, number=NUMBER, end=None) -> Unfinished:
    session = s.begin(shipped()["se-blekinge-4y"], uuid7(), loudest=90)
    places = [(ear, hz) for ear in (Ear.RIGHT, Ear.LEFT) for hz in session.order]
    for kind, (ear, hz) in zip(kinds, places, strict=False):
        session = s.take(session, Step(kind, ear, hz, 20))
    return Unfinished(replace(session, end=end), child("Per", number), NOW)


def keep(store, test):
    store.hearing.keep_session(test.id, to_data(test))
    return test


# --- who stands on it ----------------------------------------------------------------------


@pytest.mark.parametrize("reason", OPEN)
def test_whatever_leaves_something_open_stands_on_the_list_with_its_reason(opens, reason):
    store = opens()
    saved = kept(store, OPEN[reason])
    store.close()
    store = opens()
    (line,) = store.hearing.awaited()
    assert (line.reason, line.given_name, line.tested_at) == (reason, "Per", NOW)
    assert (line.visit_id, line.missing) == (saved.id, OPEN[reason].missing)
    store.close()


@pytest.mark.parametrize("result", [Result.NORMAL, Result.ALREADY_KNOWN])
def test_what_leaves_nothing_open_does_not(store, result):
    kept(store, Outcome(result))
    assert store.hearing.awaited() == []


def test_every_outcome_there_is_was_thought_of():
    said = {one.result for one in OPEN.values()} | {Result.NORMAL, Result.ALREADY_KNOWN}
    assert said == {None, *Result}


def test_a_referral_that_is_open_beside_a_retest_is_told(store):
    verdicts = Verdicts(Verdict.NOT_MET, Verdict.MET, Verdict.NOT_DECIDED)
    kept(store, replace(RETEST, verdicts=verdicts, missing=GAP))
    (line,) = store.hearing.awaited()
    assert (line.may_refer, line.due(date(2027, 1, 19))) == (True, Due.OVERDUE)


# --- a test that was begun and never saved -------------------------------------------------


def test_a_session_that_was_left_stands_on_the_list_after_a_restart(opens):
    store = opens()
    keep(store, begun(Kind.HEARD, Kind.HEARD))
    store.close()
    store = opens()
    (line,) = store.hearing.awaited()
    assert (line.reason, line.visit_id, len(line.missing)) == (Reason.NOT_COMPLETED, None, 8)
    store.close()


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        (begun(Kind.HEARD), Reason.NOT_COMPLETED),
        (begun(end=End.REFUSED), Reason.NOT_COMPLETED),
        (begun(*[Kind.HEARD] * 10), Reason.NOT_SAVED),
    ],
    ids=["one-answer", "refused-at-once", "every-tone"],
)
def test_a_session_that_is_dropped_leaves_its_child_on_the_list(opens, test, reason):
    store = opens()
    keep(store, test)
    store.hearing.drop([test.id], "anne")
    assert kinds(store) == ["hearing-dropped"]
    store.close()
    store = opens()
    assert store.hearing.sessions() == []
    assert reasons(store) == [reason]
    store.hearing.settle_retest(test.id, "anne", Settled.DECLINED)
    assert store.hearing.awaited() == []
    assert kinds(store) == ["hearing-dropped", "retest-settled"]
    store.close()


def test_a_session_without_an_answer_was_not_begun(store):
    keep(store, begun())
    assert store.hearing.awaited() == []


def test_settling_a_session_forgets_it(store):
    test = keep(store, begun(Kind.HEARD))
    store.hearing.settle_retest(test.id, "anne", Settled.MISTAKE)
    assert (store.hearing.awaited(), store.hearing.sessions()) == ([], [])
    assert kinds(store) == ["retest-settled"]


def test_a_session_that_is_saved_stands_there_for_what_it_says(store):
    test = keep(store, begun(Kind.HEARD))
    of = heard(replace(hearing_test(REFER), id=test.id))
    save(store, of, test.id)
    assert reasons(store) == [Reason.REFER]


def test_a_session_dropped_after_a_whole_test_is_answered_by_it(store):
    test = keep(store, begun(Kind.HEARD))
    later = kept(store, NORMAL, at=NOW + timedelta(days=1))
    store.hearing.drop([test.id], "anne")
    assert store.hearing.awaited() == []
    store.save_change(change(later, ChangeKind.WITHDRAWN), [], None)
    assert reasons(store) == [Reason.NOT_COMPLETED]


# --- a later test --------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [one for one in OPEN if one is not Reason.REFER])
def test_a_later_test_that_is_passed_takes_the_place_of_what_was_open(store, reason):
    kept(store, OPEN[reason])
    kept(store, NORMAL, at=NOW + timedelta(days=30))
    assert store.hearing.awaited() == []


def test_a_referral_is_settled_by_a_person_alone(store):
    saved = kept(store, REFER)
    kept(store, NORMAL, at=NOW + timedelta(days=30))
    assert reasons(store) == [Reason.REFER]
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.REFERRED)
    assert store.hearing.awaited() == []


def test_a_later_test_that_says_nothing_leaves_the_retest_where_it_was(store):
    kept(store, RETEST)
    kept(store, OPEN[Reason.NOT_TESTABLE], at=NOW + timedelta(days=30))
    assert set(reasons(store)) == {Reason.RETEST, Reason.NOT_TESTABLE}


def test_a_file_from_before_answers_for_nothing(store):
    kept(store, RETEST)
    kept(store, NORMAL, at=NOW - timedelta(days=7))
    assert reasons(store) == [Reason.RETEST]


@pytest.mark.parametrize("kind", [ChangeKind.WITHDRAWN, ChangeKind.WRONG_CHILD])
def test_taking_the_later_test_back_puts_the_child_on_the_list_again(store, kind):
    kept(store, RETEST)
    later = kept(store, NORMAL, at=NOW + timedelta(days=30))
    anew = moved(later, uuid7(), child("Ada", OTHER_NUMBER), NOW, uuid7)
    right = (anew, [message(anew)]) if kind is ChangeKind.WRONG_CHILD else None
    store.save_change(change(later, kind), [], right)
    (line,) = store.hearing.awaited()
    assert (line.reason, line.given_name) == (Reason.RETEST, "Per")


# --- corrections and moves -----------------------------------------------------------------


def test_a_correction_that_makes_it_worse_puts_the_child_on_the_list(store):
    saved = kept(store, NORMAL)
    wrong = replace(saved.hearing[0], outcome=REFER)
    store.save_change(change(saved, ChangeKind.CORRECTED, wrong), [], None)
    assert reasons(store) == [Reason.REFER]


def test_a_settled_child_is_asked_about_again_if_the_outcome_becomes_another(store):
    saved = kept(store, RETEST)
    (test,) = saved.hearing
    store.hearing.settle_retest(test.id, "anne", Settled.DECLINED)
    same = replace(test, false_answers=1)
    store.save_change(change(saved, ChangeKind.CORRECTED, same), [], None)
    assert store.hearing.awaited() == []
    store.save_change(change(saved, ChangeKind.CORRECTED, replace(test, outcome=REFER)), [], None)
    assert reasons(store) == [Reason.REFER]


def test_what_was_settled_for_the_wrong_child_is_open_for_the_right_one(store):
    saved = kept(store, REFER)
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.REFERRED)
    right = moved(saved, uuid7(), child("Ada", OTHER_NUMBER), NOW, uuid7)
    store.save_change(change(saved, ChangeKind.WRONG_CHILD), [], (right, [message(right)]))
    (line,) = store.hearing.awaited()
    assert (line.given_name, line.visit_id) == ("Ada", right.id)


@pytest.mark.parametrize("settled", [False, True])
def test_a_child_that_gets_its_number_stands_there_as_before(store, settled):
    saved = kept(store, REFER, number="")
    if settled:
        store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.REFERRED)
    anew = moved(saved, uuid7(), child("Per", NUMBER), NOW, uuid7)
    store.save_change(change(saved, ChangeKind.NUMBERED), [], (anew, [message(anew)]))
    assert [line.visit_id for line in store.hearing.awaited()] == ([] if settled else [anew.id])


def test_a_withdrawn_visit_is_off_the_list_and_its_session_too(store):
    saved = kept(store, REFER)
    store.save_change(change(saved, ChangeKind.WITHDRAWN), [], None)
    assert store.hearing.awaited() == []
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.MISTAKE)
    assert "retest-settled" not in kinds(store)


# --- forgetting ----------------------------------------------------------------------------


def delivered(store):
    item = store.claim(now_utc())
    while item is not None:
        item = store.settle(item.id, Done("Observation/1"), now_utc())


def rows(store):
    return store._read(lambda c: c.execute(select(t.follow_up)).all())


def test_the_child_stays_on_the_list_when_its_visit_is_forgotten(store):
    saved = kept(store, REFER)
    delivered(store)
    assert store.purge(now_utc() + timedelta(days=40)) == 1
    (line,) = store.hearing.awaited()
    assert (line.visit_id, line.reason, line.given_name) == (None, Reason.REFER, "Per")
    store.hearing.settle_retest(saved.hearing[0].id, "anne", Settled.REFERRED)
    store.purge(now_utc() + timedelta(days=80))
    assert rows(store) == []


def test_a_retest_stays_on_the_list_when_nobody_came_in_time(store):
    kept(store, RETEST)
    delivered(store)
    assert store.purge(datetime(2030, 1, 1, tzinfo=UTC), 30) == 1
    assert reasons(store) == [Reason.RETEST]
    assert store.hearing.before(NUMBER, NOW + timedelta(days=1)) == (NOW, True)


def test_what_is_settled_or_taken_out_is_forgotten_with_its_visit(store):
    first = kept(store, REFER)
    store.hearing.settle_retest(first.hearing[0].id, "anne", Settled.REFERRED)
    second = kept(store, REFER, "Ada", OTHER_NUMBER)
    delivered(store)
    store.save_change(change(second, ChangeKind.WITHDRAWN), [], None)
    delivered(store)
    assert store.purge(now_utc() + timedelta(days=40)) == 2
    assert rows(store) == []


def test_what_a_later_test_answers_is_forgotten_with_that(store):
    kept(store, RETEST)
    delivered(store)
    kept(store, NORMAL, at=NOW + timedelta(days=1))
    assert store.purge(now_utc() + timedelta(days=40)) == 1
    assert len(rows(store)) == 1
    delivered(store)
    assert store.purge(now_utc() + timedelta(days=40)) == 1
    assert rows(store) == []


# --- a store from before -------------------------------------------------------------------


def test_a_store_from_before_gets_the_children_that_stood_on_no_list(tmp_path, key, monkeypatch):
    monkeypatch.setattr(t, "SCHEMA_VERSION", "0007")
    samples = [
        ("Per", NUMBER, Result.NOT_COMPLETED, None, None),
        ("Ada", OTHER_NUMBER, Result.RETEST, "2027-01-18", None),
        ("Liv", "", Result.RETEST, "2027-01-18", 1),
        ("Ola", "", Result.NORMAL, None, None),
    ]
    writing = engine.writing_engine(tmp_path / FILE_NAME, key)
    with writing.begin() as connection:
        schema.migrate(connection)
        audit.begin(connection)
        connection.execute(insert(t.meta), {"key": schema.MODE, "value": "real"})
        for name, number, result, until, settled in samples:
            of = heard(hearing_test(Outcome(result)), name=name, number=number)
            connection.execute(insert(t.visit), visits._visit_row(of, visits._digest(of), NOW))
            data = data_of(of.hearing[0])
            del data["outcome"]["verdicts"], data["outcome"]["missing"]
            told = (str(of.hearing[0].id), str(of.id), 0, 1, None, until, settled, "")
            connection.exec_driver_sql(
                f"INSERT INTO hearing_test VALUES ({', '.join('?' * 9)})",
                (*told, json.dumps(data)),
            )
    writing.dispose()
    monkeypatch.undo()
    store = Store.open(tmp_path, key)
    found = {line.given_name: line.reason for line in store.hearing.awaited()}
    assert found == {"Per": Reason.NOT_COMPLETED, "Ada": Reason.RETEST}
    store.close()


def test_of_a_visit_that_was_taken_over_the_testing_station_keeps_the_list(store):
    of = heard(hearing_test(REFER))
    store.take_over(of, lambda _: (), "resepsjon", doubtful=False)
    assert store.visit(of.id) == of
    assert store.hearing.awaited() == []
