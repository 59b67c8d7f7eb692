"""Teaching the station what an undocumented scale's frames mean, on the screen, step by step."""

from __future__ import annotations

from dataclasses import replace

from drivers.events import Stamped
from kiosk.core import calibrating
from kiosk.core.calibrating import Calibrating, Fault
from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import Effect, KeepProfile
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen

Step = tuple[Desk, tuple[Effect, ...]]

FRAME_START = b"\x02A"
"""How every data frame of the scale that can be taught begins (seca, document 30-34-00-605)."""


def open_calibration(desk: Desk, _: m.OpenCalibration, __: m.Moment, ___: DeskRules) -> Step:
    """Begin, from the page of devices, where the scale is one that can be taught."""
    if desk.screen is not Screen.STATUS or not desk.teachable:
        return desk, ()
    return replace(desk, screen=Screen.CALIBRATE, calibrating=Calibrating(), messages=()), ()


def begin_anew(desk: Desk, _: m.BeginAnew, __: m.Moment, ___: DeskRules) -> Step:
    """Forget the steps done so far."""
    state = desk.calibrating
    if state is None or state.keeping:
        return desk, ()
    return replace(desk, calibrating=Calibrating(unit=state.unit)), ()


def set_unit(desk: Desk, message: m.SetDisplayUnit, _: m.Moment, __: DeskRules) -> Step:
    """The unit on the scale's display."""
    state = desk.calibrating
    if state is None or state.seen or state.listening is not None:
        return desk, ()
    return replace(desk, calibrating=replace(state, unit=message.unit)), ()


def submit_display(desk: Desk, _: m.SubmitDisplay, moment: m.Moment, __: DeskRules) -> Step:
    """The display is typed: listen."""
    if desk.calibrating is None:
        return desk, ()
    state = calibrating.listen(desk.calibrating, moment.monotonic)
    return replace(desk, calibrating=state), ()


def hear(desk: Desk, stamped: Stamped) -> Desk:
    """Show every frame of the scale to a calibration that listens."""
    raw = stamped.event.raw
    heard = stamped.link_id == desk.weighing.link_id and raw.startswith(FRAME_START)
    if desk.calibrating is None or not heard:
        return desk
    return replace(desk, calibrating=calibrating.hear(desk.calibrating, raw))


def keep_profile(desk: Desk, _: m.KeepLearned, __: m.Moment, ___: DeskRules) -> Step:
    """A person has compared what was learned with the display and agrees."""
    state = desk.calibrating
    if state is None or state.learned is None or state.keeping or desk.user is None:
        return desk, ()
    keeping = replace(desk, calibrating=replace(state, keeping=True))
    return keeping, (KeepProfile(state.learned, desk.user.user_id),)


def profile_kept(desk: Desk, message: m.ProfileKept, _: m.Moment, __: DeskRules) -> Step:
    """The profile is in use from now on, or could not be written."""
    state = desk.calibrating
    if state is None:
        return desk, ()
    if not message.kept:
        lost = replace(state, keeping=False, learned=None, fault=Fault.NOT_KEPT)
        return replace(desk, calibrating=lost), ()
    return replace(desk, screen=Screen.STATUS, calibrating=None), ()


def time_passed(desk: Desk, now: float) -> Desk:
    """Let a calibration that hears nothing end."""
    if desk.calibrating is None:
        return desk
    return replace(desk, calibrating=calibrating.time_passed(desk.calibrating, now))
