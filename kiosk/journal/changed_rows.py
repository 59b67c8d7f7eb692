"""What of a visit a correction or a withdrawal is about, for interfaces without resources."""

from __future__ import annotations

from uuid import UUID

from kiosk.journal.attempt import Hands
from kiosk.model.changes import current
from kiosk.model.outbox import MessageKind, OutboxItem
from kiosk.model.visit import ChangeKind, Visit


def visit_of(item: OutboxItem, hands: Hands) -> Visit:
    """The visit with the values this message is about: as they hold now."""
    return current(hands.store.visit(item.visit_id))


def touched(item: OutboxItem, visit: Visit) -> frozenset[UUID] | None:
    """The measurements and tests a correction changed; ``None`` for all of the visit."""
    if item.kind is not MessageKind.CORRECT:
        return None
    values = {value.measurement_id for change in visit.changes for value in change.values}
    return frozenset(values | {test.id for change in visit.changes for test in change.hearing})


def is_wrong_child(visit: Visit) -> bool:
    """Whether the visit was taken back because it was another child's."""
    return any(change.kind is ChangeKind.WRONG_CHILD for change in visit.changes)
