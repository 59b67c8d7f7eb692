"""What every way into a journal has in common.

An interface makes the bytes of a message once, has them frozen, sends them, and says what the
answer means. The sender knows no more than this; which shape the bytes have, over which line they
go and how a doubtful sending is settled is the interface's own business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.journal.answers import Verdict
from kiosk.journal.attempt import Hands, parked
from kiosk.model.outbox import Failure, OutboxItem


class Interface(Protocol):
    """One way into a journal, used by one thread; ``abort`` may come from any.

    ``flies`` says that a message with fixed bytes needs no preparation: the sender may mark it in
    flight together with the outcome of the one before.
    """

    @property
    def flies(self) -> bool:
        """Whether nothing has to be done between the claim and the first byte."""

    def deliver(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        """Take one claimed message as far as it goes now and say how it ended.

        ``None``: a person took the message back before anything had left.
        """

    def probe(self) -> Failure | None:
        """Ask cheaply whether somebody is there; ``None`` if so."""

    def abort(self) -> None:
        """Cut what is running, if anything; from now on nothing is sent."""

    def close(self) -> None:
        """Let go of the line."""


def fixed(
    item: OutboxItem, hands: Hands, make: Callable[[OutboxItem], bytes | Verdict]
) -> bytes | Verdict:
    """The frozen bytes of a message; made and frozen now if that could not be done before."""
    if item.body is not None:
        return item.body
    made = make(item)
    if isinstance(made, bytes):
        hands.store.freeze(item.id, made)
    return made


def damaged() -> Verdict:
    """The frozen bytes are not what the station wrote: a person has to look."""
    return parked(Failure.REFUSED, "message-damaged")
