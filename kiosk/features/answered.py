"""What answers each effect: news of one of these kinds, or none at all.

``ListMessages`` and the like are asked again by whoever carries a decision out. Besides, anything
that goes wrong may be told as ``Trouble``.
"""

from __future__ import annotations

from kiosk.desk import effects as e
from kiosk.desk import news as n

ANSWERED_BY: dict[type, tuple[type, ...]] = {
    e.CheckPin: (n.PinChecked,),
    e.AskJournal: (n.LookUpAnswered,),
    e.AskEarlier: (n.EarlierAnswered,),
    e.SaveVisit: (n.VisitSaved, n.VisitNotSaved),
    e.PrintVisit: (n.SlipChanged,),
    e.DrawSlip: (n.SlipPreviewed,),
    e.GiveTicket: (n.TicketPrinted,),
    e.RetryParked: (n.MessagesListed,),
    e.ParkMessage: (n.MessagesListed,),
    e.DiscardParked: (n.MessagesListed,),
    e.ListMessages: (n.MessagesListed,),
    e.ListToday: (n.TodayListed,),
    e.AskBooked: (n.BookedListed,),
    e.ReadVisit: (n.VisitRead,),
    e.SaveChange: (n.ChangeSaved, n.ChangeNotSaved),
    e.SettleByHand: (n.VisitRead,),
    e.KeepProfile: (n.ProfileKept,),
    e.ListPeople: (n.UsersChanged,),
    e.AskUnfinished: (n.UnfinishedListed,),
    e.AskTestedBefore: (n.TestedBeforeTold,),
    e.AskQuality: (n.QualityTold,),
    e.AskRetests: (n.RetestsListed,),
    e.KeepProtocol: (n.ProtocolsChanged,),
    e.AskHeld: (n.HeldListed,),
    e.SendNow: (),
    e.KeepLook: (),
    e.Note: (),
    e.KeepSession: (),
    e.DropHearing: (),
    e.KeepCheck: (),
    e.SettleRetest: (),
    e.HoldRecord: (),
    e.RejectFile: (),
}
"""By the kind of effect. Where two are named, one says that it was done and one that it was not."""
