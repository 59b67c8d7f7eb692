"""Teaching the station what an undocumented scale sends, on the screen, step by step.

A scale whose frame is known is taught what its bits mean
(:mod:`kiosk.weighing.calibration_steps`); of any other its lines are learned
(:mod:`kiosk.weighing.teaching_steps`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.driver import Line, Rhythm, Settings
from drivers.events import Stamped
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Calibrate, Equipment, Status
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.ear import EarLost, Heard
from kiosk.model.listening import Likely
from kiosk.weighing import calibration_steps, teaching_steps
from kiosk.weighing.calibration_steps import Calibrating, Fault
from kiosk.weighing.gate import Weighing
from kiosk.weighing.teaching_steps import LineFault, Teaching


@dataclass(frozen=True, slots=True)
class OpenCalibration(Touch):
    """Teach the station what the scale sends."""


@dataclass(frozen=True, slots=True)
class SetDisplayUnit(Touch):
    """The unit on the scale's own display."""

    unit: str


@dataclass(frozen=True, slots=True)
class SubmitDisplay(Touch):
    """The scale's display is typed."""


@dataclass(frozen=True, slots=True)
class LeaveOutLoad(Touch):
    """This scale cannot do the step: go on without it."""


@dataclass(frozen=True, slots=True)
class BeginAnew(Touch):
    """Calibrate from the first step again."""


@dataclass(frozen=True, slots=True)
class KeepLearned(Touch):
    """What was learned is right: use it."""


@dataclass(frozen=True, slots=True)
class ProfileKept(DeskNews):
    """What a calibration learned is in use, or could not be kept.

    ``rhythm`` is how often the scale speaks by what was learned; ``None``: as before.
    """

    kept: bool
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class KeepProfile(Effect):
    """Write what a calibration learned and use it; answered by ``ProfileKept``."""

    settings: Settings
    user_id: str
    answered_by = (ProfileKept,)


@dataclass(frozen=True, slots=True)
class DeviceKept(DeskNews):
    """A device that was set up is in use, or could not be kept."""

    kept: bool


@dataclass(frozen=True, slots=True)
class KeepScale(Effect):
    """Use this scale, also after the next start; answered by ``DeviceKept``, after ``ScaleSet``.

    ``learned`` is the profile of one that was taught.
    """

    port: str
    likely: Likely
    user_id: str
    learned: Settings | None = None
    answered_by = (DeviceKept,)


FRAME_START = b"\x02A"
"""How every data frame of the scale that can be taught begins (seca, document 30-34-00-605)."""

LINES = "taught"
"""The driver of scales that are taught line by line."""

SERVICE = "service"
"""The basis of the command line's technical user, who sets a station up."""


def may_set_up(desk: Desk) -> bool:
    """Whether the person who is signed in may save what is said of a device."""
    user = desk.user
    if user is None:
        return False
    return user.basis == SERVICE or user.user_id in desk.station.approvers


def numbered(desk: Desk) -> tuple[Desk, int]:
    """A fresh number for what the ear is asked."""
    number = desk.station.requests + 1
    return replace(desk, station=replace(desk.station, requests=number)), number


def open_calibration(desk: Desk) -> Step:
    """Begin, from the page of devices, where the scale is one that can be taught.

    Never while a child is open: its weight would not be read meanwhile.
    """
    page = desk.page
    if not isinstance(page, Status) or not desk.station.teachable:
        return desk, ()
    if desk.visit is not None:
        return desk.told(Notice.CHILD_IS_OPEN), ()
    scale = desk.station.scale
    if scale is None or not scale.lines:
        return desk.turned(Calibrate(Calibrating(), page), desk.front.notice), ()
    desk, number = numbered(desk)
    begun = Teaching(scale.address, number, scale.baud)
    return desk.turned(Calibrate(begun, page), desk.front.notice), ()


def begin_anew(desk: Desk) -> Step:
    """Forget the steps done so far."""
    page = desk.page
    if not isinstance(page, Calibrate) or page.calibrating.keeping:
        return desk, ()
    state = page.calibrating
    if isinstance(state, Calibrating):
        return desk.put(replace(page, calibrating=Calibrating(unit=state.unit))), ()
    desk, number = numbered(desk)
    begun = Teaching(state.port, number, state.baud, unit=state.unit)
    return desk.put(replace(page, calibrating=begun)), ()


def set_unit(desk: Desk, message: SetDisplayUnit) -> Step:
    """The unit on the scale's display."""
    page = desk.page
    if not isinstance(page, Calibrate):
        return desk, ()
    state = page.calibrating
    seen = state.seen if isinstance(state, Calibrating) else state.shown
    if seen or state.listening is not None:
        return desk, ()
    return desk.put(replace(page, calibrating=replace(state, unit=message.unit))), ()


