"""Everything around the visit: delivery marks, printer, the status page, notices, going back."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import messages as m
from kiosk.core.desk import today
from kiosk.core.desk.effects import Effect, ListMessages, SendNow
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.outbox import DeliveryChanged, OutboxStatus
from kiosk.core.standing import Part, moved

Step = tuple[Desk, tuple[Effect, ...]]


def delivery_changed(
    desk: Desk, message: DeliveryChanged, moment: m.Moment, rules: DeskRules
) -> Step:
    """A message moved: the marks of the done page follow, as the whole visit stands."""
    saved = desk.saved
    if saved is not None and saved.id == message.visit_id:
        parts = saved.parts
        if not parts and saved.message is not None:
            parts = (Part(saved.message, saved.delivery, saved.failure),)
        desk = replace(desk, saved=saved.standing(moved(parts, message)))
    if desk.kept is not None:
        kept, _effects = delivery_changed(desk.kept, message, moment, rules)
        desk = replace(desk, kept=kept)
    effects: tuple[Effect, ...] = (ListMessages(),) if desk.screen is Screen.STATUS else ()
    if desk.screen is Screen.TODAY:
        effects = (today.since_midnight(moment),)
    return desk, effects


def outbox_status(desk: Desk, message: OutboxStatus, _: m.Moment, __: DeskRules) -> Step:
    """The journal came or went; how much waits."""
    strip = replace(
        desk.strip,
        journal=message.journal,
        failure=message.failure,
        counts=message.counts,
        interface=message.interface,
    )
    return replace(desk, strip=strip), ()


def printer_changed(desk: Desk, message: m.PrinterChanged, _: m.Moment, __: DeskRules) -> Step:
    """The printer's state changed."""
    return replace(desk, strip=replace(desk.strip, printer=message.paper)), ()


def open_status(desk: Desk, _: m.OpenStatus, __: m.Moment, ___: DeskRules) -> Step:
    """Show devices, printer and messages. Holds nothing of a child, so it needs no sign-in."""
    if desk.screen is Screen.STATUS:
        return desk, ()
    opened = replace(desk, screen=Screen.STATUS, back_to=desk.screen, aside=None)
    return replace(opened, looking_at=None, giving_up=False), (ListMessages(),)


def try_now(desk: Desk, _: m.TryNow, __: m.Moment, ___: DeskRules) -> Step:
    """Send what waits now."""
    return desk, (SendNow(),)


def trouble(desk: Desk, message: m.Trouble, _: m.Moment, __: DeskRules) -> Step:
    """Say what a worker has to say."""
    return replace(desk, notice=message.notice, notice_value=message.value), ()


def dismiss_notice(desk: Desk, _: m.DismissNotice, __: m.Moment, ___: DeskRules) -> Step:
    """The notice was read; on the page of devices also the one of a new device."""
    seen = desk.notice is None and desk.screen is Screen.STATUS
    return replace(desk, notice=None, new_device=None if seen else desk.new_device), ()


def change_language(desk: Desk, _: m.ChangeLanguage, __: m.Moment, rules: DeskRules) -> Step:
    """Go on to the next language of the screen; at the end to the first one."""
    known = rules.languages
    place = known.index(desk.language) + 1 if desk.language in known else 0
    return replace(desk, language=known[place % len(known)]), ()


def touched(desk: Desk, _: m.Touched, __: m.Moment, ___: DeskRules) -> Step:
    """Any touch keeps the session open."""
    return desk, ()
