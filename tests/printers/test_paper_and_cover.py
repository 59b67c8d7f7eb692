"""Paper, cover and knife: what is printed, what never comes out on the next roll."""

from __future__ import annotations

import time

import pytest

from drivers.printers.facts import Cover, Paper
from drivers.printers.jobs import Cause, Job, JobState
from drivers.printers.status import PrinterState
from drivers.simulators.printer_mechanism import PrinterOptions
from tests.patience import until, within
from tests.printers.printer_desk import picture, station

KINDS = {
    "a printer that tells all": PrinterOptions(),
    "one that cannot clear": PrinterOptions(clearing=False),
    "one whose port always says fine": PrinterOptions(port_status=False),
    "one that says nothing": PrinterOptions(answers=False),
}


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("after_rows", [10, 48, 130, 340])
def test_paper_out_in_a_slip_leaves_nothing_for_the_new_roll(options, after_rows):
    first, second = picture(1, 350), picture(2, 100)
    with station(options) as s:
        s.device.paper_out(after_rows=after_rows)
        outcome = s.print("first", first)
        assert outcome.state in {JobState.FAILED, JobState.UNCERTAIN}
        assert outcome.cause is Cause.PAPER_OUT
        s.desk.wait_state(PrinterState.PAPER_OUT)
        until(lambda: s.device.mechanism.waiting < 100)
        s.device.paper_in()
        assert s.print("second", second).state in {JobState.CONFIRMED, JobState.UNCERTAIN}
        *stubs, last = s.device.wait_slips(1)
        assert last.rows[: len(second.rows)] == second.rows
        assert all(slip.texts and not _shows(slip, first) for slip in stubs)


def test_buffers_with_room_are_cleared_without_any_reset():
    first, second = picture(1, 350), picture(2, 100)
    with station(PrinterOptions(soft_reset=False)) as s:
        s.device.paper_out(after_rows=340)
        assert s.print("first", first).state is JobState.UNCERTAIN
        until(lambda: s.device.mechanism.waiting < 100)
        s.device.paper_in()
        assert s.print("second", second).state is JobState.CONFIRMED
        assert not [slip for slip in s.device.slips if _shows(slip, first)]


@pytest.mark.parametrize("after_rows", [10, 48, 130])
def test_old_rows_that_no_command_can_reach_are_marked_and_cut_off(after_rows):
    """The buffer is full, so nothing gets in, and the printer has no reset beside it."""
    first, second = picture(1, 350), picture(2, 100)
    with station(PrinterOptions(soft_reset=False)) as s:
        s.device.paper_out(after_rows=after_rows)
        assert s.print("first", first).state is JobState.FAILED
        s.desk.wait_state(PrinterState.PAPER_OUT)
        s.device.paper_in()
        assert s.print("second", second).state is JobState.CONFIRMED
        old, last = s.device.slips
        assert (_shows(old, first), old.texts) == (True, ("AVBRUTT - KAST",))
        assert last.rows[: len(second.rows)] == second.rows


def test_a_job_sent_without_paper_waits_and_then_prints():
    with station() as s:
        s.device.paper_out()
        status = s.desk.wait_state(PrinterState.PAPER_OUT)
        assert status.paper is Paper.OUT
        s.printer.submit(Job("a", picture(1)))
        s.desk.wait_job("a", JobState.QUEUED)
        assert b"\x1dv0" not in s.device.mechanism.received
        start = time.monotonic()
        s.device.paper_in()
        assert s.desk.end("a").state is JobState.CONFIRMED
        assert time.monotonic() - start < within(5)
        assert len(s.device.slips) == 1


def test_paper_out_after_the_slip_changes_only_the_status():
    with station() as s:
        assert s.print("a", picture(1)).state is JobState.CONFIRMED
        s.device.paper_out()
        s.desk.wait_state(PrinterState.PAPER_OUT)
        s.device.paper_in()
        s.desk.wait_state(PrinterState.READY)
        assert len(s.device.slips) == 1


def test_an_open_cover_holds_jobs_and_closing_it_lets_them_go():
    with station() as s:
        s.device.open_cover()
        assert s.desk.wait_state(PrinterState.COVER_OPEN).cover is Cover.OPEN
        s.printer.submit(Job("a", picture(1)))
        s.desk.wait_job("a", JobState.QUEUED)
        s.device.close_cover()
        assert s.desk.end("a").state is JobState.CONFIRMED


@pytest.mark.parametrize("options", [PrinterOptions(), PrinterOptions(clearing=False)])
def test_a_cover_opened_in_a_slip_leaves_a_marked_piece(options):
    first, second = picture(1, 350), picture(2)
    with station(options) as s:
        s.desk.before_record = lambda change: (
            s.device.open_cover() if change.state is JobState.SENDING else None
        )
        outcome = s.print("first", first)
        assert outcome.state is JobState.FAILED
        s.desk.before_record = lambda change: None
        s.device.close_cover()
        assert s.print("second", second).state is JobState.CONFIRMED
        assert s.device.slips[-1].rows[: len(second.rows)] == second.rows
        assert all(slip.texts for slip in s.device.slips[:-1])


def test_recovery_takes_less_than_five_seconds_with_the_real_timing():
    from drivers.printers.line import Timing

    with station(timing=Timing()) as s:
        for bad, good, state in (
            (s.device.paper_out, s.device.paper_in, PrinterState.PAPER_OUT),
            (s.device.open_cover, s.device.close_cover, PrinterState.COVER_OPEN),
            (s.device.unplug, s.device.replug, PrinterState.ABSENT),
        ):
            bad()
            s.desk.wait_state(state)
            start = time.monotonic()
            good()
            s.desk.wait_state(PrinterState.READY)
            assert time.monotonic() - start < within(5)


def _shows(slip, document) -> bool:
    """Whether a row of the document is on the slip."""
    return any(document.rows[at : at + 72] in slip.rows for at in range(0, len(document.rows), 72))
