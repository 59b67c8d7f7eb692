"""What threads tell the desk: news of devices and answers of workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from drivers.events import LinkStatus, Stamped
from kiosk.desk.drafts import SavedVisit
from kiosk.desk.hearing_work import EarlierTest, Left
from kiosk.desk.notices import Notice
from kiosk.desk.state import User
from kiosk.hearing.arrivals import HeldRecord, InboxState
from kiosk.hearing.follow_up import Awaited
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.quality import Quality
from kiosk.hearing.waiting_files import WaitingFile
from kiosk.model.lists import Booked, ListedVisit, WaitingMessage
from kiosk.model.outbox import DeliveryChanged, OutboxCounts, OutboxStatus
from kiosk.model.slip import Paper, SlipPicture, SlipState
from kiosk.weighing.earlier import Earlier


@dataclass(frozen=True, slots=True)
class Tick:
    """A second passed."""


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The answer to a PIN: right, wrong with tries left, or locked for some seconds."""

    user_id: str
    right: bool
    tries_left: int = 0
    locked_seconds: int = 0


@dataclass(frozen=True, slots=True)
class LookUpAnswered:
    """The journal's answer to the look-up with this request number.

    ``patient`` and ``given_name`` are set only for exactly one hit whose birth date agrees.
    """

    request: int
    outcome: str
    patient: str | None = None
    given_name: str = field(default="", repr=False)
    protected: bool = False


@dataclass(frozen=True, slots=True)
class BookedListed:
    """Who has an appointment today."""

    booked: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class EarlierAnswered:
    """What the journal has of the child from last time, one value a quantity."""

    visit_id: UUID
    values: tuple[Earlier, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlipPreviewed:
    """What the slip would look like."""

    visit_id: UUID
    picture: SlipPicture


@dataclass(frozen=True, slots=True)
class TicketPrinted:
    """A queue ticket with this number is on its way to the printer."""

    number: int


@dataclass(frozen=True, slots=True)
class VisitSaved:
    """The visit is durable. ``messages`` are those that were queued with it, one an interface."""

    visit_id: UUID
    messages: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitNotSaved:
    """The visit is not stored; the values are still on the screen."""

    visit_id: UUID
    notice: Notice


@dataclass(frozen=True, slots=True)
class SlipChanged:
    """The slip of a visit moved."""

    visit_id: UUID
    state: SlipState


@dataclass(frozen=True, slots=True)
class PrinterChanged:
    """The printer's state changed."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class TodayListed:
    """Who was measured here today, the newest first."""

    visits: tuple[ListedVisit, ...]


@dataclass(frozen=True, slots=True)
class VisitRead:
    """A visit of today, as it was saved."""

    saved: SavedVisit = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeSaved:
    """The change is durable. ``shown`` is the visit to look at now."""

    visit_id: UUID
    shown: UUID


@dataclass(frozen=True, slots=True)
class ChangeNotSaved:
    """Nothing was changed."""

    visit_id: UUID
    notice: Notice


@dataclass(frozen=True, slots=True)
class ProfileKept:
    """What a calibration learned is in use, or could not be kept."""

    kept: bool


@dataclass(frozen=True, slots=True)
class DevicePlugged:
    """A device nobody uses yet came, or left again. ``address`` is for the configuration."""

    name: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class MessagesListed:
    """The lines of the status page."""

    messages: tuple[WaitingMessage, ...]
    counts: OutboxCounts | None = None


@dataclass(frozen=True, slots=True)
class UsersChanged:
    """The list of people who may sign in was read again."""

    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the person should know, from a worker. ``value`` is what the notice counts."""

    notice: Notice
    value: int = 0


@dataclass(frozen=True, slots=True)
class PartsTold:
    """A part of the station has stopped, which is said until ``None`` says that all live."""

    notice: Notice | None


@dataclass(frozen=True, slots=True)
class UnfinishedListed:
    """The hearing tests that were begun and never finished, the newest first."""

    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class TestedBeforeTold:
    """The child of the open visit was tested before."""

    visit_id: UUID
    before: EarlierTest


@dataclass(frozen=True, slots=True)
class QualityTold:
    """How the audiometer and the room stand today."""

    quality: Quality


@dataclass(frozen=True, slots=True)
class RetestsListed:
    """Who is to be followed up."""

    awaited: tuple[Awaited, ...]


@dataclass(frozen=True, slots=True)
class ProtocolsChanged:
    """The protocols a test may follow were read again."""

    protocols: tuple[Protocol, ...]


@dataclass(frozen=True, slots=True)
class HeldListed:
    """What audiometers sent and nobody has said whose it is."""

    held: tuple[HeldRecord, ...]


@dataclass(frozen=True, slots=True)
class FilesToTake:
    """The files that wait in the inbox now."""

    files: tuple[WaitingFile, ...]


@dataclass(frozen=True, slots=True)
class InboxChanged:
    """How the inbox stands now."""

    inbox: InboxState


News = (
    Tick
    | PinChecked
    | LookUpAnswered
    | BookedListed
    | EarlierAnswered
    | SlipPreviewed
    | TicketPrinted
    | VisitSaved
    | VisitNotSaved
    | SlipChanged
    | PrinterChanged
    | DevicePlugged
    | ProfileKept
    | TodayListed
    | VisitRead
    | ChangeSaved
    | ChangeNotSaved
    | MessagesListed
    | UsersChanged
    | Trouble
    | PartsTold
    | UnfinishedListed
    | TestedBeforeTold
    | QualityTold
    | RetestsListed
    | ProtocolsChanged
    | HeldListed
    | FilesToTake
    | InboxChanged
    | Stamped
    | LinkStatus
    | DeliveryChanged
    | OutboxStatus
)
