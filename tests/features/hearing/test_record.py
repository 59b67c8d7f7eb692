"""A hearing test at the desk: one tap an answer, each kept at once, nothing said too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from drivers.hearing import Ear, Response
from kiosk.desk.hearing_work import EarlierTest, Left
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.change import SaveChange
from kiosk.features.hearing.audiogram import AskUnfinished
from kiosk.features.hearing.begin import AskTestedBefore
from kiosk.features.hearing.steps import ForgetHearing, KeepSession
from kiosk.features.save import SaveVisit
from kiosk.hearing.protocol import shipped
from kiosk.hearing.session import Kind
from kiosk.model.hearing_test import End, Result, Why
from kiosk.model.visit import Change, ChangeKind, ChangeReason
from tests.desk.desk_bench import NOON, TODAY
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.features.hearing.hearing_bench import BLEKINGE, SCREENING, HearingBench

AT_MOST_20 = (Response.HEARD, 20)
UNTESTED = (Response.NOT_TESTED, None)


def test_five_frequencies_on_two_ears_all_heard_take_twelve_touches():
    bench = HearingBench().open()
    touches = [m.BeginHearing(), *(m.AnswerTone(Kind.HEARD) for _ in range(10))]
    bench.send(*touches)
    assert bench.desk.screen is Screen.AUDIOGRAM
    bench.send(m.ConfirmAudiogram())
    assert len(touches) + 1 == 12
    (test,) = bench.desk.visit.hearing
    assert [(one.response, one.threshold) for one in test.tones] == [(Response.HEARD, None)] * 10
    assert test.outcome.result is Result.NORMAL
    assert bench.desk.screen is Screen.MEASURE


def test_every_answer_is_kept_before_the_next_is_asked_for():
    bench = HearingBench().begun()
    assert bench.of(KeepSession) == []
    bench.heard(3)
    kept = bench.of(KeepSession)
    assert [len(effect.test.session.steps) for effect in kept] == [1, 2, 3]
    assert kept[-1].test.child.given_name == "Per"


def test_nothing_joins_the_visit_before_the_drawing_was_confirmed():
    bench = HearingBench().begun().heard(10)
    assert bench.desk.visit.hearing == ()
    bench.send(m.Back(), m.OpenReview())
    assert bench.desk.screen is Screen.MEASURE
    assert bench.desk.front.notice is Notice.HEARING_OPEN


def test_a_key_not_heard_asks_for_the_level_where_the_protocol_needs_one():
    bench = HearingBench(BLEKINGE).begun()
    bench.send(m.AnswerTone(Kind.NOT_HEARD))
    assert bench.desk.hearing.levels
    bench.send(m.GiveLevel(35))
    assert bench.answers[0] == (Response.THRESHOLD, 35)
    assert bench.desk.hearing.place == (Ear.RIGHT, BLEKINGE.order[1])


def test_a_key_not_heard_goes_on_where_heard_or_not_is_all_that_is_asked():
    bench = HearingBench().begun().send(m.AnswerTone(Kind.NOT_HEARD))
    assert bench.answers[0] == (Response.NO_RESPONSE, 20)
    assert bench.desk.hearing.place == (Ear.RIGHT, 2000)
    bench.send(m.PickTone(Ear.RIGHT, 1000))
    assert bench.desk.hearing.levels
    bench.send(m.LeaveLevel())
    assert bench.answers[0] == (Response.NO_RESPONSE, 20)


def test_no_response_is_said_of_the_audiometers_loudest():
    bench = HearingBench(BLEKINGE).begun()
    bench.send(m.AnswerTone(Kind.NOT_HEARD), m.GiveNoResponse())
    assert bench.answers[0] == (Response.NO_RESPONSE, 90)


@pytest.mark.parametrize("level", [99, 999, 95, 22, -15])
def test_a_level_that_no_audiometer_has_is_refused(level):
    bench = HearingBench().begun().send(m.OpenLevels(strips=True), m.GiveLevel(level))
    assert bench.answers[0] == UNTESTED
    assert bench.desk.front.notice is Notice.LEVEL_REFUSED


def test_a_level_is_not_taken_while_only_heard_or_not_is_asked():
    bench = HearingBench().begun().send(m.GiveLevel(20), m.GiveNoResponse())
    assert bench.answers[0] == UNTESTED


def test_given_once_more_answers_nothing_and_stays_at_the_tone():
    bench = HearingBench().begun().send(m.AnswerTone(Kind.AGAIN))
    assert bench.answers[0] == UNTESTED
    assert bench.desk.hearing.place == (Ear.RIGHT, 1000)
    bench.heard(1)
    assert bench.desk.hearing.place == (Ear.RIGHT, 2000)


def test_undo_takes_back_one_answer_also_from_the_drawing():
    bench = HearingBench().begun().heard(10).send(m.UndoAnswer())
    assert bench.desk.screen is Screen.HEARING_RECORD
    assert bench.desk.hearing.place == (Ear.LEFT, 500)
    assert len(bench.last(KeepSession).test.session.steps) == 9


def test_the_ears_change_places_in_one_step_that_is_kept_and_undone():
    bench = HearingBench().begun().send(m.AnswerTone(Kind.NOT_HEARD)).heard(9)
    bench.send(m.SwapEars())
    assert bench.answers[5] == (Response.NO_RESPONSE, 20)
    assert bench.last(KeepSession).test.session.steps[-1].kind is Kind.SWAP
    bench.send(m.UndoAnswer())
    assert bench.answers[0] == (Response.NO_RESPONSE, 20)
    assert bench.desk.screen is Screen.AUDIOGRAM


def test_catch_trials_stand_with_the_result():
    bench = HearingBench().begun().heard(4)
    bench.send(m.AnswerCatch(answered=True), m.AnswerCatch(answered=False))
    bench.heard(6).send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert (test.catch_trials, test.false_answers) == (2, 1)


def test_a_test_that_is_broken_off_keeps_its_reason_and_what_was_heard():
    bench = HearingBench().begun().heard(3).send(m.StopHearing(), m.EndHearing(End.TIRED))
    assert bench.desk.screen is Screen.AUDIOGRAM
    bench.send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert test.end is End.TIRED
    assert [one.response for one in test.tones].count(Response.NOT_TESTED) == 7
    assert test.outcome.result is Result.NOT_COMPLETED


def test_a_child_that_would_not_be_tested_is_documented():
    bench = HearingBench().begun().send(m.StopHearing(), m.EndHearing(End.REFUSED))
    bench.send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert test.end is End.REFUSED


def test_back_from_a_broken_off_test_lets_it_go_on():
    bench = HearingBench().begun().heard(3).send(m.StopHearing(), m.EndHearing(End.NOISE), m.Back())
    assert bench.desk.screen is Screen.HEARING_RECORD
    assert bench.desk.hearing.session.end is None


@pytest.mark.parametrize(
    ("protocol", "why"),
    [(replace(SCREENING, approved_by=""), Why.GAPS), (replace(SCREENING, passes=None), Why.GAPS)],
)
def test_without_a_signature_or_a_criterion_no_outcome_is_stated(protocol, why):
    bench = HearingBench(protocol).begun().heard(10).send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert (test.outcome.result, test.outcome.why) == (None, why)


def test_a_protocol_without_tones_is_filled_in_first():
    bench = HearingBench(shipped()["no-4y"]).begun()
    assert bench.desk.screen is Screen.HEARING
    assert bench.desk.front.notice is Notice.PROTOCOL_EMPTY


def test_a_hearing_that_is_known_is_a_persons_word():
    bench = HearingBench().begun().heard(10).send(m.SetKnown(known=True), m.ConfirmAudiogram())
    assert bench.desk.visit.hearing[0].outcome.result is Result.ALREADY_KNOWN


def test_a_retest_has_its_days():
    bench = HearingBench().begun().send(m.AnswerTone(Kind.NOT_HEARD)).heard(9)
    outcome = bench.desk.hearing.outcome(TODAY)
    assert (outcome.result, outcome.retest_from, outcome.retest_until) == (
        Result.RETEST,
        TODAY + timedelta(days=28),
        TODAY + timedelta(days=56),
    )


def test_a_child_tested_before_is_offered_as_a_retest_and_both_tests_are_kept():
    bench = HearingBench().begun().heard(10).send(m.ConfirmAudiogram(), m.OpenHearing())
    assert bench.desk.hearing.is_retest
    bench.send(m.BeginHearing()).heard(10).send(m.ConfirmAudiogram())
    first, second = bench.desk.visit.hearing
    assert (first.is_retest, second.is_retest) == (False, True)
    assert first.id != second.id


def test_what_the_store_knows_of_an_earlier_test_proposes_a_retest():
    bench = HearingBench().sign_in().found().send(m.ConfirmChild(), m.OpenHearing())
    asked = bench.last(AskTestedBefore)
    assert (asked.visit_id, asked.since) == (
        bench.desk.visit.id,
        NOON.replace(hour=23, minute=0) - timedelta(days=1),
    )
    before = EarlierTest(NOON - timedelta(days=30), awaited=True)
    bench.send(m.TestedBeforeTold(asked.visit_id, before))
    assert bench.desk.hearing.is_retest


def test_an_answer_about_another_child_is_not_taken():
    bench = HearingBench().open()
    bench.send(m.TestedBeforeTold(UUID(int=1), EarlierTest(NOON, awaited=True)))
    assert not bench.desk.hearing.is_retest


def test_saving_hands_over_the_session_that_became_part_of_the_visit():
    bench = HearingBench().begun().heard(10).send(m.ConfirmAudiogram(), m.OpenReview(), m.Save())
    saved = bench.last(SaveVisit)
    (test,) = saved.visit.hearing
    assert saved.used == (test.id,) == (bench.last(KeepSession).test.id,)
    bench.send(m.VisitSaved(saved.visit.id))
    assert bench.desk.saved.hearing == (test,)


def test_leaving_the_child_drops_what_was_recorded_only_after_a_question():
    bench = HearingBench().begun().heard(2).send(m.Back(), m.Back())
    assert flat(bench.desk).leaving
    bench.send(m.NotThisChild())
    (dropped,) = bench.of(ForgetHearing)
    assert dropped.ids == (bench.last(KeepSession).test.id,)
    assert bench.desk.hearing is None


def test_a_confirmed_audiogram_can_be_removed_before_it_is_saved():
    bench = HearingBench().begun().heard(10).send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    bench.send(m.RemoveHearing(test.id))
    assert bench.desk.visit.hearing == ()
    assert bench.last(ForgetHearing).ids == (test.id,)


def test_the_lock_keeps_a_test_under_way_for_the_same_person_only():
    bench = HearingBench().begun().heard(2).send(m.Lock())
    assert bench.desk.hearing is None
    bench.sign_in("bo")
    assert bench.desk.hearing is None
    other = HearingBench().begun().heard(2).send(m.Lock()).sign_in("anne")
    assert other.answers[:2] == [AT_MOST_20, AT_MOST_20]


# --- after a power cut ---------------------------------------------------------------------


def cut_off(*taps):
    before = HearingBench().begun().heard(3)
    before.send(*taps)
    return Left(NOON, before.last(KeepSession).test)


def test_a_test_that_was_cut_off_is_offered_at_sign_in_and_gone_on_with():
    left = cut_off()
    bench = HearingBench().sign_in()
    assert bench.of(AskUnfinished)
    bench.send(m.UnfinishedListed((left,)))
    assert flat(bench.desk).unfinished == (left,)
    bench.send(m.ResumeHearing(left.id))
    assert bench.desk.screen is Screen.HEARING_RECORD
    assert bench.answers[:4] == [AT_MOST_20] * 3 + [UNTESTED]
    assert bench.desk.visit.child.given_name == "Per"
    bench.heard(7).send(m.ConfirmAudiogram())
    assert bench.desk.visit.hearing[0].id == left.id
    assert bench.desk.visit.hearing[0].outcome.result is Result.NORMAL


def test_one_that_was_cut_off_on_its_drawing_comes_back_there():
    left = cut_off(*(m.AnswerTone(Kind.HEARD) for _ in range(7)))
    bench = HearingBench().sign_in().send(m.UnfinishedListed((left,)), m.ResumeHearing(left.id))
    assert bench.desk.screen is Screen.AUDIOGRAM


def test_it_is_dropped_only_when_a_person_says_so():
    left = cut_off()
    bench = HearingBench().sign_in().send(m.UnfinishedListed((left,)), m.Back())
    assert flat(bench.desk).unfinished == ()
    assert not bench.of(ForgetHearing)
    bench.send(m.Lock()).sign_in().send(m.UnfinishedListed((left,)), m.DropHearing(left.id))
    assert bench.last(ForgetHearing).ids == (left.id,)


def test_one_that_is_open_behind_the_lock_is_not_offered_twice():
    bench = HearingBench().begun().heard(2)
    here = Left(NOON, bench.last(KeepSession).test)
    bench.send(m.UnfinishedListed((here,)))
    assert flat(bench.desk).unfinished == ()


def test_a_protocol_that_changed_since_states_no_outcome_for_the_old_answers():
    left = cut_off()
    bench = HearingBench(replace(SCREENING, hash="cd" * 32)).sign_in()
    bench.send(m.UnfinishedListed((left,)), m.ResumeHearing(left.id)).heard(7)
    bench.send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert (test.outcome.result, test.outcome.why) == (None, Why.GAPS)
    assert test.followed.hash == SCREENING.hash


# --- ways back -----------------------------------------------------------------------------


def saved_bench() -> HearingBench:
    bench = HearingBench().begun().send(m.AnswerTone(Kind.NOT_HEARD)).heard(9)
    bench.send(m.ConfirmAudiogram(), m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id), m.OpenChange())
    return bench


def corrected(bench: HearingBench) -> Change:

    bench.send(m.ConfirmChange(ChangeReason.MISTYPED))
    return bench.last(SaveChange).change


def test_a_wrong_answer_of_a_saved_test_is_put_right_with_a_reason():
    bench = saved_bench()
    (test,) = bench.desk.changing.saved.hearing
    bench.send(m.CorrectHearing(test.id))
    assert bench.desk.screen is Screen.AUDIOGRAM
    bench.send(m.PickTone(Ear.RIGHT, 1000), m.LeaveLevel(), m.PickTone(Ear.RIGHT, 1000))
    bench.send(m.GiveLevel(20))
    bench.send(m.ConfirmAudiogram())
    assert bench.desk.screen is Screen.CHANGE
    change = corrected(bench)
    assert change.kind is ChangeKind.CORRECTED
    (new,) = change.hearing
    assert new.id == test.id
    assert new.tones[0].threshold == 20
    assert new.outcome.result is Result.NORMAL
    assert not bench.of(KeepSession)[10:]


def test_swapped_ears_of_a_saved_test_are_put_right():
    bench = saved_bench()
    (test,) = bench.desk.changing.saved.hearing
    bench.send(m.CorrectHearing(test.id), m.SwapEars(), m.ConfirmAudiogram())
    (new,) = corrected(bench).hearing
    assert new.tones[5].response is Response.NO_RESPONSE


def test_a_correction_is_judged_anew_although_a_tone_is_missing():
    bench = HearingBench(BLEKINGE).begun().heard(4).send(m.AnswerTone(Kind.SKIPPED)).heard(5)
    bench.send(m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert (test.outcome.result, test.unfinished) == (Result.NOT_COMPLETED, True)
    bench.send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id), m.OpenChange())
    bench.send(m.CorrectHearing(test.id), m.PickTone(Ear.LEFT, 2000), m.GiveLevel(60))
    # The missing tone is asked for again; it stays as it was.
    bench.send(m.AnswerTone(Kind.SKIPPED), m.ConfirmAudiogram())
    (new,) = corrected(bench).hearing
    assert (new.outcome.result, new.outcome.missing) == (Result.REFER, ((Ear.RIGHT, 500),))


def test_a_correction_that_changes_nothing_is_refused():
    bench = saved_bench()
    (test,) = bench.desk.changing.saved.hearing
    bench.send(m.CorrectHearing(test.id), m.ConfirmAudiogram())
    assert bench.desk.front.notice is Notice.HEARING_SAME
    bench.send(m.Back())
    assert bench.desk.screen is Screen.CHANGE


def test_hearing_is_not_offered_where_there_is_no_audiometer():
    bench = HearingBench()
    bench.desk = made(bench.desk, audiometer=None)
    bench.sign_in().child()
    bench.send(m.OpenHearing())
    assert bench.desk.screen is Screen.MEASURE
    assert not bench.of(AskUnfinished)


def test_the_protocol_of_the_childs_age_is_proposed_where_none_is_configured():
    school = replace(SCREENING, id="skole", ages_months=(72, 96))
    bench = HearingBench(school, SCREENING)
    bench.desk = made(bench.desk, audiometer=replace(bench.desk.station.audiometer, protocol=""))
    bench.open()
    assert bench.desk.hearing.protocol.id == "no-4y"
    bench.send(m.OpenProtocols(), m.ChooseProtocol("skole"))
    assert bench.desk.hearing.protocol.id == "skole"
