"""The cable: pulled while idle, while writing, while waiting; and another printer's cable."""

from __future__ import annotations

import time

import pytest

from drivers.printers.jobs import Cause, Job, JobState
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.printers.status import PrinterState
from drivers.printers.transports import LostCause
from drivers.printers.usb_bulk import UsbBulk
from drivers.simulators.printer_mechanism import Mechanism, PrinterOptions
from drivers.simulators.usbip_printer import PRODUCT, VENDOR, PrinterFunction, SimulatedPrinter
from drivers.usbip.backend import UsbipBackend
from tests.printers.printer_desk import QUICK, Desk, driven, picture, station


def test_an_idle_printer_is_missed_and_found_again():
    with station() as s:
        for _ in range(5):
            s.device.unplug()
            status = s.desk.wait_state(PrinterState.ABSENT)
            assert status.hint in {LostCause.UNPLUGGED, LostCause.NOT_FOUND}
            s.device.replug()
            s.desk.wait_state(PrinterState.READY)
        assert s.print("a", picture(1)).state is JobState.CONFIRMED


@pytest.mark.parametrize("power", ["kept", "cycled"])
def test_unplugged_in_a_write_the_slip_failed_and_the_next_is_whole(power):
    first, second = picture(1, 800), picture(2)
    with station(PrinterOptions(rows_per_second=2000)) as s:
        s.printer.submit(Job("first", first))
        s.desk.wait_job("first", JobState.SENDING)
        time.sleep(0.05)
        s.device.unplug()
        outcome = s.desk.end("first")
        assert (outcome.state, outcome.cause) == (JobState.FAILED, Cause.LOST)
        if power == "cycled":
            s.device.mechanism.power_on()
        s.device.replug()
        assert s.print("second", second).state is JobState.CONFIRMED
        *marked, last = s.device.slips
        assert last.rows[: len(second.rows)] == second.rows
        assert [slip.texts for slip in marked] == [("AVBRUTT - KAST",)]


def test_unplugged_while_waiting_for_the_answer_the_slip_is_uncertain():
    options = PrinterOptions(rows_per_second=400)
    with station(options) as s:
        s.printer.submit(Job("first", picture(1, 60)))
        s.desk.wait_job("first", JobState.SENT)
        s.device.unplug()
        outcome = s.desk.end("first")
        assert (outcome.state, outcome.cause) == (JobState.UNCERTAIN, Cause.LOST)
        s.device.wait_slips(1)
        s.device.replug()
        assert s.print("second", picture(2, 60)).state is JobState.CONFIRMED
        assert [slip.texts for slip in s.device.slips] == [(), ()]


def test_a_job_given_while_unplugged_prints_after_the_replug():
    with station() as s:
        s.device.unplug()
        s.desk.wait_state(PrinterState.ABSENT)
        s.printer.submit(Job("a", picture(1)))
        s.desk.wait_job("a", JobState.QUEUED)
        s.device.replug()
        assert s.desk.end("a").state is JobState.CONFIRMED


def test_no_printer_at_start_is_no_error():
    with SimulatedPrinter() as device:
        device.unplug()
        with driven(device, ready=False) as s:
            s.desk.wait_state(PrinterState.ABSENT)
            device.replug()
            s.desk.wait_state(PrinterState.READY)


def test_any_exception_of_a_transport_is_survived():
    calls = []
    with SimulatedPrinter() as device:
        good = printer_factory(device.url)

        def factory():
            calls.append(1)
            if len(calls) < 3:
                raise RuntimeError
            return good()

        desk = Desk()
        printer = Printer(factory, desk, on_status=desk.status, timing=QUICK)
        printer.start()
        desk.wait_state(PrinterState.READY)
        printer.stop()
    assert PrinterState.FAULT in {status.state for status in desk.statuses}


def test_of_two_printers_of_one_model_the_named_one_is_used():
    second = Mechanism(PrinterOptions(), lambda slip: None)
    with SimulatedPrinter(serial="LEFT") as device:
        device._server.plug(PrinterFunction(second, "RIGHT"))
        for serial in ("LEFT", "RIGHT"):
            line = UsbBulk(UsbipBackend(device.address), VENDOR, PRODUCT, serial)
            line.write(b"\x1b@", time.monotonic() + 1)
            line.close()
        assert (device.mechanism.received, second.received) == (b"\x1b@", b"\x1b@")
    second.stop()


def test_a_printer_that_another_program_holds_is_reported_busy():
    with SimulatedPrinter() as device:
        opened = printer_factory(device.url)()
        with driven(device, ready=False) as s:
            s.desk.wait_state(PrinterState.ABSENT)
            opened.close()
            s.desk.wait_state(PrinterState.READY)
