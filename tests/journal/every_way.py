"""A station with every interface at once, and what each of its receivers really holds."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import requests

from kiosk.config.schema import Config, Csv, Gdt, Hl7, Journal
from kiosk.config.schema import Station as StationTable
from kiosk.journal.hl7.hl7_message import short_id
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import FINISHED
from kiosk.model.visit import Delivery
from kiosk.station.checking.folders import folders_of
from kiosk.station.interfaces import composer_of, ways_of
from kiosk.station.journal_side import site_of
from kiosk.station.status_board import StatusBoard
from kiosk.store.database.backup import restore, write_backup
from kiosk.store.store import FILE_NAME, Store
from tests.journal.journal_samples import NURSE, as_child, whole_visit
from tests.journal.mllp_receiver import MllpReceiver, ack
from tests.patience import until

QUICK = Pace(idle_probe=0.05, stopped=0.05, after_crash=0.05)


class EveryWay:
    """FHIR, HL7, GDT and CSV. ``fetch`` is the GDT receiver taking what it finds."""

    def __init__(self, folder: Path, url: str, key: bytes, shape: str = "transaction") -> None:
        self.folder, self.url, self.key = folder, url, key
        self.data, self.gdt, self.csv = folder / "data", folder / "gdt", folder / "csv"
        for one in (self.gdt, self.csv):
            one.mkdir()
        self.receiver = MllpReceiver(self._answer)
        self.refuses, self.taken = False, list[str]()
        self.config = Config(
            station=StationTable("Solbakken", data_dir=str(self.data)),
            journal=Journal(url, shape=shape, doubt=0),
            hl7=Hl7("127.0.0.1", self.receiver.port, tls=False, deadline=2),
            gdt=Gdt(str(self.gdt), long_numbers=True),
            csv=Csv(str(self.csv)),
        )
        self.mark()
        self.composer = composer_of(self.config)
        self.fetched: list[str] = []
        self.news: list[object] = []
        self.senders: list[Sender] = []
        self.board = StatusBoard(self.news.append)
        self.store = Store.open(self.data, key)

    def _answer(self, _number: int, control: str) -> bytes:
        if self.refuses:
            return ack(control, "AE")
        self.taken.append(control)
        return ack(control)

    def mark(self, *, again: bool = False) -> None:
        for one in folders_of(self.config):
            one.mark.make(one.path, again=again)

    def start(self) -> None:
        self.senders = [
            Sender(
                self.store,
                way.connect,
                self.board.of(way.keys[0]),
                adapters=way.keys,
                pace=QUICK,
            )
            for way in ways_of(self.config)
        ]
        for sender in self.senders:
            sender.start()

    def rest(self) -> None:
        for sender in self.senders:
            assert sender.stop(10)
        self.senders = []

    def close(self) -> None:
        self.rest()
        self.store.close()
        self.receiver.stop()

    def save(self, child):
        visit = whole_visit(as_child(child))
        measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
        visit = replace(visit, measurements=measured)
        self.store.save_visit(visit, self.composer.compose(visit), NURSE)
        for sender in self.senders:
            sender.wake()
        return visit

    def fetch(self) -> None:
        for path in self.gdt.glob("*.gdt"):
            path.unlink()
            self.fetched.append(path.stem)

    # --- copies ---------------------------------------------------------------------------

    def backup(self, name: str = "copy.db") -> Path:
        copy = self.folder / name
        write_backup(self.data, self.key, copy)
        return copy

    def bring_back(self, copy: Path, now, *, by_hand: bool = False, sent_since=True) -> None:
        """The store is lost and the copy put in its place."""
        self.rest()
        self.store.close()
        for path in self.data.glob(f"{FILE_NAME}*"):
            path.unlink()
        if by_hand:
            shutil.copyfile(copy, self.data / FILE_NAME)
        else:
            restore(copy, self.data, self.key, now, sent_since=sent_since)
        self.store = Store.open(self.data, self.key)

    # --- what is said and what is so ------------------------------------------------------

    def said(self, visit) -> dict[str, tuple]:
        """Of each interface, the last of its messages: how it stands and why."""
        items = self.store.delivery_of(visit.id)
        return {item.adapter.split("-")[0]: (item.state, item.failure) for item in items}

    def item(self, visit, way: str):
        items = self.store.delivery_of(visit.id)
        return [item for item in items if item.adapter.startswith(way)][-1]

    def wait(self, reached, *, fetch: bool = False) -> None:
        def told():
            return [(i.adapter, i.state, i.failure, i.detail) for i in self.store.items()]

        def fetched():
            self.fetch()
            time.sleep(0.02)

        until(reached, told, meanwhile=fetched if fetch else None)

    def settled(self, *visits):
        """Whether nothing moves by itself any more."""
        ended = {*FINISHED, Delivery.REJECTED}
        return lambda: all({state for state, _ in self.said(v).values()} <= ended for v in visits)

    def holds(self, visit) -> dict[str, int]:
        """How often each receiver holds the visit; for FHIR the most and least are the same."""
        ids = {item.adapter.split("-")[0]: item.id for item in self.store.delivery_of(visit.id)}
        counts = self._at_the_journal(visit)
        if len(counts) > 1:
            # It was storing the visit between two of the questions.
            counts = self._at_the_journal(visit)
        assert len(counts) == 1
        return {
            "fhir": counts.pop(),
            "hl7v2": self.taken.count(short_id(ids["hl7v2"])),
            "gdt": self.fetched.count(str(ids["gdt"]))
            + len(list(self.gdt.glob(f"{ids['gdt']}.gdt"))),
            "csv": len(list(self.csv.glob(f"{ids['csv']}.csv"))),
        }

    def _at_the_journal(self, visit) -> set[int]:
        """How often it holds each of the values."""
        counts = set()
        for one in visit.measurements:
            query = {"identifier": f"{site_of(self.config).system}|{one.id}"}
            found = requests.get(f"{self.url}/Observation", params=query, timeout=5).json()
            counts.add(len(found.get("entry", [])))
        return counts
