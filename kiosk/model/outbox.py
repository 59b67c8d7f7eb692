"""The outbox seen from both sides: what the store keeps and what the sender reports.

States and answer classes follow the transactional-outbox pattern: one local transaction
saves the measurement and its message; sending is at least once; the identifier made at
capture lets the journal recognise a resend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from kiosk.model.visit import Delivery, Visit


class MessageKind(StrEnum):
    """What a message asks the journal to do."""

    NEW = "new"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Failure(StrEnum):
    """Why a message has not arrived. One class decides what happens next.

    ``UNREACHABLE`` and ``BUSY`` are tried again for ever; ``UNKNOWN_OUTCOME`` is asked
    about first; ``CONFIGURATION``, ``SIGN_IN``, ``CERTIFICATE`` and ``CLOCK`` (the station's,
    which spoils a signature) stop all sending with one alarm and leave the messages queued; the
    others park this one message for a person.
    ``NO_NUMBER``: the child had no identity number when it was measured.
    ``BY_HAND``: the journal takes no corrections, so a person makes it there and says so here;
    ``CHANGED_THERE``: somebody has changed the value in the journal since. ``NOT_COLLECTED``: the
    file lies where the journal fetches files, and it has not fetched it yet.
    ``FOLDER_UNMARKED`` stops all sending too: nobody has said which folder is the right one;
    ``OTHER_FOLDER``: the folder is not the one that was marked, a share that is away.
    ``MAY_HAVE_ARRIVED``: nobody knows, and the journal cannot be asked; a person looks there.
    ``HELD``: a person holds it back.
    ``CLINIC_SILENT`` and ``CLINIC_REFUSES`` are the clinic's own database, where there is one: it
    does not answer, or it does not take anything from this station until a person has seen to it.
    """

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    UNKNOWN_OUTCOME = "unknown-outcome"
    CONFIGURATION = "configuration"
    SIGN_IN = "sign-in"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    PATIENT_NOT_FOUND = "patient-not-found"
    PATIENT_NOT_UNIQUE = "patient-not-unique"
    PATIENT_DIFFERS = "patient-differs"
    REFUSED = "refused"
    CONFLICT = "conflict"
    NO_NUMBER = "no-number"
    BY_HAND = "by-hand"
    CHANGED_THERE = "changed-there"
    NOT_COLLECTED = "not-collected"
    FOLDER_UNMARKED = "folder-unmarked"
    OTHER_FOLDER = "other-folder"
    MAY_HAVE_ARRIVED = "may-have-arrived"
    HELD = "held"
    CLINIC_SILENT = "clinic-silent"
    CLINIC_REFUSES = "clinic-refuses"


BY_HAND = frozenset({Failure.BY_HAND, Failure.CHANGED_THERE})
"""Failures after which a person makes the change in the journal and says so."""


class DiscardReason(StrEnum):
    """Why a person gives up a message that the journal did not take."""

    ALREADY_THERE = "already-there"
    MEASURED_AGAIN = "measured-again"
    WRONG = "wrong"
    ONLY_A_TRY = "only-a-try"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be queued together with its visit.

    ``body`` is ``None`` where the journal could not be asked for the patient yet; the
    sender asks, builds the body and has it frozen before the first byte leaves.
    """

    id: UUID
    visit_id: UUID
    kind: MessageKind
    adapter: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message with its delivery state. Times are timezone-aware UTC.

    ``sequence`` is the station's order of saving; ``body`` is frozen bytes, identical on
    each attempt; ``detail`` is the server's own words without personal data.
    """

    id: UUID
    sequence: int
    visit_id: UUID
    kind: MessageKind
    adapter: str
    body: bytes | None
    state: Delivery
    attempts: int
    due: datetime
    created: datetime
    failure: Failure | None = None
    detail: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The journal has it. ``remote`` names what it was stored as."""

    remote: str = ""


@dataclass(frozen=True, slots=True)
class Delivered(Done):
    """The receiver's machine took it, which is all that this interface can tell: a file was
    fetched, an interface engine answered. Whether it stands in the journal is not known.
    """


@dataclass(frozen=True, slots=True)
class HandedOver(Done):
    """Done as far as this station goes: the clinic's own database has it, and a station sends it
    from there.
    """


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: try again when due. ``ambiguous`` if the journal may already have it."""

    due: datetime
    failure: Failure
    detail: str = ""
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """A person must look at this message; others go on."""

    failure: Failure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """Nothing left the station: back to the queue as it was, the attempt not counted."""

    due: datetime
    failure: Failure | None = None
    detail: str = ""


Outcome = Done | Later | Parked | Released

FINISHED = (Delivery.DONE, Delivery.DELIVERED, Delivery.CANCELLED, Delivery.DISCARDED)
"""States nothing more happens in."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a visit stands in the clinic's database: as its worst message.

    ``remote`` is the interface that message goes by, or why a person gave it up.
    """

    state: Delivery
    remote: str = ""
    failure: Failure | None = None
    detail: str = ""


COUNTED = 1000
"""How far messages are counted. Nobody looks at more one by one, and counting a long queue at
every touch is what makes a station slow."""


def figure(number: int) -> str:
    """A count as it is said: ``1000+`` where nobody counted further."""
    return f"{number}+" if number >= COUNTED else str(number)


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How much waits and since when. A number of :data:`COUNTED` is that many or more."""

    waiting: int
    parked: int
    done: int
    oldest_waiting: datetime | None = None
    delivered: int = 0


class JournalState(StrEnum):
    """How the journal stands, as far as the sender knows."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """A message moved. Published by the sender after the change is durable."""

    item_id: UUID
    visit_id: UUID
    state: Delivery
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """The sender's view for the status strip. ``interface`` names the one that is worst off, where
    there are several.
    """

    journal: JournalState
    counts: OutboxCounts
    failure: Failure | None = None
    interface: str = ""


class OutboxStore(Protocol):
    """What a sender needs of the store: the messages of ``adapters``, or all if none are named.

    Each call returns after its commit is durable.
    """

    def recover(self, now: datetime, adapters: Sequence[str], /) -> int:
        """After a start: claimed goes back to queued, in flight becomes ambiguous."""

    def claim(self, now: datetime, adapters: Sequence[str], /) -> OutboxItem | None:
        """Take the oldest message that is due: queued → claimed; ambiguous stays ambiguous."""

    def settle(
        self,
        item_id: UUID,
        outcome: Outcome,
        now: datetime,
        adapters: Sequence[str],
        /,
        *,
        launch: bool = False,
    ) -> OutboxItem | None:
        """Record an outcome and claim the next message that is due, in one transaction.

        With ``launch`` a queued message whose bytes are fixed is marked in flight in the same
        transaction, its attempt counted; it comes back with the state in flight and the
        attempts before this one.
        """

    def freeze(self, item_id: UUID, body: bytes) -> None:
        """Fix the bytes of a message of which nothing was ever sent."""

    def mark_in_flight(self, item_id: UUID) -> bool:
        """Record, before the first byte, that bytes may now have left; counts the attempt.

        ``False``: a person took the message back meanwhile, and nothing may leave.
        """

    def visit(self, visit_id: UUID) -> Visit:
        """The visit a message is about."""

    def counts(self) -> OutboxCounts:
        """How much waits, is parked and is done."""

    def next_due(self, adapters: Sequence[str], /) -> datetime | None:
        """When the earliest waiting message is due."""
