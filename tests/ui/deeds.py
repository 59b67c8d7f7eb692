"""What each touch of the desk does, written down apart from the controls: a second opinion."""

from __future__ import annotations

from kiosk.desk.over import Ask
from kiosk.desk.state import Desk
from tests.desk.every import messages as m

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
        m.ConfirmMessage,
        m.DiscardMessage,
        m.SubmitDisplay,
        m.LeaveOutLoad,
        m.SetUpDevice,
        m.TeachPort,
        m.KeepDevice,
        m.SignFirstDay,
        m.KeepLearned,
        m.BeginAnew,
        m.DismissNotice,
        m.AnswerDoubt,
        m.LiesThere,
        m.SwapEars,
        m.SetKnown,
        m.ConfirmAudiogram,
        m.RemoveHearing,
        m.ResumeHearing,
        m.DropHearing,
        m.EndHearing,
        m.AnswerCheck,
        m.KeepCheck,
        m.ConfirmSettled,
        m.SignProtocol,
        m.TakeArrival,
        m.DropArrival,
        m.PickAnswer,
    }
)
ANSWERS = frozenset(
    {m.AnswerTone, m.AnswerCatch, m.GiveLevel, m.GiveNoResponse, m.LeaveLevel, m.UndoAnswer}
)
LEADS = frozenset(
    {
        m.SettleRetest,
        m.ChooseSettled,
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
        m.OpenEquipment,
        m.OpenFirstDay,
        m.ChooseLikely,
        m.ChooseWidth,
        m.SetDisplayUnit,
        m.TryNow,
        m.LookAtMessage,
        m.GiveUpMessage,
        m.OpenMessageVisit,
        m.Touched,
        m.OpenHearing,
        m.OpenProtocols,
        m.ChooseProtocol,
        m.SetFirstEar,
        m.SetRetest,
        m.BeginHearing,
        m.PickTone,
        m.OpenLevels,
        m.StopHearing,
        m.CorrectHearing,
        m.OpenCheck,
        m.OpenRetests,
        m.ShowRetest,
        m.OpenProtocol,
        m.ToggleFrequency,
        m.SetScreeningLevel,
        m.SetMissing,
        m.SetRetestWeeks,
        m.SetReferTo,
        m.OpenReceive,
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
