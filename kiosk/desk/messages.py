"""What happens at the desk, and what it wants done: the kinds. Each one lies in its feature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from drivers.events import LinkStatus, Stamped
from kiosk.model.outbox import DeliveryChanged, OutboxStatus


@dataclass(frozen=True, slots=True)
class Moment:
    """When a message arrived: monotonic seconds, UTC, the local offset and the local date.

    ``id`` is a fresh UUIDv7, for what the message may create.
    """

    monotonic: float
    wall: datetime
    offset_minutes: int
    today: date
    id: UUID


class Touch:
    """What a person may do at the desk."""

    __slots__ = ()


class DeskNews:
    """What a thread tells the desk: the answer to an effect, or what happened by itself."""

    __slots__ = ()


News = DeskNews | Stamped | LinkStatus | DeliveryChanged | OutboxStatus
"""What threads tell the desk, with what devices and senders say in their own words."""

Message = Touch | News


class Effect:
    """What the desk wants done. The runtime carries it out and answers with news.

    ``answered_by`` are the kinds of news that answer it, or none; where there are two, one says
    that it was done and one that it was not. Besides, whatever goes wrong may be told as
    ``Trouble``.
    """

    __slots__ = ()
    answered_by: ClassVar[tuple[type[DeskNews], ...]]


@dataclass(frozen=True, slots=True)
class Tick(DeskNews):
    """A second passed."""


class Trace(StrEnum):
    """What a person did that leaves an audit row of its own."""

    LOCKED = "locked"
    CHILD_OPENED = "child-opened"
    VISIT_OPENED = "visit-opened"
    REPRINTED = "reprinted"


@dataclass(frozen=True, slots=True)
class Note(Effect):
    """Leave an audit row. ``subject`` is an id made here, never a number or a name."""

    trace: Trace
    user_id: str
    subject: str = ""
    answered_by = ()
