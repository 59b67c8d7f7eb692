"""One opening of a child at the desk, and what is not of it unless a person says so by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from kiosk.hearing.arrivals import FileOffer, HeldRecord
from kiosk.weighing.gate import Offer
from kiosk.weighing.length import LengthOffer

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Opening:
    """From when a child is opened until it is left or the station is locked.

    ``id`` is new for each opening, ``at`` is UTC. ``since`` are the keys of the records and files
    that are known to have come after it; everything else that waits may be of the child before.
    ``heard`` is the last length of each device, ``before`` the last one of each that may be of
    the child before. ``length`` is a length that a device sent and nobody has taken yet.
    """

    id: UUID | None = None
    at: datetime = NEVER
    since: frozenset[str] = frozenset()
    heard: tuple[LengthOffer, ...] = ()
    before: tuple[LengthOffer, ...] = ()
    length: LengthOffer | None = None


@dataclass(frozen=True, slots=True)
class AnotherSend:
    """Records of another press of *send* than those that are shown."""

    records: tuple[HeldRecord, ...]


Unclaimed = Offer | LengthOffer | HeldRecord | FileOffer | AnotherSend
"""What a person must say of whether it is of the child that is open."""
