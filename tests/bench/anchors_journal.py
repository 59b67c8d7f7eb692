"""A6 and J1: draining the outbox against a bare ``requests`` loop, in the same run.

Both post the same 400 bodies to the same small server in another process. Ours claims from the
encrypted store with ``synchronous=FULL``, makes "in flight" durable before each first byte and
the outcome after each answer; the bare loop only posts. J1 is one long queue over TLS, drained in
order through the view that a sender has of one interface.
"""

from __future__ import annotations

import json
import multiprocessing
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from uuid import UUID

import requests
from uuid6 import uuid7

from kiosk.journal.contract import Endpoint, PatientRef, Site
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.sender import Sender
from kiosk.journal.sender_news import News
from kiosk.model.outbox import DeliveryChanged, MessageKind, NewMessage
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import Child, Delivery, Dress, IdKind, Measurement, Quantity, Source, Visit
from kiosk.station.interfaces import FHIR_KEYS
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.bench.result import Result
from tests.journal.certificates import Authority
from tests.store.long_queue import fill

MESSAGES = 400
QUEUED = 10_000
ROUNDS = 5
BAR = 0.40
SITE = Site("urn:x-helsestasjon-kiosk:bench:1", "999999999", "Benk helsestasjon")
PATIENT = PatientRef("Patient/1")
NURSE = Performer("u1", "Test Testesen")


def run() -> list[Result]:
    """Measure A6. Rounds are interleaved and the best of each side counts: noise only slows."""
    return [_rounds(), _queue()]


def _queue() -> Result:
    """Measure J1: what waited for weeks, over TLS."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority = Authority(folder)
        certificate = authority.issue("server")
        with _server(certificate) as url:
            visits = [_visit() for _ in range(QUEUED)]
            bodies = [visit_bundle(visit, PATIENT, SITE) for visit in visits]
            peer = _bare_loop(url, bodies[: QUEUED // 5], authority.ca)
            rate = _drain(url, folder / "store", visits, bodies, authority.ca)
            peer = (peer + _bare_loop(url, bodies[: QUEUED // 5], authority.ca)) / 2
    return Result(
        anchor="J1",
        what=f"{QUEUED:,} queued messages in order over TLS, messages/s",
        ours=rate,
        peer=peer,
        ratio=rate / peer,
        bar=f">= {BAR:.2f} x a bare requests.Session loop",
        passed=rate / peer >= BAR,
        note="one run; the bare loop posts a fifth of them before and after; the mean counts",
    )


def _rounds() -> Result:
    with _server() as url, tempfile.TemporaryDirectory() as folder:
        ours, bare = [], []
        for number in range(ROUNDS):
            visits = [_visit() for _ in range(MESSAGES)]
            bodies = [visit_bundle(visit, PATIENT, SITE) for visit in visits]
            bare.append(_bare_loop(url, bodies))
            ours.append(_drain(url, Path(folder) / str(number), visits, bodies))
    rate, peer = max(ours), max(bare)
    ratio = rate / peer
    return Result(
        anchor="A6",
        what=f"outbox drain at FULL, encrypted, messages/s ({MESSAGES} a round)",
        ours=rate,
        peer=peer,
        ratio=ratio,
        bar=f">= {BAR:.2f} x a bare requests.Session loop",
        passed=ratio >= BAR,
        note=f"{len(bodies[0])} bytes each, best of {ROUNDS} interleaved rounds, http.server",
    )


def _bare_loop(url: str, bodies: list[bytes], ca: Path | None = None) -> float:
    """Messages a second of the loop one would write without an outbox."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca) if ca else True
        headers = {"Content-Type": "application/fhir+json"}
        session.post(url, data=bodies[0], headers=headers, timeout=5)
        start = time.perf_counter()
        for body in bodies:
            session.post(url, data=body, headers=headers, timeout=5).raise_for_status()
        return len(bodies) / (time.perf_counter() - start)


def _drain(
    url: str,
    folder: Path,
    visits: list[Visit],
    bodies: list[bytes],
    ca: Path | None = None,
    beside: int = 0,
) -> float:
    """Messages a second from the first "in flight" to the last "done".

    ``beside`` are messages that wait for another interface, which nobody serves.
    """
    store = Store.open(folder, new_key())
    for _ in range(0, beside, 5_000):
        fill(store, min(beside, 5_000), now_utc() - timedelta(days=300), ("gdt-file",))
    for visit, body in zip(visits, bodies, strict=True):
        message = NewMessage(uuid7(), visit.id, MessageKind.NEW, "fhir-transaction", body)
        store.save_visit(visit, [message], NURSE)
    times: list[float] = []
    arrived: list[UUID] = []
    finished = Event()

    def publish(news: News) -> None:
        if isinstance(news, DeliveryChanged) and (not times or news.state is Delivery.DONE):
            times.append(time.perf_counter())
            if news.state is Delivery.DONE:
                arrived.append(news.visit_id)
            if len(times) == len(visits) + 1:
                finished.set()

    endpoint = Endpoint(url, ca_file=ca)
    sender = Sender(
        store,
        lambda: FhirInterface(FhirClient(endpoint), SITE),
        publish,
        adapters=FHIR_KEYS,
    )
    sender.start()
    complete = finished.wait(120)
    sender.stop()
    items = store.items(len(visits))
    done = sum(item.state is Delivery.DONE for item in items)
    store.close()
    if not complete or done != len(visits):
        raise RuntimeError(f"only {done} of {len(visits)} messages were drained")
    if arrived != [visit.id for visit in visits]:
        raise RuntimeError("the messages were not drained in their order")
    return len(visits) / (times[-1] - times[0])


def _visit() -> Visit:
    visit_id, now = uuid7(), now_utc()
    measurement = Measurement(
        id=uuid7(),
        visit_id=visit_id,
        quantity=Quantity.WEIGHT,
        value=4236,
        text="4.236",
        unit="kg",
        source=Source.DEVICE,
        measured_at=now,
        entered_at=now,
        offset_minutes=60,
        performer=NURSE,
        dress=Dress.NAKED,
        device=Device("scale", "Bench scale", "radwag", "1", "S1"),
    )
    child = Child("18912650053", IdKind.NATIONAL, date(2026, 11, 18), "Ada", PATIENT.reference)
    return replace(Visit(visit_id, child, ()), measurements=(measurement,))


class _Journal(BaseHTTPRequestHandler):
    """As little of a journal as there can be: read the bundle, answer each of its entries."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_HEAD(self) -> None:
        """Answer a probe."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Take a transaction."""
        bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"response": {"status": "201 Created"}} for _ in bundle["entry"]]
        kind = "transaction-response"
        self._answer(json.dumps({"resourceType": "Bundle", "type": kind, "entry": rows}).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def _serve(told: Connection, certificate: tuple[Path, Path] | None) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Journal)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    told.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def _server(certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    told, telling = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(telling, certificate), daemon=True)
    process.start()
    try:
        if not told.poll(20):
            raise RuntimeError("the answering server did not start")
        scheme = "http" if certificate is None else "https"
        yield f"{scheme}://127.0.0.1:{told.recv()}/fhir"
    finally:
        process.kill()
        process.join()


if __name__ == "__main__":
    for result in run():
        print(result)
