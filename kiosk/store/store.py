"""The store: the one place where a child's values are kept until the journal has them.

Every writing method returns after its commit is durable (write-ahead log, ``synchronous=FULL``)
and raises :class:`StoreError` with a code otherwise; then nothing of it was stored. Methods may
be called from any thread; one thread does all the writing.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from drivers.printers.jobs import JobChange
from kiosk.clock import now_utc
from kiosk.core.model import Performer, Visit
from kiosk.core.outbox import NewMessage, OutboxCounts, OutboxItem, Outcome
from kiosk.store import audit, engine, outbox, people, pins, prints, schema, visits
from kiosk.store.disk import DiskState, disk_state
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.store.key import derived
from kiosk.store.writer import Writer

T = TypeVar("T")
FILE_NAME = "store.db"
LOCK_NAME = "store.lock"


class Store:
    """An open store. Use :meth:`open`."""

    def __init__(self, folder: Path, key: bytes, writing: Engine, lock: IO[str] | None) -> None:
        self._folder = folder
        self._audit_key = derived(key, "audit")
        self._trail = audit.Trail(self._audit_key)
        self._pin_key = derived(key, "pin")
        self._reading = engine.reading_engine(folder / FILE_NAME, key)
        self._writer = Writer(writing)
        self._lock = lock

    @classmethod
    def open(cls, folder: Path, key: bytes, *, demo: bool = False, alone: bool = True) -> Store:
        """Open or create the store in ``folder``; raises :class:`StoreError`.

        ``alone`` takes the lock that the station process holds; a command that only looks or
        retries opens without it.
        """
        engine.check_library()
        path = folder / FILE_NAME
        engine.check_file(path)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _take_lock(folder / LOCK_NAME) if alone else None
        except OSError as error:
            raise StoreError(fault_of(error)) from None
        writing = engine.writing_engine(path, key)
        try:
            with writing.begin() as connection:
                schema.prepare(connection, demo=demo)
        except (DBAPIError, StoreError) as error:
            writing.dispose()
            if lock is not None:
                lock.close()
            raise StoreError(_open_fault(error, folder)) from None
        return cls(folder, key, writing, lock)

    def close(self) -> None:
        """Finish queued commands and close the file."""
        self._writer.close()
        self._reading.dispose()
        if self._lock is not None:
            self._lock.close()

    def _write(self, command: Callable[[Connection], T]) -> T:
        return self._writer.run(command)

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._reading.connect() as connection:
                return query(connection)
        except (DBAPIError, OSError) as error:
            raise StoreError(fault_of(error)) from None

    # --- visits -------------------------------------------------------------------------

    def save_visit(self, visit: Visit, messages: Sequence[NewMessage], actor: Performer) -> None:
        """Commit measurements, messages and audit row in one transaction.

        Saving the same visit twice is no second visit. Raises :class:`StoreError`: DISK_FULL
        below the watermark, CONTENT_DIFFERS if this id was saved with other values.
        """
        if self.disk_state() is DiskState.FULL:
            raise StoreError(StoreFault.DISK_FULL)
        now = now_utc()

        def command(connection: Connection) -> None:
            if not visits.add(connection, visit, now):
                return
            for message in messages:
                outbox.add(connection, message, now)
            self._audit(connection, now, ("save", actor.user_id, str(visit.id)))

        self._write(command)

    def visit(self, visit_id: UUID) -> Visit:
        """A visit as it was saved; raises :class:`LookupError`."""
        return self._read(lambda c: visits.read(c, visit_id))

    def last_weight(self) -> str:
        """The last weight a scale gave ("4.236 kg"), or an empty string."""
        return self._read(visits.last_weight)

    # --- outbox -------------------------------------------------------------------------

    def recover(self, now: datetime) -> int:
        """After a start: claimed goes back to queued, in flight becomes ambiguous."""
        return self._write(lambda c: outbox.recover(c, now))

    def claim(self, now: datetime) -> OutboxItem | None:
        """Take the oldest message that is due."""
        return self._write(lambda c: outbox.claim(c, now))

    def settle(
        self, item_id: UUID, outcome: Outcome, now: datetime, *, launch: bool = False
    ) -> OutboxItem | None:
        """Record an outcome and claim the next message that is due, in one transaction.

        With ``launch`` the next message, if its bytes are fixed, is in flight at once.
        """

        def command(connection: Connection) -> OutboxItem | None:
            outbox.settle(connection, item_id, outcome, now)
            return outbox.claim(connection, now, launch=launch)

        return self._write(command)

    def freeze(self, item_id: UUID, body: bytes) -> None:
        """Fix the bytes of a message of which nothing was ever sent."""
        self._write(lambda c: outbox.freeze(c, item_id, body))

    def mark_in_flight(self, item_id: UUID) -> None:
        """Record, before the first byte, that bytes may now have left."""
        self._write(lambda c: outbox.mark_in_flight(c, item_id))

    def retry(self, item_id: UUID, actor: Performer) -> None:
        """A person puts a parked message back in the queue."""
        now = now_utc()

        def command(connection: Connection) -> None:
            outbox.retry(connection, item_id, now)
            self._audit(connection, now, ("retry", actor.user_id, str(item_id)))

        self._write(command)

    def counts(self) -> OutboxCounts:
        """How much waits, is parked and is done."""
        return self._read(outbox.counts)

    def next_due(self) -> datetime | None:
        """When the earliest waiting message is due."""
        return self._read(outbox.next_due)

    def items(self, limit: int = 200) -> Sequence[OutboxItem]:
        """The newest messages first."""
        return self._read(lambda c: outbox.newest(c, limit))

    def item(self, item_id: UUID) -> OutboxItem:
        """One message; raises :class:`LookupError`."""
        return self._read(lambda c: outbox.one(c, item_id))

    def delivery_of(self, visit_id: UUID) -> Sequence[OutboxItem]:
        """The messages of a visit."""
        return self._read(lambda c: outbox.of_visit(c, visit_id))

    # --- people -------------------------------------------------------------------------

    def persons(self) -> Sequence[people.PersonRow]:
        """Everybody who may sign in, by name."""
        return self._read(people.listed)

    def add_person(self, person: people.PersonRow, pin: str, actor: str) -> None:
        """Add somebody, or give somebody a new PIN."""
        kept, now = pins.hash_pin(self._pin_key, pin), now_utc()

        def command(connection: Connection) -> None:
            people.add(connection, person, kept)
            self._audit(connection, now, ("person-added", actor, person.id))

        self._write(command)

    def remove_person(self, person_id: str, actor: str) -> bool:
        """Remove somebody; ``False`` if nobody has this id."""
        now = now_utc()

        def command(connection: Connection) -> bool:
            known = people.remove(connection, person_id)
            if known:
                self._audit(connection, now, ("person-removed", actor, person_id))
            return known

        return self._write(command)

    def check_pin(self, user_id: str, pin: str, now: datetime) -> people.PinResult:
        """Check a PIN. The try is durable before the PIN is looked at."""
        counted = self._write(lambda c: people.begin_try(c, user_id, now))
        if counted is None:
            return people.PinResult(right=False)
        kept, failed, wait = counted
        if wait:
            return people.PinResult(right=False, locked_seconds=wait)
        right = pins.pin_fits(self._pin_key, pin, kept)
        self._write(lambda c: self._after_try(c, user_id, now, right=right))
        if right:
            return people.PinResult(right=True)
        left = max(0, pins.FREE_TRIES - failed)
        return people.PinResult(
            right=False, tries_left=left, locked_seconds=pins.wait_after(failed)
        )

    def _after_try(
        self, connection: Connection, user_id: str, now: datetime, *, right: bool
    ) -> None:
        if right:
            people.succeed(connection, user_id)
        self._audit(connection, now, ("sign-in" if right else "sign-in-failed", user_id, ""))

    # --- print jobs and audit -----------------------------------------------------------

    def record(self, change: JobChange) -> None:
        """Keep a step of a print job (the printer thread's ``JobLog``)."""
        now = now_utc()

        def command(connection: Connection) -> None:
            prints.record(connection, change, now)
            self._audit(connection, now, (f"print-{change.state.value}", "printer", change.job_id))

        self._write(command)

    def open_print_jobs(self) -> Sequence[JobChange]:
        """The print jobs a stopped process left unsettled."""
        return self._read(prints.still_open)

    def note(self, kind: str, actor: str, subject: str) -> None:
        """Leave an audit row of its own. Never a name, a number or a value."""
        now = now_utc()
        self._write(lambda c: self._audit(c, now, (kind, actor, subject)))

    def _audit(self, connection: Connection, now: datetime, *rows: tuple[str, str, str]) -> None:
        self._trail.append(connection, now, *rows)

    def audit_verify(self) -> audit.AuditReport:
        """Check the whole trail."""
        return self._read(lambda c: audit.verify(c, self._audit_key))

    def audit_rows(self) -> Sequence[audit.AuditRow]:
        """The whole trail, oldest first."""
        return self._read(lambda c: list(audit.rows(c)))

    # --- the disk -----------------------------------------------------------------------

    def disk_state(self) -> DiskState:
        """How full the disk is. A disk that cannot be asked counts as full."""
        try:
            return disk_state(self._folder)
        except OSError:
            return DiskState.FULL


def _take_lock(path: Path) -> IO[str]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.fdopen(handle, "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreError(StoreFault.IN_USE) from None
    return lock


def _open_fault(error: DBAPIError | StoreError, folder: Path) -> StoreFault:
    fault = fault_of(error)
    if fault is StoreFault.INPUT_OUTPUT and not os.access(folder, os.W_OK):
        return StoreFault.READ_ONLY
    return fault
