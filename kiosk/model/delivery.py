"""How a visit stands of whose messages each has come so far: as the one that is worst off.

The one rule behind every mark, list, command and number. A visit may go by several interfaces, and
whichever told something last says nothing about the others: the whole is never said to be further
than any of its parts, in whatever order the news came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar
from uuid import UUID

from kiosk.model.outbox import DeliveryChanged, Failure, JournalState
from kiosk.model.visit import Delivery

WORST_FIRST = (
    Delivery.REJECTED,
    Delivery.AMBIGUOUS,
    Delivery.QUEUED,
    Delivery.CLAIMED,
    Delivery.IN_FLIGHT,
    Delivery.HANDED_OVER,
    Delivery.DISCARDED,
    Delivery.DELIVERED,
    Delivery.DONE,
    Delivery.CANCELLED,
)
"""First what needs a person, then what is on its way, then what has ended. A message that was taken
back says nothing about the others: what followed it does."""

LINES_WORST_FIRST = (
    JournalState.STOPPED,
    JournalState.UNREACHABLE,
    JournalState.UNKNOWN,
    JournalState.REACHABLE,
)

_RANK = {state: rank for rank, state in enumerate(WORST_FIRST)}


class HasState(Protocol):
    """Whatever tells how far one message has come."""

    @property
    def state(self) -> Delivery:
        """How far it has come."""


T = TypeVar("T", bound=HasState)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a visit: how far it has come and what holds it up."""

    id: UUID
    state: Delivery = Delivery.QUEUED
    failure: Failure | None = None


def overall(states: Iterable[Delivery]) -> Delivery:
    """How a visit stands, of whose messages these are the states. Without any it waits."""
    return min(states, key=_RANK.__getitem__, default=Delivery.QUEUED)


def worst(parts: Sequence[T]) -> T:
    """The message that tells how the visit stands: the worst off, the newest of equals.

    ``parts`` are the oldest first, and at least one.
    """
    return min(reversed(parts), key=lambda part: _RANK[part.state])


def moved(parts: tuple[Part, ...], news: DeliveryChanged) -> tuple[Part, ...]:
    """The parts of a visit after one of them moved; one that was not known yet is the newest."""
    now = Part(news.item_id, news.state, news.failure)
    if all(part.id != now.id for part in parts):
        return (*parts, now)
    return tuple(
        replace(part, state=now.state, failure=now.failure) if part.id == now.id else part
        for part in parts
    )


def worst_line(lines: Mapping[K, JournalState]) -> K:
    """Which of the interfaces, at least one, tells how all stand together."""
    return min(lines, key=lambda name: LINES_WORST_FIRST.index(lines[name]))
