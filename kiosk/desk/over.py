"""What may lie over a page. One thing at most, and this is the only place that says which first."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from kiosk.desk.drafts import ChangeDraft, Draft, Question
from kiosk.desk.hearing_work import Left
from kiosk.desk.opening import Unclaimed
from kiosk.hearing.follow_up import Settling
from kiosk.hearing.receiving import Received
from kiosk.model.slip import SlipPicture


class Aside(StrEnum):
    """What may lie over a page without being a question about it."""

    HELP = "help"
    LOOK = "look"
    MENU = "menu"


class Ask(StrEnum):
    """Questions that need nothing but the page they are asked over.

    Whether values that are not saved may be dropped; why another slip is wanted; which protocol
    to follow; why a hearing test ends; whether work of another day is gone on with.
    """

    LEAVING = "leaving"
    REPRINTING = "reprinting"
    PROTOCOLS = "protocols"
    STOPPING = "stopping"
    OLD_WORK = "old-work"


@dataclass(frozen=True, slots=True)
class Placing:
    """A length was taken: did the child lie or stand?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Second:
    """A further value of a quantity: what counts?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be of the child before: whose is it?"""

    what: Unclaimed = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the slip would look like."""

    picture: SlipPicture


@dataclass(frozen=True, slots=True)
class SlipLanguages:
    """In which of these languages do the parents want the slip?"""

    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One message of the page of devices; ``giving_up`` asks why it is given up."""

    item_id: UUID
    giving_up: bool = False


Over = (
    Aside
    | Ask
    | Question
    | Placing
    | Second
    | Doubt
    | Preview
    | SlipLanguages
    | LookedAt
    | Settling
)
"""What is laid over a page."""

Shown = Over | ChangeDraft | Received | Left
"""What lies over a page: what was laid there, or what the page itself has to ask.

A change that is ready to be confirmed, a received test with several answers at one point, a test
that was cut off.
"""
