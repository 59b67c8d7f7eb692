"""The one entrance to the desk: a message comes in, the next desk and its effects go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from drivers.events import LinkStatus, Stamped
from kiosk.core.desk import (
    alive,
    calibration,
    changing,
    devices,
    doubts,
    finding,
    going_back,
    lengths,
    looking,
    measuring,
    message_page,
    readings,
    saving,
    signing_in,
    today,
    typing_twice,
    watching,
    with_adult,
)
from kiosk.core.desk import messages as m
from kiosk.core.desk.answering import may_touch
from kiosk.core.desk.hearing_handlers import HEARING_HANDLERS
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Step
from kiosk.core.outbox import DeliveryChanged, OutboxStatus

Handler = Callable[[Desk, Any, m.Moment, DeskRules], Step]

HANDLERS: dict[type, Handler] = {
    m.ChooseUser: signing_in.choose_user,
    m.PinKey: signing_in.pin_key,
    m.SubmitPin: signing_in.submit_pin,
    m.PinChecked: signing_in.pin_checked,
    m.UsersChanged: signing_in.users_changed,
    m.Lock: signing_in.lock,
    m.Tick: signing_in.tick,
    m.ActivateField: finding.activate_field,
    m.Scan: finding.scan,
    m.FindChild: finding.find_child,
    m.LookUpAnswered: finding.answered,
    m.WithoutNumber: finding.without_number,
    m.ConfirmChild: finding.confirm_child,
    m.NotThisChild: finding.not_this_child,
    m.TypeKey: typing_twice.type_key,
    m.OpenEntry: typing_twice.open_entry,
    m.SetPosition: typing_twice.set_position,
    m.SubmitEntry: typing_twice.submit_entry,
    Stamped: devices.device_event,
    LinkStatus: devices.device_link,
    m.DevicePlugged: devices.device_plugged,
    m.SetDress: measuring.set_dress,
    m.ChildIsOnScale: measuring.child_is_on_scale,
    m.LiesThere: doubts.lies_there,
    m.AnswerDoubt: doubts.answer_doubt,
    m.WeighWithAdult: with_adult.weigh_with_adult,
    m.TakeWeight: measuring.take_weight,
    m.TakeLength: lengths.take_length,
    m.PlaceChild: lengths.place_child,
    m.AnswerOdd: measuring.answer_odd,
    m.RejectOdd: measuring.reject_odd,
    m.RemoveDraft: measuring.remove_draft,
    m.ChooseReading: readings.choose_reading,
    m.EarlierAnswered: measuring.earlier_answered,
    m.OpenReview: saving.open_review,
    m.Save: saving.save,
    m.VisitSaved: saving.visit_saved,
    m.VisitNotSaved: saving.visit_not_saved,
    m.ChooseSlipName: saving.choose_slip_name,
    m.PrintSlip: saving.print_slip,
    m.SlipChanged: saving.slip_changed,
    m.NextChild: saving.next_child,
    DeliveryChanged: watching.delivery_changed,
    OutboxStatus: watching.outbox_status,
    m.PrinterChanged: watching.printer_changed,
    m.MessagesListed: message_page.listed,
    m.OpenStatus: watching.open_status,
    m.OpenToday: today.open_today,
    m.TodayListed: today.today_listed,
    m.BookedListed: today.booked_listed,
    m.OpenBooked: today.open_booked,
    m.OpenVisit: today.open_visit,
    m.VisitRead: today.visit_read,
    m.OpenChange: changing.open_change,
    m.CorrectValue: changing.correct_value,
    m.MoveVisit: changing.move_visit,
    m.WithdrawVisit: changing.withdraw_visit,
    m.GiveNumber: changing.give_number,
    m.Reprint: saving.reprint,
    m.ConfirmChange: changing.confirm_change,
    m.ChangeSaved: changing.change_saved,
    m.ChangeNotSaved: changing.change_not_saved,
    m.MadeByHand: changing.made_by_hand,
    m.OpenCalibration: calibration.open_calibration,
    m.SetDisplayUnit: calibration.set_unit,
    m.SubmitDisplay: calibration.submit_display,
    m.BeginAnew: calibration.begin_anew,
    m.KeepLearned: calibration.keep_profile,
    m.ProfileKept: calibration.profile_kept,
    m.TryNow: watching.try_now,
    m.LookAtMessage: message_page.look_at,
    m.RetryMessage: message_page.retry,
    m.HoldMessage: message_page.hold,
    m.GiveUpMessage: message_page.ask_to_discard,
    m.DiscardMessage: message_page.discard,
    m.OpenMessageVisit: message_page.open_visit,
    m.Trouble: watching.trouble,
    m.PartsTold: alive.parts_told,
    m.Back: going_back.back,
    m.DismissNotice: watching.dismiss_notice,
    m.Touched: watching.touched,
    m.ChangeLanguage: watching.change_language,
    m.OpenHelp: looking.open_help,
    m.OpenLook: looking.open_look,
    m.SetLook: looking.set_look,
    m.OpenMenu: looking.open_menu,
    m.PrintTicket: looking.print_ticket,
    m.TicketPrinted: looking.ticket_printed,
    m.PreviewSlip: saving.preview_slip,
    m.SlipPreviewed: saving.slip_previewed,
    m.OpenSlipLanguages: saving.open_slip_languages,
    m.ChooseSlipLanguage: saving.choose_slip_language,
    **HEARING_HANDLERS,
}

OPEN_TO_ANYBODY: tuple[type, ...] = (
    m.ChooseUser,
    m.PinKey,
    m.SubmitPin,
    m.OpenStatus,
    m.LookAtMessage,
    m.Back,
    m.DismissNotice,
    m.Touched,
    m.TryNow,
    m.ChangeLanguage,
    m.OpenHelp,
    m.OpenLook,
    m.SetLook,
)
"""Touches that need no signed-in person. None of them shows or changes anything of a child."""

TOUCHES: tuple[type, ...] = tuple(m.Touch.__args__)


def update(desk: Desk, message: m.Message, moment: m.Moment, rules: DeskRules) -> Step:
    """Take one message. A touch without a signed-in person does nothing but sign in.

    What lies over the page is answered before anything else is touched. Whatever the message
    was: where another child is open after it, what came before is closed off.
    """
    station = desk.station
    if isinstance(message, TOUCHES):
        woken = station.blanked
        station = replace(station, touched_at=moment.monotonic, blanked=False)
        desk = replace(desk, station=station)
        if woken:
            # The finger meant the dark screen, not what lay under it.
            return desk, ()
        if desk.user is None and not isinstance(message, OPEN_TO_ANYBODY):
            return desk, ()
        if not may_touch(desk.over, message):
            return desk, ()
    desk = replace(desk, station=replace(station, today=moment.today))
    after, effects = HANDLERS[type(message)](desk, message, moment, rules)
    return doubts.kept_apart(desk, after, moment), effects


__all__ = ["HANDLERS", "Step", "update"]
