"""What a person may do with a hearing test."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from drivers.hearing import Ear
from kiosk.hearing.follow_up import Settled
from kiosk.hearing.quality import CheckKind
from kiosk.hearing.session import End, Kind


@dataclass(frozen=True, slots=True)
class OpenHearing:
    """Test the hearing of the open child."""


@dataclass(frozen=True, slots=True)
class OpenProtocols:
    """Show the protocols a test may follow."""


@dataclass(frozen=True, slots=True)
class ChooseProtocol:
    """Follow this protocol."""

    id: str


@dataclass(frozen=True, slots=True)
class SetFirstEar:
    """Begin with this ear."""

    ear: Ear


@dataclass(frozen=True, slots=True)
class SetRetest:
    """Whether this is a test after an earlier one."""

    is_retest: bool


@dataclass(frozen=True, slots=True)
class BeginHearing:
    """The child wears the headphones: record the answers here."""


@dataclass(frozen=True, slots=True)
class AnswerTone:
    """What the child answered to the tone on the screen. Kinds without a level of their own."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class AnswerCatch:
    """A trial without a tone, and whether the child answered all the same."""

    answered: bool


@dataclass(frozen=True, slots=True)
class PickTone:
    """Answer this tone now, out of turn."""

    ear: Ear
    hz: int


@dataclass(frozen=True, slots=True)
class OpenLevels:
    """Give levels for every tone from now on, or heard and not heard again."""

    strips: bool


@dataclass(frozen=True, slots=True)
class GiveLevel:
    """The hearing threshold level of the tone on the screen, in dB HL."""

    db: int


@dataclass(frozen=True, slots=True)
class GiveNoResponse:
    """No response to the tone on the screen at the audiometer's loudest."""


@dataclass(frozen=True, slots=True)
class LeaveLevel:
    """Leave the tone as it was answered and go on."""


@dataclass(frozen=True, slots=True)
class UndoAnswer:
    """Take the last answer back."""


@dataclass(frozen=True, slots=True)
class StopHearing:
    """The test does not go on."""


@dataclass(frozen=True, slots=True)
class EndHearing:
    """Why it does not go on."""

    end: End


@dataclass(frozen=True, slots=True)
class SwapEars:
    """Right and left were the other way round on the headphones."""


@dataclass(frozen=True, slots=True)
class SetKnown:
    """Whether this hearing loss is known and followed up already."""

    known: bool


@dataclass(frozen=True, slots=True)
class ConfirmAudiogram:
    """The drawing was looked at and is right."""


@dataclass(frozen=True, slots=True)
class RemoveHearing:
    """Drop a confirmed audiogram that is not saved."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ResumeHearing:
    """Go on with a test that was cut off."""

    id: UUID


@dataclass(frozen=True, slots=True)
class DropHearing:
    """A test that was cut off is not wanted any more."""

    id: UUID


@dataclass(frozen=True, slots=True)
class CorrectHearing:
    """This hearing test of the saved visit is wrong: put it right."""

    id: UUID


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Listen to the audiometer, or to the room, before the first child."""

    kind: CheckKind


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """Whether this tone was as it should be; touched again it is not, then not answered."""

    ear: Ear
    hz: int


@dataclass(frozen=True, slots=True)
class KeepCheck:
    """The check is done."""


@dataclass(frozen=True, slots=True)
class OpenRetests:
    """Show the follow-up list."""


@dataclass(frozen=True, slots=True)
class ShowRetest:
    """Open the visit of a child on the follow-up list."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class SettleRetest:
    """This child need not stand on the follow-up list: ask why."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ChooseSettled:
    """Why it need not."""

    reason: Settled


@dataclass(frozen=True, slots=True)
class ConfirmSettled:
    """Take it off the list for the chosen reason."""


@dataclass(frozen=True, slots=True)
class OpenProtocol:
    """Look at the chosen protocol, fill it in, sign it."""


@dataclass(frozen=True, slots=True)
class ToggleFrequency:
    """Test this frequency, or no longer."""

    hz: int


@dataclass(frozen=True, slots=True)
class SetScreeningLevel:
    """Test at this level, in dB HL."""

    db: int


@dataclass(frozen=True, slots=True)
class SetMissing:
    """So many tones need not be heard to pass."""

    tones: int


@dataclass(frozen=True, slots=True)
class SetRetestWeeks:
    """Test again from one week until another; ``None``: never by this protocol."""

    weeks: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SetReferTo:
    """Refer a child that does not pass the retest either; nobody where it is empty."""

    to: str


@dataclass(frozen=True, slots=True)
class SignProtocol:
    """The clinic stands for this protocol, by the person who is signed in."""


@dataclass(frozen=True, slots=True)
class OpenReceive:
    """Take the result from the audiometer: by its cable, or from its file."""


@dataclass(frozen=True, slots=True)
class TakeArrival:
    """This one is of the open child."""

    key: str


@dataclass(frozen=True, slots=True)
class DropArrival:
    """This one is not wanted: forget the record, or put the file into quarantine."""

    key: str


@dataclass(frozen=True, slots=True)
class PickAnswer:
    """Of several answers at one point this one holds."""

    index: int


HearingTouch = (
    OpenHearing
    | OpenProtocols
    | ChooseProtocol
    | SetFirstEar
    | SetRetest
    | BeginHearing
    | AnswerTone
    | AnswerCatch
    | PickTone
    | OpenLevels
    | GiveLevel
    | GiveNoResponse
    | LeaveLevel
    | UndoAnswer
    | StopHearing
    | EndHearing
    | SwapEars
    | SetKnown
    | ConfirmAudiogram
    | RemoveHearing
    | ResumeHearing
    | DropHearing
    | CorrectHearing
    | OpenCheck
    | AnswerCheck
    | KeepCheck
    | OpenRetests
    | ShowRetest
    | SettleRetest
    | ChooseSettled
    | ConfirmSettled
    | OpenProtocol
    | ToggleFrequency
    | SetScreeningLevel
    | SetMissing
    | SetRetestWeeks
    | SetReferTo
    | SignProtocol
    | OpenReceive
    | TakeArrival
    | DropArrival
    | PickAnswer
)
