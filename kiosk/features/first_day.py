"""The first day with a scale: ten loads, each with what its display shows, signed by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.driver import Rhythm
from drivers.events import Reading, Stamped
from drivers.first_day import Load
from kiosk.desk.messages import DeskNews, Effect, Touch
from kiosk.desk.pages import (
    ComparingScale,
    Equipment,
)
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.weighing import setting_up as su
from kiosk.weighing.setting_up import FirstDay


@dataclass(frozen=True, slots=True)
class OpenFirstDay(Touch):
    """Compare ten loads on the scale in use with its display."""


@dataclass(frozen=True, slots=True)
class SignFirstDay(Touch):
    """Sign the ten loads and write them down."""


@dataclass(frozen=True, slots=True)
class FirstDayKept(DeskNews):
    """The ten loads are written down under this name; empty: they could not be."""

    name: str


@dataclass(frozen=True, slots=True)
class KeepFirstDay(Effect):
    """Write ten loads down, signed by a name; answered by ``FirstDayKept``."""

    loads: tuple[Load, ...]
    model: str
    signed: str
    user_id: str
    answered_by = (FirstDayKept,)


def weighed(desk: Desk, stamped: Stamped) -> Desk:
    """What the scale in use says, for whoever compares it."""
    event = stamped.event
    if stamped.link_id != desk.station.weighing.link_id or not isinstance(event, Reading):
        return desk

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, ComparingScale):
            return session
        return session.put(replace(page, first_day=su.first_day_weighed(page.first_day, event)))

    return told_sessions(desk, take)[0]


def open_first_day(desk: Desk) -> Step:
    """Ten loads on the scale in use."""
    page, scale = desk.page, desk.station.scale
    if not isinstance(page, Equipment) or scale is None:
        return desk, ()
    once = desk.station.weighing.rhythm is Rhythm.ONCE
    return desk.turned(ComparingScale(FirstDay(scale.name, once), page)), ()


def keep_first_day(desk: Desk) -> Step:
    """Sign the ten loads."""
    page, user = desk.page, desk.user
    if not isinstance(page, ComparingScale) or user is None:
        return desk, ()
    day = page.first_day
    if not day.is_full or day.keeping or day.kept:
        return desk, ()
    keeping = desk.put(replace(page, first_day=replace(day, keeping=True, failed=False)))
    return keeping, (KeepFirstDay(day.loads, day.name, user.display, user.user_id),)


def first_day_kept(desk: Desk, message: FirstDayKept) -> Step:
    """The file is there, or is not."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, ComparingScale) or not page.first_day.keeping:
            return session
        failed = not message.name
        day = replace(page.first_day, keeping=False, kept=message.name, failed=failed)
        return session.put(replace(page, first_day=day))

    return told_sessions(desk, take)


HANDLERS: tuple[Registered, ...] = (
    on(OpenFirstDay, open_first_day),
    on(SignFirstDay, keep_first_day),
    on(FirstDayKept, first_day_kept),
)
