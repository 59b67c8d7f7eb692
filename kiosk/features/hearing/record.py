"""A hearing test: its protocol, the answers tapped one by one, and every one kept at once.

The person works the audiometer; the station names the tone that follows, takes one tap and never
raises a level by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.hearing import Ear
from kiosk.desk.hearing_work import HearingWork
from kiosk.desk.messages import Touch
from kiosk.desk.notices import Notice
from kiosk.desk.over import Ask
from kiosk.desk.pages import Drawing, Recording
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.features.hearing.steps import keeping, page_of
from kiosk.hearing import session as s
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.session import Kind
from kiosk.model.hearing_test import End


@dataclass(frozen=True, slots=True)
class AnswerTone(Touch):
    """What the child answered to the tone on the screen. Kinds without a level of their own."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class AnswerCatch(Touch):
    """A trial without a tone, and whether the child answered all the same."""

    answered: bool


@dataclass(frozen=True, slots=True)
class PickTone(Touch):
    """Answer this tone now, out of turn."""

    ear: Ear
    hz: int


@dataclass(frozen=True, slots=True)
class OpenLevels(Touch):
    """Give levels for every tone from now on, or heard and not heard again."""

    strips: bool


@dataclass(frozen=True, slots=True)
class GiveLevel(Touch):
    """The hearing threshold level of the tone on the screen, in dB HL."""

    db: int


@dataclass(frozen=True, slots=True)
class GiveNoResponse(Touch):
    """No response to the tone on the screen at the audiometer's loudest."""


@dataclass(frozen=True, slots=True)
class LeaveLevel(Touch):
    """Leave the tone as it was answered and go on."""


@dataclass(frozen=True, slots=True)
class UndoAnswer(Touch):
    """Take the last answer back."""


@dataclass(frozen=True, slots=True)
class StopHearing(Touch):
    """The test does not go on."""


@dataclass(frozen=True, slots=True)
class EndHearing(Touch):
    """Why it does not go on."""

    end: End


TAPPED = frozenset({Kind.HEARD, Kind.NOT_HEARD, Kind.AGAIN, Kind.SKIPPED, Kind.IMPOSSIBLE})
"""What can be answered with one tap; levels and catch trials have touches of their own."""


def answer_tone(desk: Desk, message: AnswerTone) -> Step:
    """Take the answer to the tone on the screen and go on to the next."""
    page = desk.page
    if not isinstance(page, Recording) or message.kind not in TAPPED:
        return desk, ()
    work = page.work
    if work.session is None or work.place is None:
        return desk, ()
    ear, hz = work.place
    level = work.session.level[hz] if message.kind in s.WITH_LEVEL else None
    taken = s.take(work.session, s.Step(message.kind, ear, hz, level))
    work = replace(work, session=taken)
    if message.kind is Kind.AGAIN:
        return _kept(desk, page, replace(work, picked=(ear, hz)))
    asked = message.kind is Kind.NOT_HEARD and wants_levels(work.protocol)
    work = replace(work, picked=(ear, hz) if asked else None, levels=asked)
    return _kept(desk, page, work)


def wants_levels(protocol: Protocol | None) -> bool:
    """Whether the protocol says more than heard or not: then a level is asked for at once."""
    if protocol is None:
        return False
    rules = [rule for rule in (protocol.retest, protocol.refer) if rule is not None]
    loudest = max(protocol.level.values(), default=0)
    return any(one.db > loudest for rule in rules for one in rule.any_of)


def answer_catch(desk: Desk, message: AnswerCatch) -> Step:
    """A trial without a tone."""
    page = desk.page
    if not isinstance(page, Recording) or page.work.session is None:
        return desk, ()
    taken = s.take(page.work.session, s.Step(Kind.CATCH, answered=message.answered))
    return _kept(desk, page, replace(page.work, session=taken))


