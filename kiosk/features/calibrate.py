"""Teaching the station what an undocumented scale's frames mean, on the screen, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.driver import Settings
from drivers.events import Stamped
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.pages import Calibrate, Status
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.weighing import calibration_steps
from kiosk.weighing.calibration_steps import Calibrating, Fault


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
class BeginAnew(Touch):
    """Calibrate from the first step again."""


@dataclass(frozen=True, slots=True)
class KeepLearned(Touch):
    """What was learned is right: use it."""


@dataclass(frozen=True, slots=True)
class ProfileKept(DeskNews):
    """What a calibration learned is in use, or could not be kept."""

    kept: bool


@dataclass(frozen=True, slots=True)
class KeepProfile(Effect):
    """Write what a calibration learned and use it; answered by ``ProfileKept``."""

    settings: Settings
    user_id: str
    answered_by = (ProfileKept,)


FRAME_START = b"\x02A"
"""How every data frame of the scale that can be taught begins (seca, document 30-34-00-605)."""


def open_calibration(desk: Desk) -> Step:
    """Begin, from the page of devices, where the scale is one that can be taught."""
    page = desk.page
    if not isinstance(page, Status) or not desk.station.teachable:
        return desk, ()
    return desk.turned(Calibrate(Calibrating(), page), desk.front.notice), ()


def begin_anew(desk: Desk) -> Step:
    """Forget the steps done so far."""
    page = desk.page
    if not isinstance(page, Calibrate) or page.calibrating.keeping:
        return desk, ()
    return desk.put(replace(page, calibrating=Calibrating(unit=page.calibrating.unit))), ()


def set_unit(desk: Desk, message: SetDisplayUnit) -> Step:
    """The unit on the scale's display."""
    page = desk.page
    if not isinstance(page, Calibrate):
        return desk, ()
    state = page.calibrating
    if state.seen or state.listening is not None:
        return desk, ()
    return desk.put(replace(page, calibrating=replace(state, unit=message.unit))), ()


def submit_display(desk: Desk, moment: Moment) -> Step:
    """The display is typed: listen."""
    page = desk.page
    if not isinstance(page, Calibrate):
        return desk, ()
    state = calibration_steps.listen(page.calibrating, moment.monotonic)
    return desk.put(replace(page, calibrating=state)), ()


def hear(desk: Desk, stamped: Stamped) -> Desk:
    """Show every frame of the scale to a calibration that listens."""
    raw = stamped.event.raw
    if stamped.link_id != desk.station.weighing.link_id or not raw.startswith(FRAME_START):
        return desk
    return _each(desk, lambda state: calibration_steps.hear(state, raw))


def _each(desk: Desk, step: Callable[[Calibrating], Calibrating]) -> Desk:
    """Every calibration that is under way, a step further."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Calibrate):
            return session
        return session.put(replace(page, calibrating=step(page.calibrating)))

    return told_sessions(desk, take)[0]


def keep_profile(desk: Desk) -> Step:
    """A person has compared what was learned with the display and agrees."""
    page, user = desk.page, desk.user
    if not isinstance(page, Calibrate) or user is None:
        return desk, ()
    state = page.calibrating
    if state.learned is None or state.keeping:
        return desk, ()
    keeping = desk.put(replace(page, calibrating=replace(state, keeping=True)))
    return keeping, (KeepProfile(state.learned, user.user_id),)


def profile_kept(desk: Desk, message: ProfileKept) -> Step:
    """The profile is in use from now on, or could not be written."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Calibrate):
            return session
        if message.kept:
            return session.turned(page.under, session.notice)
        lost = replace(page.calibrating, keeping=False, learned=None, fault=Fault.NOT_KEPT)
        return session.put(replace(page, calibrating=lost))

    return told_sessions(desk, take)


def time_passed(desk: Desk, now: float) -> Desk:
    """Let a calibration that hears nothing end."""
    return _each(desk, lambda state: calibration_steps.time_passed(state, now))


HANDLERS: tuple[Registered, ...] = (
    on(OpenCalibration, open_calibration),
    on(SetDisplayUnit, set_unit),
    on(SubmitDisplay, submit_display),
    on(BeginAnew, begin_anew),
    on(KeepLearned, keep_profile),
    on(ProfileKept, profile_kept),
)
