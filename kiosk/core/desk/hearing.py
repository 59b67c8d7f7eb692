"""A hearing test: its protocol, the answers tapped one by one, and every one kept at once.

The person works the audiometer; the station names the tone that follows, takes one tap and never
raises a level by itself.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.drafts import VisitDraft
from kiosk.core.desk.effects import AskTestedBefore, Effect, KeepSession
from kiosk.core.desk.hearing_day import ask_quality
from kiosk.core.desk.hearing_work import HearingWork
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.desk.today import midnight
from kiosk.core.hearing import session as s
from kiosk.core.hearing.protocol import Protocol
from kiosk.core.hearing.session import Kind, Step
from kiosk.core.hearing.shelf import for_age
from kiosk.core.hearing.unfinished import Unfinished

Done = tuple[Desk, tuple[Effect, ...]]

DAYS_A_MONTH = 30.4375
TAPPED = frozenset({Kind.HEARD, Kind.NOT_HEARD, Kind.AGAIN, Kind.SKIPPED, Kind.IMPOSSIBLE})
"""What can be answered with one tap; levels and catch trials have touches of their own."""


def open_hearing(desk: Desk, _: t.OpenHearing, moment: m.Moment, __: DeskRules) -> Done:
    """Show what the test follows. A test that was begun for this child is gone on with."""
    visit = desk.visit
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    if desk.audiometer is None:
        return desk, ()
    if desk.hearing is not None and desk.hearing.session is not None:
        return replace(desk, screen=_page_of(desk.hearing), notice=None), ()
    work = HearingWork(_proposed(desk, visit), is_retest=bool(visit.hearing))
    opened = replace(desk, screen=Screen.HEARING, hearing=work, notice=None)
    asked = ask_quality(opened, moment)
    if not visit.child.number:
        return opened, (asked,)
    return opened, (asked, AskTestedBefore(visit.id, visit.child.number, midnight(moment)))


def _page_of(work: HearingWork) -> Screen:
    return Screen.AUDIOGRAM if is_over(work) else Screen.HEARING_RECORD


def _proposed(desk: Desk, visit: VisitDraft) -> Protocol | None:
    assert desk.audiometer is not None
    wanted = desk.audiometer.protocol
    own = next((one for one in desk.protocols if one.id == wanted), None)
    months = int(visit.age_days / DAYS_A_MONTH)
    return own or next(iter(for_age(desk.protocols, months)), None)


def tested_before(desk: Desk, message: m.TestedBeforeTold, _: m.Moment, __: DeskRules) -> Done:
    """The child was tested before: this one is proposed as a retest."""
    work, visit = desk.hearing, desk.visit
    if work is None or visit is None or visit.id != message.visit_id:
        return desk, ()
    work = replace(work, before=message.before, is_retest=True)
    return replace(desk, hearing=work), ()


def open_protocols(desk: Desk, _: t.OpenProtocols, __: m.Moment, ___: DeskRules) -> Done:
    """Ask which protocol to follow."""
    if desk.screen is not Screen.HEARING or desk.hearing is None:
        return desk, ()
    return replace(desk, hearing=replace(desk.hearing, choosing=True)), ()


def choose_protocol(desk: Desk, message: t.ChooseProtocol, moment: m.Moment, _: DeskRules) -> Done:
    """Follow this one. Nothing is recorded yet."""
    chosen = next((one for one in desk.protocols if one.id == message.id), None)
    if desk.screen is not Screen.HEARING or desk.hearing is None or chosen is None:
        return desk, ()
    work = replace(desk.hearing, protocol=chosen, choosing=False)
    desk = replace(desk, hearing=work, notice=None)
    return desk, (ask_quality(desk, moment),)


def set_first_ear(desk: Desk, message: t.SetFirstEar, _: m.Moment, __: DeskRules) -> Done:
    """Begin with this ear."""
    if desk.screen is not Screen.HEARING or desk.hearing is None:
        return desk, ()
    return replace(desk, hearing=replace(desk.hearing, first_ear=message.ear)), ()


def set_retest(desk: Desk, message: t.SetRetest, _: m.Moment, __: DeskRules) -> Done:
    """Whether this is a test after an earlier one."""
    if desk.screen is not Screen.HEARING or desk.hearing is None:
        return desk, ()
    return replace(desk, hearing=replace(desk.hearing, is_retest=message.is_retest)), ()


def begin_hearing(desk: Desk, _: t.BeginHearing, moment: m.Moment, __: DeskRules) -> Done:
    """Begin to record. A protocol without tones or levels is filled in first."""
    work, audiometer = desk.hearing, desk.audiometer
    if desk.screen is not Screen.HEARING or work is None or audiometer is None:
        return desk, ()
    if work.protocol is None or not work.protocol.order or not work.protocol.level:
        return replace(desk, notice=Notice.PROTOCOL_EMPTY), ()
    session = s.begin(
        work.protocol, moment.id, loudest=audiometer.loudest, first_ear=work.first_ear
    )
    work = replace(work, session=session, begun_at=moment.wall, choosing=False)
    return replace(desk, screen=Screen.HEARING_RECORD, hearing=work, notice=None), ()


def answer_tone(desk: Desk, message: t.AnswerTone, _: m.Moment, __: DeskRules) -> Done:
    """Take the answer to the tone on the screen and go on to the next."""
    work = _recording(desk)
    if work is None or work.session is None or work.place is None or message.kind not in TAPPED:
        return desk, ()
    ear, hz = work.place
    level = work.session.level[hz] if message.kind in s.WITH_LEVEL else None
    taken = s.take(work.session, Step(message.kind, ear, hz, level))
    work = replace(work, session=taken)
    if message.kind is Kind.AGAIN:
        return _kept(desk, replace(work, picked=(ear, hz)))
    asked = message.kind is Kind.NOT_HEARD and wants_levels(work.protocol)
    work = replace(work, picked=(ear, hz) if asked else None, levels=asked)
    return _kept(desk, work)


def wants_levels(protocol: Protocol | None) -> bool:
    """Whether the protocol says more than heard or not: then a level is asked for at once."""
    if protocol is None:
        return False
    rules = [rule for rule in (protocol.retest, protocol.refer) if rule is not None]
    loudest = max(protocol.level.values(), default=0)
    return any(one.db > loudest for rule in rules for one in rule.any_of)


def answer_catch(desk: Desk, message: t.AnswerCatch, _: m.Moment, __: DeskRules) -> Done:
    """A trial without a tone."""
    work = _recording(desk)
    if work is None or work.session is None:
        return desk, ()
    taken = s.take(work.session, Step(Kind.CATCH, answered=message.answered))
    return _kept(desk, replace(work, session=taken))


def pick_tone(desk: Desk, message: t.PickTone, _: m.Moment, __: DeskRules) -> Done:
    """Go to this tone; one that has an answer is asked for its level. Touched again: go on."""
    work = _recording(desk) if desk.screen is Screen.HEARING_RECORD else _looked_at(desk)
    place = (message.ear, message.hz)
    if work is None or work.session is None or message.ear not in s.OTHER:
        return desk, ()
    if message.hz not in work.session.order:
        return desk, ()
    if desk.screen is Screen.HEARING_RECORD and work.picked == place:
        return replace(desk, hearing=replace(work, picked=None, levels=False)), ()
    answered = place in s.answers(work.session)
    reopened = replace(work, picked=place, levels=answered, session=s.reopened(work.session))
    return replace(desk, screen=Screen.HEARING_RECORD, hearing=reopened, notice=None), ()


def open_levels(desk: Desk, message: t.OpenLevels, _: m.Moment, __: DeskRules) -> Done:
    """Give levels for every tone from now on, or one tap a tone again."""
    work = _recording(desk)
    if work is None:
        return desk, ()
    return replace(desk, hearing=replace(work, strips=message.strips, levels=False)), ()


def give_level(desk: Desk, message: t.GiveLevel, _: m.Moment, __: DeskRules) -> Done:
    """Take the threshold of the tone on the screen. A level no audiometer has is refused."""
    return _with_level(desk, Kind.THRESHOLD, message.db)


def give_no_response(desk: Desk, _: t.GiveNoResponse, __: m.Moment, ___: DeskRules) -> Done:
    """No response at the audiometer's loudest."""
    work = _recording(desk)
    if work is None or work.session is None:
        return desk, ()
    return _with_level(desk, Kind.NO_RESPONSE, work.session.loudest)


