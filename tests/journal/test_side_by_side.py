"""Several interfaces at once: each delivers once, in order, and none waits for another."""

from __future__ import annotations

from dataclasses import replace

import hl7
import pytest
import requests

from kiosk.config.schema import Config, Csv, Gdt, Hl7, Journal
from kiosk.config.schema import Station as StationTable
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import JournalState, OutboxCounts, OutboxStatus
from kiosk.model.visit import Delivery
from kiosk.station.checking.folders import folders_of
from kiosk.station.interfaces import composer_of, ways_of
from kiosk.station.journal_side import site_of
from kiosk.station.status_board import StatusBoard
from tests.journal.journal_samples import NURSE, as_child, whole_visit
from tests.journal.mllp_receiver import MllpReceiver, ack
from tests.patience import until

pytestmark = pytest.mark.fhir


class Clinic:
    def __init__(self, folder, url, receiver, store):
        (folder / "csv").mkdir()
        (folder / "gdt").mkdir()
        self.config = Config(
            station=StationTable("Solbakken", data_dir=str(folder)),
            journal=Journal(url, doubt=0),
            hl7=Hl7("127.0.0.1", receiver.port, tls=False, deadline=2),
            gdt=Gdt(str(folder / "gdt"), long_numbers=True),
            csv=Csv(str(folder / "csv")),
        )
        for one in folders_of(self.config):
            one.mark.make(one.path, again=False)
        self.folder, self.receiver, self.url = folder, receiver, url
        self.store = store
        self.composer = composer_of(self.config)
        self.news = []
        board = StatusBoard(self.news.append)
        self.senders = [
            Sender(
                self.store,
                way.connect,
                board.of(way.keys[0]),
                adapters=way.keys,
                pace=Pace(idle_probe=0.1, stopped=0.1),
            )
            for way in ways_of(self.config)
        ]

    def save(self, child):
        visit = whole_visit(as_child(child))
        measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
        visit = replace(visit, measurements=measured)
        self.store.save_visit(visit, self.composer.compose(visit), NURSE)
        return visit

    def states(self):
        return {(item.adapter, item.state) for item in self.store.items(1000)}

    def wait(self, reached):
        until(reached, self.states)

    def observations(self, visit):
        system = site_of(self.config).system
        counts = []
        for one in visit.measurements:
            query = {"identifier": f"{system}|{one.id}"}
            found = requests.get(f"{self.url}/Observation", params=query, timeout=5).json()
            counts.append(len(found.get("entry", [])))
        return counts


@pytest.fixture
def receiver():
    receiver = MllpReceiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def clinic(tmp_path, own_url, receiver, store):
    clinic = Clinic(tmp_path, own_url, receiver, store)
    yield clinic
    for sender in clinic.senders:
        if sender._thread.ident is not None:
            assert sender.stop()
    clinic.store.close()


def test_every_interface_delivers_each_visit_once(clinic, fhir_children):
    visits = [clinic.save(child) for child in fhir_children[:3]]
    for sender in clinic.senders:
        sender.start()
    gdt = clinic.folder / "gdt"
    clinic.wait(lambda: len(list(gdt.glob("*.gdt"))) == 3)
    for path in gdt.glob("*.gdt"):
        path.unlink()
    every = {"fhir-transaction", "hl7v2-mllp", "gdt-file", "csv-file"}
    clinic.wait(lambda: clinic.states() == {(adapter, _grade(adapter)) for adapter in every})
    assert [clinic.observations(visit) for visit in visits] == [[1, 1, 1]] * 3
    assert len(clinic.receiver.received) == 3
    assert len(list((clinic.folder / "csv").glob("*.csv"))) == 3
    weights = {str(hl7.parse(text).segment("OBX")[5]) for text in clinic.receiver.received}
    assert weights == {"4.236"}


def test_one_that_is_down_holds_up_none_of_the_others(clinic, fhir_children):
    clinic.receiver.behave = lambda number, control: None
    clinic.save(fhir_children[0])
    for sender in clinic.senders:
        sender.start()
    clinic.wait(lambda: ("fhir-transaction", Delivery.DONE) in clinic.states())
    clinic.wait(lambda: ("csv-file", Delivery.DELIVERED) in clinic.states())
    assert ("hl7v2-mllp", Delivery.DELIVERED) not in clinic.states()
    clinic.receiver.behave = lambda number, control: ack(control)
    clinic.wait(lambda: ("hl7v2-mllp", Delivery.DELIVERED) in clinic.states())
    assert len(clinic.receiver.messages) == 1


def test_a_starting_sender_leaves_the_messages_of_others_alone(clinic, fhir_children):
    clinic.save(fhir_children[0])
    store, mine = clinic.store, ("hl7v2-mllp",)
    item = store.claim(store.next_due(), mine)
    assert item.adapter == "hl7v2-mllp"
    assert store.mark_in_flight(item.id)
    store.recover(store.next_due(), ("csv-file",))
    assert ("hl7v2-mllp", Delivery.IN_FLIGHT) in clinic.states()
    store.recover(store.next_due(), mine)
    assert ("hl7v2-mllp", Delivery.AMBIGUOUS) in clinic.states()


def test_the_desk_sees_the_interface_that_is_worst_off():
    seen = []
    board = StatusBoard(seen.append)
    up = OutboxStatus(JournalState.REACHABLE, OutboxCounts(2, 0, 1))
    board.of("csv-file")(OutboxStatus(JournalState.UNREACHABLE, OutboxCounts(3, 0, 0)))
    board.of("fhir-transaction")(up)
    down = OutboxStatus(JournalState.UNREACHABLE, OutboxCounts(2, 0, 1), interface="csv-file")
    assert seen[-1] == down
    board.of("csv-file")(up)
    assert seen[-1] == up


def test_without_any_interface_what_was_measured_waits_for_one(tmp_path):
    composer = composer_of(Config(station=StationTable("Solbakken", data_dir=str(tmp_path))))
    (message,) = composer.compose(whole_visit())
    assert (message.adapter, message.body) == ("fhir-transaction", None)


def _grade(adapter: str) -> Delivery:
    """Only a FHIR journal says that it holds what it was sent."""
    return Delivery.DONE if adapter.startswith("fhir") else Delivery.DELIVERED
