"""A station's sending half in a process that will be killed: real store, real sender.

``python kill_worker.py FOLDER KEY BASE_URL PATIENT NUMBER BORN``. Saves a visit
whenever a line comes in, writes its measurement's id as a line once the commit has returned.
"""

from __future__ import annotations

import sys
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.journal.contract import Endpoint, PatientRef
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.sender import Sender
from kiosk.model.outbox import MessageKind, NewMessage
from kiosk.model.visit import Child, IdKind, Visit
from kiosk.store.store import Store
from tests.journal.journal_samples import NURSE, SITE, measurement


def main(folder: str, key: str, url: str, patient: str, number: str, born: str) -> None:
    store = Store.open(Path(folder), bytes.fromhex(key))
    sender = Sender(store, lambda: FhirInterface(FhirClient(Endpoint(url)), SITE), lambda _: None)
    sender.start()
    child = Child(number, IdKind.NATIONAL, date.fromisoformat(born), "Ada", patient)
    for count, _ in enumerate(sys.stdin):
        visit_id = uuid.uuid4()
        sample = replace(measurement(), visit_id=visit_id)
        visit = Visit(visit_id, child, (sample,))
        body = visit_bundle(visit, PatientRef(patient), SITE) if count % 2 else None
        message = NewMessage(uuid.uuid4(), visit_id, MessageKind.NEW, "fhir", body)
        store.save_visit(visit, [message], NURSE)
        print(sample.id, flush=True)
        sender.wake()


if __name__ == "__main__":
    main(*sys.argv[1:])
