"""What a device driver may say: a reading, the lack of one, or garbage.

These types are the only language between ``drivers`` and everything above it. They are
frozen, carry no time and no person, and keep the digits exactly as the device sent them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from drivers.hearing import ToneRecord


class Quantity(StrEnum):
    """What a measuring device measures."""

    WEIGHT = "weight"
    LENGTH = "length"


class Stability(StrEnum):
    """Whether the device itself says that the value has settled.

    ``UNKNOWN`` means that the protocol cannot tell; nobody may turn it into ``STABLE``
    but a person.
    """

    STABLE = "stable"
    MOVING = "moving"
    UNKNOWN = "unknown"


class Flag(StrEnum):
    """What else a frame says about its value."""

    NET = "net"
    GROSS = "gross"
    ZERO = "zero"
    HOLD = "hold"
    NEGATIVE = "negative"
    RECALLED = "recalled"


class Reason(StrEnum):
    """Why a device that answered has no value to give.

    A device's own error number travels in :attr:`NoReading.code`. ``RECALLED`` is a stored
    older weighing, ``UNCALIBRATED`` a frame whose meaning has yet to be learned, ``OTHER`` a
    legal line about something else, such as the time.
    """

    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    BUSY = "busy"
    PENDING = "pending"
    NOT_STABLE = "not-stable"
    NOT_UNDERSTOOD = "not-understood"
    TRANSMISSION = "transmission-error"
    ERROR = "error"
    ZERO_DONE = "zero-done"
    TARE_DONE = "tare-done"
    IDENTITY = "identity"
    RECALLED = "recalled"
    UNCALIBRATED = "uncalibrated"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value, exactly as the device sent it.

    ``value`` keeps the digits of the frame (``4.2360`` stays four decimals); only a minus
    zero is written as zero. ``unit`` is the text of the frame or of the device profile. ``finer``
    has the digits beyond the verified step that the scale sets apart: they belong to its display,
    never to the value. ``checked`` says that the frame had a checksum and that it holds.
    """

    quantity: Quantity
    value: Decimal
    unit: str
    stability: Stability
    flags: frozenset[Flag] = frozenset()
    raw: bytes = b""
    finer: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class NoReading:
    """A legal answer without a value. It can never become 0."""

    reason: Reason
    code: str = ""
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no legal frame. Counted and captured, never shown as a value."""

    raw: bytes


Event = Reading | NoReading | Garbage
"""What a scale or a length board may say."""

DeviceEvent = Event | ToneRecord
"""What any device may say."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event with the station's own two clocks and where it came from.

    ``monotonic`` is in seconds of :func:`time.monotonic`; ``wall`` is timezone-aware UTC.
    ``session`` grows by one each time the link opens its port, so that a value from before
    an unplug is never taken for one from after it.
    """

    event: DeviceEvent
    link_id: str
    driver: str
    driver_version: str
    session: int
    monotonic: float
    wall: datetime


class LinkState(StrEnum):
    """How a link to a device stands."""

    ABSENT = "absent"
    REFUSED = "refused"
    OPEN = "open"
    SILENT = "silent"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """A change of a link's state. ``hint`` names the likely cause for the person at the desk."""

    link_id: str
    state: LinkState
    session: int
    hint: str = ""
