"""A message that stopped, looked at and given up with a finger in the real process."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from kiosk.model.outbox import Failure, Parked
from kiosk.model.visit import Delivery
from kiosk.store.database.key import create_key_file, read_key_file
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.e2e.surroundings import on_display
from tests.e2e.test_touch import Eye, Finger, display, places
from tests.patience import PATIENCE
from tests.store.samples import ANNE, message, visit

__all__ = ["display", "places"]
WORDS = "http-422 episode of care is closed"


@pytest.fixture
def folder(tmp_path):
    """A station's folder with one message that the journal refused."""
    create_key_file(tmp_path / "key")
    (tmp_path / "kiosk.toml").write_text(
        f'[station]\nclinic = "Solbakken"\ndata_dir = "{tmp_path / "data"}"\n'
        f'[database]\nkey_file = "{tmp_path / "key"}"\n[panel]\nfullscreen = false\n'
    )
    store = Store.open(tmp_path / "data", read_key_file(tmp_path / "key"))
    store.add_person(PersonRow("anne", "Anne Berg", "health-secretary", ""), "2580", "it")
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    item = store.claim(now_utc() + timedelta(seconds=1))
    store.settle(item.id, Parked(Failure.REFUSED, WORDS), item.due)
    store.close()
    return tmp_path


@pytest.mark.x11
@pytest.mark.slow
def test_a_refused_message_is_read_and_given_up_by_touch(folder, display, places):
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--config", str(folder / "kiosk.toml")],
        env=on_display(display),
        stderr=subprocess.PIPE,
    )
    finger, eye = Finger(display, places), Eye(display, folder)
    try:
        eye.wait_for("Solbakken")
        finger.touch("plain-lock", "user-anne")
        eye.wait_for("PIN-kode")
        finger.type("plain-pin", "2580")
        finger.touch("plain-pin", "primary")
        eye.wait_for("Finn barnet")
        finger.touch("plain-find", "strip", pause=0.5)
        eye.wait_for("1 må ses på")
        finger.touch("plain-status", "look-0", pause=0.5)
        seen = eye.wait_for("Svaret som kom")
        assert "episode of care is closed" in seen
        finger.touch("plain-message", "give-up", pause=0.5)
        eye.wait_for("Hvorfor skal den ikke sendes")
        finger.touch("plain-discard", "discard-measured-again", pause=1)
        assert "Hvorfor skal den ikke sendes" in eye.read()
        finger.touch("plain-discard", "confirm", pause=0.5)
        eye.wait_for("Alt er sendt og mottatt")
        assert eye.read().count("Kanarinora") == 0
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0
        process.stderr.close()
    store = Store.open(folder / "data", read_key_file(folder / "key"))
    (item,) = store.to_look_at(10)
    trail = [(row.kind, row.actor) for row in store.audit_rows()]
    store.close()
    assert (item.state, item.remote) == (Delivery.DISCARDED, "measured-again")
    assert ("discarded", "anne") in trail
    assert json.dumps(trail).count("Kanarinora") == 0
