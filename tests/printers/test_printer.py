"""The printer thread on a good day, and with people and disks in its way."""

from __future__ import annotations

import threading

import pytest

from drivers.printers.document import ROW_BYTES, Document
from drivers.printers.job_queue import MAX_WAITING, QueueFull
from drivers.printers.jobs import Cause, Job, JobChange, JobState, recover
from drivers.printers.status import PrinterState
from drivers.simulators.printer_mechanism import PrinterOptions
from tests.printers.printer_desk import END_STATES, Desk, picture, station, station_on


def test_a_slip_comes_out_dot_by_dot_and_is_confirmed_by_its_process_id():
    document = picture(1, 137)
    with station() as s:
        outcome = s.print("a", document)
        assert (outcome.state, outcome.cause) == (JobState.CONFIRMED, Cause.BY_PROCESS_ID)
        (slip,) = s.device.slips
        assert slip.rows[: len(document.rows)] == document.rows
        assert not any(slip.rows[len(document.rows) :])
        assert s.device.unknown == []


def test_each_step_is_durable_before_the_byte_it_allows():
    desk = Desk()
    seen: list[tuple[JobState, int, int]] = []
    with station(desk=desk) as s:
        desk.before_record = lambda change: seen.append(
            (change.state, s.device.mechanism.received.count(b"\x1dv0"), len(s.device.slips))
        )
        outcome = s.print("a", picture(1))
        assert [each.state for each in desk.recorded] == [
            JobState.QUEUED,
            JobState.SENDING,
            JobState.SENT,
            JobState.CONFIRMED,
        ]
    assert seen[0] == (JobState.QUEUED, 0, 0)
    assert seen[1] == (JobState.SENDING, 0, 0)
    assert outcome.bytes_sent == 16 + 200 * 72 + 5 * 8 + 21
    assert {each.document_sha256 for each in desk.recorded} == {picture(1).sha256}


def test_a_log_that_refuses_keeps_the_job_off_the_paper():
    desk = Desk(refuse=lambda change: change.state is JobState.SENDING)
    with station(desk=desk) as s:
        outcome = s.print("a", picture(1))
        assert (outcome.state, outcome.cause) == (JobState.FAILED, Cause.LOG_REFUSED)
        assert b"\x1dv0" not in s.device.mechanism.received
        desk.refuse = lambda change: False
        assert s.print("b", picture(2)).state is JobState.CONFIRMED


def test_a_log_that_refuses_arrivals_takes_no_job():
    desk = Desk(refuse=lambda change: True)
    with station(desk=desk) as s:
        assert s.print("a", picture(1)).cause is Cause.LOG_REFUSED
        assert not s.device.slips


def test_callbacks_that_fail_do_not_stop_the_printer():
    desk = Desk()
    with station(desk=desk) as s:
        s.printer._on_status = lambda status: 1 / 0

        def fails(change: JobChange) -> None:
            desk.changed(change)
            raise RuntimeError

        s.printer._on_change = fails
        assert s.print("a", picture(1)).state is JobState.CONFIRMED
        assert s.print("b", picture(2)).state is JobState.CONFIRMED


