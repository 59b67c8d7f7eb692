"""What was seen of one slip, and what it proves: the strongest evidence counts, bad news wins.

A process id is a printer's word that the printing is done. An in-order answer is weaker: many
printers give it when the bytes arrive. Both are worth nothing where the line talks nonsense, and
a hindrance seen before the end outranks them.
"""

from __future__ import annotations

from drivers.printers.answers import Answer, InOrder, Noise, ProcessDone
from drivers.printers.facts import Cover, Facts, Fault, Online, Paper
from drivers.printers.jobs import Cause


class Evidence:
    """Everything seen since a slip began. Pure; times are monotonic seconds.

    ``done``: when the slip's own process id came; ``hindered``: the first hindrance before it;
    ``nonsense``: something came that no sane printer says; ``printed_by``: when a slow head has
    printed all it was given; ``sent``: when the last byte had been taken.
    """

    def __init__(self, identity: bytes = b"") -> None:
        self.identity = identity
        self.hindered = Cause.NONE
        self.done: float | None = None
        self.nonsense = False
        self.printed_by = 0.0
        self.sent = 0.0

    def gave(self, now: float, seconds: float) -> None:
        """Something was handed over that takes a slow head so many seconds."""
        self.sent = now
        self.printed_by = max(self.printed_by, now) + seconds

    def heard(self, answer: Answer, now: float, *, asked: bool) -> None:
        """Take in an answer; ``asked`` tells of an in-order one that a question waited for it."""
        if isinstance(answer, ProcessDone) and answer.identity == self.identity:
            self.done = now if self.done is None else self.done
        odd = isinstance(answer, InOrder) and not (asked and _paired(answer.byte))
        self.nonsense = self.nonsense or odd or isinstance(answer, Noise)

    def hinders(self, cause: Cause) -> None:
        """Something keeps the paper from coming out; what comes after the end is no matter."""
        if self.hindered is Cause.NONE and self.done is None:
            self.hindered = cause

    def strong(self, knife: float) -> bool:
        """Whether the id came when it can be true: not sooner than the knife can be reached."""
        return self.done is not None and self.done >= self.sent + knife and not self.nonsense


def all_well(facts: Facts) -> bool:
    """Whether paper, cover and readiness are known and good. Unknown is never fine."""
    return (
        facts.paper in {Paper.OK, Paper.NEAR_END}
        and facts.cover is Cover.CLOSED
        and facts.online is Online.ONLINE
        and facts.fault in {Fault.NONE, Fault.PASSING}
    )


def _paired(byte: int) -> bool:
    """``GS r 1`` sets its bits in pairs (0 and 1, 2 and 3); random bytes seldom do."""
    return byte in {0x00, 0x03, 0x0C, 0x0F}
