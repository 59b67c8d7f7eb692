"""A receiver that fragments, repeats, strays, cuts ids and answers for others, in every order.

Whatever it says: a message counts as taken only where a whole answer of its own said so, it is not
sent for ever without a person being told, and the next message is not held up or taken for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.journal.attempt import Hands
from kiosk.journal.hl7.hl7_interface import Hl7Interface
from kiosk.journal.hl7.hl7_message import Addresses, Answers, oru, short_id
from kiosk.journal.hl7.mllp import MllpAddress, MllpLine
from kiosk.model.outbox import Delivered, Done, Later, MessageKind, OutboxItem, Parked
from kiosk.model.visit import Delivery
from tests.full import full
from tests.journal.journal_samples import SITE, whole_visit
from tests.journal.mllp_receiver import END, START, ack

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MOST_TRIES = 60
"""More than any bound: a message that is answered each time has ended by then."""
OURS, OTHER = UUID(int=1 << 80 | 7 << 70 | 11), UUID(int=2 << 80 | 7 << 70 | 12)
CODES = ("AA", "CA", "AE", "AR", "CE", "CR", "XX", "", "aa")
ERRORS = ("", "102", "203", "204", "205", "206", "207")


@dataclass(frozen=True)
class Said:
    """One answer of the receiver: to which id, what, and how its bytes are spoilt."""

    ident: str
    code: str
    error: str
    spoilt: str

    @property
    def bytes(self) -> bytes:
        whole = ack(self.ident, self.code, self.error)
        return {
            "": whole,
            "no CR": whole[:-1],
            "LF": whole.replace(b"\r", b"\n").replace(b"\x1c\n", END) + b"\n",
            "twice": whole * 2,
            "begun anew": whole[:20] + whole,
            "half": whole[: len(whole) // 2],
            "no frame": whole[1:-2],
            "text": START + b"OK" + END,
        }[self.spoilt]


IDS = st.sampled_from(
    [
        short_id(OURS),
        short_id(OURS),
        short_id(OTHER),
        short_id(OURS)[:19],
        f"{short_id(OURS)}0",
        f" {short_id(OURS)} ",
        "",
        "8811",
    ]
)
SPOILT = st.sampled_from(
    ["", "", "", "no CR", "LF", "twice", "begun anew", "half", "no frame", "text"]
)
SAID = st.builds(Said, IDS, st.sampled_from(CODES), st.sampled_from(ERRORS), SPOILT)
EXCHANGES = st.lists(
    st.tuples(st.lists(SAID, max_size=4), st.booleans(), st.integers(1, 40)),
    min_size=1,
    max_size=4,
)
"""What is said to each sending in turn, whether the line is closed then, and the packets' size."""


class Line:
    """A socket to that receiver: ``answers`` gives what comes back to a message."""

    def __init__(self, answers) -> None:
        self._answers, self._packets, self._closes = answers, [], False

    def settimeout(self, seconds) -> None: ...

    def sendall(self, data: bytes) -> None:
        self._packets, self._closes = self._answers(data)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if self._packets:
            return self._packets[0][:size] if flags else self._packets.pop(0)
        if self._closes:
            return b""
        raise BlockingIOError if flags else TimeoutError

    def close(self) -> None: ...


class Outbox:
    """What the interface needs of a store."""

    def mark_in_flight(self, item_id: UUID) -> bool:
        return True

    def visit(self, visit_id: UUID):
        return whole_visit()


def item(message: UUID, answers: Answers) -> OutboxItem:
    body = oru(
        whole_visit(fixed=True), message, Addresses("K", "K", "J", "J", answers=answers), SITE
    )
    queued = (MessageKind.NEW, "hl7v2-mllp", body, Delivery.QUEUED, 0, NOW, NOW)
    return OutboxItem(message, 1, UUID(int=1), *queued)


def packets(said, size: int) -> list[bytes]:
    sent = b"".join(one.bytes for one in said)
    return [sent[at : at + size] for at in range(0, len(sent), size)]


def was_taken(said, answers: Answers) -> bool:
    """Whether a whole answer to ours says that it was taken; the oracle."""
    kept = {"AA"} if answers in {Answers.APPLICATION, Answers.BOTH} else {"AA", "CA"}
    return any(
        one.ident.strip() == short_id(OURS)
        and (one.code in kept or one.error == "205")
        and one.spoilt not in {"half", "no frame", "text"}
        for one in said
    )


def after(sent: OutboxItem, outcome) -> OutboxItem:
    doubtful = isinstance(outcome, Later) and outcome.ambiguous
    state = Delivery.AMBIGUOUS if doubtful else Delivery.QUEUED
    return replace(sent, state=state, attempts=sent.attempts + 1, failure=outcome.failure)


@pytest.mark.prove
@settings(max_examples=full(3000, 60), deadline=None)
@given(EXCHANGES, st.sampled_from(list(Answers)), st.booleans())
def test_nothing_is_taken_falsely_or_sent_for_ever(exchanges, answers, files):
    tries = []

    def answered(data: bytes):
        if short_id(OTHER).encode() in data:
            # The rest of what was said to ours may come first.
            well = [ack(short_id(OTHER), "CA"), ack(short_id(OTHER))]
            return [ack(short_id(OURS)), *well], False
        said, closes, size = exchanges[len(tries) % len(exchanges)]
        tries.append(said)
        return packets(said, size), closes

    line = MllpLine(MllpAddress("localhost", 1, tls=False))
    line._connect = lambda seconds, context: Line(answered)
    agreed = {"takes_changes": True, "files": files}
    interface = Hl7Interface(line, Addresses("K", "K", "J", "J", answers=answers), SITE, **agreed)
    hands = Hands(store=Outbox(), now=lambda: NOW, chance=lambda: 0.5, in_flight=lambda _: None)
    sent = item(OURS, answers)
    for _ in range(MOST_TRIES):
        outcome = interface.deliver(sent, hands).outcome
        if isinstance(outcome, Done):
            assert was_taken(tries[-1], answers)
            # Kept is not dealt with, and only a receiver that files says received.
            assert isinstance(outcome, Delivered) or (
                files and any(one.code == "AA" or one.error == "205" for one in tries[-1])
            )
            break
        other = interface.deliver(item(OTHER, answers), hands).outcome
        assert isinstance(other, Done)
        if isinstance(outcome, Parked):
            break
        sent = after(sent, outcome)
    else:
        pytest.fail("sent for ever, and nobody is told")
