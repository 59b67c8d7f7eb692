"""``kiosk outbox``: what a person decides about a message from the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.__main__ import main
from kiosk.config.load import load_config
from kiosk.model.outbox import Delivered, Done, Failure, Parked
from kiosk.model.visit import Delivery
from kiosk.station.keys import key_of
from kiosk.store.store import Store
from tests.store.samples import ANNE, message, visit

FAR = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture
def station(tmp_path):
    data, config = tmp_path / "data", tmp_path / "kiosk.toml"
    config.write_text(f'[station]\nclinic = "x"\ndata_dir = "{data}"\n')

    def do(*words):
        return main(["outbox", *words, "--config", str(config)])

    assert main(["store", "new", "--config", str(config)]) == 0
    opened = lambda: Store.open(data, key_of(load_config(config), make=False))  # noqa: E731
    return do, opened


def stands(opened, *outcome):
    """A message of which this came."""
    store, saved = opened(), visit()
    one = message(saved)
    store.save_visit(saved, [one], ANNE)
    store.claim(FAR)
    for what in outcome:
        store.settle(one.id, what, FAR, ("no",))
    store.close()
    return one.id


def test_what_was_delivered_is_confirmed_and_who_did_it_is_noted(station, capsys):
    do, opened = station
    ident = stands(opened, Delivered("1.gdt"))
    assert do("confirm", str(ident)) == 0
    assert capsys.readouterr().out.endswith("done\n")
    store = opened()
    item, row = store.item(ident), store.audit_rows()[-1]
    store.close()
    assert (item.state, item.remote) == (Delivery.DONE, "by-hand")
    assert (row.kind, row.actor, row.subject) == ("confirmed", "service", str(ident))
    # Once is enough: the second time there is nothing to confirm.
    assert do("confirm", str(ident)) == 2
    assert "bekreftes" in capsys.readouterr().err


@pytest.mark.parametrize("outcome", [(), (Done("1"),), (Parked(Failure.REFUSED),)])
def test_what_was_not_delivered_is_not_confirmed_and_stays_as_it_is(station, capsys, outcome):
    do, opened = station
    ident = stands(opened, *outcome)
    store = opened()
    before, rows = store.item(ident), len(store.audit_rows())
    store.close()
    assert do("confirm", str(ident)) == 2
    assert "bare en som er levert (delivered), kan bekreftes" in capsys.readouterr().err
    store = opened()
    assert (store.item(ident), len(store.audit_rows())) == (before, rows)
    store.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("confirm",), "trenger id-en"),
        (("confirm", "no-id"), "trenger id-en"),
        (("confirm", "00000000-0000-0000-0000-000000000001"), "Ingen melding har id-en"),
    ],
)
def test_a_message_is_named_by_its_id(station, capsys, words, told):
    do, _ = station
    assert do(*words) == 2
    assert told in capsys.readouterr().err
