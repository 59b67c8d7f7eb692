"""Everything that may happen at the desk, and when: the messages ``update`` takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kiosk.core.desk.news import (
    DevicePlugged,
    LookUpAnswered,
    MessagesListed,
    News,
    PinChecked,
    PrinterChanged,
    ProfileKept,
    SlipChanged,
    Tick,
    TodayListed,
    Trouble,
    UsersChanged,
    VisitNotSaved,
    VisitRead,
    VisitSaved,
)
from kiosk.core.desk.touches import (
    ActivateField,
    AnswerOdd,
    Back,
    BeginAnew,
    ChangeLanguage,
    ChildIsOnScale,
    ChooseSlipLanguage,
    ChooseSlipName,
    ChooseUser,
    ConfirmChild,
    DismissNotice,
    FindChild,
    KeepLearned,
    Lock,
    NextChild,
    NotThisChild,
    OpenCalibration,
    OpenEntry,
    OpenReview,
    OpenStatus,
    OpenToday,
    OpenVisit,
    PinKey,
    PlaceChild,
    PrintSlip,
    RejectOdd,
    RemoveDraft,
    RetryMessage,
    Save,
    Scan,
    SetDisplayUnit,
    SetDress,
    SetPosition,
    SubmitDisplay,
    SubmitEntry,
    SubmitPin,
    TakeLength,
    TakeWeight,
    Touch,
    Touched,
    TryNow,
    TypeKey,
    WeighWithAdult,
)


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


Message = Touch | News

__all__ = [
    "ActivateField",
    "AnswerOdd",
    "Back",
    "BeginAnew",
    "ChangeLanguage",
    "ChildIsOnScale",
    "ChooseSlipLanguage",
    "ChooseSlipName",
    "ChooseUser",
    "ConfirmChild",
    "DevicePlugged",
    "DismissNotice",
    "FindChild",
    "KeepLearned",
    "Lock",
    "LookUpAnswered",
    "Message",
    "MessagesListed",
    "Moment",
    "News",
    "NextChild",
    "NotThisChild",
    "OpenCalibration",
    "OpenEntry",
    "OpenReview",
    "OpenStatus",
    "OpenToday",
    "OpenVisit",
    "PinChecked",
    "PinKey",
    "PlaceChild",
    "PrintSlip",
    "PrinterChanged",
    "ProfileKept",
    "RejectOdd",
    "RemoveDraft",
    "RetryMessage",
    "Save",
    "Scan",
    "SetDisplayUnit",
    "SetDress",
    "SetPosition",
    "SlipChanged",
    "SubmitDisplay",
    "SubmitEntry",
    "SubmitPin",
    "TakeLength",
    "TakeWeight",
    "Tick",
    "TodayListed",
    "Touch",
    "Touched",
    "Trouble",
    "TryNow",
    "TypeKey",
    "UsersChanged",
    "VisitNotSaved",
    "VisitRead",
    "VisitSaved",
    "WeighWithAdult",
]
