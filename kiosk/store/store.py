"""The store: the one place where a child's values are kept until the journal has them.

Every writing method returns after its commit is durable (write-ahead log, ``synchronous=FULL``)
and raises :class:`StoreError` with a code otherwise; then nothing of it was stored. Methods may
be called from any thread; one thread does all the writing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from drivers.printers.jobs import JobChange
from kiosk.model.lists import ListedVisit
from kiosk.model.outbox import (
    DeliveryChanged,
    DiscardReason,
    NewMessage,
    OutboxCounts,
    OutboxItem,
    Outcome,
    Standing,
)
from kiosk.model.performer import Performer
from kiosk.model.visit import Change, ChangeKind, Visit
from kiosk.store import audit
from kiosk.store.database import purge
from kiosk.store.database.disk import DiskState
from kiosk.store.database.key import derived
from kiosk.store.database.marker import Found
from kiosk.store.database.opening import FilePlace
from kiosk.store.database.place import Place
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.database.purge import DELIVERED_DAYS, KEEP_DAYS, Before
from kiosk.store.database.writer import Writer
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.store.hearing import before_saving, follow_up
from kiosk.store.hearing.hearing_store import HearingStore
from kiosk.store.outbox import decisions, following, lists, queue, recovery
from kiosk.store.people import people, pins
from kiosk.store.people.lock_out import SignIn
from kiosk.store.visits import changes, mirror, prints, tickets
from kiosk.store.visits import saved as visits
from kiosk.store.visits.taking_over import Compose, take_over
from kiosk.system.clock import now_utc

T = TypeVar("T")
__all__ = ["FILE_NAME", "Store"]


class Store:
    """An open store: a station's own file (:meth:`open`) or the database of a whole clinic
    (:meth:`kiosk.store.database.server.join`).
    """

    def __init__(
        self, place: Place, key: bytes, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._place = place
        self._holder = place.holder
        self._key = key
        self._trail = audit.Trail(derived(key, "audit"))
        self._pin_key = derived(key, "pin")
        self._reading = place.reading
        kind = "store" if place.holder is None else "clinic"
        self._writer = Writer(place.writing, place.check, kind, self._ended)
        self._sign_in = SignIn(self._write, self._trail, self._pin_key, monotonic)
        self.hearing = HearingStore(self._write, self._read, self._trail)

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        *,
        demo: bool = False,
        alone: bool = True,
        make: bool = True,
        new: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> Store:
        """Open or create the store in ``folder``; raises :class:`StoreError`.

        ``alone`` takes the lock that the station process holds; a command that only looks or
        retries opens without it. With ``make`` off nothing is created and nothing migrated; with
        ``new`` off an older store is migrated, and none is created.
        """
        place = FilePlace(folder, key, demo=demo, alone=alone, make=make, new=new)
        return cls(place, key, monotonic)

    def close(self) -> None:
        """Finish queued commands and close the file."""
        self._writer.close()
        self._place.close()

    def submit(self, command: Callable[[Connection], T]) -> Future[T]:
        """Queue one transaction of the caller's; the future is done after its commit."""
        return self._writer.submit(command)

    @property
    def found(self) -> Found:
        """How a station's own file stood to its mark when it was opened, and what nobody has
        answered for yet; a clinic's database has no mark.
        """
        return self._place.found

    def _ended(self, connection: Connection | None) -> None:
        if connection is None:
            self._trail.forget()
        else:
            self._place.kept(connection, self._trail.end)

    def _write(self, command: Callable[[Connection], T]) -> T:
        try:
            return self._writer.run(command)
        except StoreError as error:
            # A disk without room fails in more ways than one.
            full = self.disk_state() is DiskState.FULL
            if error.fault is StoreFault.INPUT_OUTPUT and full:
                raise StoreError(StoreFault.DISK_FULL) from None
            raise

    def _traced(
        self, row: tuple[str, str, str], change: Callable[[Connection, datetime], object]
    ) -> None:
        """Commit a change together with its audit row: what was done, by whom, to what."""
        now = now_utc()

        def command(connection: Connection) -> None:
            change(connection, now)
            self._trail.append(connection, now, row)

        self._write(command)

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._reading.connect() as connection:
                return query(connection)
        except (SQLAlchemyError, OSError) as error:
            fault = fault_of(error)
        # The next look-up opens the file anew.
        self._reading.dispose()
        raise StoreError(fault)

    # --- visits -------------------------------------------------------------------------

    def save_visit(
        self,
        visit: Visit,
        messages: Sequence[NewMessage],
        actor: Performer,
        used: Sequence[UUID] = (),
    ) -> bool:
        """Commit measurements, hearing tests, messages and audit row in one transaction.

        ``used`` are the sessions and held records that became part of it; they are gone with the
        same commit. Saving the same visit twice is no second visit: ``False``, and nothing of
        ``messages`` was kept. Raises :class:`StoreError`: DISK_FULL below the watermark,
        CONTENT_DIFFERS if this id was saved with other values.
        """
        if self.disk_state() is DiskState.FULL:
            raise StoreError(StoreFault.DISK_FULL)
        now = now_utc()

        def command(connection: Connection) -> bool:
            if not visits.add(connection, visit, now):
                return False
            for message in messages:
                queue.add(connection, message, now)
            if used:
                before_saving.drop(connection, used)
            self._trail.append(connection, now, ("save", actor.user_id, str(visit.id)))
            return True

        return self._write(command)

    def save_change(
        self,
        change: Change,
        anew: Sequence[NewMessage],
        moved: tuple[Visit, Sequence[NewMessage]] | None,
    ) -> None:
        """Commit a way back, what it means for the visit's messages and its audit row.

        ``anew`` are the messages of the corrected visit, for interfaces that were sent nothing
        yet; ``moved`` is the right child's new visit with its messages. All of it or nothing.
        Raises :class:`StoreError`: DISK_FULL, CONTENT_DIFFERS if the visit was taken back before.
        """
        if self.disk_state() is DiskState.FULL:
            raise StoreError(StoreFault.DISK_FULL)
        now, actor = now_utc(), change.performer.user_id

        def command(connection: Connection) -> None:
            if not changes.add(connection, change):
                return
            following.follow(connection, change, anew, now)
            self._trail.append(connection, now, (change.kind.value, actor, str(change.visit_id)))
            if moved is not None:
                visit, messages = moved
                visits.add(connection, visit, now)
                if change.kind is ChangeKind.NUMBERED:
                    follow_up.carry_over(connection, change.visit_id, visit)
                for message in messages:
                    queue.add(connection, message, now)
                self._trail.append(connection, now, ("save", actor, str(visit.id)))

        self._write(command)

    def visit(self, visit_id: UUID) -> Visit:
        """A visit as it was saved; raises :class:`LookupError`."""
        return self._read(lambda c: visits.read(c, visit_id))

    def visits_since(self, since: datetime) -> Sequence[ListedVisit]:
        """The visits saved since then, the newest first."""
        return self._read(lambda c: visits.since(c, since))

    def slips_of(self, visit_id: UUID) -> int:
        """How many slips of a visit were handed to the printer."""
        return self._read(lambda c: prints.attempts(c, str(visit_id)))

    def last_slip(self, visit_id: UUID) -> datetime | None:
        """When a slip of a visit last moved at the printer."""
        return self._read(lambda c: prints.last_moved(c, str(visit_id)))

    def last_weight(self) -> str:
        """The last weight a scale gave ("4.236 kg"), or an empty string."""
        return self._read(visits.last_weight)

    # --- outbox -------------------------------------------------------------------------

    def recover(self, now: datetime, adapters: Sequence[str] = ()) -> int:
        """After a start: claimed goes back to queued, in flight becomes ambiguous."""

        def command(connection: Connection) -> int:
            self._place.was_restored(connection, self._trail)
            return recovery.recover(connection, now, adapters, self._holder)

        return self._write(command)

    def claim(self, now: datetime, adapters: Sequence[str] = ()) -> OutboxItem | None:
        """Take the oldest message that is due, of ``adapters`` if any are named."""
        return self._write(lambda c: queue.claim(c, now, adapters, holder=self._holder))

    def settle(
        self,
        item_id: UUID,
        outcome: Outcome,
        now: datetime,
        adapters: Sequence[str] = (),
        *,
        launch: bool = False,
    ) -> OutboxItem | None:
        """Record an outcome and claim the next message that is due, in one transaction.

        With ``launch`` the next message, if its bytes are fixed, is in flight at once.
        """

        def command(connection: Connection) -> OutboxItem | None:
            queue.settle(connection, item_id, outcome, now, self._holder)
            return queue.claim(connection, now, adapters, launch=launch, holder=self._holder)

        return self._write(command)

    def freeze(self, item_id: UUID, body: bytes) -> None:
        """Fix the bytes of a message of which nothing was ever sent."""
        self._write(lambda c: queue.freeze(c, item_id, body))

    def mark_in_flight(self, item_id: UUID) -> bool:
        """Record, before the first byte, that bytes may now have left.

        ``False`` for a message that a person took back meanwhile.
        """
        return self._write(lambda c: queue.mark_in_flight(c, item_id, self._holder))

    def retry(self, item_id: UUID, actor: Performer) -> None:
        """A person puts a parked message back in the queue."""
        row = "retry", actor.user_id, str(item_id)
        self._traced(row, lambda c, now: decisions.retry(c, item_id, now))

    def made_by_hand(self, item_id: UUID, actor: Performer) -> None:
        """A person made a change in the journal that it does not take from the station."""
        row = "made-by-hand", actor.user_id, str(item_id)
        self._traced(row, lambda c, now: decisions.made_by_hand(c, item_id, now))

    def confirm(self, item_id: UUID, actor: Performer) -> None:
        """A person has found in the journal what was only delivered."""
        now = now_utc()

        def command(connection: Connection) -> None:
            decisions.confirm(connection, item_id, now)
            self._trail.append(connection, now, ("confirmed", actor.user_id, str(item_id)))

        self._write(command)

    def hold(self, item_id: UUID, actor: Performer) -> None:
        """A person holds a waiting message back."""
        row = "held", actor.user_id, str(item_id)
        self._traced(row, lambda c, _: decisions.hold(c, item_id, self._holder))

    def discard(self, item_id: UUID, reason: DiscardReason, actor: Performer) -> None:
        """A person gives up a message that the journal did not take, and says why."""
        row = "discarded", actor.user_id, f"{item_id} {reason.value}"
        self._traced(row, lambda c, now: decisions.discard(c, item_id, reason, now))

    def take_over(
        self,
        visit: Visit,
        compose: Compose,
        station: str,
        *,
        doubtful: bool,
        lost: bool = False,
    ) -> None:
        """Take over a visit of a station, with what became of it, into this clinic's database.

        Raises :class:`StoreError`: CONTENT_DIFFERS if the id is here with other values.
        """
        now = now_utc()

        def command(connection: Connection) -> None:
            self._place.was_restored(connection, self._trail)
            if take_over(connection, visit, compose, now, doubtful=doubtful, lost=lost):
                self._trail.append(connection, now, ("taken-over", station, str(visit.id)))

        self._write(command)

    def standing(self, visits: Sequence[UUID]) -> dict[UUID, Standing]:
        """How visits stand here; without those that are not known."""
        return self._read(lambda c: mirror.standing(c, visits))

    def handed_over(self, after: mirror.After | None = None) -> mirror.Handed:
        """Some of the visits of this station that wait in the clinic's database."""
        return self._read(lambda c: mirror.handed_over(c, after))

    def follow(
        self, found: Mapping[UUID, Standing], asked: Sequence[UUID]
    ) -> Sequence[DeliveryChanged]:
        """Take over how handed visits stand in the clinic's database; returns what moved."""
        now = now_utc()
        moving = self._read(lambda c: mirror.moving(c, found, asked))
        if not moving:
            return ()
        return self._write(lambda c: mirror.follow(c, found, moving, now))

    def ask(self) -> None:
        """Ask whether the database answers; raises :class:`StoreError`."""
        self._read(lambda c: c.exec_driver_sql("SELECT 1").scalar())

    def ask_to_write(self) -> None:
        """Ask whether the database would take something; raises :class:`StoreError`."""
        self._write(lambda c: c.exec_driver_sql("SELECT 1").scalar())

    def line_is_guarded(self) -> bool:
        """Whether nobody on the way to the database can listen."""
        return self._read(self._place.line_is_guarded)

    def counts(self) -> OutboxCounts:
        """How much waits, is parked and is done."""
        return self._read(lists.counts)

    def counts_by_interface(self) -> dict[str, OutboxCounts]:
        """The same for each interface that has messages."""
        return self._read(lists.counts_by_interface)

    def next_due(self, adapters: Sequence[str] = ()) -> datetime | None:
        """When the earliest waiting message is due, of ``adapters`` if any are named."""
        return self._read(lambda c: lists.next_due(c, adapters, self._holder))

    def items(self, limit: int = 200) -> Sequence[OutboxItem]:
        """The newest messages first."""
        return self._read(lambda c: lists.newest(c, limit))

    def to_look_at(self, limit: int) -> Sequence[OutboxItem]:
        """What needs a person first, then what waits, then the newest of the rest."""
        return self._read(lambda c: lists.to_look_at(c, limit))

    def unfinished(self, limit: int) -> Sequence[OutboxItem]:
        """What needs a person, then what waits."""
        return self._read(lambda c: lists.unfinished(c, limit))

    def item(self, item_id: UUID) -> OutboxItem:
        """One message; raises :class:`LookupError`."""
        return self._read(lambda c: lists.one(c, item_id))

    def delivery_of(self, visit_id: UUID) -> Sequence[OutboxItem]:
        """The messages of a visit."""
        return self._read(lambda c: lists.of_visit(c, visit_id))

    # --- people -------------------------------------------------------------------------

    def persons(self) -> Sequence[people.PersonRow]:
        """Everybody who may sign in, by name."""
        return self._read(people.listed)

    def keep_look(self, user_id: str, look: str) -> None:
        """Remember how somebody wants the screen."""
        self._write(lambda c: people.keep_look(c, user_id, look))

    def add_person(self, person: people.PersonRow, pin: str, actor: str) -> None:
        """Add somebody, or give somebody a new PIN."""
        kept = pins.hash_pin(self._pin_key, pin)
        row = "person-added", actor, person.id
        self._traced(row, lambda c, _: people.add(c, person, kept))

    def remove_person(self, person_id: str, actor: str) -> bool:
        """Remove somebody; ``False`` if nobody has this id."""
        now = now_utc()

        def command(connection: Connection) -> bool:
            known = people.remove(connection, person_id)
            if known:
                self._trail.append(connection, now, ("person-removed", actor, person_id))
            return known

        return self._write(command)

    def check_pin(self, user_id: str, pin: str, now: datetime) -> people.PinResult:
        """Check a PIN. The try is durable before the PIN is looked at.

        Waiting is for this person on this station; everybody else signs in as usual.
        """
        return self._sign_in.check(user_id, pin, now)

    # --- print jobs and audit -----------------------------------------------------------

    def record(self, change: JobChange) -> None:
        """Keep a step of a print job (the printer thread's ``JobLog``)."""
        row = f"print-{change.state.value}", "printer", change.job_id
        self._traced(row, lambda c, now: prints.record(c, change, now))

    def next_ticket(self, day: date) -> int:
        """The next queue number of a day, from 1; never the same twice."""
        return self._write(lambda c: tickets.take(c, day))

    def open_print_jobs(self) -> Sequence[JobChange]:
        """The print jobs a stopped process left unsettled."""
        return self._read(prints.still_open)

    def note(self, kind: str, actor: str, subject: str) -> None:
        """Leave an audit row of its own. Never a name, a number or a value."""
        self._traced((kind, actor, subject), lambda _, __: None)

    def audit_verify(self) -> audit.AuditReport:
        """Check the whole trail."""
        return self._read(lambda c: audit.verify(c, derived(self._key, "audit")))

    def audit_rows(self) -> Sequence[audit.AuditRow]:
        """The whole trail, oldest first."""
        return self._read(lambda c: list(audit.rows(c)))

    def audit_export(self, write: Callable[[str], object], actor: str) -> int:
        """Write the trail as lines of JSON; returns how many. The export itself is audited."""
        self.note("audit-exported", actor, "")
        return self._read(lambda c: audit.export(c, write))

    # --- the disk -----------------------------------------------------------------------

    def disk_state(self) -> DiskState:
        """How full the disk is. A disk that cannot be asked counts as full."""
        try:
            return self._place.disk_state()
        except OSError:
            return DiskState.FULL

    def purge(
        self, now: datetime, days: int = KEEP_DAYS, delivered_days: int = DELIVERED_DAYS
    ) -> int:
        """Forget visits the journal has had for ``days`` days; returns how many.

        One of which something was only delivered is kept for ``delivered_days``.

        A few hundred in a transaction, so that a save between them waits for no more. What is
        not delivered stays, however old. The write-ahead log is emptied too.
        """

        done = now - timedelta(days=days)
        before = Before(done, now - timedelta(days=delivered_days))
        after, gone = None, 0
        while True:
            # Looked for beside the writing, so that no save waits for it.
            looked = partial(purge.look, before=before, after=after)
            found, after = self._read(looked)
            if found:
                gone += self._write(partial(self._purge, found=found, before=before, now=now))
            if after is None:
                break
        if self._read(lambda c: purge.leftovers(c, done)):
            self._write(lambda c: purge.purge_leftovers(c, done))
        if gone:
            self._place.after_purge()
        return gone

    def _purge(
        self, connection: Connection, found: list[str], before: Before, now: datetime
    ) -> int:
        gone, digest = purge.purge(connection, before, found)
        if gone:
            self._trail.append(connection, now, ("purged", "station", f"{gone} {digest}"))
        return gone
