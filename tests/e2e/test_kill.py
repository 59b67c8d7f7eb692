import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import requests

from kiosk.demo.children import demo_children
from kiosk.demo.fhir_server import DemoJournal
from kiosk.store.database.key import new_key
from tests.full import full

KILLS = full(200, 50)
WORKER = Path(__file__).with_name("kill_worker.py")


def stored_in_journal(base_url: str) -> Counter:
    """How often the journal has each of our identifiers."""
    found: Counter = Counter()
    url = f"{base_url}/Observation?_count=200"
    while url:
        page = requests.get(url, timeout=20).json()
        for entry in page.get("entry", []):
            found.update(i["value"] for i in entry["resource"]["identifier"])
        url = next((x["url"] for x in page["link"] if x["relation"] == "next"), None)
    return found


@pytest.mark.fhir
@pytest.mark.slow
@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_kills_lose_nothing_and_double_nothing(tmp_path):
    journal = DemoJournal(tmp_path / "journal", demo_children(date.today()))
    url = journal.start()
    try:
        command = [sys.executable, WORKER, tmp_path / "data", new_key().hex(), url, str(KILLS), "7"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        in_journal = stored_in_journal(url)
    finally:
        journal.stop()
    shown = {visit for visit, _ in told["shown"]}
    shown_values = {value for _, values in told["shown"] for value in values}
    print(f"{KILLS} kills, {len(shown)} visits shown as saved, {told['resent']} resent")
    assert len(shown) >= KILLS / 4
    assert shown <= set(told["visits"])
    assert shown_values <= set(told["measurements"])
    assert (told["waiting"], told["parked"]) == (0, 0)
    assert told["audit_sound"]
    assert set(in_journal) == set(told["measurements"])
    assert set(in_journal.values()) == {1}
