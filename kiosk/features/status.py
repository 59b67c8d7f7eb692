"""Everything around the visit: delivery marks, printer, the status page, notices, going back."""

from __future__ import annotations

from dataclasses import replace

from kiosk.desk import messages as m
from kiosk.desk.drafts import SavedVisit
from kiosk.desk.effects import ListMessages, SendNow
from kiosk.desk.pages import Calibrate, Status, StatusAtLock, Today
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import save, today
from kiosk.model.delivery import Part, moved
from kiosk.model.outbox import DeliveryChanged, OutboxStatus


def delivery_changed(desk: Desk, message: DeliveryChanged, moment: m.Moment, _: DeskRules) -> Step:
    """A message moved: the marks of the done page follow, as the whole visit stands."""

    def now(saved: SavedVisit) -> SavedVisit:
        parts = saved.parts
        if not parts and saved.message is not None:
            parts = (Part(saved.message, saved.delivery, saved.failure),)
        return saved.standing(moved(parts, message))

    desk, __ = told_sessions(desk, lambda one: save.with_saved(one, message.visit_id, now))
    match desk.page:
        case Status() | StatusAtLock():
            return desk, (ListMessages(),)
        case Today():
            return desk, (today.since_midnight(moment),)
    return desk, ()


def outbox_status(desk: Desk, message: OutboxStatus, _: m.Moment, __: DeskRules) -> Step:
    """The journal came or went; how much waits."""
    strip = replace(
        desk.station.strip,
        journal=message.journal,
        failure=message.failure,
        counts=message.counts,
        interface=message.interface,
    )
    return replace(desk, station=replace(desk.station, strip=strip)), ()


def printer_changed(desk: Desk, message: m.PrinterChanged, _: m.Moment, __: DeskRules) -> Step:
    """The printer's state changed."""
    strip = replace(desk.station.strip, printer=message.paper)
    return replace(desk, station=replace(desk.station, strip=strip)), ()


def open_status(desk: Desk, _: m.OpenStatus, __: m.Moment, ___: DeskRules) -> Step:
    """Show devices, printer and messages. Holds nothing of a child, so it needs no sign-in."""
    front = desk.front
    if isinstance(front.page, Status | StatusAtLock | Calibrate):
        return desk, ()
    if isinstance(front, Session):
        return desk.turned(Status(front.page), front.notice), (ListMessages(),)
    opened = replace(front.uncovered(), page=StatusAtLock())
    return replace(desk, front=opened), (ListMessages(),)


def try_now(desk: Desk, _: m.TryNow, __: m.Moment, ___: DeskRules) -> Step:
    """Send what waits now."""
    return desk, (SendNow(),)


def trouble(desk: Desk, message: m.Trouble, _: m.Moment, __: DeskRules) -> Step:
    """Say what a worker has to say."""
    return desk.told(message.notice, message.value), ()


def dismiss_notice(desk: Desk, _: m.DismissNotice, __: m.Moment, ___: DeskRules) -> Step:
    """The notice was read; on the page of devices also the one of a new device."""
    if desk.front.notice is None and isinstance(desk.page, Status | StatusAtLock):
        return replace(desk, station=replace(desk.station, new_device=None)), ()
    return desk.told(None), ()


def change_language(desk: Desk, _: m.ChangeLanguage, __: m.Moment, rules: DeskRules) -> Step:
    """Go on to the next language of the screen; at the end to the first one."""
    known, language = rules.languages, desk.station.language
    place = known.index(language) + 1 if language in known else 0
    station = replace(desk.station, language=known[place % len(known)])
    return replace(desk, station=station), ()


def touched(desk: Desk, _: m.Touched, __: m.Moment, ___: DeskRules) -> Step:
    """Any touch keeps the session open."""
    return desk, ()
