"""What a slip costs on the wire, and that it comes out dot by dot in every language and width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from drivers.printers.command_bytes import defuse, picture_rows
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
    assert b"".join(row[: width // 8] for row in rows) == defuse(picture_rows(slip, aligns=aligns))
    assert not any(any(row[width // 8 :]) for row in rows)
    assert len(data) < uncut(slip) * 0.75


@pytest.mark.parametrize("language", SLIP_LANGUAGES)
@pytest.mark.parametrize("aligns", [False, True], ids=["any printer", "one that aligns"])
def test_a_standard_slip_is_small_in_every_language_at_every_width(language, aligns):
    sizes = [len(sent(standard_slip(language, width), aligns=aligns)) for width in WIDTHS]
    assert max(sizes) <= 24_000


def test_a_slip_that_begins_at_the_right_is_the_same_slip_upside_down():
    slip = standard_slip("ar", 384)
    turned = replace(slip, rows=picture_rows(slip, aligns=False))
    assert turned.rows != slip.rows == picture_rows(slip, aligns=True)
    assert turned.turned_rows == slip.rows
    dots = Image.frombytes("1", (384, slip.height), slip.rows)
    assert dots.transpose(Image.Transpose.ROTATE_180).tobytes() == turned.rows
    plain = standard_slip("nb", 384)
    assert picture_rows(plain, aligns=False) == plain.rows
