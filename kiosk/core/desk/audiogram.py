"""The drawn audiogram: looked at, the ears changed over if need be, and only then confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from drivers.hearing import Response
from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.arrived import arrived_test
from kiosk.core.desk.drafts import VisitDraft
from kiosk.core.desk.effects import DropHearing, Effect, KeepSession
from kiosk.core.desk.hearing import is_over
from kiosk.core.desk.hearing_day import open_ids
from kiosk.core.desk.hearing_work import Audiometer, HearingWork
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.hearing import session as s
from kiosk.core.hearing.outcome import Outcome, Result, Why
from kiosk.core.hearing.reopening import session_of
from kiosk.core.hearing.result import HearingTest
from kiosk.core.hearing.session import End, Kind, Step
from kiosk.core.hearing.unfinished import Unfinished
from kiosk.core.model import ChangeKind, Performer

LOUDEST_KNOWN_DB = 120
"""The loudest of any audiometer, for a test that is put right where none is configured."""

Done = tuple[Desk, tuple[Effect, ...]]


def swap_ears(desk: Desk, _: t.SwapEars, __: m.Moment, ___: DeskRules) -> Done:
    """Put right and left in each other's place, in one step that can be undone."""
    work = desk.hearing
    if desk.screen is not Screen.AUDIOGRAM or work is None:
        return desk, ()
    if work.received is not None:
        return replace(desk, hearing=replace(work, swapped=not work.swapped)), ()
    if work.session is None:
        return desk, ()
    end = work.session.end
    swapped = s.take(s.reopened(work.session), Step(Kind.SWAP))
    work = replace(work, session=replace(swapped, end=end))
    return replace(desk, hearing=work), _keeping(desk, work)


def _keeping(desk: Desk, work: HearingWork) -> tuple[Effect, ...]:
    visit = desk.visit
    if visit is None or work.session is None or work.begun_at is None or work.corrects is not None:
        return ()
    unfinished = Unfinished(work.session, visit.child, work.begun_at, work.is_retest)
    return (KeepSession(unfinished),)


def set_known(desk: Desk, message: t.SetKnown, _: m.Moment, __: DeskRules) -> Done:
    """A person says that this hearing is followed up already."""
    if desk.screen is not Screen.AUDIOGRAM or desk.hearing is None:
        return desk, ()
    return replace(desk, hearing=replace(desk.hearing, known=message.known)), ()


def confirm_audiogram(desk: Desk, _: t.ConfirmAudiogram, moment: m.Moment, __: DeskRules) -> Done:
    """The drawing is right: it joins the values of the visit, to be saved with them."""
    work, visit, user = desk.hearing, desk.visit, desk.user
    if desk.screen is not Screen.AUDIOGRAM or work is None or not is_over(work) or user is None:
        return desk, ()
    if work.corrects is not None:
        return _corrected(desk, work, work.corrects, moment), ()
    if visit is None or desk.audiometer is None or desk.doubt is not None:
        return desk, ()
    if work.received is not None:
        test = arrived_test(work, work.received, desk.audiometer, user, moment)
    else:
        test = _tested(work, desk.audiometer, user, moment)
    if test is None:
        return replace(desk, notice=Notice.NOTHING_HEARD), ()
    taken = (*visit.used, *work.held)
    files = (*visit.files, *((work.digest,) if work.digest else ()))
    joined = replace(visit, hearing=(*visit.hearing, test), used=taken, files=files)
    shown = replace(desk, screen=Screen.MEASURE, visit=joined, hearing=None, notice=None)
    return shown, ()


def _tested(
    work: HearingWork, audiometer: Audiometer, user: Performer, moment: m.Moment
) -> HearingTest | None:
    """The test as it will be saved; ``None`` where a whole test says nothing at all."""
    session = work.session
    assert session is not None
    tones, end = work.tones, session.end or End.WHOLE
    untested = all(tone.response is Response.NOT_TESTED for tone in tones)
    if untested and end is End.WHOLE:
        return None
    trials, answered = s.catch_trials(session)
    return HearingTest(
        id=session.id,
        tones=tones,
        tested_at=work.begun_at or moment.wall,
        entered_at=moment.wall,
        offset_minutes=moment.offset_minutes,
        performer=user,
        device=audiometer.device,
        calibrated_on=audiometer.calibrated_on,
        end=end,
        followed=work.followed,
        outcome=work.outcome(moment.today),
        is_retest=work.is_retest,
        catch_trials=trials,
        false_answers=answered,
    )


