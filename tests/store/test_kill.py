"""SIGKILL at any moment: what was said to be saved is there, whole, and the trail is unbroken."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kiosk.store.database.key import new_key
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store

KILLS = 60
WORKER = Path(__file__).with_name("kill_worker.py")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_sixty_kills_lose_nothing_that_was_acknowledged(tmp_path):
    seed, key = random.randrange(2**32), new_key()
    command = [sys.executable, WORKER, tmp_path, key.hex(), str(KILLS), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    store = Store.open(tmp_path, key)
    messages = Counter(item.visit_id for item in store.items(100_000))
    rows = Counter(row.subject for row in store.audit_rows() if row.kind == "save")
    sound = store.audit_verify().sound
    whole = all(len(store.visit(UUID(i)).measurements) == 2 for i in told)
    store.close()
    print(f"seed {seed}: {KILLS} kills, {len(told)} acknowledged, {len(messages)} stored")
    assert len(told) > KILLS
    assert {UUID(i) for i in told} <= set(messages)
    assert set(messages.values()) == {1}
    assert Counter({str(i): 1 for i in messages}) == rows
    # A commit whose word the kill cut off may be there as well: at most one a kill.
    assert len(messages) <= len(told) + KILLS
    assert whole
    assert sound


HANG = """
import sys, os, time
from datetime import datetime, UTC
from pathlib import Path
from kiosk.store.people import pins
from kiosk.store.store import Store
def hang(*_):
    os.write(1, b"looking\\n")
    time.sleep(60)
pins.pin_fits = hang
store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
store.check_pin("anne", "2580", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
"""


def test_killing_the_station_while_it_looks_at_a_pin_gives_no_sixth_try(tmp_path):
    key = new_key()
    store = Store.open(tmp_path, key)
    store.add_person(PersonRow("anne", "Anne", "health-secretary", ""), "2580", "it")
    store.close()
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", HANG, tmp_path, key.hex()], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"looking\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    store = Store.open(tmp_path, key)
    answer = store.check_pin("anne", "2580", NOW)
    store.close()
    assert (answer.right, answer.locked_seconds) == (False, 30)
