"""The drawn audiogram: looked at, the ears changed over if need be, and only then confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from uuid import UUID

from drivers.hearing import Response
from kiosk.desk.drafts import ChangeDraft, VisitDraft
from kiosk.desk.hearing_work import Audiometer, HearingWork, Left
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Change, Drawing, Find, Measure
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.features.hearing.arrival import arrived_test
from kiosk.features.hearing.follow_up import open_ids
from kiosk.features.hearing.steps import ForgetHearing, is_over, keeping, page_of
from kiosk.hearing import session as s
from kiosk.hearing.reopening import session_of
from kiosk.hearing.session import Kind
from kiosk.model.hearing_test import End, HearingTest, Outcome, Result, Why
from kiosk.model.performer import Performer
from kiosk.model.visit import ChangeKind


@dataclass(frozen=True, slots=True)
class SwapEars(Touch):
    """Right and left were the other way round on the headphones."""


@dataclass(frozen=True, slots=True)
class SetKnown(Touch):
    """Whether this hearing loss is known and followed up already."""

    known: bool


@dataclass(frozen=True, slots=True)
class ConfirmAudiogram(Touch):
    """The drawing was looked at and is right."""


@dataclass(frozen=True, slots=True)
class RemoveHearing(Touch):
    """Drop a confirmed audiogram that is not saved."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ResumeHearing(Touch):
    """Go on with a test that was cut off."""

    id: UUID


@dataclass(frozen=True, slots=True)
class DropHearing(Touch):
    """A test that was cut off is not wanted any more."""

    id: UUID


@dataclass(frozen=True, slots=True)
class CorrectHearing(Touch):
    """This hearing test of the saved visit is wrong: put it right."""

    id: UUID


@dataclass(frozen=True, slots=True)
class UnfinishedListed(DeskNews):
    """The hearing tests that were begun and never finished, the newest first."""

    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class AskUnfinished(Effect):
    """Read the hearing tests that were cut off; answered by ``UnfinishedListed``."""

    answered_by = (UnfinishedListed,)


LOUDEST_KNOWN_DB = 120
"""The loudest of any audiometer, for a test that is put right where none is configured."""


def swap_ears(desk: Desk) -> Step:
    """Put right and left in each other's place, in one step that can be undone."""
    page = desk.page
    if not isinstance(page, Drawing):
        return desk, ()
    work = page.work
    if work.received is not None:
        return desk.put(replace(page, work=replace(work, swapped=not work.swapped))), ()
    if work.session is None:
        return desk, ()
    end = work.session.end
    swapped = s.take(s.reopened(work.session), s.Step(Kind.SWAP))
    work = replace(work, session=replace(swapped, end=end))
    return desk.put(replace(page, work=work)), keeping(page, work)


def set_known(desk: Desk, message: SetKnown) -> Step:
    """A person says that this hearing is followed up already."""
    page = desk.page
    if not isinstance(page, Drawing):
        return desk, ()
    return desk.put(replace(page, work=replace(page.work, known=message.known))), ()


def confirm_audiogram(desk: Desk, moment: Moment) -> Step:
    """The drawing is right: it joins the values of the visit, to be saved with them."""
    page, user, audiometer = desk.page, desk.user, desk.station.audiometer
    if not isinstance(page, Drawing) or not is_over(page.work) or user is None:
        return desk, ()
    work, under = page.work, page.under
    if isinstance(under, Change):
        return _corrected(desk, work, under.changing, moment), ()
    if audiometer is None:
        return desk, ()
    if work.received is not None:
        test = arrived_test(work, work.received, audiometer, user, moment)
    else:
        test = _tested(work, audiometer, user, moment)
    if test is None:
        return desk.told(Notice.NOTHING_HEARD), ()
    visit = under.visit
    taken = (*visit.used, *work.held)
    files = (*visit.files, *((work.digest,) if work.digest else ()))
    joined = replace(visit, hearing=(*visit.hearing, test), used=taken, files=files)
    return desk.turned(Measure(joined)), ()


