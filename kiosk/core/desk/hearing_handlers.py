"""Which part of the desk takes which message of a hearing test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.core.desk import audiogram, hearing
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
    m.TestedBeforeTold: hearing.tested_before,
    m.UnfinishedListed: audiogram.unfinished_listed,
}
