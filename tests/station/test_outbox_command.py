"""`kiosk outbox show` prints whatever an interface froze."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from kiosk.cli.outbox import _text
from kiosk.clock import now_utc
from kiosk.core.model import Delivery
from kiosk.core.outbox import MessageKind, OutboxItem

ITEM = OutboxItem(
    id=uuid4(),
    sequence=1,
    visit_id=uuid4(),
    kind=MessageKind.NEW,
    adapter="fhir-transaction",
    body=None,
    state=Delivery.QUEUED,
    attempts=0,
    due=now_utc(),
    created=now_utc(),
)


@pytest.mark.parametrize(
    ("adapter", "charset"),
    [
        ("fhir-single", "utf-8"),
        ("hl7v2-mllp", "utf-8"),
        ("csv-file", "utf-8"),
        ("gdt-file", "latin1"),
    ],
)
def test_each_body_is_read_in_its_own_character_set(adapter, charset):
    assert _text(replace(ITEM, adapter=adapter, body="Åse".encode(charset))) == "Åse"
    assert _text(ITEM) is None
