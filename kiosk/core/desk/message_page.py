"""The messages on the status page: one looked at, and what a person decides about it.

Whoever carries a decision out lists the messages anew afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import messages as m
from kiosk.core.desk import today
from kiosk.core.desk.effects import (
    DiscardParked,
    Effect,
    ParkMessage,
    RetryParked,
)
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.desk.surroundings import WaitingMessage
from kiosk.core.model import Delivery

Step = tuple[Desk, tuple[Effect, ...]]

MAY_BE_HELD = frozenset({Delivery.QUEUED, Delivery.AMBIGUOUS, Delivery.HANDED_OVER})
"""What a person may hold back: nothing of it is on its way at this moment."""


def looked_at(desk: Desk) -> WaitingMessage | None:
    """The message that a person looks at, as it is listed now."""
    found = (one for one in desk.messages if one.item_id == desk.looking_at)
    return next(found, None)


def listed(desk: Desk, message: m.MessagesListed, _: m.Moment, __: DeskRules) -> Step:
    """Show the lines; one that is looked at and has moved out of a person's hands is closed."""
    before = looked_at(desk)
    desk = replace(desk, messages=message.messages)
    if message.counts is not None:
        # Without a way into the journal no sender would tell.
        desk = replace(desk, strip=replace(desk.strip, counts=message.counts))
    now = looked_at(desk)
    if before is not None and (now is None or now.state is not before.state):
        desk = _closed(desk)
    return desk, ()


def look_at(desk: Desk, message: m.LookAtMessage, _: m.Moment, __: DeskRules) -> Step:
    """Show one message with the words of the journal."""
    if desk.screen is not Screen.STATUS:
        return desk, ()
    return replace(desk, looking_at=message.item_id, giving_up=False), ()


def retry(desk: Desk, message: m.RetryMessage, _: m.Moment, __: DeskRules) -> Step:
    """Put a parked message back in the queue, by a named person."""
    if desk.user is None:
        return desk, ()
    return _closed(desk), (RetryParked(message.item_id, desk.user),)


def hold(desk: Desk, _: m.HoldMessage, __: m.Moment, ___: DeskRules) -> Step:
    """Hold a waiting message back."""
    one = looked_at(desk)
    if desk.user is None or one is None or one.state not in MAY_BE_HELD:
        return desk, ()
    return _closed(desk), (ParkMessage(one.item_id, desk.user),)


def ask_to_discard(desk: Desk, _: m.GiveUpMessage, __: m.Moment, ___: DeskRules) -> Step:
    """Ask why a message that stopped is to be given up."""
    one = looked_at(desk)
    may = desk.user is not None and one is not None and one.state is Delivery.REJECTED
    return replace(desk, giving_up=may), ()


def discard(desk: Desk, message: m.DiscardMessage, _: m.Moment, __: DeskRules) -> Step:
    """Give it up, for this reason."""
    one = looked_at(desk)
    if desk.user is None or one is None or not desk.giving_up:
        return desk, ()
    effect = DiscardParked(one.item_id, message.reason, desk.user)
    return _closed(desk), (effect,)


def open_visit(desk: Desk, _: m.OpenMessageVisit, __: m.Moment, ___: DeskRules) -> Step:
    """Open the visit a message is about: to correct it, or to see whose it is."""
    one = looked_at(desk)
    if one is None or not may_open(desk):
        return desk, ()
    return today.read(_closed(desk), one.visit_id)


def may_open(desk: Desk) -> bool:
    """Whether a visit may be opened: not over a child that is being measured or changed."""
    busy = desk.visit is not None or desk.hearing is not None or desk.changing is not None
    return desk.user is not None and not busy


def uncovered(desk: Desk) -> Desk | None:
    """One step back from a message; ``None`` where none is looked at."""
    if desk.looking_at is None:
        return None
    return replace(desk, giving_up=False) if desk.giving_up else _closed(desk)


def _closed(desk: Desk) -> Desk:
    return replace(desk, looking_at=None, giving_up=False)
