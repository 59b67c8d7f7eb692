"""What a slip costs on the wire, and that it comes out dot by dot in every language and width."""

from __future__ import annotations

import pytest

from drivers.printers.command_bytes import defuse
from drivers.printers.models import WIDTHS
from drivers.simulators.printer_escpos import EscPosReader, Row, Unknown
from kiosk.receipts.languages import SLIP_LANGUAGES
from tests.receipts.wire import sent, standard_slip, uncut


@pytest.mark.parametrize("language", SLIP_LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("aligns", [False, True], ids=["any printer", "one that aligns"])
def test_a_slip_is_read_back_dot_by_dot_and_costs_less_than_its_rows(language, width, aligns):
    slip = standard_slip(language, width)
    data = sent(slip, aligns=aligns)
    reader, buffer, rows = EscPosReader(), bytearray(data), []
    while (operation := reader.take(buffer)) is not None:
        assert not isinstance(operation, Unknown)
        rows += [operation.dots] if isinstance(operation, Row) else []
    assert b"".join(row[: width // 8] for row in rows) == defuse(slip.rows)
    assert not any(any(row[width // 8 :]) for row in rows)
    assert len(data) < uncut(slip) * 0.75


@pytest.mark.parametrize("language", SLIP_LANGUAGES)
def test_a_standard_slip_is_small_on_a_printer_that_aligns(language):
    """Arabic letters are drawn larger, so they cost most."""
    most = max(len(sent(standard_slip(language, width), aligns=True)) for width in WIDTHS)
    assert most <= (25_500 if language == "ar" else 24_000)


@pytest.mark.parametrize("language", ["nb", "nn", "en", "se", "ti"])
def test_a_standard_slip_is_small_on_any_printer(language):
    assert max(len(sent(standard_slip(language, width))) for width in WIDTHS) <= 24_000
