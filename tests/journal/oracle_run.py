"""One station through kills, faults, shares that go and copies that come back; and who decides."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

from kiosk.model.outbox import BY_HAND, FINISHED, DiscardReason, Failure, OutboxItem
from kiosk.model.visit import Change, ChangeKind, ChangeReason, Delivery, NewValue, Quantity, Visit
from kiosk.station.checking.folders import folders_of
from kiosk.store.database.backup import restore, write_backup
from kiosk.store.errors import StoreError
from kiosk.store.store import FILE_NAME, Store
from tests.journal.journal_samples import NURSE, as_child, whole_visit
from tests.journal.oracle import Oracle, Saved
from tests.journal.oracle_receivers import Engine, Journal, Shares
from tests.journal.oracle_station import ANSWERS, SHAPES, Put, Setup, make_mistake

STATION = "from tests.journal.oracle_station import main; main()"
KINDS = ("asked", "sent", "stored", "answered", "HL7 read", "HL7 kept", "fetched", "told")
QUIET = 3.0
"""Seconds without any event after which a life has nothing left to do."""
AT_LEAST = 1.0
"""Seconds that a life goes on after the last visit at least; else as long as the visits took."""
PATIENCE = 120.0
"""Seconds in which nothing gets further, after which the end will not come."""


class Fate:
    """When a station is killed: at one step of one receiver, or when it is done."""

    def __init__(self, chance: random.Random) -> None:
        self._chance, self._lock = chance, Lock()
        self._victim, self._kind, self._left = 0, "", 0
        self.last = time.monotonic()
        self.struck: dict[str, int] = {}

    def choose(self, victim: int, steps: int) -> None:
        with self._lock:
            self._victim, self._kind = victim, self._chance.choice(KINDS)
            self._left = self._chance.randint(1, steps)
            self.last = time.monotonic()

    def happened(self, kind: str) -> None:
        with self._lock:
            self.last = time.monotonic()
            if self._victim and kind == self._kind:
                self._left -= 1
                if self._left <= 0:
                    self._strike()

    def strike(self) -> None:
        with self._lock:
            self._strike()

    def spare(self) -> None:
        with self._lock:
            self._victim = 0

    def _strike(self) -> None:
        if self._victim:
            os.kill(self._victim, signal.SIGKILL)
            self.struck[self._kind] = self.struck.get(self._kind, 0) + 1
            self._victim = 0


@dataclass
class Run:
    """All of it. ``seed`` makes the same choices again, as far as threads allow."""

    folder: Path
    key: bytes
    url: str
    children: tuple
    seed: int
    agreed_names: bool = False
    mistake: str = ""
    kills: int = 0
    restores: int = 0
    losses: int = 0
    copies: list[tuple[Path, set[UUID]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.fate = Fate(random.Random(self.chance.random()))
        happened = self.fate.happened
        journal = Journal(self.url, random.Random(self.chance.random()), happened)
        engine = Engine(random.Random(self.chance.random()), happened)
        fetching = random.Random(self.chance.random())
        shares = Shares(self.folder, fetching, happened, keeps_csv=not self.agreed_names)
        self.oracle = Oracle(journal, engine, shares)
        self.setup = Setup(
            self.folder,
            self.key,
            journal.server.url.replace("localhost", "127.0.0.1"),
            engine.receiver.port,
            agreed_names=self.agreed_names,
            mistake=self.mistake,
        )
        for one in folders_of(self.setup.config()):
            one.mark.make(one.path, again=False)
        self._sockets = Path(tempfile.mkdtemp(prefix="oracle"))
        self._mother = subprocess.Popen(
            [sys.executable, "-c", STATION], stdin=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        self._lives = 0
        Store.open(self.setup.data, self.key).close()

    def close(self) -> None:
        self.fate.strike()
        self.oracle.journal.server.close()
        self.oracle.engine.receiver.stop()
        self.oracle.shares.close()
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        self._mother.wait(30)
        shutil.rmtree(self._sockets)

    def make_mistake(self, put: Put) -> None:
        """Make it here too: a copy is brought back by this process."""
        make_mistake(self.mistake, put)

    def figures(self) -> str:
        """What happened, in numbers."""
        oracle = self.oracle
        return (
            f"seed {self.seed}: {len(oracle.saved)} visits kept, {len(oracle.forgotten)} lost with "
            f"a disk, {self.kills} kills {self.fate.struck}, {self.restores} restores, "
            f"{self.losses} losses of a share, {oracle.marks} marks, "
            f"journal {dict(oracle.journal.told)}, HL7 {dict(oracle.engine.told)}"
        )

    # --- a life ----------------------------------------------------------------------------

    def live(self, visits: int) -> None:
        """Start, save some visits with misfortunes in between, and be killed."""
        journal, engine = self.oracle.journal, self.oracle.engine
        journal.ignores = self.chance.random() < 0.4
        journal.faulty = self.chance.choice((0.0, 0.1, 0.25))
        engine.faulty = self.chance.choice((0.0, 0.1, 0.25))
        if self.mistake:
            journal.ignores, journal.faulty, engine.faulty = True, 0.5, 0.3
        engine.files = self.chance.random() < 0.4
        engine.repetitions = self.chance.random() < 0.7
        self.setup = replace(
            self.setup,
            shape=self.chance.choice(SHAPES),
            answers=self.chance.choice((*ANSWERS, "original", "original")),
            files=engine.files,
            repetitions=engine.repetitions,
        )
        orders, pid = self._born()
        store = Store.open(self.setup.data, self.key, alone=False, make=False)
        try:
            self.fate.choose(pid, 2 * visits)
            self._work(orders, store, visits)
        except (EOFError, ConnectionError):
            pass
        finally:
            self._die(orders, pid)
            self._read(orders, store, until_empty=True)
            self.kills += 1
            self.oracle.look(store, self._some(40), listed=True)
            store.close()
            if self.kills % 10 == 0:
                print(self.figures(), flush=True)

    def _born(self) -> tuple[Connection, int]:
        self._lives += 1
        name = str(self._sockets / str(self._lives))
        with Listener(name, "AF_UNIX") as listener:
            assert self._mother.stdin is not None
            self._mother.stdin.write(f"{name}\n".encode())
            self._mother.stdin.flush()
            orders = listener.accept()
        orders.send(self.setup)
        _, pid = orders.recv()
        return orders, pid

    def _die(self, orders: Connection, pid: int) -> None:
        self.fate.strike()
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.001)
        assert orders is not None

    def _work(self, orders: Connection, store: Store, visits: int) -> None:
        steps: list[Callable[[Store], object]] = [
            self._copy,
            self._lose,
            self._bring_back,
            self._decide,
            lambda store: self.oracle.look(store, self._some(5), listed=False),
        ]
        begun = time.monotonic()
        for _ in range(visits):
            self._save(orders, store)
            if self.chance.random() < 0.25:
                self._change(orders, store)
            if self.chance.random() < 0.4:
                self.chance.choice(steps)(store)
            self._read(orders, store)
        fate, now = self.fate, time.monotonic()
        until = now + max(AT_LEAST, now - begun)
        while time.monotonic() < min(fate.last + QUIET, until):
            self._read(orders, store)
            if self.chance.random() < 0.1:
                self._decide(store)
                self._bring_back(store)
            time.sleep(0.02)

    def _some(self, most: int) -> list[UUID]:
        known = [ident for ident, one in self.oracle.saved.items() if one.sure]
        return known[-most:] + self.chance.sample(known, min(len(known), most // 4))

    # --- orders ----------------------------------------------------------------------------

    def _save(self, orders: Connection, store: Store) -> None:
        visit = whole_visit(as_child(self.chance.choice(self.children)))
        measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
        visit = replace(visit, measurements=measured)
        saved = self.oracle.saved[visit.id] = Saved(visit)
        self._order(orders, store, visit)
        saved.sure = True

    def _change(self, orders: Connection, store: Store) -> None:
        fresh = [one for one in self.oracle.saved.values() if one.sure and one.change is None]
        if not fresh:
            return
        known = self.chance.choice(fresh[-10:])
        known.change = changed(known.visit, self.chance)
        self._order(orders, store, known.change)
        known.change_sure = True

    def _order(self, orders: Connection, store: Store, order: Visit | Change) -> None:
        orders.send(order)
        while not self._read(orders, store, order.id):
            pass

    def _read(
        self,
        orders: Connection,
        store: Store,
        order: UUID | None = None,
        *,
        until_empty: bool = False,
    ) -> bool:
        """Read what the station says; until it has carried out an ``order``, if one is given."""
        while order is not None or orders.poll():
            try:
                what, *more = orders.recv()
            except (EOFError, ConnectionError):
                if until_empty:
                    return False
                raise
            if what == "mark":
                self.fate.happened("told")
                self.oracle.news(store, more[0], more[1])
            elif what == "done" and order is not None and more[0].id == order:
                return True
        return False

    # --- misfortunes and people ------------------------------------------------------------

    def _copy(self, _: Store) -> None:
        copy = self.folder / f"copy-{len(self.copies)}.db"
        # What is saved while the copy is made may be in it or not; it is looked up afterwards.
        write_backup(self.setup.data, self.key, copy)
        self.copies.append((copy, {i for i, one in self.oracle.saved.items() if one.sure}))

    def _lose(self, _: Store) -> None:
        self.losses += not self.oracle.shares.are_away
        self.oracle.shares.lose()

    def _bring_back(self, _: Store) -> None:
        self.oracle.shares.bring_back()

    def restore(self) -> None:
        """The disk is lost: what was saved since the copy is unknown from now on."""
        if not self.copies:
            return
        self.restores += 1
        copy, _ = self.copies[-1]
        for path in self.setup.data.glob(f"{FILE_NAME}*"):
            path.unlink()
        if self.chance.random() < 0.5:
            shutil.copyfile(copy, self.setup.data / FILE_NAME)
        else:
            restore(copy, self.setup.data, self.key, datetime.now(UTC))
        self._forget()

    def _forget(self) -> None:
        store = Store.open(self.setup.data, self.key, alone=True)
        try:
            for ident, known in list(self.oracle.saved.items()):
                if not store.delivery_of(ident):
                    self.oracle.forgotten[ident] = self.oracle.saved.pop(ident)
                    continue
                if known.change is not None and not store.visit(ident).changes:
                    # The station no longer knows of it, and the receivers may.
                    known.change_sure = False
                elif known.change is not None:
                    known.change_sure = True
        finally:
            store.close()
        self.copies = [one for one in self.copies if one[1] <= self.oracle.saved.keys()]

    def _decide(self, store: Store) -> None:
        """A person looks at what has stopped, and at the receivers."""
        if self.oracle.shares.are_away:
            return
        self.oracle.journal.look()
        for item in store.to_look_at(50):
            if item.state is not Delivery.REJECTED or item.visit_id not in self.oracle.saved:
                continue
            try:
                self._decided(store, item)
            except StoreError:
                # The station moved it meanwhile.
                continue

    def _decided(self, store: Store, item: OutboxItem) -> None:
        there = self.oracle.has_values(item, time.monotonic())
        known = self.oracle.saved[item.visit_id]
        if item.failure in BY_HAND:
            self.oracle.by_hand.add(item.id)
            known.corrected_by_hand |= item.adapter.startswith("fhir")
            store.made_by_hand(item.id, NURSE)
        elif (item.failure is Failure.CONFLICT and item.detail.startswith("several")) or (
            there and item.failure is Failure.MAY_HAVE_ARRIVED
        ):
            store.discard(item.id, DiscardReason.ALREADY_THERE, NURSE)
        else:
            store.retry(item.id, NURSE)

    # --- the end ---------------------------------------------------------------------------

    def finish(self) -> None:
        """All faults are over; with a person who looks, everything comes to its end."""
        self.oracle.shares.bring_back()
        self.oracle.journal.faulty = self.oracle.engine.faulty = 0.0
        self.oracle.journal.look()
        open_ones, moved = list(self.oracle.saved), time.monotonic()
        while open_ones:
            orders, pid = self._born()
            self.fate.choose(pid, 10**9)
            store = Store.open(self.setup.data, self.key, alone=False, make=False)
            before = len(open_ones)
            try:
                self.fate.happened("starts")
                while open_ones and time.monotonic() < self.fate.last + QUIET:
                    self._read(orders, store)
                    self._decide(store)
                    open_ones = [one for one in open_ones if not self._ended(store, one)]
                    time.sleep(0.05)
            finally:
                self._die(orders, pid)
                self._read(orders, store, until_empty=True)
                left = [self._told(store, one) for one in open_ones[:3]]
                store.close()
            if len(open_ones) < before:
                moved = time.monotonic()
            assert time.monotonic() < moved + PATIENCE, left

    def _ended(self, store: Store, ident: UUID) -> bool:
        items = store.delivery_of(ident)
        ended = all(item.state in FINISHED for item in items)
        return ended and self.oracle.look(store, [ident], listed=False)

    @staticmethod
    def _told(store: Store, ident: UUID) -> list[tuple]:
        return [
            (i.adapter, i.kind, i.state, i.failure, i.detail, i.due)
            for i in store.delivery_of(ident)
        ]


def changed(visit: Visit, chance: random.Random) -> Change:
    """A correction of the weight, or a withdrawal."""
    kind = chance.choice((ChangeKind.CORRECTED, ChangeKind.CORRECTED, ChangeKind.WITHDRAWN))
    weight = next(m for m in visit.measurements if m.quantity is Quantity.WEIGHT)
    value = NewValue(weight.id, 4326, "4,326", "kg", None, None)
    values = (value,) if kind is ChangeKind.CORRECTED else ()
    when = datetime.now(UTC)
    reason = ChangeReason.MISTYPED
    return Change(uuid4(), visit.id, kind, reason, when, 60, NURSE, values)
