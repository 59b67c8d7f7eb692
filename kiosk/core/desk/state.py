"""What the desk looks like at one moment. The touchscreen draws this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from drivers.events import LinkState
from kiosk.core.calibrating import Calibrating
from kiosk.core.desk.notices import EntryFault, FieldFault, Notice
from kiosk.core.desk.slip import Paper, SlipName, SlipState
from kiosk.core.identity import NumberFault
from kiosk.core.length import LengthOffer
from kiosk.core.model import (
    ChangeKind,
    Child,
    Delivery,
    Dress,
    KeptReading,
    OddReason,
    Performer,
    Position,
    Quantity,
    Rule,
    Source,
)
from kiosk.core.outbox import Failure, JournalState, OutboxCounts
from kiosk.core.plausibility import Verdict
from kiosk.core.weighing import Offer, Weighing

NOTHING_SENT = OutboxCounts(0, 0, 0)


class Screen(StrEnum):
    """The pages of the desk."""

    LOCK = "lock"
    FIND = "find"
    IDENTITY = "identity"
    MEASURE = "measure"
    ENTRY = "entry"
    REVIEW = "review"
    DONE = "done"
    STATUS = "status"
    CALIBRATE = "calibrate"
    TODAY = "today"
    CHANGE = "change"


class Field(StrEnum):
    """The fields of the child form."""

    NUMBER = "number"
    BIRTH_DATE = "birth-date"
    GIVEN_NAME = "given-name"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. ``initials`` go on the tile of the lock screen."""

    id: str
    display: str
    role: str = "health-secretary"
    hpr_number: str = ""


@dataclass(frozen=True, slots=True)
class LockForm:
    """The lock screen: the tile that was touched, how many digits are typed, any wait.

    The digits themselves are in ``pin``; ``repr`` leaves them out. ``locked_until`` is
    monotonic seconds.
    """

    user_id: str | None = None
    pin: str = field(default="", repr=False)
    checking: bool = False
    tries_left: int | None = None
    locked_until: float | None = None


@dataclass(frozen=True, slots=True)
class ChildForm:
    """The child as typed. ``birth_date`` is digits DDMMYYYY as far as they are typed.

    ``numberless`` says that the child has no identity number yet.
    """

    number: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    numberless: bool = False
    active: Field = Field.NUMBER
    number_fault: NumberFault | None = None
    birth_date_fault: FieldFault | None = None
    given_name_fault: FieldFault | None = None


class LookUp(StrEnum):
    """What the journal says about the typed child."""

    NOT_ASKED = "not-asked"
    WAITING = "waiting"
    FOUND = "found"
    MISSING = "missing"
    SEVERAL = "several"
    OFFLINE = "offline"
    NO_NUMBER = "no-number"


@dataclass(frozen=True, slots=True)
class Identity:
    """The child to be confirmed by a person.

    ``number_fault`` is a warning to compare the number with the card; ``typed_name`` is set
    where what was typed differs from the name in the journal. ``age_days`` is on the day of
    the visit. ``same_day`` says that the child before was born on the same day: twins?
    """

    child: Child
    look_up: LookUp
    age_days: int
    number_fault: NumberFault | None = None
    typed_name: str = field(default="", repr=False)
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A value taken or typed for this visit and not yet saved. Grams or millimetres.

    ``id`` becomes the measurement's id; ``verdict`` says whether the number looked mistyped
    and ``odd_reason`` why a person stood by it. ``offer`` or ``length`` is what a device sent.
    ``was`` is what a corrected value said when it was saved ("4.236 kg").
    """

    id: UUID
    quantity: Quantity
    value: int
    text: str
    unit: str
    source: Source
    measured_at: datetime
    verdict: Verdict
    position: Position | None = None
    dress: Dress | None = None
    odd_reason: OddReason | None = None
    offer: Offer | None = None
    length: LengthOffer | None = None
    rule: Rule = Rule.SINGLE
    readings: tuple[KeptReading, ...] = ()
    was: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A value that looks mistyped waits for a person: is the number right?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Entry:
    """Typing a value, twice: kilograms or centimetres, digits with a comma as typed.

    ``first`` is the first reading once it is given; after two different readings the fault is
    ``DIFFERS`` and both are typed anew.
    """

    quantity: Quantity
    typed: str = ""
    first: str | None = None
    position: Position | None = None
    fault: EntryFault | None = None


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A confirmed child being measured. ``id`` is made when the child is confirmed.

    ``with_adult`` is set while the child is weighed on an adult's arm; ``together`` is then the
    reading of both, once it is taken.
    """

    id: UUID
    child: Child
    look_up: LookUp
    age_days: int
    dress: Dress
    drafts: tuple[Draft, ...] = ()
    saving: bool = False
    with_adult: bool = False
    together: KeptReading | None = None


