"""Everything around the visit: delivery marks, printer, the status page, notices, going back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.desk.drafts import SavedVisit
from kiosk.desk.lock_pages import StatusAtLock
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import DevicePage, Status, Today
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import save, today
from kiosk.features.messages import ListMessages
from kiosk.model.delivery import Part, moved
from kiosk.model.outbox import DeliveryChanged, OutboxStatus
from kiosk.model.slip import Paper


@dataclass(frozen=True, slots=True)
class ChangeLanguage(Touch):
    """The next language of the screen."""


@dataclass(frozen=True, slots=True)
class OpenStatus(Touch):
    """Show devices, printer and messages."""


@dataclass(frozen=True, slots=True)
class TryNow(Touch):
    """Send what waits now."""


@dataclass(frozen=True, slots=True)
class DismissNotice(Touch):
    """The notice was read."""


@dataclass(frozen=True, slots=True)
class Touched(Touch):
    """Any touch at all: keeps the session open."""


@dataclass(frozen=True, slots=True)
class PrinterChanged(DeskNews):
    """The printer's state changed. ``hint`` is the code of its cause, where there is one."""

    paper: Paper
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Trouble(DeskNews):
    """Something the person should know, from a worker. ``value`` is what the notice counts."""

    notice: Notice
    value: int = 0


@dataclass(frozen=True, slots=True)
class SendNow(Effect):
    """Let the sender try at once."""

    answered_by = ()


def delivery_changed(desk: Desk, message: DeliveryChanged, moment: Moment) -> Step:
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


def outbox_status(desk: Desk, message: OutboxStatus) -> Step:
    """The journal came or went; how much waits."""
    strip = replace(
        desk.station.strip,
        journal=message.journal,
        failure=message.failure,
        counts=message.counts,
        interface=message.interface,
    )
    return replace(desk, station=replace(desk.station, strip=strip)), ()


def printer_changed(desk: Desk, message: PrinterChanged) -> Step:
    """The printer's state changed."""
    strip = replace(desk.station.strip, printer=message.paper, printer_hint=message.hint)
    return replace(desk, station=replace(desk.station, strip=strip)), ()


def open_status(desk: Desk) -> Step:
    """Show devices, printer and messages. Holds nothing of a child, so it needs no sign-in."""
    front = desk.front
    if isinstance(front.page, Status | StatusAtLock | DevicePage):
        return desk, ()
    if isinstance(front, Session):
        return desk.turned(Status(front.page), front.notice), (ListMessages(),)
    opened = replace(front.uncovered(), page=StatusAtLock())
    return replace(desk, front=opened), (ListMessages(),)


def try_now(desk: Desk) -> Step:
    """Send what waits now."""
    return desk, (SendNow(),)


def trouble(desk: Desk, message: Trouble) -> Step:
    """Say what a worker has to say."""
    return desk.told(message.notice, message.value), ()


def dismiss_notice(desk: Desk) -> Step:
    """The notice was read; on the page of devices also the one of a new device."""
    if desk.front.notice is None and isinstance(desk.page, Status | StatusAtLock):
        return replace(desk, station=replace(desk.station, new_device=None)), ()
    return desk.told(None), ()


def change_language(desk: Desk, rules: DeskRules) -> Step:
    """Go on to the next language of the screen; at the end to the first one."""
    known, language = rules.languages, desk.station.language
    place = known.index(language) + 1 if language in known else 0
    station = replace(desk.station, language=known[place % len(known)])
    return replace(desk, station=station), ()


def touched(desk: Desk) -> Step:
    """Any touch keeps the session open."""
    return desk, ()


HANDLERS: tuple[Registered, ...] = (
    on(DeliveryChanged, delivery_changed),
    on(OutboxStatus, outbox_status),
    on(PrinterChanged, printer_changed),
    on(OpenStatus, open_status),
    on(TryNow, try_now),
    on(Trouble, trouble),
    on(DismissNotice, dismiss_notice),
    on(Touched, touched),
    on(ChangeLanguage, change_language),
)
