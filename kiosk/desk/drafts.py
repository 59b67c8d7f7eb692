"""Values on their way: taken or typed, saved, and being put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from kiosk.desk.child_form import Identity, LookUp
from kiosk.desk.notices import EntryFault
from kiosk.desk.rules import proposed_dress
from kiosk.model.delivery import Part, worst
from kiosk.model.hearing_test import HearingTest
from kiosk.model.outbox import Failure
from kiosk.model.slip import SlipName, SlipState
from kiosk.model.visit import (
    ChangeKind,
    Child,
    Delivery,
    Dress,
    KeptReading,
    OddReason,
    Position,
    Quantity,
    Rule,
    Source,
)
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.gate import Offer
from kiosk.weighing.length import LengthOffer
from kiosk.weighing.plausibility import Verdict, judge


@dataclass(frozen=True, slots=True)
class Draft:
    """A value taken or typed for this visit and not yet saved. Grams or millimetres.

    ``id`` becomes the measurement's id; ``verdict`` says whether the number looked mistyped
    and ``odd_reason`` why a person stood by it. ``offer`` or ``length`` is what a device sent.
    ``was`` is a corrected value as it was saved.
    """

    id: UUID
    quantity: Quantity
    value: int
    text: str
    unit: str
    source: Source
    measured_at: datetime
    verdict: Verdict
    position: Position | None = None
    dress: Dress | None = None
    odd_reason: OddReason | None = None
    offer: Offer | None = None
    length: LengthOffer | None = None
    rule: Rule = Rule.SINGLE
    readings: tuple[KeptReading, ...] = ()
    was: Draft | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A value that looks mistyped waits for a person: is the number right?"""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Entry:
    """Typing a value, twice: kilograms or centimetres, digits with a comma as typed.

    ``first`` is the first reading once it is given; after two different readings the fault is
    ``DIFFERS`` and both are typed anew.
    """

    quantity: Quantity
    typed: str = ""
    first: str | None = None
    position: Position | None = None
    fault: EntryFault | None = None


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A confirmed child being measured. ``id`` is made when the child is confirmed.

    ``with_adult`` is set while the child is weighed on an adult's arm; ``together`` is then the
    reading of both, once it is taken. ``hearing`` are the confirmed audiograms, ``earlier`` the
    values from last time, one a quantity. ``used`` are the held records those audiograms came
    from, ``files`` the SHA-256 of their files.
    """

    id: UUID
    child: Child
    look_up: LookUp
    age_days: int
    dress: Dress
    drafts: tuple[Draft, ...] = ()
    saving: bool = False
    with_adult: bool = False
    together: KeptReading | None = None
    earlier: tuple[Earlier, ...] = ()
    hearing: tuple[HearingTest, ...] = ()
    used: tuple[UUID, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of_child(
        cls, ident: UUID, child: Child, today: date, look_up: LookUp = LookUp.NOT_ASKED
    ) -> VisitDraft:
        """An empty visit of a confirmed child, with what is usual at its age."""
        age = (today - child.birth_date).days
        return cls(ident, child, look_up, age, proposed_dress(age))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured or tested yet."""
        return not self.drafts and not self.hearing

    def before(self, quantity: Quantity) -> Earlier | None:
        """The value of this quantity from last time, if the journal told one."""
        return next((one for one in self.earlier if one.quantity is quantity), None)


@dataclass(frozen=True, slots=True)
class SavedVisit:
    """What the done page shows: the values, the three marks and the slip.

    ``saved`` is only true after the commit; ``parts`` are the visit's messages, the oldest first,
    and ``delivery``, ``failure`` and ``message`` are those of the one that is worst off
    (:mod:`kiosk.model.delivery`). ``change`` is the last way back that was taken. ``replaces``
    says that a slip with values that hold no more was printed.
    """

    id: UUID
    child: Child
    age_days: int
    drafts: tuple[Draft, ...]
    delivery: Delivery = Delivery.QUEUED
    failure: Failure | None = None
    slip: SlipState = SlipState.NOT_ASKED
    slip_name: SlipName = SlipName.FIRST_NAME
    slip_language: str = "nb"
    copies: int = 0
    message: UUID | None = None
    change: ChangeKind | None = None
    replaces: bool = False
    hearing: tuple[HearingTest, ...] = ()
    parts: tuple[Part, ...] = ()

    def standing(self, parts: tuple[Part, ...]) -> SavedVisit:
        """The visit as these messages of it say, at least one."""
        one = worst(parts)
        return replace(self, parts=parts, delivery=one.state, failure=one.failure, message=one.id)


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A way back being taken with a saved visit, up to the confirmation.

    ``measurement_id`` is the value being corrected and ``draft`` what it shall say,
    ``hearing`` what a hearing test shall say; ``target`` is the child the values belong to.
    """

    saved: SavedVisit
    kind: ChangeKind | None = None
    measurement_id: UUID | None = None
    draft: Draft | None = None
    hearing: HearingTest | None = None
    target: Identity | None = None
    saving: bool = False

    @property
    def odd_for_target(self) -> tuple[Draft, ...]:
        """The values that look mistyped at the age of the child they are to be moved to."""
        if self.target is None or self.kind is not ChangeKind.WRONG_CHILD:
            return ()
        age = self.target.age_days
        drafts = self.saved.drafts
        return tuple(d for d in drafts if judge(d.quantity, d.value, age) is not Verdict.USUAL)

    @property
    def ready(self) -> bool:
        """Whether all is known and only the confirmation is missing."""
        if self.kind is ChangeKind.CORRECTED:
            return self.draft is not None or self.hearing is not None
        return self.kind is ChangeKind.WITHDRAWN or self.target is not None
