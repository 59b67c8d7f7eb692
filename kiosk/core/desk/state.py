"""What the desk looks like at one moment. The touchscreen draws this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from drivers.events import LinkState
from kiosk.core.calibrating import Calibrating
from kiosk.core.desk.child_form import ChildForm, Identity, LookUp
from kiosk.core.desk.drafts import ChangeDraft, Draft, Entry, Question, SavedVisit, VisitDraft
from kiosk.core.desk.hearing_work import Audiometer, HearingWork, Left
from kiosk.core.desk.look import Look
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.opening import Opening, Unclaimed
from kiosk.core.desk.slip import SlipPicture
from kiosk.core.desk.surroundings import Booked, ListedVisit, NewDevice, Strip, WaitingMessage
from kiosk.core.hearing.arrivals import AN_INBOX, FileOffer, HeldRecord, InboxState
from kiosk.core.hearing.filling import ProtocolDraft
from kiosk.core.hearing.protocol import Protocol
from kiosk.core.hearing.quality import NOTHING_TO_SAY, Check, Quality
from kiosk.core.hearing.retests import Awaited, Settling
from kiosk.core.length import LengthOffer
from kiosk.core.model import (
    Child,
    Performer,
)
from kiosk.core.weighing import Weighing


class Aside(StrEnum):
    """What may lie over a page without being a question about it."""

    HELP = "help"
    LOOK = "look"
    MENU = "menu"


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
    HEARING = "hearing"
    HEARING_RECORD = "hearing-record"
    AUDIOGRAM = "audiogram"
    HEARING_CHECK = "hearing-check"
    RETESTS = "retests"
    PROTOCOL = "protocol"
    RECEIVE = "receive"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. ``look`` is how this person wants the screen, if ever chosen."""

    id: str
    display: str
    role: str = "health-secretary"
    hpr_number: str = ""
    look: Look | None = None


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
    about a value that is the same to the last digit. ``request`` numbers the look-ups so that a
    late answer is told from the one that is waited for. ``length`` is a length that a device sent
    and nobody has taken yet, ``placing`` the one of which is asked whether the child lay or
    stood, ``second`` a further value of which is asked what counts. ``leaving`` asks whether
    values that are not saved may be dropped, ``reprinting`` why another slip is wanted,
    ``choosing_language`` in which of the ``languages``. ``previous`` is the child that was
    measured before. ``reading`` is the visit that is being read from the store. ``kept`` is the
    unfinished work of a user whose session was locked; it comes back for the same user only.
    ``teachable`` says that the scale can be taught; ``practice`` guides a newcomer in training.
    ``blanked``: nobody has touched the locked station for long, and the screen is dark. ``look``
    is how the screen is drawn, ``station_look`` how it is while nobody is signed in. ``aside`` is
    help or a choice of look that lies over the page. ``audiometer`` is ``None`` where hearing is
    not tested, ``protocols`` are those a test may follow, ``hearing`` is the test of the open
    child, ``unfinished`` are tests that were cut off and are offered again. ``check`` is a check of
    the audiometer being made, ``quality`` how the equipment stands today, ``awaited`` who is to be
    followed up and ``settling`` the one that is taken off the list, ``filling`` a protocol being
    filled in; ``held`` and ``files`` are results of an audiometer that wait for a child, ``inbox``
    and ``audiometer_link`` where they come from. ``opening`` is the opening of the child, or of
    nobody, that all offers belong to, and ``doubt`` something that may be of the child before,
    while it is asked about. ``touched_at`` is monotonic seconds of the last touch.
    """

    users: tuple[User, ...]
    weighing: Weighing
    clinic: str
    training: bool
    screen: Screen = Screen.LOCK
    user: Performer | None = None
    lock: LockForm = field(default_factory=LockForm)
    form: ChildForm = field(default_factory=ChildForm)
    look_up: LookUp = LookUp.NOT_ASKED
    request: int = 0
    last_weight: str = field(default="", repr=False)
    identity: Identity | None = None
    visit: VisitDraft | None = None
    entry: Entry | None = None
    question: Question | None = None
    leaving: bool = False
    reprinting: bool = False
    preview: SlipPicture | None = None
    previous: Child | None = field(default=None, repr=False)
    choosing_language: bool = False
    languages: tuple[str, ...] = ()
    length: LengthOffer | None = None
    placing: Draft | None = None
    second: Draft | None = None
    saved: SavedVisit | None = None
    changing: ChangeDraft | None = None
    strip: Strip = field(default_factory=Strip)
    messages: tuple[WaitingMessage, ...] = ()
    looking_at: UUID | None = None
    giving_up: bool = False
    visits: tuple[ListedVisit, ...] | None = None
    reading: UUID | None = None
    booked: tuple[Booked, ...] = ()
    new_device: NewDevice | None = None
    calibrating: Calibrating | None = None
    teachable: bool = False
    practice: Practice | None = None
    blanked: bool = False
    language: str = "nb"
    look: Look = field(default_factory=Look)
    station_look: Look = field(default_factory=Look)
    aside: Aside | None = None
    audiometer: Audiometer | None = None
    protocols: tuple[Protocol, ...] = ()
    hearing: HearingWork | None = None
    unfinished: tuple[Left, ...] = ()
    check: Check | None = None
    check_from: Screen = Screen.FIND
    quality: Quality = NOTHING_TO_SAY
    awaited: tuple[Awaited, ...] | None = None
    settling: Settling | None = None
    filling: ProtocolDraft | None = None
    held: tuple[HeldRecord, ...] = ()
    files: tuple[FileOffer, ...] = ()
    inbox: InboxState = AN_INBOX
    audiometer_link: LinkState = LinkState.ABSENT
    notice: Notice | None = None
    notice_value: int = 0
    parts: Notice | None = None
    saving_since: float | None = None
    kept: Desk | None = None
    back_to: Screen = Screen.FIND
    opening: Opening = field(default_factory=Opening)
    doubt: Unclaimed | None = field(default=None, repr=False)
    touched_at: float = 0.0
    people_at: float = 0.0
    today: date = date.min

    @property
    def asking(self) -> bool:
        """Whether a question about a value stands over the page."""
        asked = (self.question, self.placing, self.second, self.doubt)
        return any(one is not None for one in asked)
