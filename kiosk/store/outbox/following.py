"""What a change means for the messages of its visit, decided where nothing can move meanwhile.

Whatever waits and has not left is taken back. If nothing of the visit can have reached the
interface, a correction is the visit sent anew and a withdrawal is silence; otherwise a message
of its own follows in the same chain, which asks the journal before it changes anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from uuid6 import uuid7

from kiosk.model.outbox import MessageKind, NewMessage, OutboxItem
from kiosk.model.visit import Change, ChangeKind, Delivery
from kiosk.store.outbox import lists, queue

STILL_HERE = frozenset({Delivery.QUEUED, Delivery.CLAIMED, Delivery.REJECTED, Delivery.CANCELLED})
"""Nothing of a message in these states is on its way."""

KINDS = {
    ChangeKind.CORRECTED: MessageKind.CORRECT,
    ChangeKind.WRONG_CHILD: MessageKind.WITHDRAW,
    ChangeKind.WITHDRAWN: MessageKind.WITHDRAW,
    ChangeKind.NUMBERED: MessageKind.WITHDRAW,
}


def follow(
    connection: Connection, change: Change, anew: Sequence[NewMessage], now: datetime
) -> None:
    """Take back what has not left and queue what the change needs.

    ``anew`` are the messages of the corrected visit, one an interface, used where nothing was sent.
    """
    chains: dict[str, list[OutboxItem]] = defaultdict(list)
    for item in lists.of_visit(connection, change.visit_id, to_change=True):
        chains[item.adapter].append(item)
    for adapter, items in chains.items():
        for item in items:
            if item.state in STILL_HERE:
                queue.cancel(connection, item.id, now)
        if all(item.state in STILL_HERE and item.attempts == 0 for item in items):
            following = [message for message in anew if message.adapter == adapter]
            if anew and not following:
                # The interface was set up differently since: its sender makes the message anew.
                new = NewMessage(uuid7(), change.visit_id, MessageKind.NEW, adapter, None)
                following = [new]
        else:
            kind = KINDS[change.kind]
            following = [NewMessage(uuid7(), change.visit_id, kind, adapter, None)]
        for message in following:
            queue.add(connection, message, now)
