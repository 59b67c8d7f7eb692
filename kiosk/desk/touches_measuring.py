"""What a person may do while a child is measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kiosk.model.visit import Dress, OddReason, Position, Quantity


@dataclass(frozen=True, slots=True)
class SetDress:
    """What the child wears on the scale."""

    dress: Dress


@dataclass(frozen=True, slots=True)
class ChildIsOnScale:
    """The person says that this is a new weighing although the scale was not seen empty."""


@dataclass(frozen=True, slots=True)
class LiesThere:
    """The child that is open is the one on the scale. ``opening`` is the one it was asked in."""

    opening: UUID


@dataclass(frozen=True, slots=True)
class AnswerDoubt:
    """Whether what was asked about is of the child that is open, in this ``opening``."""

    opening: UUID
    yes: bool


@dataclass(frozen=True, slots=True)
class WeighWithAdult:
    """Weigh the child on an adult's arm, or alone again."""

    with_adult: bool


@dataclass(frozen=True, slots=True)
class TakeLength:
    """Take the offered length. ``key`` is the offer that was on the screen when touched."""

    key: str


@dataclass(frozen=True, slots=True)
class PlaceChild:
    """How the child lay or stood while the length was taken; ``None`` drops the length."""

    position: Position | None


@dataclass(frozen=True, slots=True)
class TakeWeight:
    """Take the value that was offered under this key; a stale touch takes nothing."""

    key: str


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """Type a value."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class SetPosition:
    """Lying or standing, for the length being typed."""

    position: Position


@dataclass(frozen=True, slots=True)
class SubmitEntry:
    """The value is typed once, or for the second time."""


@dataclass(frozen=True, slots=True)
class AnswerOdd:
    """The number was looked at again and is right, for this reason."""

    reason: OddReason


@dataclass(frozen=True, slots=True)
class RejectOdd:
    """The number was wrong: drop it."""


class Which(StrEnum):
    """Which of two values of the same quantity counts."""

    BEFORE = "before"
    NEW = "new"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ChooseReading:
    """Two values were taken of the same quantity: this one counts, or both do."""

    which: Which


@dataclass(frozen=True, slots=True)
class RemoveDraft:
    """Drop a value that is not saved yet."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class OpenReview:
    """Look over the values before saving."""


@dataclass(frozen=True, slots=True)
class Save:
    """Save the reviewed values for the child whose name is shown beside them."""