def _with_level(desk: Desk, kind: Kind, db: int) -> Done:
    work = _recording(desk)
    if work is None or work.session is None or work.place is None:
        return desk, ()
    if not (work.levels or work.strips):
        return desk, ()
    ear, hz = work.place
    try:
        taken = s.take(work.session, Step(kind, ear, hz, db))
    except s.StepRefused:
        return replace(desk, notice=Notice.LEVEL_REFUSED), ()
    return _kept(desk, replace(work, session=taken, picked=None, levels=False))


def leave_level(desk: Desk, _: t.LeaveLevel, __: m.Moment, ___: DeskRules) -> Done:
    """Leave the answer as it is and go on."""
    work = _recording(desk)
    if work is None:
        return desk, ()
    work = replace(work, picked=None, levels=False)
    return _onward(desk, work), ()


def undo_answer(desk: Desk, _: t.UndoAnswer, __: m.Moment, ___: DeskRules) -> Done:
    """Take the last answer back, also from the drawing."""
    work = _recording(desk) or _looked_at(desk)
    if work is None or work.session is None:
        return desk, ()
    back = s.undo(work.session)
    if back == work.session:
        return desk, ()
    work = replace(work, session=back, picked=None, levels=False)
    return _kept(replace(desk, screen=Screen.HEARING_RECORD), work)


