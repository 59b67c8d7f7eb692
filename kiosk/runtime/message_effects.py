"""Carries out what a person decides about messages to the journal, on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from kiosk.desk.messages import News
from kiosk.desk.registering import Carrier, carries_out
from kiosk.features.messages import (
    ConfirmDelivered,
    DiscardParked,
    ListMessages,
    MessagesListed,
    ParkMessage,
    RetryParked,
)
from kiosk.model.elsewhere import merged, together
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import DiscardReason, OutboxItem
from kiosk.model.visit import Delivery
from kiosk.store.store import Store

if TYPE_CHECKING:
    pass


MOST_LINES = 60
"""How many messages the status page lists: what needs a person comes first."""


WAITING = (Delivery.QUEUED, Delivery.AMBIGUOUS)
"""What a person may hold back."""


class Decide(Protocol):
    """Carries a person's decision out in the store where the message is."""

    def __call__(
        self,
        item_id: UUID,
        what: Callable[[Store, UUID], None],
        states: tuple[Delivery, ...] = ...,
    ) -> None:
        """Returns after the commit; of a visit elsewhere for its messages in ``states``."""


class MessageEffects:
    """Messages that wait or stopped."""

    def __init__(
        self,
        store: Store,
        decide: Decide,
        send_now: Callable[[], None],
        post: Callable[[News], None],
        elsewhere: Callable[[], Sequence[OutboxItem]],
    ) -> None:
        """``elsewhere`` tells what waits of visits that other stations measured."""
        self._elsewhere = elsewhere
        self._store = store
        self._decide = decide
        self._send_now = send_now
        self._post = post
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(RetryParked, self._retry),
            carries_out(ParkMessage, self._hold),
            carries_out(DiscardParked, self._discard),
            carries_out(ConfirmDelivered, self._confirm),
            carries_out(ListMessages, self.list_messages),
        )

    def _retry(self, effect: RetryParked) -> None:
        self._decide(effect.item_id, lambda store, one: store.retry(one, effect.performer))
        self._send_now()
        self.list_messages(ListMessages())

    def _hold(self, effect: ParkMessage) -> None:
        person = effect.performer
        self._decide(effect.item_id, lambda store, one: store.hold(one, person), WAITING)
        self.list_messages(ListMessages())

    def _discard(self, effect: DiscardParked) -> None:
        why, person = effect.reason, effect.performer
        self._decide(effect.item_id, lambda store, one: store.discard(one, why, person))
        self.list_messages(ListMessages())

    def _confirm(self, effect: ConfirmDelivered) -> None:
        person = effect.performer
        self._decide(effect.item_id, lambda store, one: store.confirm(one, person))
        self.list_messages(ListMessages())

    def list_messages(self, _: ListMessages) -> None:
        """Read the lines of the status page and tell them to the desk."""
        there = self._elsewhere()
        others = {item.id for item in there}
        items = merged(self._store.to_look_at(MOST_LINES), there, MOST_LINES)
        lines = tuple(replace(_line(item), elsewhere=item.id in others) for item in items)
        self._post(MessagesListed(lines, together(self._store.counts(), there)))


def _line(item: OutboxItem) -> WaitingMessage:
    given_up = item.state is Delivery.DISCARDED
    return WaitingMessage(
        item.id,
        item.visit_id,
        # Of a handed-over visit the clinic's database names the interface that stopped.
        item.remote if item.state is Delivery.REJECTED and item.remote else item.adapter,
        item.created,
        item.state,
        item.attempts,
        None if given_up else item.failure,
        item.detail,
        DiscardReason(item.remote) if given_up else None,
    )
