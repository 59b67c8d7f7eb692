"""Every state of a message times every fault: after the fault each value is there once.

The table in ``docs/failure-matrix.md`` is what is expected; each of its cells is a test.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from kiosk.journal.contract import Endpoint
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import Failure, JournalState, OutboxStatus
from kiosk.model.visit import Delivery, NewValue
from kiosk.store.store import Store
from tests.journal.faulty_gate import FAULTS, Gate
from tests.journal.hostile_server import certificate, tls_server
from tests.journal.journal_samples import NURSE, SITE
from tests.journal.test_changing import Clinic, change, weight_of
from tests.patience import until

pytestmark = pytest.mark.fhir
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "failure-matrix.md"
WORKER = Path(__file__).with_name("matrix_worker.py")
STATES = {
    "looking for the patient": "look-up",
    "sending": "send",
    "asking what became of it": "ask",
    "correcting": "correct",
}
OF_TLS = ("a stranger's certificate", "line cut in the TLS handshake")
ITSELF, STOPS, PERSON = "by itself", "stops, then by itself", "a person"
QUICK = Pace(idle_probe=0.1, stopped=0.1, after_crash=0.1)


def cells() -> list[tuple[str, str, str]]:
    """Fault, state and what is expected, as the document has them."""
    return table("fault", *STATES)


def table(*columns: str) -> list[tuple[str, str, str]]:
    """The cells of the document's table that has these columns: row, column, content."""
    heading = f"| {' | '.join(columns)} |"
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    body = itertools.takewhile(lambda line: line.startswith("|"), lines[lines.index(heading) + 2 :])
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in body]
    return [
        (row[0], column, cell)
        for row in rows
        for column, cell in zip(columns[1:], row[1:], strict=True)
    ]


class AtTheGate(Clinic):
    """A clinic whose sender reaches the journal through the gate."""

    def __init__(self, store, gate, url, children, **endpoint):
        super().__init__(store, url, children)
        self.gate = gate
        self.endpoint = Endpoint(
            gate.server.url,
            connect_timeout=1.0,
            read_timeout=0.8,
            deadline=1.0,
            **endpoint,
        )
        self.news = []

    def sender(self) -> Sender:
        return Sender(
            self.store,
            lambda: FhirInterface(FhirClient(self.endpoint), SITE),
            self.news.append,
            pace=QUICK,
        )

    def settled(self, visits, seen) -> bool:
        """Whether all is done. A person tries again what was parked."""
        done = True
        for visit in visits:
            for item in self.store.delivery_of(visit.id):
                if item.state is Delivery.REJECTED:
                    seen.add((item.kind, item.failure))
                    self.store.retry(item.id, NURSE)
                done &= item.state in {Delivery.DONE, Delivery.CANCELLED}
        return done

    def stored_once(self, visit):
        for one in visit.measurements:
            query = {"identifier": f"{SITE.system}|{one.id}", "_count": "5"}
            found = requests.get(f"{self.url}/Observation", params=query, timeout=5).json()
            assert len(found.get("entry", [])) == 1, one.quantity


def corrected(clinic, visit):
    weight = weight_of(visit)
    value = NewValue(weight.id, 5236, "5.236", "kg", None, None)
    clinic.store.save_change(change(visit, values=[value]), [], None)


def begin(clinic, state):
    """Two visits, the first about to be struck in this state."""
    first = clinic.save(0, known=state != "looking for the patient")
    second = clinic.save(1, known=True)
    if state == "correcting":
        clinic.endpoint, plain = Endpoint(clinic.url), clinic.endpoint
        clinic.deliver(first, second)
        clinic.endpoint = plain
        corrected(clinic, first)
    return first, second


def judged(news, parked) -> str:
    if parked:
        return PERSON
    stopped = any(
        isinstance(one, OutboxStatus) and one.journal is JournalState.STOPPED for one in news
    )
    return STOPS if stopped else ITSELF


def finish(clinic, state, visits) -> str:
    parked = set()
    sender = clinic.sender()
    sender.start()
    try:
        until(lambda: clinic.settled(visits, parked))
    finally:
        assert sender.stop()
    for visit in visits:
        clinic.stored_once(visit)
    if state == "correcting":
        stored = clinic.stored(weight_of(visits[0]))
        assert stored["valueQuantity"]["value"] == 5.236
        assert stored["status"] == "amended"
    return judged(clinic.news, parked)


