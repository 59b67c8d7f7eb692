"""What is true of the station, whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from drivers.events import LinkState
from kiosk.desk.appearance import Look
from kiosk.desk.hearing_work import Audiometer, Left
from kiosk.desk.notices import Notice
from kiosk.desk.opening import Opening
from kiosk.hearing.arrivals import AN_INBOX, FileOffer, HeldRecord, InboxState
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.quality import NOTHING_TO_SAY, Quality
from kiosk.model.lists import Equipped, NewDevice, Strip
from kiosk.weighing.gate import Weighing


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. ``look`` is how this person wants the screen, if ever chosen."""

    id: str
    display: str
    role: str = "health-secretary"
    hpr_number: str = ""
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """What a newcomer may type in training: a made-up user and a child who does not exist."""

    user: str
    pin: str
    number: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Station:
    """The station: its people, devices, counts and what waits to be taken.

    ``last_weight`` is the text of the last weight taken here ("4.236 kg"), to ask about a value
    that is the same to the last digit. ``requests`` numbers the look-ups so that a late answer is
    told from the one that is waited for. ``teachable`` says that the scale can be taught;
    ``scale`` is the one the station is set up with. ``approvers`` may save devices, by their ids;
    ``practice`` guides a newcomer in training. ``look`` is how the screen is drawn while nobody
    is signed in. ``audiometer`` is ``None`` where hearing is not tested, ``protocols`` are those a
    test may follow, ``quality`` how the equipment stands today. ``held`` and ``files`` are results
    of an audiometer that wait for a child, ``inbox`` and ``audiometer_link`` where they come from.
    ``opening`` is the opening of the child, or of nobody, that all offers belong to. ``unfinished``
    are hearing tests that were cut off and are offered again. ``parts`` says that a part has
    stopped, ``saving_since`` since when a save is waited for.
    ``touched_at`` and ``people_at`` are monotonic seconds of the last touch and of the last look
    at who may sign in. ``blanked``: nobody has touched the locked station for long, and the
    screen is dark.
    """

    users: tuple[User, ...]
    weighing: Weighing
    clinic: str
    training: bool
    last_weight: str = field(default="", repr=False)
    requests: int = 0
    strip: Strip = field(default_factory=Strip)
    new_device: NewDevice | None = None
    teachable: bool = False
    scale: Equipped | None = None
    approvers: tuple[str, ...] = ()
    practice: Practice | None = None
    language: str = "nb"
    look: Look = field(default_factory=Look)
    audiometer: Audiometer | None = None
    protocols: tuple[Protocol, ...] = ()
    quality: Quality = NOTHING_TO_SAY
    held: tuple[HeldRecord, ...] = ()
    files: tuple[FileOffer, ...] = ()
    inbox: InboxState = AN_INBOX
    audiometer_link: LinkState = LinkState.ABSENT
    opening: Opening = field(default_factory=Opening)
    unfinished: tuple[Left, ...] = ()
    parts: Notice | None = None
    saving_since: float | None = None
    touched_at: float = 0.0
    people_at: float = 0.0
    blanked: bool = False
    today: date = date.min
