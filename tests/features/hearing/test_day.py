"""Checks, retests and protocols at the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.hearing.check import AskQuality, RecordCheck
from kiosk.features.hearing.follow_up import AskRetests, TakeOffList
from kiosk.features.hearing.protocol import KeepProtocol
from kiosk.features.today import ReadVisit
from kiosk.hearing.filling import draft_of
from kiosk.hearing.follow_up import Awaited, Reason, Settled
from kiosk.hearing.protocol import PassRule, shipped
from kiosk.hearing.quality import EARS, CheckKind, Doubt, Quality
from tests.desk.desk_bench import NOON, TODAY
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.features.hearing.hearing_bench import SCREENING, HearingBench

EMPTY = shipped()["no-4y"]


def all_tones():
    return [m.AnswerCheck(ear, hz) for ear in EARS for hz in SCREENING.order]


def test_the_listening_check_takes_one_touch_a_tone_and_is_kept_by_name():
    bench = HearingBench().sign_in()
    bench.send(m.OpenMenu(), m.OpenCheck(CheckKind.LISTENING), *all_tones(), m.KeepCheck())
    kept = bench.last(RecordCheck).check
    assert (kept.user_id, kept.whole, kept.failed) == ("anne", True, ())
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.front.notice is Notice.CHECK_KEPT


def test_a_touch_again_says_that_a_tone_is_wrong_and_a_third_takes_it_back():
    bench = HearingBench().sign_in().send(m.OpenCheck(CheckKind.LISTENING))
    one = all_tones()[0]
    heard = []
    for _ in range(3):
        bench.send(one)
        heard.append(flat(bench.desk).check.heard.get((one.ear, one.hz)))
    assert heard == [True, False, None]


def test_a_check_that_is_not_whole_is_not_kept():
    bench = HearingBench().sign_in().send(m.OpenCheck(CheckKind.LISTENING), *all_tones()[:9])
    bench.send(m.KeepCheck())
    assert bench.desk.front.notice is Notice.CHECK_INCOMPLETE
    assert not bench.of(RecordCheck)


def test_from_the_test_of_a_child_it_leads_back_to_it_with_the_day_asked_anew():
    bench = HearingBench().open().send(m.OpenCheck(CheckKind.ROOM), *all_tones(), m.KeepCheck())
    assert bench.desk.screen is Screen.HEARING
    assert bench.desk.visit is not None
    assert len(bench.of(AskQuality)) == 2
    bench.send(m.QualityTold(Quality((Doubt.CALIBRATION_SOON,))))
    assert bench.desk.station.quality.doubts == (Doubt.CALIBRATION_SOON,)


def test_the_kind_of_check_can_be_changed_on_its_page():
    bench = HearingBench().open().send(m.OpenCheck(CheckKind.LISTENING))
    bench.send(m.OpenCheck(CheckKind.ROOM), m.Back())
    assert bench.desk.screen is Screen.HEARING


def awaited(number: int) -> Awaited:
    return Awaited(
        UUID(int=number),
        UUID(int=number + 50),
        "Per",
        TODAY,
        NOON,
        TODAY - timedelta(days=1),
        TODAY,
    )


def test_the_list_of_retests_opens_a_visit_and_lets_a_child_go():
    bench = HearingBench().sign_in().send(m.OpenMenu(), m.OpenRetests())
    assert bench.of(AskRetests)
    bench.send(m.RetestsListed((awaited(1), awaited(2))))
    bench.send(m.SettleRetest(UUID(int=2)), m.SettleRetest(UUID(int=9)))
    bench.send(m.ChooseSettled(Settled.REFERRED), m.ConfirmSettled())
    (settled,) = bench.of(TakeOffList)
    assert (settled.id, settled.user_id) == (UUID(int=2), "anne")
    assert settled.reason is Settled.REFERRED
    assert flat(bench.desk).settling is None
    bench.send(m.ShowRetest(UUID(int=51)))
    assert bench.last(ReadVisit).visit_id == UUID(int=51)
    assert flat(bench.desk).reading == UUID(int=51)


def test_nobody_is_taken_off_the_list_without_a_reason():
    bench = HearingBench().sign_in().send(m.OpenRetests(), m.RetestsListed((awaited(1),)))
    bench.send(m.SettleRetest(UUID(int=1)), m.ConfirmSettled())
    assert flat(bench.desk).settling is not None
    bench.send(m.Back(), m.ChooseSettled(Settled.MISTAKE), m.ConfirmSettled())
    assert bench.desk.screen is Screen.RETESTS
    assert not bench.of(TakeOffList)


def test_locking_forgets_what_was_about_to_be_settled():
    bench = HearingBench().sign_in().send(m.OpenRetests(), m.RetestsListed((awaited(1),)))
    bench.send(m.SettleRetest(UUID(int=1)), m.ChooseSettled(Settled.MISTAKE), m.Lock())
    assert flat(bench.desk).settling is None
    bench.send(m.ConfirmSettled())
    assert not bench.of(TakeOffList)


def test_a_test_that_is_open_here_was_not_left():
    bench = HearingBench().begun().heard(3)
    session = bench.desk.hearing.session.id
    bench.desk = made(bench.desk, kept=bench.desk, hearing=None, visit=None)
    bench.desk = made(bench.desk, screen=Screen.RETESTS)
    left = replace(awaited(1), id=session, visit_id=None, reason=Reason.NOT_COMPLETED)
    bench.send(m.RetestsListed((left, awaited(2))))
    assert [one.id for one in flat(bench.desk).awaited] == [UUID(int=2)]


def test_a_list_that_comes_late_is_not_shown_elsewhere():
    bench = HearingBench().sign_in().send(m.OpenRetests(), m.Back())
    bench.send(m.RetestsListed((awaited(1),)))
    assert flat(bench.desk).awaited is None


# --- filling in and signing a protocol -----------------------------------------------------


def approver(protocol=EMPTY) -> HearingBench:
    bench = HearingBench(protocol)
    bench.desk = made(
        bench.desk, audiometer=replace(bench.desk.station.audiometer, approvers=("anne",))
    )
    return bench.open().send(m.OpenProtocol())


def test_an_empty_protocol_is_filled_in_and_signed_on_the_screen():
    bench = approver()
    bench.send(*(m.ToggleFrequency(hz) for hz in (1000, 2000, 4000)))
    bench.send(m.SetScreeningLevel(20), m.SetMissing(0), m.SetRetestWeeks((4, 8)))
    bench.send(m.SetReferTo("hørselssentralen"), m.SignProtocol())
    kept = bench.last(KeepProtocol)
    assert (kept.approved_by, kept.approved_on, kept.user_id) == ("Anne", TODAY, "anne")
    draft = kept.draft
    assert (draft.order, set(draft.level.values())) == ((1000, 2000, 4000), {20})
    assert draft.passes.rule is PassRule.ALL
    assert (draft.retest.after_days_min, draft.retest.after_days_max) == (28, 56)
    assert draft.refer.to == "hørselssentralen"


def test_a_further_frequency_joins_at_the_level_of_the_others():
    bench = approver().send(m.ToggleFrequency(1000), m.SetScreeningLevel(25))
    bench.send(m.ToggleFrequency(500))
    assert flat(bench.desk).filling.level[500] == 25


def test_what_lacks_something_is_told_and_not_signed():
    bench = approver().send(m.ToggleFrequency(1000), m.SignProtocol())
    assert bench.desk.front.notice is Notice.PROTOCOL_LACKS
    assert not bench.of(KeepProtocol)


def test_somebody_who_does_not_stand_for_it_changes_nothing():
    bench = HearingBench(SCREENING).open().send(m.OpenProtocol())
    bench.send(m.ToggleFrequency(1000), m.SetMissing(2), m.SignProtocol())
    assert flat(bench.desk).filling == draft_of(SCREENING)
    assert bench.desk.front.notice is Notice.NOT_AN_APPROVER
    assert not bench.of(KeepProtocol)


def test_what_is_not_offered_changes_nothing():
    bench = approver(SCREENING).send(m.ToggleFrequency(1234), m.SetScreeningLevel(99))
    assert flat(bench.desk).filling == draft_of(SCREENING)


def test_the_signed_protocol_is_followed_by_the_test_that_is_about_to_begin():
    bench = approver().send(m.ProtocolsChanged((SCREENING,)))
    assert bench.desk.screen is Screen.HEARING
    assert bench.desk.hearing.protocol is SCREENING
    bench.send(m.BeginHearing())
    assert bench.desk.screen is Screen.HEARING_RECORD


def test_leaving_without_a_signature_drops_what_was_filled_in():
    bench = approver().send(m.ToggleFrequency(1000), m.Back())
    assert bench.desk.screen is Screen.HEARING
    assert flat(bench.desk).filling is None
    assert bench.desk.hearing.protocol is EMPTY
