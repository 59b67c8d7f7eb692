"""The pages, each with a record of its own: what belongs to one lives there and goes with it.

To add a page, begin here.

``under`` is the page that it was opened from and that one step back shows again. Its type says
from where a page can be reached, so a page without what it speaks of cannot be written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from kiosk.desk.child_form import ChildForm, Identity, LookUp
from kiosk.desk.drafts import ChangeDraft, Entry, SavedVisit, VisitDraft
from kiosk.desk.hearing_work import HearingWork
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.follow_up import Awaited
from kiosk.hearing.quality import Check
from kiosk.model.lists import Booked, ListedVisit, PluggedIn, WaitingMessage
from kiosk.weighing.calibration_steps import Calibrating
from kiosk.weighing.setting_up import FirstDay, SettingUp
from kiosk.weighing.teaching_steps import Teaching


class Screen(StrEnum):
    """The names of the pages."""

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
    EQUIPMENT = "equipment"
    SET_UP = "set-up"
    SET_UP_PRINTER = "set-up-printer"
    FIRST_DAY = "first-day"


@dataclass(frozen=True, slots=True)
class Find:
    """The form of a child, and what the journal says of it.

    ``request`` is the number of the look-up that is waited for. ``under`` is a change for which
    the right child is looked for.
    """

    form: ChildForm = field(default_factory=ChildForm)
    look_up: LookUp = LookUp.NOT_ASKED
    request: int = 0
    under: Change | None = None
    screen: ClassVar[Screen] = Screen.FIND


@dataclass(frozen=True, slots=True)
class Confirm:
    """A child that was found, to be confirmed."""

    identity: Identity
    under: Find
    screen: ClassVar[Screen] = Screen.IDENTITY


@dataclass(frozen=True, slots=True)
class Measure:
    """The open child. ``hearing`` is a test of it that was begun and left, to be gone on with."""

    visit: VisitDraft
    hearing: HearingWork | None = None
    under: ClassVar[None] = None
    screen: ClassVar[Screen] = Screen.MEASURE


@dataclass(frozen=True, slots=True)
class Typing:
    """A value being typed, for the open child or in the place of a saved one."""

    entry: Entry
    under: Measure | Change
    screen: ClassVar[Screen] = Screen.ENTRY


@dataclass(frozen=True, slots=True)
class Review:
    """All values of the open child, before they are saved."""

    under: Measure
    screen: ClassVar[Screen] = Screen.REVIEW

    @property
    def visit(self) -> VisitDraft:
        """What is looked over."""
        return self.under.visit


@dataclass(frozen=True, slots=True)
class Done:
    """A saved visit. ``reading`` is the visit that is being read from the store."""

    saved: SavedVisit
    reading: UUID | None = None
    under: ClassVar[None] = None
    screen: ClassVar[Screen] = Screen.DONE


@dataclass(frozen=True, slots=True)
class Change:
    """A way back being taken with a saved visit."""

    changing: ChangeDraft
    reading: UUID | None = None
    under: ClassVar[None] = None
    screen: ClassVar[Screen] = Screen.CHANGE


@dataclass(frozen=True, slots=True)
class Status:
    """Devices, printer and messages, opened from any page."""

    under: Page
    messages: tuple[WaitingMessage, ...] = ()
    reading: UUID | None = None
    screen: ClassVar[Screen] = Screen.STATUS


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Teaching the station what an undocumented scale sends: a known frame, or any lines."""

    calibrating: Calibrating | Teaching
    under: Status | Equipment
    screen: ClassVar[Screen] = Screen.CALIBRATE


@dataclass(frozen=True, slots=True)
class Equipment:
    """What is plugged in and what is used; ``None`` until it was looked at."""

    under: Status
    ports: tuple[PluggedIn, ...] | None = None
    screen: ClassVar[Screen] = Screen.EQUIPMENT


@dataclass(frozen=True, slots=True)
class SetUp:
    """A scale being set up by a person."""

    setting_up: SettingUp
    under: Equipment
    screen: ClassVar[Screen] = Screen.SET_UP


@dataclass(frozen=True, slots=True)
class SetUpPrinter:
    """A printer being set up: the test slip, and the number a person reads on it.

    ``sent`` is ``None`` while it is being printed; ``model`` what the printer says it is.
    """

    address: str
    name: str
    under: Equipment
    sent: bool | None = None
    model: str = ""
    width: int = 0
    keeping: bool = False
    failed: bool = False
    screen: ClassVar[Screen] = Screen.SET_UP_PRINTER


@dataclass(frozen=True, slots=True)
class ComparingScale:
    """Ten loads on the scale in use, each with its display."""

    first_day: FirstDay
    under: Equipment
    screen: ClassVar[Screen] = Screen.FIRST_DAY


@dataclass(frozen=True, slots=True)
class Today:
    """Who was measured today and who is expected; ``None`` until it is read."""

    under: Find
    visits: tuple[ListedVisit, ...] | None = None
    booked: tuple[Booked, ...] = ()
    reading: UUID | None = None
    screen: ClassVar[Screen] = Screen.TODAY


@dataclass(frozen=True, slots=True)
class Retests:
    """Who is to be followed up; ``None`` until it is read."""

    under: Find
    awaited: tuple[Awaited, ...] | None = None
    reading: UUID | None = None
    screen: ClassVar[Screen] = Screen.RETESTS


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing test before its first tone: the protocol, the first ear."""

    work: HearingWork
    under: Measure
    screen: ClassVar[Screen] = Screen.HEARING


@dataclass(frozen=True, slots=True)
class Recording:
    """A hearing test, tone by tone."""

    work: HearingWork
    under: Measure | Change
    screen: ClassVar[Screen] = Screen.HEARING_RECORD


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawn audiogram, to be confirmed."""

    work: HearingWork
    under: Measure | Change
    screen: ClassVar[Screen] = Screen.AUDIOGRAM


@dataclass(frozen=True, slots=True)
class Receive:
    """What an audiometer sent, to be taken for the open child."""

    work: HearingWork
    under: Measure
    screen: ClassVar[Screen] = Screen.RECEIVE


@dataclass(frozen=True, slots=True)
class Checking:
    """A check of the audiometer or the room."""

    check: Check
    under: Find | Hearing
    screen: ClassVar[Screen] = Screen.HEARING_CHECK


@dataclass(frozen=True, slots=True)
class Signing:
    """A protocol being filled in and signed."""

    filling: ProtocolDraft
    under: Hearing
    screen: ClassVar[Screen] = Screen.PROTOCOL


HearingPage = Hearing | Recording | Drawing | Receive
"""The pages of one hearing test."""

Reader = Done | Change | Status | Today | Retests
"""The pages on which a saved visit is read."""

DevicePage = Calibrate | Equipment | SetUp | SetUpPrinter | ComparingScale
"""The pages on which devices are set up; none of them is there while a child is open."""


Page = (
    Find
    | Confirm
    | Measure
    | Typing
    | Review
    | Done
    | Change
    | Status
    | DevicePage
    | Today
    | Retests
    | HearingPage
    | Checking
    | Signing
)
"""The pages of a person who is signed in."""
