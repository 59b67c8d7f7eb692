"""Printers that say nothing, late, or rubbish: what is unknown stays unknown."""

from __future__ import annotations

import time

import pytest

from drivers.printers.facts import Cover, Facts, Online, Paper
from drivers.printers.jobs import Cause, JobState
from drivers.printers.line import Line
from drivers.printers.open import printer_factory
from drivers.printers.status import PrinterState, status_of
from drivers.simulators.printer_mechanism import PrinterOptions
from drivers.simulators.usbip_printer import SimulatedPrinter
from tests.printers.printer_desk import QUICK, picture, station


def test_a_printer_that_says_nothing_is_ready_with_everything_unknown():
    with station(PrinterOptions(answers=False)) as s:
        status = s.printer.status
        assert (status.paper, status.cover, status.online) == (
            Paper.UNKNOWN,
            Cover.UNKNOWN,
            Online.UNKNOWN,
        )
        outcome = s.print("a", picture(1))
        assert (outcome.state, outcome.cause) == (JobState.UNCERTAIN, Cause.NO_CONFIRMATION)
        assert s.device.wait_slips(1)[0].rows.startswith(picture(1).rows)


def test_rubbish_answers_are_evidence_of_nothing():
    options = PrinterOptions(mangle=lambda said: b"\xff" * len(said), port_status=False)
    with station(options) as s:
        assert s.printer.status.paper is Paper.UNKNOWN
        assert s.print("a", picture(1)).cause is Cause.NO_CONFIRMATION
        assert s.print("b", picture(2)).cause is Cause.NO_CONFIRMATION
        assert [slip.texts for slip in s.device.wait_slips(2)] == [(), ()]


@pytest.mark.parametrize("flow", [b"\x13", b"\x11"])
def test_flow_control_inside_every_answer_changes_nothing(flow):
    options = PrinterOptions(mangle=lambda said: said[:1] + flow + said[1:])
    with station(options) as s:
        assert s.printer.status.paper is Paper.OK
        assert s.print("a", picture(1)).cause is Cause.BY_PROCESS_ID


@pytest.mark.parametrize("delay", [1.2, 1.5, 1.9])
def test_late_answers_are_never_taken_for_answers_to_another_question(delay):
    options = PrinterOptions(answer_delay=delay * QUICK.answer, port_status=False)
    with SimulatedPrinter(options) as device:
        line = Line(printer_factory(device.url)(), QUICK)
        device.open_cover()
        device.paper_out()
        end = time.monotonic() + 1
        while time.monotonic() < end:
            facts = line.check()
            assert facts.cover is not Cover.CLOSED
            assert facts.paper in {Paper.UNKNOWN, Paper.OUT}
        line.transport.close()


def test_a_late_confirmation_of_an_earlier_slip_confirms_no_other():
    seen: list[bytes] = []

    def swap(said: bytes) -> bytes:
        """Give each process id one slip late."""
        if said[:2] != b"7\x22":
            return said
        seen.append(said)
        return seen[-2] if len(seen) > 1 else b""

    with station(PrinterOptions(mangle=swap)) as s:
        causes = [s.print(name, picture(1)).cause for name in "abc"]
        assert Cause.BY_PROCESS_ID not in causes


def test_bad_news_of_the_port_counts_and_its_good_news_does_not():
    with SimulatedPrinter(PrinterOptions(answers=False)) as device:
        line = Line(printer_factory(device.url)(), QUICK)
        assert line.check() == Facts()
        device.paper_out()
        assert line.check().paper is Paper.OUT
        device.paper_in()
        assert line.check() == Facts()
        device.open_cover()
        assert line.check().online is Online.OFFLINE
        line.transport.close()


def test_a_question_cut_short_is_finished_before_anything_else():
    with SimulatedPrinter() as device:
        line = Line(printer_factory(device.url)(), QUICK)
        device.stall(after=1)
        assert line.check() == Facts()
        device.unstall()
        assert line.prove()
        assert device.unknown == []
        assert bytes(device.mechanism.received) == b"\x10\x04\x01\x1dr\x01"
        line.transport.close()


def test_a_proof_is_not_given_by_the_answer_to_an_earlier_question():
    with SimulatedPrinter(PrinterOptions(answer_delay=0.05)) as device:
        line = Line(printer_factory(device.url)(), QUICK)
        line.outstanding += 1
        line.transport.write(b"\x1dr\x01", time.monotonic() + 1)
        device.stall(after=3)
        assert line.prove()
        line.transport.write(b"\x1dr\x01", time.monotonic() + 0.1)
        device.unstall()
        line.outstanding += 1
        assert not line.await_order(0.05)
        line.transport.close()


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(), PrinterState.READY),
        (Facts(paper=Paper.NEAR_END), PrinterState.READY),
        (Facts(paper=Paper.OUT, cover=Cover.OPEN), PrinterState.PAPER_OUT),
        (Facts(cover=Cover.OPEN), PrinterState.COVER_OPEN),
        (Facts(online=Online.OFFLINE), PrinterState.FAULT),
    ],
)
def test_the_status_names_the_most_useful_thing_to_do(facts, state):
    assert status_of(facts).state is state
