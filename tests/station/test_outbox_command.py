"""`kiosk outbox` prints whatever an interface froze, and carries out what a person decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kiosk.__main__ import main
from kiosk.cli.outbox import _text
from kiosk.model.outbox import Failure, MessageKind, OutboxItem, Parked
from kiosk.model.visit import Delivery
from kiosk.store.database.key import create_key_file, read_key_file
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, message, visit

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


@pytest.fixture
def stopped(tmp_path):
    """A configured station with one message that stopped; returns what runs a command there."""
    config = tmp_path / "kiosk.toml"
    key = tmp_path / "key"
    create_key_file(key)
    lines = [f'[station]\nclinic = "Solbakken"\ndata_dir = "{tmp_path / "data"}"']
    config.write_text("\n".join([*lines, f'[database]\nkey_file = "{key}"\n']))
    store = Store.open(tmp_path / "data", read_key_file(key))
    saved = visit()
    queued = message(saved)
    store.save_visit(saved, [queued], ANNE)
    item = store.claim(now_utc() + timedelta(seconds=1))
    store.settle(item.id, Parked(Failure.REFUSED, "http-422"), item.due)
    yield lambda *words: main(["outbox", *words, "--config", str(config)]), store, queued.id
    store.close()


def test_a_message_is_given_up_from_the_command_line_for_a_reason(stopped, capsys):
    run, store, item_id = stopped
    assert run("discard", str(item_id)) == 2
    assert "--reason" in capsys.readouterr().err
    assert run("discard", str(item_id), "--reason", "already-there") == 0
    assert store.item(item_id).state is Delivery.DISCARDED
    assert run("retry", str(item_id)) == 2
    assert "parkert (rejected)" in capsys.readouterr().err


def test_a_parked_message_is_put_back_from_the_command_line(stopped):
    run, store, item_id = stopped
    assert run("retry", str(item_id)) == 0
    assert store.item(item_id).state is Delivery.QUEUED
