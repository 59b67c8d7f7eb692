"""What waits in the clinic's database of visits that other stations measured, beside one's own.

At any station of a clinic a person can see, and see to, what has stopped. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.model.outbox import COUNTED, FINISHED, OutboxCounts, OutboxItem
from kiosk.model.visit import Delivery


def merged(
    own: Sequence[OutboxItem], elsewhere: Sequence[OutboxItem], limit: int
) -> Sequence[OutboxItem]:
    """What needs a person first, then what waits, then what is only delivered, then the rest.

    Of each kind the newest first. A station without a clinic keeps the order of its own list.
    """
    if not elsewhere:
        return own
    newest = sorted([*own, *elsewhere], key=lambda item: item.created, reverse=True)
    return sorted(newest, key=lambda item: _urgency(item.state))[:limit]


def counted(items: Sequence[OutboxItem]) -> OutboxCounts:
    """How many of these messages, none of which has ended, wait and how many have stopped."""
    waiting = [item.created for item in items if item.state is not Delivery.REJECTED]
    return OutboxCounts(len(waiting), len(items) - len(waiting), 0, min(waiting, default=None))


def together(own: OutboxCounts, elsewhere: Sequence[OutboxItem]) -> OutboxCounts:
    """How much waits, here and there."""
    there = counted(elsewhere)
    oldest = [one for one in (own.oldest_waiting, there.oldest_waiting) if one is not None]
    return replace(
        own,
        waiting=min(own.waiting + there.waiting, COUNTED),
        parked=min(own.parked + there.parked, COUNTED),
        oldest_waiting=min(oldest, default=None),
    )


def _urgency(state: Delivery) -> int:
    if state is Delivery.REJECTED:
        return 0
    if state not in FINISHED:
        return 1
    return 2 if state is Delivery.DELIVERED else 3