def pick_tone(desk: Desk, message: PickTone) -> Step:
    """Go to this tone; one that has an answer is asked for its level. Touched again: go on."""
    page, place = desk.page, (message.ear, message.hz)
    if not isinstance(page, Recording | Drawing) or message.ear not in s.OTHER:
        return desk, ()
    work = page.work
    if work.session is None or message.hz not in work.session.order:
        return desk, ()
    if isinstance(page, Recording) and work.picked == place:
        return desk.put(replace(page, work=replace(work, picked=None, levels=False))), ()
    answered = place in s.answers(work.session)
    reopened = replace(work, picked=place, levels=answered, session=s.reopened(work.session))
    return desk.turned(Recording(reopened, page.under)), ()


def open_levels(desk: Desk, message: OpenLevels) -> Step:
    """Give levels for every tone from now on, or one tap a tone again."""
    page = desk.page
    if not isinstance(page, Recording):
        return desk, ()
    work = replace(page.work, strips=message.strips, levels=False)
    return desk.put(replace(page, work=work)), ()


def give_level(desk: Desk, message: GiveLevel) -> Step:
    """Take the threshold of the tone on the screen. A level no audiometer has is refused."""
    return _with_level(desk, Kind.THRESHOLD, message.db)


def give_no_response(desk: Desk) -> Step:
    """No response at the audiometer's loudest."""
    work = desk.hearing
    if work is None or work.session is None:
        return desk, ()
    return _with_level(desk, Kind.NO_RESPONSE, work.session.loudest)


def _with_level(desk: Desk, kind: Kind, db: int) -> Step:
    page = desk.page
    if not isinstance(page, Recording):
        return desk, ()
    work = page.work
    if work.session is None or work.place is None or not (work.levels or work.strips):
        return desk, ()
    ear, hz = work.place
    try:
        taken = s.take(work.session, s.Step(kind, ear, hz, db))
    except s.StepRefused:
        return desk.told(Notice.LEVEL_REFUSED), ()
    return _kept(desk, page, replace(work, session=taken, picked=None, levels=False))


def leave_level(desk: Desk) -> Step:
    """Leave the answer as it is and go on."""
    page = desk.page
    if not isinstance(page, Recording):
        return desk, ()
    work = replace(page.work, picked=None, levels=False)
    return desk.turned(page_of(work, page.under)), ()


def undo_answer(desk: Desk) -> Step:
    """Take the last answer back, also from the drawing."""
    page = desk.page
    if not isinstance(page, Recording | Drawing) or page.work.session is None:
        return desk, ()
    back = s.undo(page.work.session)
    if back == page.work.session:
        return desk, ()
    return _kept(desk, page, replace(page.work, session=back, picked=None, levels=False))


def stop_hearing(desk: Desk) -> Step:
    """Ask why the test does not go on."""
    if not isinstance(desk.page, Recording):
        return desk, ()
    return desk.asked(Ask.STOPPING, desk.front.notice), ()


def end_hearing(desk: Desk, message: EndHearing) -> Step:
    """Break it off for a reason and show what was recorded."""
    page = desk.page
    if not isinstance(page, Recording) or desk.over is not Ask.STOPPING:
        return desk, ()
    work = page.work
    if work.session is None:
        return desk, ()
    ended = s.finish(work.session, message.end)
    return _kept(desk, page, replace(work, session=ended, picked=None, levels=False))


def _kept(desk: Desk, page: Recording | Drawing, work: HearingWork) -> Step:
    """Go on, with every answer so far made durable. A saved test that is put right is not one."""
    return desk.turned(page_of(work, page.under)), keeping(page, work)


HANDLERS: tuple[Registered, ...] = (
    on(AnswerTone, answer_tone),
    on(AnswerCatch, answer_catch),
    on(PickTone, pick_tone),
    on(OpenLevels, open_levels),
    on(GiveLevel, give_level),
    on(GiveNoResponse, give_no_response),
    on(LeaveLevel, leave_level),
    on(UndoAnswer, undo_answer),
    on(StopHearing, stop_hearing),
    on(EndHearing, end_hearing),
)