@pytest.fixture
def gate(own_url):
    gate = Gate(own_url)
    yield gate
    gate.server.close()


@pytest.mark.parametrize("place", ["file"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "state", "expected"), [cell for cell in cells() if cell[0] in FAULTS]
)
def test_cell(gate, store, own_url, fhir_children, fault, state, expected, tmp_path, key):
    clinic = AtTheGate(store, gate, own_url, fhir_children)
    visits = begin(clinic, state)
    strike, times = FAULTS[fault]
    killed = fault.startswith("kill")
    if state == "asking what became of it":
        lose_the_answer(clinic, visits[0])
    gate.arm("any" if "portal" in fault else STATES[state], strike, times)
    if killed:
        clinic.store = kill_when_struck(clinic, gate, tmp_path, key)
    try:
        assert finish(clinic, state, visits) == expected
        assert gate.struck.is_set()
    finally:
        if killed:
            clinic.store.close()


def lose_the_answer(clinic, first):
    """The journal stored the first message, and its answer was lost."""
    (item,) = clinic.store.delivery_of(first.id)
    taken = clinic.store.claim(item.due)
    assert taken.id == item.id
    assert clinic.store.mark_in_flight(item.id)
    kind = {"Content-Type": "application/fhir+json"}
    requests.post(clinic.url, data=item.body, headers=kind, timeout=5).raise_for_status()
    clinic.store.recover(item.due)
    assert clinic.states(first)[0][1] == "ambiguous"


def kill_when_struck(clinic, gate, folder, key):
    """Let another process send, kill it while it waits for the answer, and open its store."""
    clinic.store.close()
    arguments = [str(folder / "data"), key.hex(), gate.server.url]
    worker = subprocess.Popen([sys.executable, str(WORKER), *arguments])
    try:
        assert gate.struck.wait(20)
        time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    return Store.open(folder / "data", key)


@pytest.mark.parametrize("place", ["file"], indirect=True)
@pytest.mark.parametrize("state", STATES)
def test_a_stranger_s_certificate_stops_and_a_line_cut_in_the_handshake_does_not(
    store, own_url, fhir_children, state, tmp_path
):
    ours, strange = (tls_server(certificate(tmp_path, name)) for name in ("ours", "strange"))
    rows = {fault: cell for fault, at, cell in cells() if at == state}
    for context, fault in zip((strange, None), OF_TLS, strict=True):
        gate = Gate(own_url, ours)
        clinic = AtTheGate(store, gate, own_url, fhir_children, ca_file=tmp_path / "ours.pem")
        visits = begin(clinic, state)
        gate.server._tls = context or Cutting()
        sender = clinic.sender()
        sender.start()
        try:
            down = (JournalState.STOPPED, JournalState.UNREACHABLE)
            until(
                lambda: any(getattr(n, "journal", None) in down for n in clinic.news)  # noqa: B023
            )
        finally:
            sender.stop()
        told = {n.failure for n in clinic.news if isinstance(n, OutboxStatus)} - {None}
        assert told == {Failure.CERTIFICATE if context else Failure.UNREACHABLE}
        gate.server._tls = ours
        assert finish(clinic, state, visits) == rows[fault]
        gate.server.close()


class Cutting:
    """Hangs up in the middle of the handshake."""

    def wrap_socket(self, sock, server_side):
        sock.recv(64)
        sock.close()
        raise OSError


def test_the_document_has_every_fault_and_no_other():
    named = {fault for fault, _, _ in cells()}
    assert named == set(FAULTS) | set(OF_TLS)
    assert re.search(r"Each cell is a test", DOCUMENT.read_text(encoding="utf-8"))


def test_one_value_of_one_visit_is_not_in_the_way_of_another(store, own_url, fhir_children, gate):
    """While a message waits for a person, the ones after it go."""
    clinic = AtTheGate(store, gate, own_url, fhir_children)
    first, second = begin(clinic, "sending")
    gate.arm("send", FAULTS["422"][0], 1)
    sender = clinic.sender()
    sender.start()
    try:
        until(lambda: clinic.states(second)[0][1] == "done")
    finally:
        assert sender.stop()
    assert clinic.states(first)[0][1] == "rejected"
    clinic.stored_once(second)