def typed(state: Calibrating | Teaching, key: str) -> Calibrating | Teaching:
    """What is typed of a display, after one key."""
    if isinstance(state, Calibrating):
        return calibration_steps.typed(state, key)
    return teaching_steps.typed(state, key)


def submit_display(desk: Desk, moment: Moment) -> Step:
    """The display is typed: listen."""
    page = desk.page
    if not isinstance(page, Calibrate):
        return desk, ()
    state, now = page.calibrating, moment.monotonic
    begun: Calibrating | Teaching
    if isinstance(state, Calibrating):
        begun = calibration_steps.listen(state, now)
    else:
        begun = teaching_steps.listen(state, now)
    return desk.put(replace(page, calibrating=begun)), ()


def leave_out(desk: Desk) -> Step:
    """Go on without a step that this scale cannot do."""
    page = desk.page
    if not isinstance(page, Calibrate) or not isinstance(page.calibrating, Teaching):
        return desk, ()
    return desk.put(replace(page, calibrating=teaching_steps.left_out(page.calibrating))), ()


def hear(desk: Desk, stamped: Stamped) -> Desk:
    """Show every frame of the scale to a calibration that listens."""
    raw = stamped.event.raw
    if stamped.link_id != desk.station.weighing.link_id or not raw.startswith(FRAME_START):
        return desk
    return _each(desk, lambda state: calibration_steps.hear(state, raw))


def heard(desk: Desk, message: Heard, moment: Moment) -> Step:
    """Bytes of the scale, for the page that asked for them."""
    now = moment.monotonic
    return _taught(
        desk, message.number, lambda one: teaching_steps.hear(one, message.data, now)
    ), ()


def ear_lost(desk: Desk, message: EarLost) -> Step:
    """The port is not to be had: what was seen so far proves nothing any more."""
    return _taught(desk, message.number, lambda one: one.ended(LineFault.LOST)), ()


def _each(desk: Desk, step: Callable[[Calibrating], Calibrating]) -> Desk:
    """Every calibration that is under way, a step further."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Calibrate) or not isinstance(page.calibrating, Calibrating):
            return session
        return session.put(replace(page, calibrating=step(page.calibrating)))

    return told_sessions(desk, take)[0]


def _taught(desk: Desk, number: int | None, step: Callable[[Teaching], Teaching]) -> Desk:
    """The teaching that listens with this number, or any, a step further."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Calibrate) or not isinstance(page.calibrating, Teaching):
            return session
        state = page.calibrating
        over = state.fault is not None or state.learned is not None
        if over or number not in {None, state.number}:
            return session
        return session.put(replace(page, calibrating=step(state)))

    return told_sessions(desk, take)[0]


def keep_profile(desk: Desk) -> Step:
    """A person with the right to has compared what was learned with the display and agrees."""
    page, user = desk.page, desk.user
    if not isinstance(page, Calibrate) or user is None:
        return desk, ()
    state = page.calibrating
    if state.learned is None or state.keeping:
        return desk, ()
    if not may_set_up(desk):
        return desk.told(Notice.NOT_AN_APPROVER), ()
    keeping = desk.put(replace(page, calibrating=replace(state, keeping=True)))
    if isinstance(state, Teaching) and isinstance(page.under, Equipment):
        # A port that was no scale of the station before.
        likely = Likely(LINES, "", state.learned, Line(baud=state.baud or Line().baud))
        return keeping, (KeepScale(state.port, likely, user.user_id, state.learned),)
    return keeping, (KeepProfile(state.learned, user.user_id),)


def profile_kept(desk: Desk, message: ProfileKept) -> Step:
    """The profile is in use from now on, or could not be written."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Calibrate):
            return session
        if message.kept:
            return session.turned(page.under, session.notice)
        state = page.calibrating
        if isinstance(state, Teaching):
            return session.put(replace(page, calibrating=state.ended(LineFault.NOT_KEPT)))
        lost = replace(state, keeping=False, learned=None, fault=Fault.NOT_KEPT)
        return session.put(replace(page, calibrating=lost))

    weighing, rhythm = desk.station.weighing, message.rhythm
    if message.kept and rhythm is not None and rhythm is not weighing.rhythm:
        fresh = Weighing(weighing.link_id, weighing.trusted_frames, rhythm=rhythm)
        fresh = replace(fresh, state=weighing.state)
        desk = replace(desk, station=replace(desk.station, weighing=fresh))
    return told_sessions(desk, take)


def time_passed(desk: Desk, now: float) -> Desk:
    """Let a calibration that hears nothing end."""
    desk = _each(desk, lambda state: calibration_steps.time_passed(state, now))
    return _taught(desk, None, lambda state: teaching_steps.time_passed(state, now))


HANDLERS: tuple[Registered, ...] = (
    on(OpenCalibration, open_calibration),
    on(LeaveOutLoad, leave_out),
    on(Heard, heard),
    on(KeepLearned, keep_profile),
    on(ProfileKept, profile_kept),
)
