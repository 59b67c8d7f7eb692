"""Slips, tickets and the test slip on paper of every width: nothing meets, nothing is cut."""

from __future__ import annotations

from datetime import date, time

import pytest
from PIL import ImageDraw

from drivers.printers.models import WIDTHS
from kiosk.language.texts import SLIP_DOMAIN, speaking
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts.content import CopyMark, SlipContent, SlipLine
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.receipts.raster import draw_slip, picture_of
from kiosk.receipts.ticket import Ticket, draw_ticket
from kiosk.receipts.type_face import MARGIN
from kiosk.receipts.width_slip import draw_width_slip

CONTENT = {
    "name": "Anne-Margrethe Wilhelmine",
    "measured_on": date(2026, 3, 12),
    "lines": (
        SlipLine(Quantity.WEIGHT, "102,345 kg", dress=Dress.NAKED),
        SlipLine(Quantity.LENGTH, "163,4 cm", Position.LYING),
        SlipLine(Quantity.HEAD, "41,2 cm"),
    ),
    "code": "K7QF",
    "clinic": "Solbakken helsestasjon",
    "copy": CopyMark(12, time(10, 42)),
    "corrected": True,
    "training": True,
}


@pytest.mark.parametrize("language", SLIP_LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_two_texts_meet_and_all_stay_within_the_margins(monkeypatch, language, width):
    boxes: list[tuple[float, float, float, float]] = []
    real = ImageDraw.ImageDraw.text

    def text(self, xy, words, fill, font, anchor, direction):
        box = self.textbbox(xy, words, font=font, anchor=anchor, direction=direction)
        assert box[0] >= MARGIN - 2, words
        assert box[2] <= width - MARGIN + 2, words
        for other in boxes:
            apart = box[0] >= other[2] or other[0] >= box[2]
            assert apart or min(box[3], other[3]) - max(box[1], other[1]) < 12, words
        boxes.append(box)
        return real(self, xy, words, fill, font, anchor, direction=direction)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    with speaking(language, domain=SLIP_DOMAIN):
        content = SlipContent(age="4", language=language, **CONTENT)
        assert picture_of(content, width).width == width


@pytest.mark.parametrize("width", WIDTHS)
def test_documents_are_as_wide_as_the_paper(width):
    slip = draw_slip(SlipContent(age="4 måneder", language="nb", **CONTENT), width)
    ticket = draw_ticket(Ticket(999, time(9, 41), training=True), ("nb", "ar", "uk"), width)
    assert {slip.width, ticket.width} == {width}
    for at in range(0, len(ticket.rows), width // 8):
        row = ticket.rows[at : at + width // 8]
        assert not row[0]
        assert not row[-1]


def test_the_test_slip_has_one_line_for_each_width_with_a_tip_at_both_edges():
    slip = draw_width_slip()
    rows = [slip.rows[at : at + 72] for at in range(0, len(slip.rows), 72)]
    ends = [len(row.rstrip(b"\0")) * 8 for row in rows if row[0] & 0x80]
    assert sorted(set(ends)) == list(WIDTHS)
    for row in rows:
        end = len(row.rstrip(b"\0"))
        if row[0] & 0x80:
            assert row[end - 1] & 1
