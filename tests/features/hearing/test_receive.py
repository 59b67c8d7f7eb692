"""A result from the audiometer: kept at once, given to a child by a person, never to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from drivers.audiogram_files.imported import Concern, FileFormat, FilePatient, FileRemark, Imported
from drivers.events import LinkState, LinkStatus, Stamped
from drivers.hearing import Ear, Masking, Response, Tone, ToneRecord, Transducer
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.hearing.receive import AskHeld, HoldRecord, RejectFile, arrivals, key_of
from kiosk.features.hearing.steps import ForgetHearing
from kiosk.features.save import SaveVisit
from kiosk.hearing.waiting_files import WaitingFile
from kiosk.model.hearing_test import Origin
from tests.desk.desk_bench import NOON, NUMBER
from tests.desk.every import messages as m
from tests.desk.flat_desk import made
from tests.features.hearing.hearing_bench import HearingBench

OTHER = "18912650053"
HZ = (1000, 2000, 4000, 6000, 500)


def tones(ear: Ear, level: int = 15) -> tuple[Tone, ...]:
    return tuple(
        Tone(ear, Transducer.HEADPHONE, hz, Response.THRESHOLD, Decimal(level), Masking.NONE)
        for hz in HZ
    )


BOTH = ToneRecord((*tones(Ear.RIGHT), *tones(Ear.LEFT, 20)), raw=b"\x02both\x03")


def sent(record: ToneRecord = BOTH, link: str = "audiometer") -> Stamped:
    return Stamped(record, link, "gsi-38", "1", 1, 100.0, NOON)


def armed(number: str = NUMBER) -> HearingBench:
    bench = HearingBench()
    bench.desk = made(
        bench.desk, audiometer=replace(bench.desk.station.audiometer, cable=True, inbox=True)
    )
    bench.sign_in()
    if number:
        bench.found().send(m.ConfirmChild())
    else:
        bench.child()
    return bench.send(m.OpenHearing(), m.OpenReceive())


def file(patient: str = NUMBER, *records: ToneRecord, **more: object) -> WaitingFile:
    born = date(2026, 1, 10) if patient == NUMBER else None
    imported = Imported(
        FileFormat.NOAH, FilePatient(patient, "Kari", born), records or (BOTH,), **more
    )
    return WaitingFile("ab" * 32, "x.xml", NOON, imported)


def test_what_comes_for_the_armed_child_is_kept_and_drawn_at_once():
    bench = armed().send(sent())
    (held,) = bench.of(HoldRecord)
    assert bench.desk.screen is Screen.AUDIOGRAM
    bench.send(m.ConfirmAudiogram(), m.OpenReview(), m.Save())
    saved = bench.last(SaveVisit)
    (test,) = saved.visit.hearing
    assert (test.origin, test.raw) == (Origin.CABLE, (BOTH.raw,))
    assert set(test.tones) == set(BOTH.tones)
    assert held.record.id in saved.used


def test_nothing_of_it_is_in_the_visit_before_the_drawing_was_confirmed():
    bench = armed().send(sent(), m.Back())
    assert bench.desk.screen is Screen.RECEIVE
    assert bench.desk.visit.hearing == ()
    assert len(arrivals(bench.desk)) == 1


@pytest.mark.parametrize("screen", ["lock", "find", "measure"])
def test_what_comes_while_nobody_is_armed_waits_without_a_child(screen):
    bench = armed()
    bench.send(m.Back(), m.Back())
    if screen == "lock":
        bench.send(m.Lock())
    elif screen == "find":
        bench.send(m.Back())
    before = bench.desk.screen
    bench.send(sent())
    assert bench.desk.screen is before
    assert len(bench.of(HoldRecord)) == 1


def test_what_waited_is_taken_by_a_person_and_goes_with_the_visit():
    bench = armed().send(m.Back()).send(sent()).send(m.OpenReceive())
    assert bench.of(AskHeld)
    (one,) = arrivals(bench.desk)
    bench.send(m.TakeArrival(key_of(one)), m.ConfirmAudiogram(), m.OpenReview(), m.Save())
    assert one.id in bench.last(SaveVisit).used


def test_a_record_of_another_child_stops_and_stays():
    bench = armed().send(sent(replace(BOTH, patient=OTHER)))
    assert bench.desk.screen is Screen.RECEIVE
    assert bench.desk.front.notice is Notice.OTHER_CHILD
    assert bench.desk.hearing.received is None
    assert len(arrivals(bench.desk)) == 1


def test_a_running_number_of_the_device_is_no_other_child():
    bench = armed().send(sent(replace(BOTH, patient="0000000012")))
    assert bench.desk.screen is Screen.AUDIOGRAM


def test_a_group_is_looked_at_when_all_of_it_has_come_and_a_repeat_changes_nothing():
    right = ToneRecord(tones(Ear.RIGHT), 1, 2, "7", raw=b"R")
    left = ToneRecord(tones(Ear.LEFT), 2, 2, "8", raw=b"L")
    bench = armed().send(sent(right), sent(right))
    assert bench.desk.screen is Screen.RECEIVE
    bench.send(sent(left))
    assert bench.desk.screen is Screen.AUDIOGRAM
    assert len(bench.desk.hearing.tones) == 10
    bench.send(m.ConfirmAudiogram())
    assert bench.desk.visit.hearing[0].raw == (b"R", b"L")


def test_of_two_answers_a_person_picks_one_before_anything_can_be_confirmed():
    again = replace(BOTH, tones=tones(Ear.RIGHT, 40), sequence="2", raw=b"again")
    bench = armed().send(sent(), sent(again))
    assert bench.desk.hearing.received.undecided == ()
    bench.send(m.AnswerDoubt(bench.desk.station.opening.id, yes=True))
    work = bench.desk.hearing
    assert len(work.received.undecided) == 5
    bench.send(m.ConfirmAudiogram())
    assert bench.desk.visit.hearing == ()
    bench.send(*(m.PickAnswer(1) for _ in range(5)), m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert {tone.threshold for tone in test.tones if tone.ear is Ear.RIGHT} == {Decimal(40)}


def test_the_ears_of_a_received_result_can_change_places():
    bench = armed().send(sent(), m.SwapEars(), m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    assert {tone.threshold for tone in test.tones if tone.ear is Ear.LEFT} == {Decimal(15)}


def test_a_file_of_this_child_is_taken_and_moved_only_after_the_commit():
    bench = armed().send(m.FilesToTake((file(),)))
    (one,) = arrivals(bench.desk)
    bench.send(m.TakeArrival(key_of(one)), m.AnswerDoubt(bench.desk.station.opening.id, yes=True))
    bench.send(m.ConfirmAudiogram(), m.OpenReview(), m.Save())
    saved = bench.last(SaveVisit)
    assert saved.files == ("ab" * 32,)
    assert saved.visit.hearing[0].origin is Origin.FILE
    assert saved.visit.hearing[0].digest == "ab" * 32
    assert not bench.of(RejectFile)


def test_a_file_of_another_child_is_refused_and_left_where_it_is():
    bench = armed().send(m.FilesToTake((file(OTHER),)))
    bench.send(m.TakeArrival(key_of(arrivals(bench.desk)[0])))
    assert bench.desk.screen is Screen.RECEIVE
    assert bench.desk.front.notice is Notice.OTHER_CHILD
    assert not bench.of(RejectFile)
    assert len(arrivals(bench.desk)) == 1


def test_a_file_is_put_aside_only_when_a_person_says_so():
    bench = armed().send(m.FilesToTake((file(OTHER),)))
    bench.send(m.DropArrival(key_of(arrivals(bench.desk)[0])))
    assert (bench.last(RejectFile).digest, bench.last(RejectFile).user_id) == ("ab" * 32, "anne")
    assert arrivals(bench.desk) == ()


def test_a_held_record_is_forgotten_only_when_a_person_says_so():
    bench = armed().send(m.Back(), sent(), m.OpenReceive())
    (one,) = arrivals(bench.desk)
    bench.send(m.DropArrival(key_of(one)))
    assert bench.last(ForgetHearing).ids == (one.id,)


def test_several_tests_in_a_file_are_several_lines():
    older = replace(BOTH, tones=tones(Ear.RIGHT, 30), tested_at=datetime(2025, 3, 1, 9, 0))  # noqa: DTZ001
    one = file(NUMBER, BOTH, older, remarks=(FileRemark(Concern.SEVERAL_TESTS),))
    bench = armed().send(m.FilesToTake((one,)))
    assert len(arrivals(bench.desk)) == 2
    bench.send(m.TakeArrival(key_of(arrivals(bench.desk)[1])))
    bench.send(m.AnswerDoubt(bench.desk.station.opening.id, yes=True), m.ConfirmAudiogram())
    assert len(bench.desk.visit.hearing[0].tones) in {5, 10}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, None),
        (datetime(2026, 11, 20, 9, 0), datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)),
        (datetime(2031, 1, 1, 9, 0), None),  # noqa: DTZ001
    ],
)
def test_the_time_is_what_the_device_says_unless_that_cannot_be(told, expected):
    bench = armed().send(sent(replace(BOTH, tested_at=told)), m.ConfirmAudiogram())
    (test,) = bench.desk.visit.hearing
    if expected is None:
        assert abs(test.tested_at - test.entered_at) < timedelta(seconds=1)
    else:
        assert test.tested_at == expected


def test_the_scale_is_not_disturbed_by_what_the_audiometer_says():
    bench = armed()
    before = bench.desk.station.weighing
    bench.send(sent(), LinkStatus("audiometer", LinkState.LOST, 1))
    assert bench.desk.station.weighing == before
    assert bench.desk.station.audiometer_link is LinkState.LOST
