"""The one entrance to the desk: a message comes in, the next desk and its effects go out."""

from __future__ import annotations

from dataclasses import replace

from drivers.events import LinkStatus, Stamped
from kiosk.desk import messages as m
from kiosk.desk.registering import Handler, Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step
from kiosk.features import (
    appearance,
    calibrate,
    change,
    devices,
    doubts,
    entry,
    find,
    going_back,
    length,
    measure,
    messages,
    overdue,
    save,
    second_reading,
    sign_in,
    status,
    today,
    with_adult,
)
from kiosk.features.answering import may_touch
from kiosk.features.hearing.handlers import HEARING
from kiosk.model.outbox import DeliveryChanged, OutboxStatus

REGISTERED: tuple[Registered, ...] = (
    on(m.ChooseUser, sign_in.choose_user),
    on(m.PinKey, sign_in.pin_key),
    on(m.SubmitPin, sign_in.submit_pin),
    on(m.PinChecked, sign_in.pin_checked),
    on(m.UsersChanged, sign_in.users_changed),
    on(m.Lock, sign_in.lock),
    on(m.Tick, sign_in.tick),
    on(m.ActivateField, find.activate_field),
    on(m.Scan, find.scan),
    on(m.FindChild, find.find_child),
    on(m.LookUpAnswered, find.answered),
    on(m.WithoutNumber, find.without_number),
    on(m.ConfirmChild, find.confirm_child),
    on(m.NotThisChild, find.not_this_child),
    on(m.TypeKey, entry.type_key),
    on(m.OpenEntry, entry.open_entry),
    on(m.SetPosition, entry.set_position),
    on(m.SubmitEntry, entry.submit_entry),
    on(Stamped, devices.device_event),
    on(LinkStatus, devices.device_link),
    on(m.DevicePlugged, devices.device_plugged),
    on(m.SetDress, measure.set_dress),
    on(m.ChildIsOnScale, measure.child_is_on_scale),
    on(m.LiesThere, doubts.lies_there),
    on(m.AnswerDoubt, doubts.answer_doubt),
    on(m.WeighWithAdult, with_adult.weigh_with_adult),
    on(m.TakeWeight, measure.take_weight),
    on(m.TakeLength, length.take_length),
    on(m.PlaceChild, length.place_child),
    on(m.AnswerOdd, measure.answer_odd),
    on(m.RejectOdd, measure.reject_odd),
    on(m.RemoveDraft, measure.remove_draft),
    on(m.ChooseReading, second_reading.choose_reading),
    on(m.EarlierAnswered, measure.earlier_answered),
    on(m.OpenReview, save.open_review),
    on(m.Save, save.save),
    on(m.VisitSaved, save.visit_saved),
    on(m.VisitNotSaved, save.visit_not_saved),
    on(m.ChooseSlipName, save.choose_slip_name),
    on(m.PrintSlip, save.print_slip),
    on(m.SlipChanged, save.slip_changed),
    on(m.NextChild, save.next_child),
    on(DeliveryChanged, status.delivery_changed),
    on(OutboxStatus, status.outbox_status),
    on(m.PrinterChanged, status.printer_changed),
    on(m.MessagesListed, messages.listed),
    on(m.OpenStatus, status.open_status),
    on(m.OpenToday, today.open_today),
    on(m.TodayListed, today.today_listed),
    on(m.BookedListed, today.booked_listed),
    on(m.OpenBooked, today.open_booked),
    on(m.OpenVisit, today.open_visit),
    on(m.VisitRead, today.visit_read),
    on(m.OpenChange, change.open_change),
    on(m.CorrectValue, change.correct_value),
    on(m.MoveVisit, change.move_visit),
    on(m.WithdrawVisit, change.withdraw_visit),
    on(m.GiveNumber, change.give_number),
    on(m.Reprint, save.reprint),
    on(m.ConfirmChange, change.confirm_change),
    on(m.ChangeSaved, change.change_saved),
    on(m.ChangeNotSaved, change.change_not_saved),
    on(m.MadeByHand, change.made_by_hand),
    on(m.OpenCalibration, calibrate.open_calibration),
    on(m.SetDisplayUnit, calibrate.set_unit),
    on(m.SubmitDisplay, calibrate.submit_display),
    on(m.BeginAnew, calibrate.begin_anew),
    on(m.KeepLearned, calibrate.keep_profile),
    on(m.ProfileKept, calibrate.profile_kept),
    on(m.TryNow, status.try_now),
    on(m.LookAtMessage, messages.look_at),
    on(m.RetryMessage, messages.retry),
    on(m.HoldMessage, messages.hold),
    on(m.GiveUpMessage, messages.ask_to_discard),
    on(m.DiscardMessage, messages.discard),
    on(m.OpenMessageVisit, messages.open_visit),
    on(m.Trouble, status.trouble),
    on(m.PartsTold, overdue.parts_told),
    on(m.Back, going_back.back),
    on(m.DismissNotice, status.dismiss_notice),
    on(m.Touched, status.touched),
    on(m.ChangeLanguage, status.change_language),
    on(m.OpenHelp, appearance.open_help),
    on(m.OpenLook, appearance.open_look),
    on(m.SetLook, appearance.set_look),
    on(m.OpenMenu, appearance.open_menu),
    on(m.PrintTicket, appearance.print_ticket),
    on(m.TicketPrinted, appearance.ticket_printed),
    on(m.PreviewSlip, save.preview_slip),
    on(m.SlipPreviewed, save.slip_previewed),
    on(m.OpenSlipLanguages, save.open_slip_languages),
    on(m.ChooseSlipLanguage, save.choose_slip_language),
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


__all__ = ["HANDLERS", "REGISTERED", "Step", "update"]