def _tested(
    work: HearingWork, audiometer: Audiometer, user: Performer, moment: Moment
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


def correct_hearing(desk: Desk, message: CorrectHearing) -> Step:
    """Open a saved test on its drawing; a tone is put right by touching it."""
    page, audiometer, offered = desk.page, desk.station.audiometer, desk.station.protocols
    if not isinstance(page, Change) or page.changing.ready:
        return desk, ()
    saved = page.changing.saved
    test = next((one for one in saved.hearing if one.id == message.id), None)
    if test is None:
        return desk, ()
    protocol = next((p for p in offered if test.followed and p.hash == test.followed.hash), None)
    loudest = audiometer.loudest if audiometer is not None else LOUDEST_KNOWN_DB
    try:
        session = session_of(test, protocol, loudest)
    except s.StepRefused:
        return desk.told(Notice.HEARING_NOT_OURS), ()
    work = HearingWork(
        protocol,
        is_retest=test.is_retest,
        session=session,
        begun_at=test.tested_at,
        known=test.outcome.result is Result.ALREADY_KNOWN,
        corrects=test,
    )
    begun = replace(page.changing, kind=ChangeKind.CORRECTED, hearing=None)
    return desk.turned(Drawing(work, Change(begun))), ()


def _corrected(desk: Desk, work: HearingWork, change: ChangeDraft, moment: Moment) -> Desk:
    """The drawing is right now: ask for the reason. Who tested, when and how stays."""
    test = work.corrects
    assert work.session is not None
    assert test is not None
    zone = timezone(timedelta(minutes=test.offset_minutes))
    outcome = work.outcome(test.tested_at.astimezone(zone).date())
    if work.protocol is None and not work.known:
        # Without the protocol of then nothing new can be said; what was said holds no more.
        outcome = Outcome(None, Why.GAPS)
    end = work.session.end or End.WHOLE
    corrected = replace(test, tones=work.tones, outcome=outcome, end=end, entered_at=moment.wall)
    if (corrected.tones, corrected.outcome, corrected.end) == (test.tones, test.outcome, test.end):
        return desk.told(Notice.HEARING_SAME)
    return desk.turned(Change(replace(change, hearing=corrected)))


def remove_hearing(desk: Desk, message: RemoveHearing) -> Step:
    """Drop a confirmed audiogram that is not saved yet."""
    page, user = desk.page, desk.user
    if not isinstance(page, Measure) or page.visit.saving or user is None:
        return desk, ()
    visit = page.visit
    left = tuple(test for test in visit.hearing if test.id != message.id)
    if len(left) == len(visit.hearing):
        return desk, ()
    dropped = ForgetHearing((message.id,), user.user_id)
    return desk.with_visit(replace(visit, hearing=left)), (dropped,)


# --- after a power cut ---------------------------------------------------------------------


def unfinished_listed(desk: Desk, message: UnfinishedListed) -> Step:
    """Offer a test that was cut off. One that is open here, or kept behind the lock, is not."""
    here = open_ids(desk)
    return _offering(desk, tuple(one for one in message.left if one.id not in here)), ()


def _offering(desk: Desk, left: tuple[Left, ...]) -> Desk:
    return replace(desk, station=replace(desk.station, unfinished=left))


def _without(desk: Desk, ident: UUID) -> Desk:
    """One of the tests that are offered is taken, or not wanted."""
    return _offering(desk, tuple(one for one in desk.station.unfinished if one.id != ident))


def resume_hearing(desk: Desk, message: ResumeHearing, moment: Moment) -> Step:
    """Open the child again and go on where the test was cut off."""
    page = desk.page
    left = next((one for one in desk.station.unfinished if one.id == message.id), None)
    if not isinstance(page, Find) or page.under is not None or left is None:
        return desk, ()
    test, child = left.test, left.test.child
    followed = test.session.protocol_hash
    protocol = next((p for p in desk.station.protocols if p.hash == followed), None)
    work = HearingWork(
        protocol,
        first_ear=test.session.first_ear,
        is_retest=test.is_retest,
        session=test.session,
        begun_at=test.begun_at,
    )
    measure = Measure(VisitDraft.of_child(moment.id, child, moment.today))
    return _without(desk, left.id).turned(page_of(work, measure)), ()


def drop_unfinished(desk: Desk, message: DropHearing) -> Step:
    """A person says that a test that was cut off is not wanted."""
    user, known = desk.user, {one.id for one in desk.station.unfinished}
    if not isinstance(desk.page, Find) or user is None or message.id not in known:
        return desk, ()
    return _without(desk, message.id), (ForgetHearing((message.id,), user.user_id),)


HANDLERS: tuple[Registered, ...] = (
    on(SwapEars, swap_ears),
    on(SetKnown, set_known),
    on(ConfirmAudiogram, confirm_audiogram),
    on(CorrectHearing, correct_hearing),
    on(RemoveHearing, remove_hearing),
    on(ResumeHearing, resume_hearing),
    on(DropHearing, drop_unfinished),
    on(UnfinishedListed, unfinished_listed),
)
