"""Which part of the desk takes which message of a hearing test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.core.desk import audiogram, hearing, hearing_day, protocol_page, receiving
from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk

Handler = Callable[[Desk, Any, m.Moment, DeskRules], tuple[Desk, tuple[Effect, ...]]]

HEARING_HANDLERS: dict[type, Handler] = {
    t.OpenHearing: hearing.open_hearing,
    t.OpenProtocols: hearing.open_protocols,
    t.ChooseProtocol: hearing.choose_protocol,
    t.SetFirstEar: hearing.set_first_ear,
    t.SetRetest: hearing.set_retest,
    t.BeginHearing: hearing.begin_hearing,
    t.AnswerTone: hearing.answer_tone,
    t.AnswerCatch: hearing.answer_catch,
    t.PickTone: hearing.pick_tone,
    t.OpenLevels: hearing.open_levels,
    t.GiveLevel: hearing.give_level,
    t.GiveNoResponse: hearing.give_no_response,
    t.LeaveLevel: hearing.leave_level,
    t.UndoAnswer: hearing.undo_answer,
    t.StopHearing: hearing.stop_hearing,
    t.EndHearing: hearing.end_hearing,
    t.SwapEars: audiogram.swap_ears,
    t.SetKnown: audiogram.set_known,
    t.ConfirmAudiogram: audiogram.confirm_audiogram,
    t.CorrectHearing: audiogram.correct_hearing,
    t.RemoveHearing: audiogram.remove_hearing,
    t.ResumeHearing: audiogram.resume_hearing,
    t.DropHearing: audiogram.drop_unfinished,
    t.OpenCheck: hearing_day.open_check,
    t.AnswerCheck: hearing_day.answer_check,
    t.KeepCheck: hearing_day.keep_check,
    t.OpenRetests: hearing_day.open_retests,
    t.ShowRetest: hearing_day.show_retest,
    t.SettleRetest: hearing_day.settle_retest,
    t.ChooseSettled: hearing_day.choose_settled,
    t.ConfirmSettled: hearing_day.confirm_settled,
    t.OpenProtocol: protocol_page.open_protocol,
    t.ToggleFrequency: protocol_page.toggle_frequency,
    t.SetScreeningLevel: protocol_page.set_level,
    t.SetMissing: protocol_page.set_missing,
    t.SetRetestWeeks: protocol_page.set_weeks,
    t.SetReferTo: protocol_page.set_refer,
    t.SignProtocol: protocol_page.sign_protocol,
    t.OpenReceive: receiving.open_receive,
    t.TakeArrival: receiving.take_arrival,
    t.DropArrival: receiving.drop_arrival,
    t.PickAnswer: receiving.pick_answer,
    m.HeldListed: receiving.held_listed,
    m.FilesToTake: receiving.files_waiting,
    m.InboxChanged: receiving.inbox_changed,
    m.QualityTold: hearing_day.quality_told,
    m.RetestsListed: hearing_day.retests_listed,
    m.ProtocolsChanged: protocol_page.protocols_changed,
    m.TestedBeforeTold: hearing.tested_before,
    m.UnfinishedListed: audiogram.unfinished_listed,
}
