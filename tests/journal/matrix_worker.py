"""A sender alone in a process that will be killed. ``python matrix_worker.py FOLDER KEY URL``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kiosk.journal.contract import Endpoint
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.sender import Sender
from kiosk.store.store import Store
from tests.journal.journal_samples import SITE


def main(folder: str, key: str, url: str) -> None:
    store = Store.open(Path(folder), bytes.fromhex(key))
    endpoint = Endpoint(url)
    Sender(store, lambda: FhirInterface(FhirClient(endpoint), SITE), lambda _: None).start()
    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
