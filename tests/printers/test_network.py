"""Network printers: silence is not readiness, and nothing is left to print later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from drivers.printers.acquaintance import check_answers
from drivers.printers.jobs import Cause, Job, JobState
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.printers.status import PrinterState
from drivers.printers.transports import LostCause, PrinterLost
from drivers.simulators.printer_mechanism import PrinterOptions
from tests.printers.printer_desk import QUICK, Desk, picture
from tests.printers.raw_port import RawPort


@contextmanager
def printing_on(port: RawPort) -> Iterator[tuple[Printer, Desk]]:
    desk = Desk()
    printer = Printer(
        printer_factory(port.url), desk, on_status=desk.status, on_change=desk.changed, timing=QUICK
    )
    printer.start()
    try:
        yield printer, desk
    finally:
        printer.stop()


def test_a_port_held_by_another_is_not_ready_and_prints_nothing_when_the_other_leaves():
    with RawPort() as port:
        other = port.hold()
        with printing_on(port) as (printer, desk):
            status = desk.wait_state(PrinterState.ABSENT)
            while status.hint != "silent":
                time.sleep(0.01)
                status = printer.status
            printer.submit(Job("a", picture(1), life=0.3))
            assert desk.end("a").state is JobState.EXPIRED
            assert PrinterState.READY not in {each.state for each in desk.statuses}
            other.close()
            desk.wait_state(PrinterState.READY)
            assert not port.slips
            printer.submit(Job("b", picture(2)))
            assert desk.end("b").state is JobState.CONFIRMED
        assert len(port.slips) == 1
        assert b"\x1dv0" in port.mechanism.received
        assert port.mechanism.unknown == []


@pytest.mark.parametrize(
    "options",
    [
        PrinterOptions(answers=False),
        PrinterOptions(mangle=lambda said: b"\xff" * len(said)),
    ],
    ids=["silent", "rubbish"],
)
def test_a_network_printer_that_says_nothing_sensible_gets_no_slip(options):
    with RawPort(options) as port, printing_on(port) as (printer, desk):
        printer.submit(Job("a", picture(1), life=0.3))
        assert desk.end("a").state is JobState.EXPIRED
        assert PrinterState.READY not in {each.state for each in desk.statuses}
        assert b"\x1dv0" not in port.mechanism.received


def test_the_doctor_is_told_of_silence_and_lets_go():
    with RawPort() as port:
        answering = printer_factory(port.url)()
        check_answers(answering)
        answering.close()
        other = port.hold()
        time.sleep(0.1)
        with pytest.raises(PrinterLost) as lost:
            check_answers(printer_factory(port.url)())
        assert lost.value.cause is LostCause.SILENT
        other.close()


def test_a_network_printer_that_falls_silent_is_let_go_of():
    silent: list[bool] = []
    options = PrinterOptions(mangle=lambda said: b"" if silent else said)
    with RawPort(options) as port, printing_on(port) as (printer, desk):
        desk.wait_state(PrinterState.READY)
        silent.append(True)
        printer.submit(Job("a", picture(1), life=0.3))
        assert desk.end("a").state in {JobState.EXPIRED, JobState.UNCERTAIN}
        desk.wait_state(PrinterState.ABSENT)
        assert desk.end("a").cause is not Cause.IN_ORDER