@dataclass(frozen=True, slots=True)
class SavedVisit:
    """What the done page shows: the values, the three marks and the slip.

    ``saved`` is only true after the commit; ``delivery`` comes from the outbox, and with
    ``message`` only what is said of this message counts. ``change`` is the last way back that
    was taken. ``replaces`` says that a slip with values that hold no more was printed.
    """

    id: UUID
    child: Child
    age_days: int
    drafts: tuple[Draft, ...]
    delivery: Delivery = Delivery.QUEUED
    failure: Failure | None = None
    slip: SlipState = SlipState.NOT_ASKED
    slip_name: SlipName = SlipName.FIRST_NAME
    slip_language: str = "nb"
    copies: int = 0
    message: UUID | None = None
    change: ChangeKind | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A way back being taken with a saved visit, up to the confirmation.

    ``measurement_id`` is the value being corrected and ``draft`` what it shall say; ``target`` is
    the child the values belong to.
    """

    saved: SavedVisit
    kind: ChangeKind | None = None
    measurement_id: UUID | None = None
    draft: Draft | None = None
    target: Identity | None = None
    saving: bool = False

    @property
    def moving(self) -> bool:
        """Whether the right child, or the child's number, is being looked for."""
        return self.kind in {ChangeKind.WRONG_CHILD, ChangeKind.NUMBERED}

    @property
    def ready(self) -> bool:
        """Whether all is known and only the confirmation is missing."""
        if self.kind is ChangeKind.CORRECTED:
            return self.draft is not None
        return self.kind is ChangeKind.WITHDRAWN or self.target is not None


@dataclass(frozen=True, slots=True)
class Strip:
    """The status strip: scale, printer, journal and what is unsent.

    ``board`` is the length board, ``None`` where the station has none.
    """

    scale: LinkState = LinkState.ABSENT
    scale_hint: str = ""
    printer: Paper = Paper.UNKNOWN
    journal: JournalState = JournalState.UNKNOWN
    failure: Failure | None = None
    counts: OutboxCounts = NOTHING_SENT
    board: LinkState | None = None


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One line of today's list. ``measured`` is what, and how a length was taken.

    ``change`` is the last way back that was taken with it.
    """

    id: UUID
    saved_at: datetime
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    measured: tuple[tuple[Quantity, Position | None], ...]
    delivery: Delivery
    change: ChangeKind | None = None


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that was plugged in and that nobody uses yet."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """One line of the status page. No name, no number: time, age and reason only."""

    item_id: UUID
    created: datetime
    state: Delivery
    attempts: int
    failure: Failure | None
    detail: str


@dataclass(frozen=True, slots=True)
class Practice:
    """What a newcomer may type in training: a made-up user and a child who does not exist."""

    user: str
    pin: str
    number: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the screen, and nothing else.

    ``last_weight`` is the text of the last weight taken on this station ("4.236 kg"), to ask
    about a value that is the same to the last digit. ``request`` numbers the look-ups so that
    a late answer is told from the one that is waited for. ``length`` is a length that a device
    sent and nobody has taken yet, ``placing`` the one of which is asked whether the child lay or
    stood. ``leaving`` asks whether values that are not saved may be dropped, ``reprinting`` why
    another slip is wanted, ``choosing_language`` in which of the ``languages``. ``previous`` is the
    child that was measured before. ``reading`` is the visit that is being read from the store.
    ``kept`` is the unfinished work of a user whose session was locked; it comes back for the
    same user only. ``teachable`` says that the scale can be taught; ``practice`` guides a newcomer in training.
    ``blanked``: nobody has touched the locked station for long, and the screen is dark.
    ``touched_at`` is monotonic seconds of the last touch.
    """

    users: tuple[User, ...]
    weighing: Weighing
    clinic: str
    training: bool
    screen: Screen = Screen.LOCK
    user: Performer | None = None
    lock: LockForm = LockForm()
    form: ChildForm = ChildForm()
    look_up: LookUp = LookUp.NOT_ASKED
    request: int = 0
    last_weight: str = field(default="", repr=False)
    identity: Identity | None = None
    visit: VisitDraft | None = None
    entry: Entry | None = None
    question: Question | None = None
    leaving: bool = False
    reprinting: bool = False
    previous: Child | None = field(default=None, repr=False)
    choosing_language: bool = False
    languages: tuple[str, ...] = ()
    length: LengthOffer | None = None
    placing: Draft | None = None
    saved: SavedVisit | None = None
    changing: ChangeDraft | None = None
    strip: Strip = Strip()
    messages: tuple[WaitingMessage, ...] = ()
    visits: tuple[ListedVisit, ...] | None = None
    reading: UUID | None = None
    new_device: NewDevice | None = None
    calibrating: Calibrating | None = None
    teachable: bool = False
    practice: Practice | None = None
    blanked: bool = False
    language: str = "nb"
    notice: Notice | None = None
    notice_value: int = 0
    kept: Desk | None = None
    back_to: Screen = Screen.FIND
    touched_at: float = 0.0
    today: date = date.min

    @property
    def asking(self) -> bool:
        """Whether a question about a value stands over the page."""
        return self.question is not None or self.placing is not None


__all__ = [
    "NOTHING_SENT",
    "ChangeDraft",
    "ChildForm",
    "Desk",
    "Draft",
    "Entry",
    "EntryFault",
    "Field",
    "FieldFault",
    "Identity",
    "ListedVisit",
    "LockForm",
    "LookUp",
    "NewDevice",
    "Notice",
    "Paper",
    "Practice",
    "Question",
    "SavedVisit",
    "Screen",
    "SlipName",
    "SlipState",
    "Strip",
    "User",
    "VisitDraft",
    "WaitingMessage",
]
