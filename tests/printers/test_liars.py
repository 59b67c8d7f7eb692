"""No slip is called printed that did not come out whole, whatever the printer claims."""

from __future__ import annotations

import pytest

from drivers.printers import line as line_module
from drivers.printers import session as session_module
from drivers.printers.document import Document
from drivers.printers.jobs import Cause
from drivers.printers.line import Line, Timing
from drivers.printers.session import await_confirmation, send_document
from tests.printers.liars import Clock, Kind, Liar
from tests.printers.printer_desk import picture

ROWS = 100
STOPS = (*range(1, ROWS, 6), ROWS - 1, ROWS)
SLIP = picture(7, ROWS)
CONFIRMED = {Cause.BY_PROCESS_ID, Cause.IN_ORDER}
KINDS = {
    "in order on arrival": Kind(order="arrival"),
    "in order on arrival, a large buffer": Kind(order="arrival", buffer=200_000),
    "in order on arrival, slow head": Kind(order="arrival", buffer=200_000, rows_per_second=410),
    "in order on arrival, reports nothing": Kind(order="arrival", reports=False, buffer=200_000),
    "in order on arrival, no status": Kind(order="arrival", reports=False, status=False),
    "process id on arrival": Kind(order="arrival", ids="arrival"),
    "process id on arrival, a large buffer": Kind(order="arrival", ids="arrival", buffer=200_000),
    "process id on arrival, reports nothing": Kind(
        order="arrival", ids="arrival", reports=False, buffer=200_000
    ),
    "random answers": Kind(order="arrival", ids="arrival", noise=True, buffer=200_000),
    "random answers, no process id": Kind(order="arrival", noise=True, buffer=200_000),
    "silent": Kind(order="never", status=False, reports=False),
    "honest": Kind(ids="done"),
    "honest without process id": Kind(),
}


def outcome(
    monkeypatch, kind: Kind, fault: str, stop: int, slip: Document = SLIP
) -> tuple[Cause, Liar]:
    """Print one slip on such a printer, after the questions of a connection just made."""
    clock = Clock()
    for module in (line_module, session_module):
        monkeypatch.setattr(module, "time", clock)
    printer = Liar(kind, clock, fault, stop)
    line = Line(printer, Timing())
    line.check()
    line.prove()
    delivery = send_document(line, slip, b"A1B2")
    if not delivery.complete:
        return delivery.cause, printer
    return await_confirmation(line, slip, b"A1B2"), printer


@pytest.mark.parametrize("fault", ["paper", "cover"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_nothing_is_confirmed_that_stopped_at_any_row(monkeypatch, kind, fault):
    wrong = []
    for stop in STOPS:
        cause, printer = outcome(monkeypatch, kind, fault, stop)
        assert printer.cuts == 0
        if cause in CONFIRMED:
            wrong.append((stop, cause))
    assert not wrong


@pytest.mark.parametrize("width", [384, 512])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_nothing_is_confirmed_that_stopped_on_narrower_paper(monkeypatch, kind, width):
    slip = Document(SLIP.rows[: ROWS * width // 8], width=width)
    for fault in ("paper", "cover"):
        for stop in (1, ROWS // 2, ROWS - 1, ROWS):
            cause, printer = outcome(monkeypatch, kind, fault, stop, slip)
            assert (cause in CONFIRMED, printer.cuts) == (False, 0), (fault, stop)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("honest", Cause.BY_PROCESS_ID),
        ("honest without process id", Cause.IN_ORDER),
        ("in order on arrival", Cause.IN_ORDER),
        ("in order on arrival, a large buffer", Cause.IN_ORDER),
        ("process id on arrival", Cause.BY_PROCESS_ID),
        ("in order on arrival, no status", Cause.NO_CONFIRMATION),
        ("silent", Cause.NO_CONFIRMATION),
    ],
)
def test_a_whole_slip_is_confirmed_where_the_printer_can_tell(monkeypatch, name, cause):
    found, printer = outcome(monkeypatch, KINDS[name], "paper", 10**6)
    assert (found, printer.rows) == (cause, ROWS)
    if found in CONFIRMED:
        assert printer.cuts == 1


def test_random_answers_confirm_nothing_even_where_the_slip_came_out(monkeypatch):
    causes = set()
    for seed in range(10**6, 10**6 + 25):
        causes.add(outcome(monkeypatch, KINDS["random answers"], "paper", seed)[0])
        causes.add(outcome(monkeypatch, KINDS["random answers, no process id"], "paper", seed)[0])
    assert not causes & CONFIRMED
