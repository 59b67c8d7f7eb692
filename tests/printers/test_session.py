"""One document on a scripted transport: what goes out when, and what is made of short counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.printers.command_bytes import void_notice
from drivers.printers.jobs import Cause
from drivers.printers.line import Line
from drivers.printers.resync import Wreck, resync
from drivers.printers.session import await_confirmation, send_document
from drivers.printers.transports import LostCause, PortStatus, PrinterLost
from tests.printers.printer_desk import QUICK, picture


class Script:
    """A transport whose every write and read the test decides."""

    rate = 1e9

    def __init__(self, take: Callable[[bytes, int], int] = lambda data, before: len(data)) -> None:
        self.sent = bytearray()
        self.says: list[bytes] = []
        self.take = take
        self.doubt = 0
        self.reads = 0
        self.resets = 0
        self.on_read: Callable[[], None] = lambda: None

    def write(self, data: bytes, deadline: float) -> int:
        taken = self.take(data, len(self.sent))
        self.sent += data[:taken]
        return taken

    def in_doubt(self) -> int:
        return self.doubt

    def read(self, timeout: float) -> bytes:
        self.reads += 1
        self.on_read()
        return self.says.pop(0) if self.says else b""

    def port_status(self) -> PortStatus | None:
        return None

    def device_id(self) -> str:
        return ""

    def soft_reset(self) -> bool:
        self.resets += 1
        return False

    def close(self) -> None:
        return


def test_no_dot_leaves_before_the_guard_against_drawer_pulses_is_up():
    transport = Script()
    line = Line(transport, QUICK)
    line.answers_in_order = True
    seen: list[bool] = []

    def answer_late() -> None:
        seen.append(b"\x1dv0" in transport.sent)
        if len(seen) == 5:
            transport.says.append(b"\x00")

    transport.on_read = answer_late
    assert send_document(line, picture(1), b"0001").complete
    assert seen[:5] == [False] * 5
    assert transport.sent.index(b"\x1d(D") < transport.sent.index(b"\x1dv0")


def test_a_printer_that_stops_answering_gets_no_dot():
    transport = Script()
    line = Line(transport, QUICK)
    line.answers_in_order = True
    delivery = send_document(line, picture(1), b"0001")
    assert (delivery.cause, delivery.picture_out) == (Cause.BLOCKED, False)
    assert delivery.wreck == Wreck(None, on_paper=False)
    assert b"\x1dv0" not in transport.sent


@pytest.mark.parametrize(("doubt", "exact"), [(0, True), (8192, False)])
def test_a_short_count_is_exact_only_if_nothing_is_in_doubt(doubt, exact):
    transport = Script(lambda data, before: max(0, min(len(data), 1000 - before)))
    transport.doubt = doubt
    delivery = send_document(Line(transport, QUICK), picture(1), b"0001")
    assert delivery.bytes_sent == 1000
    assert delivery.wreck is not None
    expected = bytes(16 + 8 + 48 * 72 - 1000) if exact else None
    assert delivery.wreck == Wreck(expected, on_paper=True)


@pytest.mark.parametrize("at", [0, 100, 14_470])
def test_a_connection_lost_in_a_write_leaves_the_count_unknown(at):
    def take(data: bytes, before: int) -> int:
        if before + len(data) > at:
            raise PrinterLost(LostCause.UNPLUGGED)
        return len(data)

    delivery = send_document(Line(Script(take), QUICK), picture(1), b"0001")
    assert (delivery.cause, delivery.lost) == (Cause.LOST, LostCause.UNPLUGGED)
    assert delivery.wreck == Wreck(None, on_paper=True)
    assert delivery.bytes_sent <= at


def test_only_the_jobs_own_process_id_confirms_it():
    transport = Script()
    transport.says = [b"7\x220000\x00", b"7\x229999\x00"]
    line = Line(transport, QUICK)
    line.outstanding = 1
    assert await_confirmation(line, picture(1, 1), b"0001") is Cause.NO_CONFIRMATION
    transport.says = [b"7\x220001\x00"]
    assert await_confirmation(line, picture(1, 1), b"0001") is Cause.BY_PROCESS_ID


def test_clearing_is_believed_only_when_it_is_answered():
    transport = Script(lambda data, before: min(len(data), 10))
    line = Line(transport, QUICK)
    transport.on_read = lambda: (
        transport.says.append(b"7%\x00") if transport.sent.endswith(b"\x01\x06\x02\x08") else None
    )
    assert resync(line, Wreck(None, on_paper=False))
    assert transport.resets == 0
    deaf = Script(lambda data, before: min(len(data), max(0, 13 - before)))
    assert not resync(Line(deaf, QUICK), Wreck(None, on_paper=False))


def test_a_new_roll_that_nobody_told_of_still_gets_the_old_piece_marked():
    """The report of the new roll was in the buffers that were emptied: it never arrives."""
    transport = Script()
    line = Line(transport, QUICK)
    transport.says = [b"\x18\x00\x0c\x0f"]
    assert line.look() is Cause.PAPER_OUT

    def answer() -> None:
        if transport.sent.endswith(b"\x01\x06\x02\x08"):
            transport.says.append(b"7%\x00")
        elif transport.sent[-3:-1] == b"\x10\x04":
            transport.says.append(b"\x12")

    transport.on_read = answer
    assert resync(line, Wreck(None, on_paper=True))
    assert void_notice() in transport.sent


def test_nothing_is_sent_while_bytes_are_in_doubt_but_the_reset_beside_it():
    transport = Script(lambda data, before: 0)
    transport.doubt = 100
    assert not resync(Line(transport, QUICK), Wreck(None, on_paper=True))
    assert (bytes(transport.sent), transport.resets) == (b"", 1)


def test_a_printer_that_never_stops_talking_is_still_asked():
    transport = Script()
    transport.on_read = lambda: transport.says.append(b"\xff\xff")
    assert Line(transport, QUICK).check().paper == "unknown"
    assert b"\x10\x04\x01" in transport.sent
