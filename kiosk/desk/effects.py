"""What the desk wants done. The runtime carries it out and answers with a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from drivers.driver import Settings
from kiosk.desk.appearance import Look
from kiosk.desk.drafts import SavedVisit
from kiosk.hearing.arrivals import HeldRecord
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.follow_up import Settled
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.quality import Check
from kiosk.hearing.unfinished import Unfinished
from kiosk.model.outbox import DiscardReason
from kiosk.model.visit import Change, Child, IdKind, Performer, Visit


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Check a PIN; answered by ``PinChecked``."""

    user_id: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskJournal:
    """Look the child up; answered by ``LookUpAnswered`` with the same request number."""

    request: int
    number: str = field(repr=False)
    kind: IdKind
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskEarlier:
    """Read the child's values of last time; answered by ``EarlierAnswered``, or not at all."""

    visit_id: UUID
    patient: str


@dataclass(frozen=True, slots=True)
class SaveVisit:
    """Commit the visit; answered by ``VisitSaved`` or ``VisitNotSaved``.

    ``used`` are the hearing sessions and held records that became part of it, ``files`` the
    SHA-256 of the files: they are put with the imported ones once the visit is safe.
    """

    visit: Visit = field(repr=False)
    performer: Performer
    used: tuple[UUID, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepSession:
    """Make a hearing test under way durable as it is now."""

    test: Unfinished = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropHearing:
    """Forget hearing tests under way and held records that a person does not want."""

    ids: tuple[UUID, ...]
    user_id: str


@dataclass(frozen=True, slots=True)
class AskUnfinished:
    """Read the hearing tests that were cut off; answered by ``UnfinishedListed``."""


@dataclass(frozen=True, slots=True)
class AskTestedBefore:
    """Whether this child's hearing was tested since then, or is to be tested again.

    Answered by ``TestedBeforeTold`` if so, else not at all.
    """

    visit_id: UUID
    number: str = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class PrintVisit:
    """Print a slip; ``copy`` is 0 for the first one and counts reprints."""

    saved: SavedVisit = field(repr=False)
    copy: int


@dataclass(frozen=True, slots=True)
class DrawSlip:
    """Draw what would be printed; answered by ``SlipPreviewed``."""

    saved: SavedVisit = field(repr=False)
    copy: int


@dataclass(frozen=True, slots=True)
class GiveTicket:
    """Print the next number of this day; answered by ``TicketPrinted``."""

    day: date


@dataclass(frozen=True, slots=True)
class SendNow:
    """Let the sender try at once."""


@dataclass(frozen=True, slots=True)
class RetryParked:
    """Put a parked message back in the queue."""

    item_id: UUID
    performer: Performer


@dataclass(frozen=True, slots=True)
class ParkMessage:
    """Hold a waiting message back until a person has seen to it."""

    item_id: UUID
    performer: Performer


@dataclass(frozen=True, slots=True)
class DiscardParked:
    """Give up a parked message."""

    item_id: UUID
    reason: DiscardReason
    performer: Performer


@dataclass(frozen=True, slots=True)
class ListToday:
    """Read the visits saved since a moment; answered by ``TodayListed``."""

    since: datetime


@dataclass(frozen=True, slots=True)
class AskBooked:
    """Ask the journal who is expected from a moment to another; answered by ``BookedListed``."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ReadVisit:
    """Read one visit with its delivery and its slips; answered by ``VisitRead``."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class SaveChange:
    """Commit a way back; answered by ``ChangeSaved`` or ``ChangeNotSaved``.

    ``to`` is the right child, where the values were taken for a wrong one.
    """

    change: Change = field(repr=False)
    to: Child | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SettleByHand:
    """A person made the change of this message in the journal."""

    item_id: UUID
    visit_id: UUID
    performer: Performer


@dataclass(frozen=True, slots=True)
class KeepProfile:
    """Write what a calibration learned and use it; answered by ``ProfileKept``."""

    settings: Settings
    user_id: str


@dataclass(frozen=True, slots=True)
class ListPeople:
    """Read who may sign in; answered by ``UsersChanged``."""


@dataclass(frozen=True, slots=True)
class KeepLook:
    """Remember how a person wants the screen."""

    user_id: str
    look: Look


@dataclass(frozen=True, slots=True)
class ListMessages:
    """Read the lines of the status page; answered by ``MessagesListed``."""


class Trace(StrEnum):
    """What a person did that leaves an audit row of its own."""

    LOCKED = "locked"
    CHILD_OPENED = "child-opened"
    VISIT_OPENED = "visit-opened"
    REPRINTED = "reprinted"


@dataclass(frozen=True, slots=True)
class Note:
    """Leave an audit row. ``subject`` is an id made here, never a number or a name."""

    trace: Trace
    user_id: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class KeepCheck:
    """Keep a check of the audiometer or the room."""

    check: Check


@dataclass(frozen=True, slots=True)
class AskQuality:
    """How the equipment stands since midnight for a test by this protocol.

    Answered by ``QualityTold``.
    """

    since: datetime
    today: date
    calibrated_on: date | None
    protocol: Protocol | None


@dataclass(frozen=True, slots=True)
class AskRetests:
    """Who is to be followed up; answered by ``RetestsListed``."""


@dataclass(frozen=True, slots=True)
class SettleRetest:
    """Take a child off the follow-up list for a reason."""

    id: UUID
    user_id: str
    reason: Settled


@dataclass(frozen=True, slots=True)
class KeepProtocol:
    """Sign a protocol by a name on a day, and use it; answered by ``ProtocolsChanged``."""

    draft: ProtocolDraft
    approved_by: str
    approved_on: date
    user_id: str


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """Keep what an audiometer sent until a person says whose it is."""

    record: HeldRecord = field(repr=False)
    link_id: str


@dataclass(frozen=True, slots=True)
class AskHeld:
    """Read what is held; answered by ``HeldListed``."""


@dataclass(frozen=True, slots=True)
class RejectFile:
    """Put a waiting file aside with a reason."""

    digest: str
    code: str
    user_id: str


Effect = (
    CheckPin
    | AskJournal
    | AskEarlier
    | SaveVisit
    | PrintVisit
    | DrawSlip
    | GiveTicket
    | SendNow
    | RetryParked
    | ParkMessage
    | DiscardParked
    | ListMessages
    | ListToday
    | AskBooked
    | ReadVisit
    | SaveChange
    | SettleByHand
    | KeepProfile
    | KeepLook
    | ListPeople
    | Note
    | KeepSession
    | DropHearing
    | AskUnfinished
    | AskTestedBefore
    | KeepCheck
    | AskQuality
    | AskRetests
    | SettleRetest
    | KeepProtocol
    | HoldRecord
    | AskHeld
    | RejectFile
)
