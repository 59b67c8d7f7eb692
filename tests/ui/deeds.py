"""What each touch of the desk does, written down apart from the controls: a second opinion."""

from __future__ import annotations

from kiosk.desk import messages as m
from kiosk.desk import touches_hearing as t
from kiosk.desk.over import Ask
from kiosk.desk.state import Desk

COMMITS = frozenset(
    {
        m.ConfirmChild,
        m.TakeWeight,
        m.TakeLength,
        m.ChildIsOnScale,
        m.PlaceChild,
        m.SubmitEntry,
        m.AnswerOdd,
        m.RejectOdd,
        m.RemoveDraft,
        m.ChooseReading,
        m.Save,
        m.NextChild,
        m.PrintSlip,
        m.Reprint,
        m.PrintTicket,
        m.MadeByHand,
        m.ConfirmChange,
        m.RetryMessage,
        m.HoldMessage,
        m.DiscardMessage,
        m.SubmitDisplay,
        m.KeepLearned,
        m.BeginAnew,
        m.DismissNotice,
        m.AnswerDoubt,
        m.LiesThere,
        t.SwapEars,
        t.SetKnown,
        t.ConfirmAudiogram,
        t.RemoveHearing,
        t.ResumeHearing,
        t.DropHearing,
        t.EndHearing,
        t.AnswerCheck,
        t.KeepCheck,
        t.ConfirmSettled,
        t.SignProtocol,
        t.TakeArrival,
        t.DropArrival,
        t.PickAnswer,
    }
)
ANSWERS = frozenset(
    {t.AnswerTone, t.AnswerCatch, t.GiveLevel, t.GiveNoResponse, t.LeaveLevel, t.UndoAnswer}
)
LEADS = frozenset(
    {
        t.SettleRetest,
        t.ChooseSettled,
        m.ChooseUser,
        m.PinKey,
        m.SubmitPin,
        m.ChangeLanguage,
        m.OpenHelp,
        m.OpenLook,
        m.OpenMenu,
        m.PreviewSlip,
        m.SetLook,
        m.ChooseSlipLanguage,
        m.OpenSlipLanguages,
        m.Lock,
        m.ActivateField,
        m.TypeKey,
        m.Scan,
        m.FindChild,
        m.NotThisChild,
        m.SetDress,
        m.WeighWithAdult,
        m.OpenEntry,
        m.SetPosition,
        m.OpenReview,
        m.ChooseSlipName,
        m.Back,
        m.OpenStatus,
        m.OpenToday,
        m.OpenVisit,
        m.OpenBooked,
        m.OpenChange,
        m.CorrectValue,
        m.MoveVisit,
        m.WithdrawVisit,
        m.GiveNumber,
        m.WithoutNumber,
        m.OpenCalibration,
        m.SetDisplayUnit,
        m.TryNow,
        m.LookAtMessage,
        m.GiveUpMessage,
        m.OpenMessageVisit,
        m.Touched,
        t.OpenHearing,
        t.OpenProtocols,
        t.ChooseProtocol,
        t.SetFirstEar,
        t.SetRetest,
        t.BeginHearing,
        t.PickTone,
        t.OpenLevels,
        t.StopHearing,
        t.CorrectHearing,
        t.OpenCheck,
        t.OpenRetests,
        t.ShowRetest,
        t.OpenProtocol,
        t.ToggleFrequency,
        t.SetScreeningLevel,
        t.SetMissing,
        t.SetRetestWeeks,
        t.SetReferTo,
        t.OpenReceive,
    }
)
"""Every touch there is stands in one of the three."""


def commits(message: m.Touch, desk: Desk) -> bool:
    """Whether a person would want to have seen the page before sending this."""
    drops = desk.over is Ask.LEAVING or desk.over is Ask.OLD_WORK
    dropped = isinstance(message, m.NotThisChild) and drops
    return dropped or type(message) in COMMITS | ANSWERS


def deed_of(message: m.Touch, desk: Desk) -> str:
    """What a control that sends this should say of itself."""
    if type(message) in ANSWERS:
        return "answers"
    return "commits" if commits(message, desk) else "leads"
