"""What a person may do with a visit that was saved."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kiosk.model.slip import ReprintReason, SlipName
from kiosk.model.visit import ChangeReason


@dataclass(frozen=True, slots=True)
class OpenSlipLanguages:
    """Show the languages a slip can be written in."""


@dataclass(frozen=True, slots=True)
class ChooseSlipLanguage:
    """The language of the slip, as the parents wish."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseSlipName:
    """How the child is called on the slip."""

    name: SlipName


@dataclass(frozen=True, slots=True)
class PreviewSlip:
    """Show what the slip would look like."""


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """The parent wants a slip, or another one (marked KOPI)."""


@dataclass(frozen=True, slots=True)
class NextChild:
    """Done with this child."""


@dataclass(frozen=True, slots=True)
class OpenToday:
    """Show who was measured here today."""


@dataclass(frozen=True, slots=True)
class OpenBooked:
    """A child with an appointment is here."""

    id: str


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """Show one of the visits of today's list."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class OpenChange:
    """Something about the saved visit is wrong."""


@dataclass(frozen=True, slots=True)
class CorrectValue:
    """This value of the visit is wrong: type the right one."""

    measurement_id: UUID


@dataclass(frozen=True, slots=True)
class MoveVisit:
    """The values belong to another child."""


@dataclass(frozen=True, slots=True)
class GiveNumber:
    """The child of the saved visit has an identity number now."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """Another slip is wanted, for this reason."""

    reason: ReprintReason


@dataclass(frozen=True, slots=True)
class WithdrawVisit:
    """The visit's values must not be used."""


@dataclass(frozen=True, slots=True)
class ConfirmChange:
    """The change on the screen is right, for this reason."""

    reason: ChangeReason


@dataclass(frozen=True, slots=True)
class MadeByHand:
    """A person has made the change in the journal, which does not take it from the station."""
