"""A save that does not come is said in time, until it comes after all; nothing is saved twice."""

import pytest

from kiosk.desk.drafts import ChangeDraft, SavedVisit
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.save import SaveVisit
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made


def saving() -> Bench:
    bench = Bench().measuring().scale("0.000", "8.420").take()
    bench.send(m.OpenReview(), m.Save())
    assert bench.desk.visit is not None
    assert bench.desk.visit.saving
    return bench


def pass_time(bench: Bench, seconds: float) -> Bench:
    for _ in range(round(seconds)):
        bench.now += 1
        bench.send(m.Tick())
    return bench


def bench_within() -> int:
    return round(Bench().rules.save_within)


def test_a_quick_save_is_never_called_late():
    assert pass_time(saving(), bench_within() - 1).desk.front.notice is None


def test_a_late_save_is_said_and_touching_again_saves_nothing_twice():
    bench = pass_time(saving(), bench_within() + 2)
    assert (bench.desk.screen, bench.desk.front.notice) == (Screen.REVIEW, Notice.SAVE_LATE)
    bench.send(m.Save(), m.Save(), m.DismissNotice())
    pass_time(bench, 1)
    assert bench.desk.front.notice is Notice.SAVE_LATE
    assert len(bench.of(SaveVisit)) == 1
    assert bench.desk.visit is not None
    bench.send(m.VisitSaved(bench.desk.visit.id))
    assert (bench.desk.screen, bench.desk.front.notice) == (Screen.DONE, None)
    assert pass_time(bench, 20).desk.front.notice is None


def test_a_late_save_that_is_refused_after_all_gives_its_reason_and_may_be_tried_again():
    bench = pass_time(saving(), bench_within() + 2)
    assert bench.desk.visit is not None
    bench.send(m.VisitNotSaved(bench.desk.visit.id, Notice.DISK_FULL))
    assert bench.desk.front.notice is Notice.DISK_FULL
    bench.send(m.Save())
    assert pass_time(bench, bench_within() - 1).desk.front.notice is None
    assert pass_time(bench, 3).desk.front.notice is Notice.SAVE_LATE


def test_a_session_that_locks_meanwhile_still_says_it_and_gives_the_place_to_a_pin():
    bench = pass_time(saving(), Bench().rules.lock_after + 1)
    assert (bench.desk.screen, bench.desk.front.notice) == (Screen.LOCK, Notice.SAVE_LATE)
    bench.send(m.ChooseUser("anne"))
    bench.send(m.PinChecked("anne", right=False, tries_left=3))
    pass_time(bench, 1)
    assert bench.desk.front.notice is not Notice.SAVE_LATE
    assert flat(bench.desk).kept is not None
    assert flat(bench.desk).kept.visit is not None
    bench.send(m.DismissNotice())
    assert pass_time(bench, 1).desk.front.notice is Notice.SAVE_LATE
    bench.send(m.VisitSaved(flat(bench.desk).kept.visit.id))
    assert pass_time(bench, 1).desk.front.notice is None


def test_a_late_correction_is_said_too():
    bench = saving()
    visit = bench.desk.visit
    assert visit is not None
    saved = SavedVisit(visit.id, visit.child, visit.age_days, visit.drafts)
    changing = ChangeDraft(saved, saving=True)
    bench.desk = made(bench.desk, visit=None, changing=changing, screen=Screen.CHANGE)
    assert pass_time(bench, bench_within() + 2).desk.front.notice is Notice.SAVE_LATE
    bench.send(m.ChangeNotSaved(visit.id, Notice.CHANGE_NOT_SAVED))
    assert pass_time(bench, 3).desk.front.notice is Notice.CHANGE_NOT_SAVED


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_stopped_is_said_until_all_live_again(signed_in):
    bench = Bench().sign_in() if signed_in else Bench()
    bench.send(m.PartsTold(Notice.PART_STOPPED))
    assert bench.desk.front.notice is Notice.PART_STOPPED
    bench.send(m.DismissNotice(), m.Tick())
    assert bench.desk.front.notice is Notice.PART_STOPPED
    bench.send(m.Trouble(Notice.DISK_LOW), m.Tick())
    assert bench.desk.front.notice is Notice.DISK_LOW
    bench.send(m.DismissNotice(), m.Tick())
    assert bench.desk.front.notice is Notice.PART_STOPPED
    bench.send(m.PartsTold(None), m.Tick())
    assert (bench.desk.front.notice, bench.desk.station.parts) == (None, None)


def test_it_is_still_said_after_somebody_signed_in_again():
    bench = pass_time(saving(), 1)
    bench.send(m.Lock(), m.PartsTold(Notice.RESTARTS_AGAIN))
    bench.sign_in().send(m.DismissNotice(), m.Tick())
    assert bench.desk.front.notice is Notice.RESTARTS_AGAIN
