"""Setting up a scale on the screen: which driver reads it, and one weighing that proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.desk.messages import DeskNews, Touch
from kiosk.desk.pages import (
    Calibrate,
    SetUp,
)
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.calibrate import (
    numbered,
)
from kiosk.features.ear import EarTold, Recognised
from kiosk.model.lists import Equipped
from kiosk.model.performer import Device
from kiosk.weighing import setting_up as su
from kiosk.weighing.gate import Weighing
from kiosk.weighing.setting_up import SettingUp
from kiosk.weighing.teaching_steps import Teaching


@dataclass(frozen=True, slots=True)
class ChooseLikely(Touch):
    """It is this one of what the port was taken for."""

    driver: str


@dataclass(frozen=True, slots=True)
class TeachPort(Touch):
    """No driver reads the port: learn its lines from the display."""


@dataclass(frozen=True, slots=True)
class ScaleSet(DeskNews):
    """The station uses this scale from now on."""

    scale: Equipped
    weighing: Weighing
    device: Device
    teachable: bool = False


def recognised(desk: Desk, message: Recognised) -> Step:
    """The ear says which drivers read the port."""
    likely, heard = message.likely, message.heard
    return each(desk, message.number, lambda one: su.recognised(one, likely, heard=heard)), ()


def choose_likely(desk: Desk, message: ChooseLikely) -> Step:
    """A person says which of them it is; it is listened to with that one."""
    page = desk.page
    if not isinstance(page, SetUp) or page.setting_up.likely is None:
        return desk, ()
    state = page.setting_up
    chosen = next((one for one in state.likely or () if one.driver == message.driver), None)
    if chosen is None or state.chosen is not None or state.fault is not None:
        return desk, ()
    return desk.put(replace(page, setting_up=replace(state, chosen=chosen))), ()


def teach_port(desk: Desk) -> Step:
    """No driver reads it: learn its lines instead."""
    page = desk.page
    if not isinstance(page, SetUp) or page.setting_up.keeping:
        return desk, ()
    desk, number = numbered(desk)
    return desk.turned(Calibrate(Teaching(page.setting_up.port, number), page.under)), ()


def told(desk: Desk, message: EarTold) -> Step:
    """What the chosen driver made of the port."""

    def step(state: SettingUp) -> SettingUp:
        return su.weighed(state, message.event, once=su.speaks_once(state.chosen))

    return each(desk, message.number, step), ()


def scale_set(desk: Desk, message: ScaleSet) -> Step:
    """The station uses another scale. Of the one before nothing is offered any more."""
    fresh = message.weighing
    strip = replace(desk.station.strip, scale=fresh.state, scale_hint=fresh.hint)
    station = replace(
        desk.station,
        scale=message.scale,
        weighing=replace(fresh, opening=desk.station.weighing.opening),
        teachable=message.teachable,
        strip=strip,
    )
    return replace(desk, station=station), ()


def each(desk: Desk, number: int, step: Callable[[SettingUp], SettingUp]) -> Desk:
    """The set-up that listens with this number, a step further."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, SetUp):
            return session
        state = page.setting_up
        if state.number != number or state.fault is not None or state.keeping:
            return session
        return session.put(replace(page, setting_up=step(state)))

    return told_sessions(desk, take)[0]


HANDLERS: tuple[Registered, ...] = (
    on(Recognised, recognised),
    on(EarTold, told),
    on(ChooseLikely, choose_likely),
    on(TeachPort, teach_port),
    on(ScaleSet, scale_set),
)