def correct_hearing(desk: Desk, message: t.CorrectHearing, _: m.Moment, __: DeskRules) -> Done:
    """Open a saved test on its drawing; a tone is put right by touching it."""
    changing, audiometer = desk.changing, desk.audiometer
    if desk.screen is not Screen.CHANGE or changing is None or changing.ready:
        return desk, ()
    test = next((one for one in changing.saved.hearing if one.id == message.id), None)
    if test is None:
        return desk, ()
    protocol = next(
        (p for p in desk.protocols if test.followed and p.hash == test.followed.hash), None
    )
    loudest = audiometer.loudest if audiometer is not None else LOUDEST_KNOWN_DB
    try:
        session = session_of(test, protocol, loudest)
    except s.StepRefused:
        return replace(desk, notice=Notice.HEARING_NOT_OURS), ()
    work = HearingWork(
        protocol,
        is_retest=test.is_retest,
        session=session,
        begun_at=test.tested_at,
        known=test.outcome.result is Result.ALREADY_KNOWN,
        corrects=test,
    )
    begun = replace(changing, kind=ChangeKind.CORRECTED, hearing=None)
    return replace(desk, screen=Screen.AUDIOGRAM, changing=begun, hearing=work, notice=None), ()


def _corrected(desk: Desk, work: HearingWork, test: HearingTest, moment: m.Moment) -> Desk:
    """The drawing is right now: ask for the reason. Who tested, when and how stays."""
    assert work.session is not None
    assert desk.changing is not None
    zone = timezone(timedelta(minutes=test.offset_minutes))
    outcome = work.outcome(test.tested_at.astimezone(zone).date())
    if work.protocol is None and not work.known:
        # Without the protocol of then nothing new can be said; what was said holds no more.
        outcome = Outcome(None, Why.GAPS)
    end = work.session.end or End.WHOLE
    corrected = replace(test, tones=work.tones, outcome=outcome, end=end, entered_at=moment.wall)
    if (corrected.tones, corrected.outcome, corrected.end) == (test.tones, test.outcome, test.end):
        return replace(desk, notice=Notice.HEARING_SAME)
    changing = replace(desk.changing, hearing=corrected)
    return replace(desk, screen=Screen.CHANGE, changing=changing, hearing=None, notice=None)


def remove_hearing(desk: Desk, message: t.RemoveHearing, _: m.Moment, __: DeskRules) -> Done:
    """Drop a confirmed audiogram that is not saved yet."""
    visit, user = desk.visit, desk.user
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or user is None:
        return desk, ()
    left = tuple(test for test in visit.hearing if test.id != message.id)
    if len(left) == len(visit.hearing):
        return desk, ()
    dropped = DropHearing((message.id,), user.user_id)
    return replace(desk, visit=replace(visit, hearing=left)), (dropped,)


# --- after a power cut ---------------------------------------------------------------------


def unfinished_listed(desk: Desk, message: m.UnfinishedListed, _: m.Moment, __: DeskRules) -> Done:
    """Offer a test that was cut off. One that is open here, or kept behind the lock, is not."""
    if desk.user is None:
        return desk, ()
    here = open_ids(desk)
    left = tuple(one for one in message.left if one.id not in here)
    return replace(desk, unfinished=left), ()


def resume_hearing(desk: Desk, message: t.ResumeHearing, moment: m.Moment, _: DeskRules) -> Done:
    """Open the child again and go on where the test was cut off."""
    left = next((one for one in desk.unfinished if one.id == message.id), None)
    if desk.screen is not Screen.FIND or left is None or desk.changing is not None:
        return desk, ()
    test, child = left.test, left.test.child
    protocol = next((p for p in desk.protocols if p.hash == test.session.protocol_hash), None)
    work = HearingWork(
        protocol,
        first_ear=test.session.first_ear,
        is_retest=test.is_retest,
        session=test.session,
        begun_at=test.begun_at,
    )
    visit = VisitDraft.of_child(moment.id, child, moment.today)
    screen = Screen.AUDIOGRAM if is_over(work) else Screen.HEARING_RECORD
    shown = replace(desk, screen=screen, visit=visit, hearing=work, unfinished=(), notice=None)
    return shown, ()


def drop_unfinished(desk: Desk, message: t.DropHearing, _: m.Moment, __: DeskRules) -> Done:
    """A person says that a test that was cut off is not wanted."""
    if desk.screen is not Screen.FIND or desk.user is None:
        return desk, ()
    left = tuple(one for one in desk.unfinished if one.id != message.id)
    if len(left) == len(desk.unfinished):
        return desk, ()
    dropped = DropHearing((message.id,), desk.user.user_id)
    return replace(desk, unfinished=left), (dropped,)
