"""What the sender reads out of a probe, and what it tells the rest of the station."""

from __future__ import annotations

from kiosk.journal.answers import TROUBLES, status_failure
from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.model.outbox import (
    Delivered,
    DeliveryChanged,
    Done,
    Failure,
    HandedOver,
    Later,
    OutboxItem,
    OutboxStatus,
    Outcome,
    Parked,
    Released,
)
from kiosk.model.visit import Delivery

News = DeliveryChanged | OutboxStatus

_STATES: dict[type, Delivery] = {
    Done: Delivery.DONE,
    Delivered: Delivery.DELIVERED,
    HandedOver: Delivery.HANDED_OVER,
    Parked: Delivery.REJECTED,
    Released: Delivery.QUEUED,
    Later: Delivery.QUEUED,
}


def probe_failure(reply: Reply) -> Failure | None:
    """What a probe's answer says is wrong with the line; ``None`` if somebody is there.

    ``UNKNOWN_OUTCOME``: nothing came in time, which says little of how messages are taken.
    """
    if not isinstance(reply, Answer):
        slow = reply.trouble is Trouble.NO_ANSWER or reply.detail == "deadline"
        return Failure.UNKNOWN_OUTCOME if slow else line_failure(reply)
    if reply.status in {502, 503, 504}:
        return status_failure(reply.status)
    return None


def line_failure(reply: NoAnswer) -> Failure:
    """What is wrong with a line on which nothing was sent."""
    failure = TROUBLES[reply.trouble]
    return Failure.UNREACHABLE if failure is Failure.UNKNOWN_OUTCOME else failure


def change(item: OutboxItem, outcome: Outcome) -> DeliveryChanged:
    """Where a message stands after an outcome was recorded."""
    state = _STATES[type(outcome)]
    stays = isinstance(outcome, Released) and item.state is Delivery.AMBIGUOUS
    if stays or (isinstance(outcome, Later) and outcome.ambiguous):
        state = Delivery.AMBIGUOUS
    failure = None if isinstance(outcome, Done) else outcome.failure
    return DeliveryChanged(item.id, item.visit_id, state, failure)
