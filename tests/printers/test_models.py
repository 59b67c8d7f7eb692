"""What is known of models: their widths, and those that are no use."""

from __future__ import annotations

import importlib

import pytest

from drivers.printers.acquaintance import check_supported
from drivers.printers.document import Document
from drivers.printers.jobs import Cause, JobState
from drivers.printers.models import WIDTHS, is_unsupported, model_of, width_of
from drivers.printers.open import printer_factory
from drivers.printers.status import PrinterState
from drivers.printers.transports import LostCause, PrinterLost
from drivers.simulators.printer_mechanism import PrinterOptions
from tests.printers.printer_desk import QUICK, picture, station


def test_widths_agree_with_the_table_of_python_escpos():
    from drivers.printers.command_bytes import _load_escpos

    _load_escpos()
    profiles = importlib.import_module("escpos.capabilities").CAPABILITIES["profiles"]
    found = {}
    for profile in profiles.values():
        dots, name = profile["media"]["width"].get("pixels"), profile["name"]
        if dots in WIDTHS and "column" not in name and profile["vendor"] != "Seiko":
            found[name] = dots
    assert len(found) > 15
    assert {name: width_of(name) for name in found} == found


@pytest.mark.parametrize(
    ("name", "width"), [("TM-T88VI", 512), ("TM-T20III", 576), (" tm-m30 ", 576), ("X", None)]
)
def test_a_model_is_known_by_how_its_name_begins(name, width):
    assert width_of(name) == width


STAR = "MFG:Star;CMD:STAR;MDL:TSP143 (STR_T-001);CLS:PRINTER;"


def test_star_raster_printers_are_named_as_unsupported():
    assert is_unsupported(STAR)
    assert is_unsupported("TSP100")
    assert not is_unsupported("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;")
    assert model_of(STAR) == "TSP143 (STR_T-001)"
    with pytest.raises(ValueError, match="TSP100"):
        printer_factory("usb:0519:0003")

    class Star:
        closed = False

        def device_id(self) -> str:
            return STAR

        def close(self) -> None:
            self.closed = True

    star = Star()
    with pytest.raises(PrinterLost) as lost:
        check_supported(star)
    assert (lost.value.cause, star.closed) == (LostCause.UNSUPPORTED, True)


@pytest.mark.parametrize(("model", "width"), [("TM-T20II", 576), ("TM-T88V", 512), ("", None)])
def test_the_printer_tells_its_width(model, width):
    with station(PrinterOptions(model=model)) as s:
        assert s.printer.width == width
        s.device.unplug()
        s.desk.wait_state(PrinterState.ABSENT)
        assert s.printer.width == width


def test_nothing_is_sent_that_is_wider_than_the_paper():
    with station(PrinterOptions(model="TM-T88V", dots=512)) as s:
        outcome = s.print("a", picture(1))
        assert (outcome.state, outcome.cause) == (JobState.FAILED, Cause.TOO_WIDE)
        rows = picture(1).rows[: 64 * 100]
        assert s.print("b", Document(rows, width=512)).state is JobState.CONFIRMED
        (slip,) = s.device.wait_slips(1)
        assert b"".join(slip.rows[at : at + 64] for at in range(0, 72 * 100, 72)) == rows


def test_on_an_epson_the_margins_are_left_out_and_every_dot_is_where_it_was():
    ink = picture(3, 60).rows
    lines = [ink[at : at + 20].rjust(70, b"\0") + bytes(2) for at in range(0, len(ink), 72)]
    document = Document(b"".join(lines))
    with station(PrinterOptions(model="TM-T20II")) as s:
        outcome = s.print("a", document)
        assert outcome.state is JobState.CONFIRMED
        assert outcome.bytes_sent < 60 * 20 + 120
        assert s.print("b", picture(2)).state is JobState.CONFIRMED
        first, second = s.device.wait_slips(2)
        assert first.rows[: len(document.rows)] == document.rows
        assert second.rows[: len(picture(2).rows)] == picture(2).rows
        assert s.device.unknown == []


@pytest.mark.parametrize("ids", [True, False])
def test_what_was_learned_is_known_before_the_first_slip_and_after_a_reconnect(ids):
    with station(PrinterOptions(process_ids=ids)) as s:
        s.print("a", picture(1))
        assert s.printer._line.process_ids is ids
        s.device.unplug()
        s.desk.wait_state(PrinterState.ABSENT)
        s.device.replug()
        s.desk.wait_state(PrinterState.READY)
        before = len(s.device.mechanism.received)
        assert s.printer._line.process_ids is ids
        s.print("b", picture(2))
        asked = s.device.mechanism.received[before:].count(b"\x1d(H")
        assert asked == int(ids)


def test_a_hindrance_is_told_while_a_slip_waits_for_its_proof():
    """The printer reports nothing by itself: it is asked while the station waits."""
    options = PrinterOptions(process_ids=False, reports=False, port_status=False, on_arrival=True)
    with station(options, timing=QUICK) as s:
        s.device.paper_out(after_rows=150)
        outcome = s.print("a", picture(1))
        assert outcome.cause is Cause.PAPER_OUT
        s.desk.wait_state(PrinterState.PAPER_OUT)
