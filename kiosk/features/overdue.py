"""What the desk says when something does not come: a save, or a part of the station."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.desk.messages import DeskNews
from kiosk.desk.notices import Notice
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step


@dataclass(frozen=True, slots=True)
class PartsTold(DeskNews):
    """A part of the station has stopped, which is said until ``None`` says that all live."""

    notice: Notice | None


def parts_told(desk: Desk, message: PartsTold) -> Step:
    """A part of the station has stopped, or all of them live again."""
    said, before = desk.front.notice, desk.station.parts
    gone = said is not None and said is before
    desk = replace(desk, station=replace(desk.station, parts=message.notice))
    if message.notice is None and not gone:
        return desk, ()
    return desk.told(message.notice), ()


def time_passed(desk: Desk, monotonic: float, rules: DeskRules) -> Desk:
    """Say that a save takes too long, until it is done after all; keep saying what stopped."""
    desk = _late(desk, monotonic, rules)
    if desk.station.parts is not None and desk.front.notice is None:
        return desk.told(desk.station.parts)
    return desk


def _late(desk: Desk, monotonic: float, rules: DeskRules) -> Desk:
    station, notice = desk.station, desk.front.notice
    sessions = (*desk.parked, *((desk.session,) if desk.session is not None else ()))
    if not any(session.saving for session in sessions):
        desk = replace(desk, station=replace(station, saving_since=None))
        return desk.told(None) if notice is Notice.SAVE_LATE else desk
    if station.saving_since is None:
        return replace(desk, station=replace(station, saving_since=monotonic))
    late = monotonic - station.saving_since >= rules.save_within
    # On the lock screen what is said of a PIN is for whoever types it now.
    free = desk.user is not None or notice is None
    return desk.told(Notice.SAVE_LATE) if late and free else desk


HANDLERS: tuple[Registered, ...] = (on(PartsTold, parts_told),)
