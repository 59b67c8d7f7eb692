"""What may be touched while something lies over the page: what answers it, and the ways out."""

from __future__ import annotations

from enum import Enum

from kiosk.desk import messages as m
from kiosk.desk import touches_hearing as t
from kiosk.desk.drafts import ChangeDraft, Question
from kiosk.desk.hearing_work import Left
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
from kiosk.hearing.follow_up import Settling
from kiosk.hearing.receiving import Received

ALWAYS: tuple[type, ...] = (
    m.Back,
    m.Lock,
    m.Touched,
    m.DismissNotice,
    m.ChangeLanguage,
    m.Scan,
)
"""What may be touched whatever lies over the page. A scanner is no finger."""

ANSWERS: dict[object, tuple[type, ...]] = {
    Aside.HELP: (m.OpenHelp, m.OpenLook),
    Aside.LOOK: (m.OpenHelp, m.OpenLook, m.SetLook),
    Aside.MENU: (m.OpenLook, m.OpenStatus, m.PrintTicket, t.OpenCheck, t.OpenRetests),
    Ask.LEAVING: (m.NotThisChild,),
    Ask.REPRINTING: (m.Reprint,),
    Ask.PROTOCOLS: (t.ChooseProtocol,),
    Ask.STOPPING: (t.EndHearing,),
    Ask.OLD_WORK: (m.NotThisChild,),
    Question: (m.AnswerOdd, m.RejectOdd),
    Placing: (m.PlaceChild,),
    Second: (m.ChooseReading,),
    Doubt: (m.AnswerDoubt,),
    Preview: (m.PrintSlip,),
    SlipLanguages: (m.ChooseSlipLanguage,),
    LookedAt: (
        m.HoldMessage,
        m.GiveUpMessage,
        m.DiscardMessage,
        m.OpenMessageVisit,
        m.RetryMessage,
    ),
    Settling: (t.ChooseSettled, t.ConfirmSettled),
    ChangeDraft: (m.ConfirmChange,),
    Received: (t.PickAnswer,),
    Left: (t.ResumeHearing, t.DropHearing),
}
"""What answers each thing that may lie over a page."""


def may_touch(over: Shown | None, message: m.Message) -> bool:
    """Whether this touch reaches the desk, with that over the page."""
    if over is None or isinstance(message, ALWAYS):
        return True
    return isinstance(message, ANSWERS[over if isinstance(over, Enum) else type(over)])
