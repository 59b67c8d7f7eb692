"""What a person may do at the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from kiosk.desk.appearance import Look
from kiosk.desk.child_form import Field
from kiosk.desk.touches_hearing import HearingTouch
from kiosk.desk.touches_measuring import (
    AnswerDoubt,
    AnswerOdd,
    ChildIsOnScale,
    ChooseReading,
    LiesThere,
    OpenEntry,
    OpenReview,
    PlaceChild,
    RejectOdd,
    RemoveDraft,
    Save,
    SetDress,
    SetPosition,
    SubmitEntry,
    TakeLength,
    TakeWeight,
    WeighWithAdult,
)
from kiosk.desk.touches_saved import (
    ChooseSlipLanguage,
    ChooseSlipName,
    ConfirmChange,
    CorrectValue,
    GiveNumber,
    MadeByHand,
    MoveVisit,
    NextChild,
    OpenBooked,
    OpenChange,
    OpenSlipLanguages,
    OpenToday,
    OpenVisit,
    PreviewSlip,
    PrintSlip,
    Reprint,
    WithdrawVisit,
)
from kiosk.model.outbox import DiscardReason


@dataclass(frozen=True, slots=True)
class ChooseUser:
    """A tile of the lock screen; ``None`` goes back to the tiles."""

    user_id: str | None


@dataclass(frozen=True, slots=True)
class PinKey:
    """One key of the PIN pad: a digit, or ``back``."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubmitPin:
    """The PIN is typed."""


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """The next language of the screen."""


@dataclass(frozen=True, slots=True)
class OpenHelp:
    """What can be done on this page?"""


@dataclass(frozen=True, slots=True)
class OpenLook:
    """Choose colours, hand and text size."""


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """Show what else the station can do."""


@dataclass(frozen=True, slots=True)
class PrintTicket:
    """Somebody who waits gets a number."""


@dataclass(frozen=True, slots=True)
class SetLook:
    """Draw the screen like this; remembered for who is signed in."""

    look: Look


@dataclass(frozen=True, slots=True)
class Lock:
    """Lock now. Unfinished work is kept for the same user."""


@dataclass(frozen=True, slots=True)
class ActivateField:
    """A field of the child form was touched."""

    field: Field


@dataclass(frozen=True, slots=True)
class TypeKey:
    """One key into the active field or the entry: a character, ``back`` or ``clear``."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole line from the barcode scanner."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindChild:
    """The form is filled in: ask the journal."""


@dataclass(frozen=True, slots=True)
class WithoutNumber:
    """The child has no identity number yet."""


@dataclass(frozen=True, slots=True)
class ConfirmChild:
    """A person confirms the identity (first name and birth date said by the parent)."""


@dataclass(frozen=True, slots=True)
class NotThisChild:
    """Back to the form, which is emptied."""


@dataclass(frozen=True, slots=True)
class Back:
    """One page back."""


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """Show devices, printer and messages."""


@dataclass(frozen=True, slots=True)
class OpenCalibration:
    """Teach the station what the scale sends."""


@dataclass(frozen=True, slots=True)
class SetDisplayUnit:
    """The unit on the scale's own display."""

    unit: str


@dataclass(frozen=True, slots=True)
class SubmitDisplay:
    """The scale's display is typed."""


@dataclass(frozen=True, slots=True)
class BeginAnew:
    """Calibrate from the first step again."""


@dataclass(frozen=True, slots=True)
class KeepLearned:
    """What was learned is right: use it."""


@dataclass(frozen=True, slots=True)
class TryNow:
    """Send what waits now."""


@dataclass(frozen=True, slots=True)
class LookAtMessage:
    """Show one message with the words of the journal."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class HoldMessage:
    """Do not send the message that is looked at until a person has seen to it."""


@dataclass(frozen=True, slots=True)
class GiveUpMessage:
    """The message that is looked at shall not be sent; the question why follows."""


@dataclass(frozen=True, slots=True)
class DiscardMessage:
    """The message that is looked at is given up for this reason."""

    reason: DiscardReason


@dataclass(frozen=True, slots=True)
class OpenMessageVisit:
    """Open the visit of the message that is looked at."""


@dataclass(frozen=True, slots=True)
class RetryMessage:
    """A person wants a parked message tried again."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class DismissNotice:
    """The notice was read."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Any touch at all: keeps the session open."""


Touch = (
    ChooseUser
    | PinKey
    | SubmitPin
    | ChangeLanguage
    | OpenHelp
    | OpenLook
    | OpenMenu
    | PrintTicket
    | PreviewSlip
    | SetLook
    | ChooseSlipLanguage
    | OpenSlipLanguages
    | Lock
    | ActivateField
    | TypeKey
    | Scan
    | FindChild
    | ConfirmChild
    | NotThisChild
    | SetDress
    | ChildIsOnScale
    | LiesThere
    | AnswerDoubt
    | WeighWithAdult
    | TakeWeight
    | TakeLength
    | PlaceChild
    | OpenEntry
    | SetPosition
    | SubmitEntry
    | AnswerOdd
    | RejectOdd
    | RemoveDraft
    | ChooseReading
    | OpenReview
    | Save
    | ChooseSlipName
    | PrintSlip
    | NextChild
    | Back
    | OpenStatus
    | OpenToday
    | OpenVisit
    | OpenBooked
    | OpenChange
    | CorrectValue
    | MoveVisit
    | WithdrawVisit
    | GiveNumber
    | Reprint
    | WithoutNumber
    | ConfirmChange
    | MadeByHand
    | OpenCalibration
    | SetDisplayUnit
    | SubmitDisplay
    | BeginAnew
    | KeepLearned
    | TryNow
    | LookAtMessage
    | HoldMessage
    | GiveUpMessage
    | DiscardMessage
    | OpenMessageVisit
    | RetryMessage
    | DismissNotice
    | Touched
    | HearingTouch
)
