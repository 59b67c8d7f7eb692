"""Kill -9 at any moment: what was said to be saved reaches a real server, each value once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest
import requests

from kiosk.journal.contract import Endpoint, PatientFound
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.sender import Sender
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.full import full
from tests.journal.journal_samples import SITE
from tests.patience import until

KILLS, MESSAGES = full(80, 20), full(5000, 1000)
"""At least so many of both in one run."""

WORKER = Path(__file__).with_name("kill_worker.py")


def run_until_killed(arguments: list[str], seconds: float, saved: list[str]) -> None:
    """Feed a worker visits until it is killed ``seconds`` after it saved its first."""
    worker = subprocess.Popen(
        [sys.executable, str(WORKER), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    killer = None
    try:
        while True:
            worker.stdin.write(b"\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
            # A line that the kill cut off was not said to anybody.
            if not line.endswith(b"\n"):
                break
            saved.append(line.decode().strip())
            if killer is None:
                killer = Thread(target=lambda: (time.sleep(seconds), worker.kill()))
                killer.start()
    except BrokenPipeError:
        pass
    assert killer is not None, "the worker never saved anything"
    killer.join()
    worker.wait()


@pytest.mark.fhir
@pytest.mark.slow
@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(
    tmp_path, fhir_server, fhir_children
):
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    url, child, key = fhir_server.base_url, fhir_children[0], new_key()
    client = FhirClient(Endpoint(url))
    found = client.look_up(child.number, child.number_kind, child.birth_date)
    client.close()
    assert isinstance(found, PatientFound)
    born = child.birth_date.isoformat()
    arguments = [str(tmp_path / "store"), key.hex(), url, found.reference, child.number, born]
    saved: list[str] = []
    kills = 0
    while kills < KILLS or len(saved) < MESSAGES:
        run_until_killed(arguments, chance.uniform(0.0, 0.5), saved)
        kills += 1
    store = Store.open(tmp_path / "store", key)
    left = store.counts()
    sender = Sender(store, lambda: FhirInterface(FhirClient(Endpoint(url)), SITE), lambda _: None)
    sender.start()
    until(lambda: store.counts().waiting == 0)
    assert sender.stop()
    counts = store.counts()
    store.close()
    values = Counter(stored_values(url))
    print(f"seed {seed}: {kills} kills, {len(saved)} saved, {left.waiting} left, {now_utc()}")
    assert counts.parked == 0
    assert set(saved) <= set(values), f"lost, seed {seed}"
    assert max(values.values()) == 1, f"doubled, seed {seed}"
    # A commit whose answer the kill cut off may be there as well: at most one a kill.
    assert len(values) <= len(saved) + kills


def stored_values(url: str) -> list[str]:
    """The identifiers of all Observations on the server."""
    session = requests.Session()
    session.trust_env = False
    found: list[str] = []
    link: str | None = f"{url}/Observation?_count=200"
    while link is not None:
        page = session.get(link, timeout=10).json()
        entries = page.get("entry", [])
        found += [entry["resource"]["identifier"][0]["value"] for entry in entries]
        link = next((row["url"] for row in page["link"] if row["relation"] == "next"), None)
    return found