def stop_hearing(desk: Desk, _: t.StopHearing, __: m.Moment, ___: DeskRules) -> Done:
    """Ask why the test does not go on."""
    work = _recording(desk)
    if work is None:
        return desk, ()
    return replace(desk, hearing=replace(work, stopping=True)), ()


def end_hearing(desk: Desk, message: t.EndHearing, _: m.Moment, __: DeskRules) -> Done:
    """Break it off for a reason and show what was recorded."""
    work = _recording(desk)
    if work is None or work.session is None or not work.stopping:
        return desk, ()
    ended = s.finish(work.session, message.end)
    work = replace(work, session=ended, stopping=False, picked=None, levels=False)
    return _kept(desk, work)


def is_over(work: HearingWork) -> bool:
    """Whether there is nothing more to answer, or somebody has ended it."""
    if work.received is not None:
        return work.received.complete and not work.received.undecided
    if work.session is None:
        return False
    return work.session.end is not None or work.place is None


def _recording(desk: Desk) -> HearingWork | None:
    return desk.hearing if desk.screen is Screen.HEARING_RECORD else None


def _looked_at(desk: Desk) -> HearingWork | None:
    return desk.hearing if desk.screen is Screen.AUDIOGRAM else None


def _onward(desk: Desk, work: HearingWork) -> Desk:
    """Show the drawing once every tone has an answer."""
    return replace(desk, screen=_page_of(work), hearing=work, notice=None)


def _kept(desk: Desk, work: HearingWork) -> Done:
    """Go on, with every answer so far made durable. A saved test that is put right is not one."""
    shown = _onward(desk, work)
    visit = desk.visit
    if visit is None or work.session is None or work.begun_at is None or work.corrects is not None:
        return shown, ()
    unfinished = Unfinished(work.session, visit.child, work.begun_at, work.is_retest)
    return shown, (KeepSession(unfinished),)


def leave(desk: Desk) -> Desk:
    """One page back. What was recorded stays and is gone on with from the measuring page."""
    work = desk.hearing
    if work is None:
        return replace(desk, screen=Screen.MEASURE)
    if work.choosing or work.stopping:
        return replace(desk, hearing=replace(work, choosing=False, stopping=False))
    if desk.screen is Screen.AUDIOGRAM and work.received is not None:
        # Once more among what waits, with nothing taken.
        return replace(desk, screen=Screen.RECEIVE, hearing=work.emptied(), notice=None)
    if desk.screen is Screen.AUDIOGRAM and work.session is not None:
        opened = replace(work, session=s.reopened(work.session))
        if opened.place is not None:
            return replace(desk, screen=Screen.HEARING_RECORD, hearing=opened, notice=None)
    if work.corrects is not None:
        return replace(desk, screen=Screen.CHANGE, hearing=None, notice=None)
    begun = work.session is not None and bool(work.session.steps)
    back = replace(desk, screen=Screen.MEASURE, notice=None)
    return replace(back, hearing=work if begun else None)
