"""A station with every interface in a process that will be killed, told what to save.

Whatever it shows is written down with the moment at which it was durable: the oracle compares that
with what each receiver held then. ``MISTAKES`` are faults the station once had, for showing that
the oracle finds them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Client, Connection
from pathlib import Path
from threading import Lock
from typing import Any

from kiosk.config.schema import Config, Csv, Gdt, Hl7, Journal
from kiosk.config.schema import Station as StationTable
from kiosk.journal.answers import Verdict
from kiosk.journal.files import file_interface
from kiosk.journal.files.folder_mark import FolderMark
from kiosk.journal.hl7 import hl7_interface, hl7_reply
from kiosk.journal.sender import Pace, Sender
from kiosk.model.changes import current
from kiosk.model.outbox import DeliveryChanged
from kiosk.model.visit import Change, Visit
from kiosk.station.interfaces import composer_of, ways_of
from kiosk.store.database import copies
from kiosk.store.store import Store
from tests.journal.journal_samples import NURSE

QUICK = Pace(idle_probe=0.05, stopped=0.05, after_crash=0.05)
LOOK_AGAIN = timedelta(milliseconds=30)
SHAPES, ANSWERS = ("transaction", "batch", "single"), ("original", "accept", "application", "both")


@dataclass(frozen=True)
class Setup:
    """How a station is set up for one life."""

    folder: Path
    key: bytes
    journal: str
    hl7_port: int
    shape: str = "transaction"
    answers: str = "original"
    files: bool = False
    repetitions: bool = True
    agreed_names: bool = False
    mistake: str = ""

    @property
    def data(self) -> Path:
        """Where its store is."""
        return self.folder / "data"

    def config(self) -> Config:
        """The configuration with all four interfaces."""
        name = "{receiver}{sender}.gdt" if self.agreed_names else ""
        return Config(
            station=StationTable("Solbakken", data_dir=str(self.data)),
            journal=Journal(self.journal, shape=self.shape, doubt=0, deadline=5),
            hl7=Hl7(
                "127.0.0.1",
                self.hl7_port,
                tls=False,
                deadline=2,
                answers=self.answers,
                files=self.files,
                repetitions=self.repetitions,
                changes=True,
            ),
            gdt=Gdt(str(self.folder / "gdt"), long_numbers=True, file_name=name),
            csv=Csv(str(self.folder / "csv"), fetched=self.agreed_names),
        )


def live(setup: Setup, orders: Connection) -> None:
    """Start, carry out one order after the other, and send until killed."""
    make_mistake(setup.mistake, setattr)
    file_interface.LOOK_AGAIN = LOOK_AGAIN
    config, saying = setup.config(), Lock()

    def say(*words: object) -> None:
        with saying:
            orders.send(words)

    def news(one: object) -> None:
        if isinstance(one, DeliveryChanged):
            say("mark", one, time.monotonic())

    store = Store.open(setup.data, setup.key)
    senders = [
        Sender(store, way.connect, news, adapters=way.keys, pace=QUICK) for way in ways_of(config)
    ]
    for sender in senders:
        sender.start()
    say("lives", os.getpid())
    composer = composer_of(config)
    while True:
        order = orders.recv()
        if isinstance(order, Visit):
            store.save_visit(order, composer.compose(order), NURSE)
        elif isinstance(order, Change):
            visit = store.visit(order.visit_id)
            then = current(replace(visit, changes=(*visit.changes, order)))
            store.save_change(order, composer.compose(then) if order.values else (), None)
        for sender in senders:
            sender.wake()
        say("done", order)


# --- faults that the station once had --------------------------------------------------

Put = Callable[[Any, str, Any], object]


def make_mistake(name: str, put: Put) -> None:
    """Put an old fault back, in this process."""
    if name:
        MISTAKES[name](put)


def _engine_is_a_journal(put: Put) -> None:
    def judge(ack: Any, around: Any, **told: Any) -> Verdict:
        return hl7_reply.judge(ack, around, **{**told, "files": True})

    put(hl7_interface, "judge", judge)


def _copy_trusted(put: Put) -> None:
    put(copies, "doubt_all", lambda connection, now: None)


def _any_folder(put: Put) -> None:
    put(FolderMark, "check", lambda self, folder: None)


def _any_answer(put: Put) -> None:
    put(hl7_reply, "is_answer_to", lambda sent, answered: True)


MISTAKES: dict[str, Callable[[Put], None]] = {
    "AA of a system that only accepts counts as received": _engine_is_a_journal,
    "what a copy brings back is sent blindly": _copy_trusted,
    "any folder is taken for the marked one": _any_folder,
    "an answer to another message counts": _any_answer,
}


def main() -> None:
    """For each line, the name of a socket, fork a station that takes its orders from there.

    Everything was imported once; a life that is over in a moment should not cost a second.
    """
    import kiosk.journal.fhir.client
    import kiosk.journal.hl7.mllp
    import kiosk.station.checking.folders  # noqa: F401 - before the first fork

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            orders = Client(line.strip(), "AF_UNIX")
            live(orders.recv(), orders)
