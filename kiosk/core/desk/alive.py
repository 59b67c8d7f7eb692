"""What the desk says when something does not come: a save, or a part of the station."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk

Step = tuple[Desk, tuple[Effect, ...]]


def parts_told(desk: Desk, message: m.PartsTold, _: m.Moment, __: DeskRules) -> Step:
    """A part of the station has stopped, or all of them live again."""
    gone = desk.notice is not None and desk.notice is desk.parts
    notice = None if gone else desk.notice
    return replace(desk, parts=message.notice, notice=message.notice or notice), ()


def time_passed(desk: Desk, monotonic: float, rules: DeskRules) -> Desk:
    """Say that a save takes too long, until it is done after all; keep saying what stopped."""
    desk = _late(desk, monotonic, rules)
    if desk.parts is not None and desk.notice is None:
        return replace(desk, notice=desk.parts)
    return desk


def _late(desk: Desk, monotonic: float, rules: DeskRules) -> Desk:
    if not (_saves(desk) or (desk.kept is not None and _saves(desk.kept))):
        over = desk.notice is Notice.SAVE_LATE
        return replace(desk, saving_since=None, notice=None if over else desk.notice)
    if desk.saving_since is None:
        return replace(desk, saving_since=monotonic)
    late = monotonic - desk.saving_since >= rules.save_within
    # On the lock screen what is said of a PIN is for whoever types it now.
    free = desk.user is not None or desk.notice is None
    return replace(desk, notice=Notice.SAVE_LATE) if late and free else desk


def _saves(desk: Desk) -> bool:
    visit, changing = desk.visit, desk.changing
    return (visit is not None and visit.saving) or (changing is not None and changing.saving)
