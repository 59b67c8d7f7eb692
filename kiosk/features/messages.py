"""The messages on the status page: one looked at, and what a person decides about it.

Whoever carries a decision out lists the messages anew afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kiosk.desk.lock_pages import StatusAtLock
from kiosk.desk.messages import DeskNews, Effect, Touch
from kiosk.desk.over import LookedAt
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Status
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Locked, Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import today
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import DiscardReason, OutboxCounts
from kiosk.model.performer import Performer
from kiosk.model.visit import Delivery


@dataclass(frozen=True, slots=True)
class LookAtMessage(Touch):
    """Show one message with the words of the journal."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class HoldMessage(Touch):
    """Do not send the message that is looked at until a person has seen to it."""


@dataclass(frozen=True, slots=True)
class GiveUpMessage(Touch):
    """The message that is looked at shall not be sent; the question why follows."""


@dataclass(frozen=True, slots=True)
class DiscardMessage(Touch):
    """The message that is looked at is given up for this reason."""

    reason: DiscardReason


@dataclass(frozen=True, slots=True)
class ConfirmMessage(Touch):
    """The message that is looked at was only delivered; somebody has found it in the journal."""


@dataclass(frozen=True, slots=True)
class OpenMessageVisit(Touch):
    """Open the visit of the message that is looked at."""


@dataclass(frozen=True, slots=True)
class RetryMessage(Touch):
    """A person wants a parked message tried again."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class MessagesListed(DeskNews):
    """The lines of the status page."""

    messages: tuple[WaitingMessage, ...]
    counts: OutboxCounts | None = None


@dataclass(frozen=True, slots=True)
class RetryParked(Effect):
    """Put a parked message back in the queue."""

    item_id: UUID
    performer: Performer
    answered_by = (MessagesListed,)


@dataclass(frozen=True, slots=True)
class ParkMessage(Effect):
    """Hold a waiting message back until a person has seen to it."""

    item_id: UUID
    performer: Performer
    answered_by = (MessagesListed,)


@dataclass(frozen=True, slots=True)
class DiscardParked(Effect):
    """Give up a parked message."""

    item_id: UUID
    reason: DiscardReason
    performer: Performer
    answered_by = (MessagesListed,)


@dataclass(frozen=True, slots=True)
class ConfirmDelivered(Effect):
    """Record that a person has found a message in the journal."""

    item_id: UUID
    performer: Performer
    answered_by = (MessagesListed,)


@dataclass(frozen=True, slots=True)
class ListMessages(Effect):
    """Read the lines of the status page; answered by ``MessagesListed``."""

    answered_by = (MessagesListed,)


MAY_BE_HELD = frozenset({Delivery.QUEUED, Delivery.AMBIGUOUS, Delivery.HANDED_OVER})
"""What a person may hold back: nothing of it is on its way at this moment."""


def looked_at(desk: Desk) -> WaitingMessage | None:
    """The message that a person looks at, as it is listed now."""
    return _looked_at(desk.front)


def _looked_at(front: Locked | Session) -> WaitingMessage | None:
    page, over = front.page, front.over
    if not isinstance(page, Status | StatusAtLock) or not isinstance(over, LookedAt):
        return None
    return next((one for one in page.messages if one.item_id == over.item_id), None)


def listed(desk: Desk, message: MessagesListed) -> Step:
    """Show the lines; one that is looked at and has moved out of a person's hands is closed."""

    def take(session: Session) -> Session:
        page = find(session.page, Status)
        if page is None:
            return session
        after = session.swapped(page, replace(page, messages=message.messages))
        return after.uncovered() if _moved(session, after) else after

    desk, effects = told_sessions(desk, take)
    front = desk.front
    if isinstance(front, Locked) and isinstance(front.page, StatusAtLock):
        after = replace(front, page=StatusAtLock(message.messages))
        desk = replace(desk, front=after.uncovered() if _moved(front, after) else after)
    if message.counts is not None:
        # Without a way into the journal no sender would tell.
        strip = replace(desk.station.strip, counts=message.counts)
        desk = replace(desk, station=replace(desk.station, strip=strip))
    return desk, effects


def _moved(before: Locked | Session, after: Locked | Session) -> bool:
    """Whether what is looked at is not any more what it was."""
    was, now = _looked_at(before), _looked_at(after)
    if isinstance(after.over, LookedAt) and now is None:
        return True
    return was is not None and now is not None and now.state is not was.state


def look_at(desk: Desk, message: LookAtMessage) -> Step:
    """Show one message with the words of the journal."""
    page = desk.page
    if not isinstance(page, Status | StatusAtLock):
        return desk, ()
    if all(one.item_id != message.item_id for one in page.messages):
        return desk, ()
    return desk.asked(LookedAt(message.item_id), desk.front.notice), ()


def retry(desk: Desk, message: RetryMessage) -> Step:
    """Put a parked message back in the queue, by a named person."""
    if desk.user is None:
        return desk, ()
    return _closed(desk), (RetryParked(message.item_id, desk.user),)


def hold(desk: Desk) -> Step:
    """Hold a waiting message back."""
    one = looked_at(desk)
    if desk.user is None or one is None or one.state not in MAY_BE_HELD:
        return desk, ()
    return _closed(desk), (ParkMessage(one.item_id, desk.user),)


def confirm(desk: Desk) -> Step:
    """Say by name that what was delivered stands in the journal."""
    one = looked_at(desk)
    if desk.user is None or one is None or one.state is not Delivery.DELIVERED:
        return desk, ()
    return _closed(desk), (ConfirmDelivered(one.item_id, desk.user),)


def ask_to_discard(desk: Desk) -> Step:
    """Ask why a message that stopped is to be given up."""
    one = looked_at(desk)
    if desk.user is None or one is None or one.state is not Delivery.REJECTED:
        return desk, ()
    return desk.asked(LookedAt(one.item_id, giving_up=True), desk.front.notice), ()


def discard(desk: Desk, message: DiscardMessage) -> Step:
    """Give it up, for this reason."""
    one, over = looked_at(desk), desk.over
    asked = isinstance(over, LookedAt) and over.giving_up
    if desk.user is None or one is None or not asked:
        return desk, ()
    effect = DiscardParked(one.item_id, message.reason, desk.user)
    return _closed(desk), (effect,)


def open_visit(desk: Desk) -> Step:
    """Open the visit a message is about: to correct it, or to see whose it is."""
    one, page = looked_at(desk), desk.page
    if one is None or not isinstance(page, Status) or not may_open(desk) or one.elsewhere:
        return desk, ()
    return today.read(_closed(desk), page, one.visit_id)


def may_open(desk: Desk) -> bool:
    """Whether a visit may be opened: not over a child that is being measured or changed."""
    session = desk.session
    return session is not None and session.visit is None and session.changing is None


def _closed(desk: Desk) -> Desk:
    return replace(desk, front=desk.front.uncovered())


HANDLERS: tuple[Registered, ...] = (
    on(MessagesListed, listed),
    on(LookAtMessage, look_at),
    on(RetryMessage, retry),
    on(HoldMessage, hold),
    on(ConfirmMessage, confirm),
    on(GiveUpMessage, ask_to_discard),
    on(DiscardMessage, discard),
    on(OpenMessageVisit, open_visit),
)
