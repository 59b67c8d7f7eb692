"""What the hands of the desk need of the store, the journal and the printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from kiosk.desk.drafts import SavedVisit
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.outbox import DiscardReason, NewMessage, OutboxCounts, OutboxItem
from kiosk.model.slip import SlipPicture
from kiosk.model.visit import Change, IdKind, Performer, Visit
from kiosk.weighing.earlier import Earlier


class PinAnswer(Protocol):
    """What the store says about a PIN."""

    @property
    def right(self) -> bool:
        """Whether it was the right one."""

    @property
    def tries_left(self) -> int:
        """How many wrong ones are left before a wait."""

    @property
    def locked_seconds(self) -> int:
        """How long to wait."""


class Keeper(Protocol):
    """What the desk needs of the store. Each call returns after its commit."""

    def save_visit(
        self,
        visit: Visit,
        messages: Sequence[NewMessage],
        actor: Performer,
        used: Sequence[UUID] = (),
    ) -> bool:
        """Commit a visit with its messages and audit rows; what of it was kept before goes.

        ``False`` if it was saved before: then its messages are those of that time.
        """

    def check_pin(self, user_id: str, pin: str, now: datetime) -> PinAnswer:
        """Check a PIN; the attempt is counted before it is looked at."""

    def next_ticket(self, day: date) -> int:
        """The next number of the day, from 1; never the same twice."""

    def keep_look(self, user_id: str, look: str) -> None:
        """Remember how a person wants the screen."""

    def to_look_at(self, limit: int) -> Sequence[OutboxItem]:
        """What needs a person first, then what waits, then the newest of the rest."""

    def counts(self) -> OutboxCounts:
        """How much waits, is parked and is done."""

    def delivery_of(self, visit_id: UUID) -> Sequence[OutboxItem]:
        """The messages of a visit."""

    def visit(self, visit_id: UUID) -> Visit:
        """A visit as it was saved."""

    def save_change(
        self,
        change: Change,
        anew: Sequence[NewMessage],
        moved: tuple[Visit, Sequence[NewMessage]] | None,
    ) -> None:
        """Commit a way back with what it means for the visit's messages."""

    def last_slip(self, visit_id: UUID) -> datetime | None:
        """When a slip of a visit was last sent to the printer."""

    def visits_since(self, since: datetime) -> Sequence[ListedVisit]:
        """The visits saved since then, the newest first."""

    def slips_of(self, visit_id: UUID) -> int:
        """How many slips of a visit were sent to the printer."""

    def note(self, kind: str, actor: str, subject: str) -> None:
        """Leave an audit row."""


class Decisions(Protocol):
    """What a person decides about a message that stopped. Each call returns after its commit."""

    def retry(self, item_id: UUID, actor: Performer) -> None:
        """Put it back in the queue."""

    def hold(self, item_id: UUID, actor: Performer) -> None:
        """Hold a waiting message back until a person has seen to it."""

    def discard(self, item_id: UUID, reason: DiscardReason, actor: Performer) -> None:
        """Give it up, for a reason."""

    def made_by_hand(self, item_id: UUID, actor: Performer) -> None:
        """A person made the change in the journal."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the journal said of a child: a ``LookUp`` value or ``differs``, and its record."""

    outcome: str
    patient: str | None = None
    given_name: str = field(default="", repr=False)
    protected: bool = False


class Enquirer(Protocol):
    """Asks the journal for a child."""

    def look_up(self, number: str, kind: IdKind, birth_date: date) -> LookedUp:
        """Ask, and wait for the answer within the journal's deadline."""

    def booked(self, since: datetime, until: datetime) -> Sequence[Booked]:
        """Who has an appointment in that time; nobody where it cannot be told."""

    def earlier(self, patient: str) -> Sequence[Earlier]:
        """The values of last time, one a quantity; none where they cannot be told."""


class Press(Protocol):
    """Draws and prints slips."""

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Queue the slip of a saved visit; ``copy`` is 0 for the first."""

    def preview(self, saved: SavedVisit, copy: int) -> SlipPicture | None:
        """The slip as it would be printed; ``None`` while there is no printer."""

    def print_ticket(self, number: int) -> None:
        """Queue a queue ticket with this number."""


class Composer(Protocol):
    """Writes the messages that are queued together with a visit."""

    def compose(self, visit: Visit) -> Sequence[NewMessage]:
        """One message for each journal interface that is switched on."""
