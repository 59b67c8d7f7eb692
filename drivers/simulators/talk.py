"""What a simulated scale answers: every command of the level it claims, not only its driver's poll.

A speech knows one command set: how a request is cut out of the bytes, and what it is answered. So a
stranger's program that knows the real device finds it here as well. Devices without a speech answer
the request of their driver and call anything else not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.driver import Poll
from drivers.events import Event, NoReading, Reason
from drivers.simulators.keys import Key

STABLE_SECONDS: Final = 3.0
"""How long a request for a stable value waits before it is refused."""

REPEAT_SECONDS: Final = 0.1
LONGEST_REQUEST: Final = 256


class Bench(Protocol):
    """The scale a speech speaks for."""

    def event(self) -> Event:
        """Return what the display says."""

    def is_stable(self) -> bool:
        """Return whether the load has settled."""

    def key(self, key: Key) -> bool:
        """Press a key; returns whether it did anything."""

    def tare_grams(self) -> int:
        """Return the tare in use."""

    def take_tare(self, grams: int) -> None:
        """Use a tare of so many grams."""


Said = Event | bytes
"""An event goes out through the driver's renderer, bytes as they are."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The answer has to wait until the load has settled; ``late`` is said if it does not."""

    late: bytes


@dataclass(frozen=True, slots=True)
class Repeat:
    """``request`` is answered again and again, until another request comes."""

    request: bytes
    first: tuple[Said, ...] = ()


Answer = Sequence[Said] | Wait | Repeat


@dataclass(frozen=True, slots=True)
class Speech:
    """One command set.

    ``cut`` takes one whole request out of the bytes that have come, ``None`` while there is none.
    """

    cut: Callable[[bytearray], bytes | None]
    answer: Callable[[bytes, Bench], Answer]


def until(ending: bytes) -> Callable[[bytearray], bytes | None]:
    """Cut requests that end with ``ending``, which is not handed on."""

    def cut(asked: bytearray) -> bytes | None:
        end = asked.find(ending)
        if end < 0:
            return None
        request = bytes(asked[:end])
        del asked[: end + len(ending)]
        return request

    return cut


def polled(poll: Poll) -> Speech:
    """A device that knows its driver's request and nothing else."""
    last = poll.command[-1:]

    def answer(request: bytes, bench: Bench) -> Answer:
        known = (request + last).endswith(poll.command)
        return (bench.event() if known else NoReading(Reason.NOT_UNDERSTOOD),)

    return Speech(until(last), answer)


class Dialogue:
    """Keeps what was asked and is not answered yet. Times are monotonic seconds."""

    def __init__(self, speech: Speech | None) -> None:
        self._speech = speech
        self._asked = bytearray()
        self._waiting: tuple[bytes, float] | None = None
        self._repeating: bytes | None = None
        self._next = 0.0
        self.requests = 0

    def forget(self) -> None:
        """Drop what was asked: the port was closed."""
        self._asked.clear()
        self._waiting = self._repeating = None

    def heard(self, data: bytes, bench: Bench, now: float) -> list[Said]:
        """Take what was sent to the device; returns what it says."""
        if self._speech is None:
            return []
        self._asked += data
        said: list[Said] = []
        while (request := self._speech.cut(self._asked)) is not None:
            self.requests += 1
            self._waiting = self._repeating = None
            said += self._answered(request, bench, now)
        del self._asked[:-LONGEST_REQUEST]
        return said

    def due(self, bench: Bench, now: float) -> list[Said]:
        """Return what the device says now to what was asked before."""
        if self._waiting is not None:
            request, end = self._waiting
            if bench.is_stable() or now >= end:
                self._waiting = None
                return self._answered(request, bench, now, late=now >= end)
        if self._repeating is not None and now >= self._next:
            self._next = now + REPEAT_SECONDS
            return self._answered(self._repeating, bench, now)
        return []

    def _answered(
        self, request: bytes, bench: Bench, now: float, *, late: bool = False
    ) -> list[Said]:
        assert self._speech is not None
        answer = self._speech.answer(request, bench)
        if isinstance(answer, Wait):
            if late:
                return [answer.late]
            self._waiting = (request, now + STABLE_SECONDS)
            return []
        if isinstance(answer, Repeat):
            self._repeating, self._next = answer.request, now
            return list(answer.first)
        return list(answer)
