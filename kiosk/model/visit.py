"""What a visit leaves behind: the child, the measured values and who measured them.

Weights are integer grams, lengths integer millimetres; ``text`` keeps the digits as the
device sent them or as the person typed them. Times are timezone-aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from kiosk.model.performer import Device, Performer

if TYPE_CHECKING:
    from kiosk.model.hearing_test import HearingTest


class Quantity(StrEnum):
    """What is measured on a child."""

    WEIGHT = "weight"
    LENGTH = "length"
    HEAD = "head"


class Source(StrEnum):
    """Where the digits came from: a device's bytes, or a person who read and typed them twice."""

    DEVICE = "device"
    TYPED = "typed"


class Position(StrEnum):
    """How a length was taken. Never guessed from the age without being shown."""

    LYING = "lying"
    STANDING = "standing"


class Rule(StrEnum):
    """How the reported value follows from what was read. Stored by name with each value."""

    SINGLE = "single"
    DIFFERENCE = "difference"
    MEAN = "mean"
    LARGEST = "largest"


class Part(StrEnum):
    """What was read for one of several readings: who stood on the scale, or the child again."""

    TOGETHER = "adult-with-child"
    ADULT = "adult-alone"
    READING = "reading"


class Dress(StrEnum):
    """What the child wore on the scale (the guideline: infants undressed)."""

    NAKED = "naked"
    NAPPY = "nappy"
    LIGHT = "light"
    CLOTHED = "clothed"


class IdKind(StrEnum):
    """Which series an identity number belongs to."""

    NATIONAL = "fnr"
    D_NUMBER = "dnr"
    H_NUMBER = "hnr"
    FH_NUMBER = "fhn"
    DUF = "duf"
    UNKNOWN = "unknown"


class OddReason(StrEnum):
    """Why a person confirms a value that looked mistyped."""

    READ_AGAIN = "read-again"
    PREMATURE = "premature"
    KNOWN_CONDITION = "known-condition"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Child:
    """The child of this visit, as confirmed by a person.

    ``number`` is empty for a new-born who has none yet. ``patient`` is the journal's own id of the
    record (``Patient/…``), known only after a look-up with exactly one hit. Sex and birth date are
    never read out of the number. ``protected``: the journal marks the record as confidential
    (address protection), so no paper leaves by itself and none names the clinic.
    """

    number: str
    number_kind: IdKind
    birth_date: date
    given_name: str
    patient: str | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class KeptReading:
    """One of the readings behind a value: what stood on the device and what it sent, exactly."""

    part: Part
    value: int
    text: str
    unit: str
    stability: str
    raw: bytes
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class Measurement:
    """One confirmed value. ``id`` is made once, at capture, and reused in every interface.

    ``value`` is grams for weight and millimetres for lengths. ``offset_minutes`` is the
    local offset from UTC at the time of measuring. ``rule`` names how the value follows from
    what was read: a single reading stands in ``text``, ``stability`` and ``raw``; where it took
    several, ``readings`` keeps each of them and ``text`` is what the rule made of them.
    """

    id: UUID
    visit_id: UUID
    quantity: Quantity
    value: int
    text: str
    unit: str
    source: Source
    measured_at: datetime
    entered_at: datetime
    offset_minutes: int
    performer: Performer
    position: Position | None = None
    dress: Dress | None = None
    stability: str = ""
    raw: bytes = b""
    device: Device | None = None
    odd_reason: OddReason | None = None
    rule: Rule = Rule.SINGLE
    readings: tuple[KeptReading, ...] = ()


class ChangeKind(StrEnum):
    """The ways back after saving. They are different things with different traces.

    A correction keeps the old value readable (helsepersonelloven § 42); an entry on the wrong
    child is taken out of that child's journal (§ 44) and made anew for the right one; a
    withdrawal says that the visit's values must not be used. ``NUMBERED``: a new-born who had no
    number has one now, and the values go on under it.
    """

    CORRECTED = "corrected"
    WRONG_CHILD = "wrong-child"
    WITHDRAWN = "withdrawn"
    NUMBERED = "numbered"


class ChangeReason(StrEnum):
    """Why something saved was changed."""

    MISTYPED = "mistyped"
    MISMEASURED = "mismeasured"
    EQUIPMENT = "equipment"
    TWICE = "twice"
    WRONG_CHILD = "wrong-child"
    NUMBERED = "numbered"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewValue:
    """What a measurement says after a correction, typed twice. Grams or millimetres."""

    measurement_id: UUID
    value: int
    text: str
    unit: str
    position: Position | None = None
    odd_reason: OddReason | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One way back that a named person took. Nothing of what was saved is overwritten.

    ``values`` and ``hearing`` are what a correction makes of the values and hearing tests it
    concerns, empty otherwise. ``made_at`` is UTC.
    """

    id: UUID
    visit_id: UUID
    kind: ChangeKind
    reason: ChangeReason
    made_at: datetime
    offset_minutes: int
    performer: Performer
    values: tuple[NewValue, ...] = ()
    hearing: tuple[HearingTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """A child's confirmed values of one visit, saved and forwarded together.

    ``measurements`` and ``hearing`` are as they were saved; ``changes`` is what became of them
    since, the oldest first. What holds now is in :mod:`kiosk.model.changes`.
    """

    id: UUID
    child: Child
    measurements: tuple[Measurement, ...]
    changes: tuple[Change, ...] = ()
    hearing: tuple[HearingTest, ...] = ()


class Delivery(StrEnum):
    """How far a message has come on its way to the journal.

    ``CLAIMED`` is taken by the sender with nothing on the wire; ``IN_FLIGHT`` means bytes
    may have left; ``AMBIGUOUS`` is asked about by identifier before anything is resent;
    ``REJECTED`` waits for a person; ``CANCELLED`` was taken back before it had arrived;
    ``HANDED_OVER`` lies in the clinic's own database, from where a station sends it;
    ``DISCARDED`` was given up by a person, who said why; ``DELIVERED`` was taken by the receiver's
    machine, and whether it stands in the journal is not known; ``DONE``: the journal says that it
    holds it, or was found to.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    IN_FLIGHT = "in-flight"
    AMBIGUOUS = "ambiguous"
    REJECTED = "rejected"
    DONE = "done"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed-over"
    DISCARDED = "discarded"
    DELIVERED = "delivered"
