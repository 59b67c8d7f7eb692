"""The slip and the printer as the desk sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SlipName(StrEnum):
    """How the child is called on the slip; the parent chooses."""

    FIRST_NAME = "first-name"
    INITIALS = "initials"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SlipPicture:
    """A slip to look at: grey dots, a byte each, row by row from the top, 255 is white."""

    width: int
    height: int
    dots: bytes = field(repr=False)


class ReprintReason(StrEnum):
    """Why another slip is printed, or any of a protected child: each is a paper about a child."""

    ASKED_FOR = "asked-for"
    LOST = "lost"
    UNREADABLE = "unreadable"
    OTHER_PARENT = "other-parent"
    OTHER = "other"


class SlipState(StrEnum):
    """How far the slip has come."""

    NOT_ASKED = "not-asked"
    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    EXPIRED = "expired"


class Paper(StrEnum):
    """How the printer stands."""

    UNKNOWN = "unknown"
    READY = "ready"
    ABSENT = "absent"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    NEEDS_POWER_CYCLE = "needs-power-cycle"
    ERROR = "error"
    NOT_CONFIGURED = "not-configured"
