"""What may be touched while something lies over the page: what answers it, and the ways out."""

from __future__ import annotations

from enum import Enum

from kiosk.desk.drafts import ChangeDraft, Question
from kiosk.desk.hearing_work import Left
from kiosk.desk.messages import Message
from kiosk.desk.over import (
    Aside,
    Ask,
    Doubt,
    LookedAt,
    Placing,
    Preview,
    Second,
    Shown,
    SlipLanguages,
)
from kiosk.features.appearance import OpenHelp, OpenLook, PrintTicket, SetLook
from kiosk.features.change import ConfirmChange
from kiosk.features.doubts import AnswerDoubt
from kiosk.features.find import Scan
from kiosk.features.going_back import Back
from kiosk.features.hearing.audiogram import DropHearing, ResumeHearing
from kiosk.features.hearing.begin import ChooseProtocol
from kiosk.features.hearing.check import OpenCheck
from kiosk.features.hearing.follow_up import ChooseSettled, ConfirmSettled, OpenRetests
from kiosk.features.hearing.receive import PickAnswer
from kiosk.features.hearing.record import EndHearing
from kiosk.features.identity import NotThisChild
from kiosk.features.length import PlaceChild
from kiosk.features.measure import AnswerOdd, RejectOdd
from kiosk.features.messages import (
    ConfirmMessage,
    DiscardMessage,
    GiveUpMessage,
    HoldMessage,
    OpenMessageVisit,
    RetryMessage,
)
from kiosk.features.second_reading import ChooseReading
from kiosk.features.sign_in import Lock
from kiosk.features.slip import ChooseSlipLanguage, PrintSlip, Reprint
from kiosk.features.status import ChangeLanguage, DismissNotice, OpenStatus, Touched
from kiosk.hearing.follow_up import Settling
from kiosk.hearing.receiving import Received

ALWAYS: tuple[type, ...] = (
    Back,
    Lock,
    Touched,
    DismissNotice,
    ChangeLanguage,
    Scan,
)
"""What may be touched whatever lies over the page. A scanner is no finger."""

ANSWERS: dict[object, tuple[type, ...]] = {
    Aside.HELP: (OpenHelp, OpenLook),
    Aside.LOOK: (OpenHelp, OpenLook, SetLook),
    Aside.MENU: (OpenLook, OpenStatus, PrintTicket, OpenCheck, OpenRetests),
    Ask.LEAVING: (NotThisChild,),
    Ask.REPRINTING: (Reprint,),
    Ask.PROTOCOLS: (ChooseProtocol,),
    Ask.STOPPING: (EndHearing,),
    Ask.OLD_WORK: (NotThisChild,),
    Question: (AnswerOdd, RejectOdd),
    Placing: (PlaceChild,),
    Second: (ChooseReading,),
    Doubt: (AnswerDoubt,),
    Preview: (PrintSlip,),
    SlipLanguages: (ChooseSlipLanguage,),
    LookedAt: (
        HoldMessage,
        ConfirmMessage,
        GiveUpMessage,
        DiscardMessage,
        OpenMessageVisit,
        RetryMessage,
    ),
    Settling: (ChooseSettled, ConfirmSettled),
    ChangeDraft: (ConfirmChange,),
    Received: (PickAnswer,),
    Left: (ResumeHearing, DropHearing),
}
"""What answers each thing that may lie over a page."""


def may_touch(over: Shown | None, message: Message) -> bool:
    """Whether this touch reaches the desk, with that over the page."""
    if over is None or isinstance(message, ALWAYS):
        return True
    return isinstance(message, ANSWERS[over if isinstance(over, Enum) else type(over)])
