"""Signs of life. Every thread of a station is a :class:`Part` and tells, again and again, that it
goes on; whoever looks after the process asks :data:`PARTS` who has not.

A part is *silent* when its last sign is older than it may be, and *lost* when its thread ended
without being asked to: by an exception, or by returning. How long a part may be silent is in
:data:`SILENCE` and nowhere else. It is longer than the longest work that the part may rightly do,
with everything that this work itself waits for; a part that waits for work rests and owes no sign.
"""

from __future__ import annotations

import logging
import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final

SHARE: Final = 900.0
"""Seconds that a folder on a network share may keep whoever looks at it: a server that went away is
given up by the kernel after minutes, and starting the station anew brings none back."""

SILENCE: Final[Mapping[str, float]] = {
    "importing": 300.0,  # a slow card, the first start after an upgrade
    "starting": 300.0,
    "closing": 60.0,
    "ending": 120.0,
    "store": 60.0,  # one turn at the database; a commit is a matter of milliseconds
    "clinic": 300.0,  # the same over the network: several statements of 20 s, and a connection
    "saver": 180.0,  # somebody else's turn, its own, and the inbox
    "worker": 180.0,
    "link": 90.0,  # closing a serial line may wait 30 s for bytes that nobody takes
    "watcher": 90.0,
    "ear": 90.0,  # as a link: it opens and closes ports
    "inbox": SHARE,
    "sender": SHARE,  # files are dropped on shares; a request has its own deadline of seconds
    "echo": 300.0,
    "looker": 120.0,
    "look-up-deadline": 60.0,
    "journal-deadline": 120.0,
    "printer": 300.0,  # a slip on a slow serial line takes 45 s, and is waited for
    "usbip": 60.0,
    "chores": SHARE,  # forgets a long time's rows, asks the journal
    "metrics": 120.0,
    "status-file": SHARE,
    "note": SHARE,
}
"""The longest silence of each kind of part, seconds."""

_LOG = logging.getLogger(__name__)


class Sign:
    """When the next sign is due at the latest. For the part's own thread; reading is for any."""

    def __init__(self, silence: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._silence, self._clock = silence, clock
        self._due = math.inf

    def seen(self) -> None:
        """Here I am, at work."""
        self._due = self._clock() + self._silence

    def waits(self, seconds: float) -> None:
        """I wait, and shall be heard of at the latest so many seconds later than otherwise."""
        self._due = self._clock() + self._silence + seconds

    def rests(self) -> None:
        """I wait for work, however long that takes."""
        self._due = math.inf

    @property
    def is_due(self) -> bool:
        """Whether the sign should have come by now."""
        return self._clock() > self._due


class Part(threading.Thread):
    """A thread with a sign of life. An exception that leaves ``act`` is told by its kind alone."""

    def __init__(
        self, kind: str, act: Callable[[], object], *, name: str = "", ends: bool = False
    ) -> None:
        """``kind`` is a key of :data:`SILENCE`; ``ends``: it is done when ``act`` returns."""
        super().__init__(name=name or kind, daemon=True)
        self.kind = kind
        self.sign = Sign(SILENCE[kind])
        self._act, self._ends = act, ends

    def start(self) -> None:
        """Start the thread. May be called once."""
        self.sign.seen()
        PARTS.add(self)
        super().start()

    def run(self) -> None:
        """Act, on the thread."""
        try:
            self._act()
        except BaseException as error:  # noqa: BLE001 - whatever it was, this part is gone
            tell(self.kind, error)
        else:
            if self._ends:
                PARTS.remove(self)

    def end(self, seconds: float) -> None:
        """It was asked to stop: it owes no sign any more. Waits for it, never longer than that."""
        PARTS.remove(self)
        if self.is_alive() and self is not threading.current_thread():
            self.join(seconds)


class Parts:
    """Every part that was started and not ended, and what went wrong in them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._here: set[Part] = set()
        self._faults: Counter[str] = Counter()
        self._strange: set[str] = set()

    def add(self, part: Part) -> None:
        """It is expected to give signs from now on."""
        with self._lock:
            self._here.add(part)

    def remove(self, part: Part) -> None:
        """Nothing more is expected of it."""
        with self._lock:
            self._here.discard(part)

    def count(self, kind: str) -> None:
        """Something went wrong there and nobody had foreseen it."""
        with self._lock:
            self._faults[kind] += 1

    def lose(self, kind: str) -> None:
        """A thread that is no part ended by an exception."""
        with self._lock:
            self._strange.add(kind)

    def kinds(self) -> tuple[str, ...]:
        """The kinds of the parts that are expected to live."""
        return tuple(sorted({part.kind for part in self._all()}))

    def silent(self) -> tuple[str, ...]:
        """The kinds of those whose sign is due."""
        return tuple(sorted({part.kind for part in self._all() if part.sign.is_due}))

    def lost(self) -> tuple[str, ...]:
        """The kinds of those whose thread has ended unasked."""
        ended = {part.kind for part in self._all() if not part.is_alive() and part.ident}
        with self._lock:
            return tuple(sorted(ended | self._strange))

    def faults(self) -> dict[str, int]:
        """How often something unforeseen went wrong, by kind."""
        with self._lock:
            return dict(self._faults)

    def _all(self) -> tuple[Part, ...]:
        with self._lock:
            return tuple(self._here)


PARTS: Final = Parts()
"""The parts of this process."""


def tell(kind: str, error: BaseException) -> None:
    """Log and count an exception nobody caught: its class and place, never its text or values."""
    PARTS.count(kind)
    _LOG.error("%s: %s at %s", kind, type(error).__name__, place_of(error.__traceback__))


def place_of(trace: TracebackType | None) -> str:
    """Where an exception was raised, as ``function:line``."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"


def catch_the_rest() -> None:
    """Have what nobody caught told in the same way, wherever in the process it happened.

    Python's own hooks print an exception's text, which may hold a name or a value.
    """

    def in_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            tell("thread", caught.exc_value)
        PARTS.lose("thread")

    def in_main(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        tell("main", error)

    def unraisable(caught: Any) -> None:
        if caught.exc_value is not None:
            tell("cleaning", caught.exc_value)

    threading.excepthook = in_thread
    sys.excepthook = in_main
    sys.unraisablehook = unraisable