def test_many_threads_may_submit_and_no_two_slips_mix():
    pictures = {f"{name}{n}": picture(ord(name) * 10 + n, 90) for name in "ab" for n in range(4)}
    with station() as s:

        def submit(name: str) -> None:
            for n in range(4):
                s.printer.submit(Job(f"{name}{n}", pictures[f"{name}{n}"]))

        threads = [threading.Thread(target=submit, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {s.desk.end(job).state for job in pictures} == {JobState.CONFIRMED}
        printed = {slip.rows[: 90 * ROW_BYTES] for slip in s.device.slips}
        assert printed == {document.rows for document in pictures.values()}
        assert len(s.device.slips) == 8


def test_a_job_that_waited_too_long_expires_and_never_prints():
    with station() as s:
        s.device.paper_out()
        s.desk.wait_state(PrinterState.PAPER_OUT)
        outcome = s.print("a", picture(1), life=0.1)
        assert (outcome.state, outcome.cause) == (JobState.EXPIRED, Cause.TOO_OLD)
        s.device.paper_in()
        assert s.print("b", picture(2)).state is JobState.CONFIRMED
        assert len(s.device.slips) == 1


def test_a_waiting_job_can_be_cancelled():
    with station() as s:
        s.device.open_cover()
        s.desk.wait_state(PrinterState.COVER_OPEN)
        s.printer.submit(Job("a", picture(1)))
        s.desk.wait_job("a", JobState.QUEUED)
        s.printer.cancel("a")
        outcome = s.desk.end("a")
        assert (outcome.state, outcome.cause) == (JobState.CANCELLED, Cause.BY_PERSON)


def test_the_queue_is_bounded():
    with station() as s:
        s.device.open_cover()
        s.desk.wait_state(PrinterState.COVER_OPEN)
        for number in range(MAX_WAITING):
            s.printer.submit(Job(str(number), picture(number, 8)))
        with pytest.raises(QueueFull):
            s.printer.submit(Job("one too many", picture(1, 8)))


def test_stopping_cancels_what_waits_and_takes_no_more():
    with station() as s:
        s.device.open_cover()
        s.desk.wait_state(PrinterState.COVER_OPEN)
        s.printer.submit(Job("a", picture(1)))
        s.printer.stop()
        outcome = s.desk.end("a")
        assert (outcome.state, outcome.cause) == (JobState.CANCELLED, Cause.STOPPED)
        assert s.printer.status.state is PrinterState.STOPPED
        with pytest.raises(QueueFull):
            s.printer.submit(Job("b", picture(2)))


def test_a_reprint_is_a_new_attempt_of_the_same_job():
    with station() as s:
        s.print("a", picture(1))
        again = Document(picture(2).rows, copy=1)
        outcome = s.print("a", again, attempt=2)
        assert (outcome.state, outcome.attempt) == (JobState.CONFIRMED, 2)
        ids = [c.process_id for c in s.desk.recorded if c.state is JobState.SENDING]
        assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("state", "settled"),
    [
        (JobState.QUEUED, JobState.CANCELLED),
        (JobState.SENDING, JobState.UNCERTAIN),
        (JobState.SENT, JobState.UNCERTAIN),
    ],
)
def test_what_a_killed_process_left_is_settled_at_start(state, settled):
    left = JobChange("a", state, 1, "0" * 64, "0001", 500)
    (change,) = recover([left])
    assert (change.state, change.cause, change.job_id) == (settled, Cause.STOPPED, "a")
    assert (change.process_id, change.bytes_sent) == ("0001", 500)


@pytest.mark.parametrize("state", sorted(END_STATES))
def test_settled_jobs_are_left_alone_at_start(state):
    assert recover([JobChange("a", state, 1, "0" * 64)]) == ()


def test_a_half_picture_of_a_killed_process_does_not_swallow_the_next_slip():
    document = picture(2)
    with station(ready=False) as s:
        s.printer.stop()
        mechanism = s.device.mechanism
        mechanism.accept(b"\x1b@\x1dv0\x00\x48\x00\x30\x00" + picture(1).rows[:1000])
        with station_on(s, suspect=True) as again:
            assert again.print("b", document).state is JobState.CONFIRMED
            marked, last = s.device.slips
            assert marked.texts == ("AVBRUTT - KAST",)
            assert last.rows[: len(document.rows)] == document.rows


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (PrinterOptions(process_ids=False), Cause.IN_ORDER),
        (PrinterOptions(answers=False), Cause.NO_CONFIRMATION),
    ],
)
def test_confirmation_falls_back_step_by_step(options, cause):
    with station(options) as s:
        for name in "ab":
            outcome = s.print(name, picture(1))
            assert outcome.cause is cause
            confirmed = cause is Cause.IN_ORDER
            expected = JobState.CONFIRMED if confirmed else JobState.UNCERTAIN
            assert outcome.state is expected
        assert [slip.texts for slip in s.device.wait_slips(2)] == [(), ()]


def test_real_time_sequences_inside_a_picture_do_no_harm():
    rows = bytearray(ROW_BYTES * 96)
    rows[100:103] = b"\x10\x04\x01"
    rows[200:203] = b"\x10\x04\x04"
    rows[300:305] = b"\x10\x14\x01\x00\x02"
    rows[400:403] = b"\x10\x04\x00"
    document = Document(bytes(rows))
    with station() as s:
        assert s.print("a", document).state is JobState.CONFIRMED
        assert s.device.slips[0].rows[: len(rows)] == rows
        assert s.device.mechanism.kicks == 0
        assert s.print("b", picture(2)).state is JobState.CONFIRMED
