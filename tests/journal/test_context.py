"""How a value was taken reaches every interface: as a field of its own or in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from journal_samples import SITE, measurement, whole_visit
from uuid6 import uuid7

from kiosk.core.model import Dress, OddReason, Position, Quantity, Rule
from kiosk.journal.context import DRESSES, ODD_NOTES, POSITIONS, WITH_ADULT
from kiosk.journal.csv_message import csv_file
from kiosk.journal.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.hl7_message import Addresses, oru

PLAIN = measurement(dress=None)
LENGTH = measurement(Quantity.LENGTH, 545, "54.5", "cm")
TOLD = {
    **{DRESSES[dress]: replace(PLAIN, dress=dress) for dress in Dress},
    **{POSITIONS[where]: replace(LENGTH, position=where) for where in Position},
    **{ODD_NOTES[reason]: replace(PLAIN, odd_reason=reason) for reason in OddReason},
    WITH_ADULT: replace(PLAIN, rule=Rule.DIFFERENCE),
}
GDT = GdtAddresses("K", "J", long_numbers=True)
WAYS = {
    "hl7": lambda visit: oru(visit, uuid7(), Addresses("K", "K", "J", "J"), SITE).decode("utf-8"),
    "gdt": lambda visit: gdt_record(visit, uuid7(), GDT, SITE).decode("iso-8859-1"),
    "csv": lambda visit: csv_file(visit, uuid7(), SITE, "final").decode("utf-8"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("words", TOLD)
def test_nothing_of_how_a_value_was_taken_is_dropped(way, words):
    sent = WAYS[way](replace(whole_visit(), measurements=(TOLD[words],)))
    assert words in sent
    assert "odd-value" not in sent
    plain = LENGTH if TOLD[words].quantity is Quantity.LENGTH else PLAIN
    without = WAYS[way](replace(whole_visit(), measurements=(replace(plain, position=None),)))
    assert words not in without
