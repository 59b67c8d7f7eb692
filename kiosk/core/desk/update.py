"""The one entrance to the desk: a message comes in, the next desk and its effects go out."""

from __future__ import annotations

from dataclasses import replace

from drivers.events import LinkStatus, Stamped
from kiosk.core.desk import (
    alive,
    calibration,
    changing,
    devices,
    doubts,
    ear,
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
from kiosk.core.desk.hearing_handlers import HEARING
from kiosk.core.desk.registering import Handler, Registered, on
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Step
from kiosk.core.outbox import DeliveryChanged, OutboxStatus

REGISTERED: tuple[Registered, ...] = (
    on(m.ChooseUser, signing_in.choose_user),
    on(m.PinKey, signing_in.pin_key),
    on(m.SubmitPin, signing_in.submit_pin),
    on(m.PinChecked, signing_in.pin_checked),
    on(m.UsersChanged, signing_in.users_changed),
    on(m.Lock, signing_in.lock),
    on(m.Tick, signing_in.tick),
    on(m.ActivateField, finding.activate_field),
    on(m.Scan, finding.scan),
    on(m.FindChild, finding.find_child),
    on(m.LookUpAnswered, finding.answered),
    on(m.WithoutNumber, finding.without_number),
    on(m.ConfirmChild, finding.confirm_child),
    on(m.NotThisChild, finding.not_this_child),
    on(m.TypeKey, typing_twice.type_key),
    on(m.OpenEntry, typing_twice.open_entry),
    on(m.SetPosition, typing_twice.set_position),
    on(m.SubmitEntry, typing_twice.submit_entry),
    on(Stamped, devices.device_event),
    on(LinkStatus, devices.device_link),
    on(m.DevicePlugged, devices.device_plugged),
    on(m.SetDress, measuring.set_dress),
    on(m.ChildIsOnScale, measuring.child_is_on_scale),
    on(m.LiesThere, doubts.lies_there),
    on(m.AnswerDoubt, doubts.answer_doubt),
    on(m.WeighWithAdult, with_adult.weigh_with_adult),
    on(m.TakeWeight, measuring.take_weight),
    on(m.TakeLength, lengths.take_length),
    on(m.PlaceChild, lengths.place_child),
    on(m.AnswerOdd, measuring.answer_odd),
    on(m.RejectOdd, measuring.reject_odd),
    on(m.RemoveDraft, measuring.remove_draft),
    on(m.ChooseReading, readings.choose_reading),
    on(m.EarlierAnswered, measuring.earlier_answered),
    on(m.OpenReview, saving.open_review),
    on(m.Save, saving.save),
    on(m.VisitSaved, saving.visit_saved),
    on(m.VisitNotSaved, saving.visit_not_saved),
    on(m.ChooseSlipName, saving.choose_slip_name),
    on(m.PrintSlip, saving.print_slip),
    on(m.SlipChanged, saving.slip_changed),
    on(m.NextChild, saving.next_child),
    on(DeliveryChanged, watching.delivery_changed),
    on(OutboxStatus, watching.outbox_status),
    on(m.PrinterChanged, watching.printer_changed),
    on(m.MessagesListed, message_page.listed),
    on(m.OpenStatus, watching.open_status),
    on(m.OpenToday, today.open_today),
    on(m.TodayListed, today.today_listed),
    on(m.BookedListed, today.booked_listed),
    on(m.OpenBooked, today.open_booked),
    on(m.OpenVisit, today.open_visit),
    on(m.VisitRead, today.visit_read),
    on(m.OpenChange, changing.open_change),
    on(m.CorrectValue, changing.correct_value),
    on(m.MoveVisit, changing.move_visit),
    on(m.WithdrawVisit, changing.withdraw_visit),
    on(m.GiveNumber, changing.give_number),
    on(m.Reprint, saving.reprint),
    on(m.ConfirmChange, changing.confirm_change),
    on(m.ChangeSaved, changing.change_saved),
    on(m.ChangeNotSaved, changing.change_not_saved),
    on(m.MadeByHand, changing.made_by_hand),
    on(m.OpenCalibration, calibration.open_calibration),
    on(m.SetDisplayUnit, calibration.set_unit),
    on(m.SubmitDisplay, calibration.submit_display),
    on(m.LeaveOutLoad, calibration.leave_out),
    on(m.Heard, calibration.heard),
    on(m.EarLost, calibration.ear_lost),
    on(m.BeginAnew, calibration.begin_anew),
    on(m.KeepLearned, calibration.keep_profile),
    on(m.ProfileKept, calibration.profile_kept),
    on(m.TryNow, watching.try_now),
    on(m.LookAtMessage, message_page.look_at),
    on(m.RetryMessage, message_page.retry),
    on(m.HoldMessage, message_page.hold),
    on(m.GiveUpMessage, message_page.ask_to_discard),
    on(m.DiscardMessage, message_page.discard),
    on(m.OpenMessageVisit, message_page.open_visit),
    on(m.Trouble, watching.trouble),
    on(m.PartsTold, alive.parts_told),
    on(m.Back, going_back.back),
    on(m.DismissNotice, watching.dismiss_notice),
    on(m.Touched, watching.touched),
    on(m.ChangeLanguage, watching.change_language),
    on(m.OpenHelp, looking.open_help),
    on(m.OpenLook, looking.open_look),
    on(m.SetLook, looking.set_look),
    on(m.OpenMenu, looking.open_menu),
    on(m.PrintTicket, looking.print_ticket),
    on(m.TicketPrinted, looking.ticket_printed),
    on(m.PreviewSlip, saving.preview_slip),
    on(m.SlipPreviewed, saving.slip_previewed),
    on(m.OpenSlipLanguages, saving.open_slip_languages),
    on(m.ChooseSlipLanguage, saving.choose_slip_language),
    *HEARING,
)
"""Which part of the desk takes which message."""

HANDLERS: dict[type, Handler] = {one.kind: one.handler for one in REGISTERED}

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
    was: where another child is open after it, what came before is closed off, and the ear listens
    for the page that is in front then.
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
    after = doubts.kept_apart(desk, after, moment)
    return after, (*effects, *ear.followed(desk, after))


__all__ = ["HANDLERS", "REGISTERED", "Step", "update"]
