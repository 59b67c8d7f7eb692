"""A write cut short anywhere never swallows the next slip, and is never silent."""

from __future__ import annotations

import pytest

from drivers.printers.jobs import Cause, JobChange, JobState
from drivers.printers.status import PrinterState
from drivers.simulators.printer_mechanism import PrinterOptions
from tests.printers.printer_desk import Desk, picture, station

OPENING, STRIP = 16, 8 + 48 * 72
ROWS = 100
PICTURE_END = OPENING + 2 * STRIP + 8 + 4 * 72
TAIL = 21
OFFSETS = {
    "inside the opening": 5,
    "inside the first question": 15,
    "before the first strip": OPENING,
    "first byte of a header": OPENING + 1,
    "inside a header": OPENING + 5,
    "header and no dots": OPENING + 8,
    "inside a row": OPENING + 8 + 36,
    "between rows": OPENING + 8 + 720,
    "last byte of a strip": OPENING + STRIP - 1,
    "between strips": OPENING + STRIP,
    "inside the last strip": PICTURE_END - 100,
    "last byte of the picture": PICTURE_END - 1,
}
TAIL_OFFSETS = {
    "before the feed": PICTURE_END,
    "inside the cut": PICTURE_END + 5,
    "inside the question": PICTURE_END + TAIL - 1,
}


def stalling_desk(after: int) -> tuple[Desk, list]:
    """A desk at which the first job's printer stops taking bytes after ``after`` of them."""
    device: list = []
    desk = Desk()

    def stall(change: JobChange) -> None:
        if change.state is JobState.SENDING and change.job_id == "first":
            device[0].stall(after)
            desk.before_record = lambda _: None

    desk.before_record = stall
    return desk, device


@pytest.mark.parametrize("after", OFFSETS.values(), ids=OFFSETS.keys())
@pytest.mark.parametrize("returns", ["at once", "later"])
@pytest.mark.parametrize("clearing", [True, False])
def test_a_broken_picture_is_marked_and_the_next_slip_is_whole(after, returns, clearing):
    desk, device = stalling_desk(after)
    first, second = picture(1, ROWS), picture(2, ROWS)
    options = PrinterOptions(clearing=clearing, soft_reset=clearing)
    with station(options, desk=desk) as s:
        device.append(s.device)
        if returns == "at once":
            s.desk.refuse = lambda change: (
                (s.device.unstall() if change.state is JobState.FAILED else None) is not None
            )
        outcome = s.print("first", first)
        assert (outcome.state, outcome.cause) == (JobState.FAILED, Cause.BLOCKED)
        assert outcome.bytes_sent == after
        if returns == "later":
            desk.wait_state(PrinterState.NEEDS_POWER_CYCLE)
            assert not s.device.slips
            s.device.unstall()
        assert s.print("second", second).state is JobState.CONFIRMED
        *marked, last = s.device.wait_slips(1 if after < OPENING else 2)
        assert last.rows[: len(second.rows)] == second.rows
        assert all(slip.texts == ("AVBRUTT - KAST",) for slip in marked)
        assert all(second.rows[:72] not in slip.rows for slip in marked)
        if returns == "at once":
            assert s.device.unknown == []
            whole = max(0, (after - OPENING - 8) // 72) * 72 if after < OPENING + STRIP else 0
            assert all(slip.rows[:whole] == first.rows[:whole] for slip in marked)


@pytest.mark.parametrize("after", TAIL_OFFSETS.values(), ids=TAIL_OFFSETS.keys())
def test_a_slip_whose_picture_left_in_full_is_uncertain(after):
    desk, device = stalling_desk(after)
    second = picture(2, ROWS)
    with station(desk=desk) as s:
        device.append(s.device)
        assert s.print("first", picture(1, ROWS)).state is JobState.UNCERTAIN
        s.device.unstall()
        assert s.print("second", second).state is JobState.CONFIRMED
        assert s.device.slips[-1].rows[: len(second.rows)] == second.rows


def test_a_job_of_which_no_byte_left_waits_and_prints_by_itself():
    desk, device = stalling_desk(0)
    first = picture(1, ROWS)
    with station(desk=desk) as s:
        device.append(s.device)
        desk.refuse = lambda change: (
            (
                s.device.unstall()
                if change.state is JobState.QUEUED and JobState.SENDING in desk.states("first")
                else None
            )
            is not None
        )
        assert s.print("first", first).state is JobState.CONFIRMED
        assert desk.states("first") == [
            JobState.QUEUED,
            JobState.SENDING,
            JobState.QUEUED,
            JobState.SENDING,
            JobState.SENT,
            JobState.CONFIRMED,
        ]
        assert [slip.texts for slip in s.device.slips] == [()]
        assert s.device.slips[0].rows[: len(first.rows)] == first.rows


def test_a_server_that_gives_no_count_is_treated_as_count_unknown():
    desk, device = stalling_desk(OPENING + 1000)
    second = picture(2, ROWS)
    with station(desk=desk, tells_count=False) as s:
        device.append(s.device)
        outcome = s.print("first", picture(1, ROWS))
        assert (outcome.state, outcome.cause) == (JobState.FAILED, Cause.LOST)
        s.device.unstall()
        assert s.print("second", second).state is JobState.CONFIRMED
        assert s.device.slips[-1].rows[: len(second.rows)] == second.rows


@pytest.mark.parametrize("after", [OPENING + 8 + 36, OPENING + STRIP - 1])
def test_a_printer_that_never_answers_does_not_swallow_the_next_slip_either(after):
    desk, device = stalling_desk(after)
    second = picture(2, ROWS)
    options = PrinterOptions(answers=False, soft_reset=False, clearing=False)
    with station(options, desk=desk) as s:
        device.append(s.device)
        assert s.print("first", picture(1, ROWS)).state is JobState.FAILED
        s.device.unstall()
        assert s.print("second", second).state is JobState.UNCERTAIN
        marked, last = s.device.wait_slips(2)
        assert marked.texts == ("AVBRUTT - KAST",)
        assert last.rows[: len(second.rows)] == second.rows
