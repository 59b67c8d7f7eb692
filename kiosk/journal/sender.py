"""The outbox thread: takes one message at a time, sends it, records what came of it.

Two commits for one message: "in flight" before the first byte, and the outcome afterwards. In a
row of messages the outcome of one and "in flight" of the next are the same commit. It starts by
putting right what a crash left behind, survives everything, and tells the rest of the station
only what has become durable.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from uuid import UUID

from drivers.living import Part
from kiosk.journal import line as lines
from kiosk.journal.answers import STOPPING, Line, Verdict
from kiosk.journal.attempt import Hands
from kiosk.journal.backoff import CAP, LONGEST_WISH, backoff
from kiosk.journal.interface import Interface
from kiosk.journal.sender_news import News, change
from kiosk.model.outbox import (
    DeliveryChanged,
    Done,
    Failure,
    JournalState,
    Later,
    OutboxCounts,
    OutboxItem,
    OutboxStatus,
    OutboxStore,
    Outcome,
    Parked,
    Released,
)
from kiosk.model.visit import Delivery
from kiosk.system.clock import now_utc

log = logging.getLogger(__name__)

NOTHING_DUE = datetime(1970, 1, 1, tzinfo=UTC)
"""A moment at which no message was due, for an outcome after which nothing is taken in hand."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the sender looks around. Seconds."""

    idle_probe: float = 20.0
    stopped: float = lines.STOPPED_PAUSE
    status: float = 1.0
    after_crash: float = 1.0


class Sender:
    """The sender of one interface. ``wake``, ``start`` and ``stop`` are for any thread.

    ``connect`` is called in the sender's thread; ``publish`` is called from it and must not
    block. Of the messages only those of ``adapters`` are its own, if any are named. They are in
    ``store``, or ``elsewhere``, which is asked for when it is needed; what is told is what
    ``counts`` says, or the whole of ``store``.
    """

    def __init__(
        self,
        store: OutboxStore,
        connect: Callable[[], Interface],
        publish: Callable[[News], None],
        *,
        adapters: Sequence[str] = (),
        elsewhere: Callable[[], OutboxStore] | None = None,
        counts: Callable[[], OutboxCounts] | None = None,
        pace: Pace = Pace(),
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        self._counts = counts or store.counts
        self._store = store
        self._elsewhere = elsewhere
        self._adapters = tuple(adapters)
        self._connect = connect
        self._publish = publish
        self._pace = pace
        self._now = now
        self._jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._woken = Event()
        self._stopping = Event()
        self._interface: Interface | None = None
        self._line = lines.LineState()
        self._hold_until: datetime | None = None
        self._sweep = False
        self._told: OutboxStatus | None = None
        self._tell_from = float("-inf")
        self._crashes = 0
        self._in_flight: UUID | None = None
        self._thread = Part("sender", self._run, name="journal-sender")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Something is new: a message, or a person who asks to try now."""
        self._woken.set()

    def stop(self, timeout: float = 2.0) -> bool:
        """End the thread; a request that is running gets half the time, then it is cut.

        Returns whether the thread ended in time. What was under way is put right at the next
        start.
        """
        self._stopping.set()
        self._woken.set()
        self._thread.end(timeout / 2)
        if self._thread.is_alive() and self._interface is not None:
            self._interface.abort()
            self._thread.join(timeout / 2)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._thread.sign.seen()
            try:
                self._serve()
            except Exception as error:  # noqa: BLE001 - a sender that dies loses every later value
                self._crashes += 1
                # A clinic's database that is away for a week must not fill the log.
                if self._crashes.bit_count() == 1:
                    log.error("sender starts again after %s", type(error).__name__)
                self._wait(min(self._pace.after_crash * self._crashes, 30.0))
        if self._interface is not None:
            self._interface.close()

    def _serve(self) -> None:
        if self._interface is None:
            self._interface = self._connect()
        if self._elsewhere is not None:
            self._store = self._elsewhere()
        hands = Hands(
            store=self._store, now=self._now, chance=self._jitter.random, in_flight=self._left
        )
        self._store.recover(self._now(), self._adapters)
        # The waits of the last run were measured against a journal that may be well again.
        self._sweep = True
        self._probe()
        item = self._claim()
        while not self._stopping.is_set():
            self._thread.sign.seen()
            if item is None:
                self._tell_status(counts=True)
                self._idle()
                item = self._claim()
            elif self._line_is_open():
                verdict = self._delivered(item, self._interface, hands)
                item = self._settle(item, verdict) if verdict is not None else self._claim()
        if item is not None:
            # Nothing of it has left; another station, or the next start, need not wait for it.
            back = Released(self._now(), item.failure, item.detail)
            self._store.settle(item.id, back, NOTHING_DUE, self._adapters)

    # --- one message ---------------------------------------------------------------------

    def _delivered(self, item: OutboxItem, interface: Interface, hands: Hands) -> Verdict | None:
        try:
            return interface.deliver(item, hands)
        except Exception as error:  # noqa: BLE001 - one bad message must not hold up the others
            log.error("message %s: %s", item.id, type(error).__name__)
            self._crashes += 1
            return Verdict(self._after_crash(item), Line.DOWN)

    def _after_crash(self, item: OutboxItem) -> Outcome:
        """Bytes may have left of what was in flight or ambiguous, and of nothing else."""
        wait = backoff(max(item.attempts, self._crashes), self._jitter.random())
        due = self._now() + wait
        if self._in_flight == item.id or item.state in {Delivery.AMBIGUOUS, Delivery.IN_FLIGHT}:
            return Later(due, Failure.UNKNOWN_OUTCOME, "internal-error", ambiguous=True)
        return Released(due, Failure.UNKNOWN_OUTCOME, "internal-error")

    def _left(self, item: OutboxItem) -> None:
        self._in_flight = item.id
        self._publish(DeliveryChanged(item.id, item.visit_id, Delivery.IN_FLIGHT))

    def _settle(self, item: OutboxItem, verdict: Verdict) -> OutboxItem | None:
        """Record the outcome, tell it, and take the next message in hand."""
        # Only after a success is it certain that the next one is sent at once.
        flies = self._interface is not None and self._interface.flies
        launch = flies and isinstance(verdict.outcome, Done) and not self._stopping.is_set()
        following = self._store.settle(
            item.id, verdict.outcome, self._now(), self._adapters, launch=launch
        )
        self._publish(change(item, verdict.outcome))
        self._follow(verdict)
        self._tell_status()
        return following if following is not None else self._swept()

    def _swept(self) -> OutboxItem | None:
        """After an outage nobody waits out a back-off that the outage caused."""
        item = self._store.claim(self._now() + CAP, self._adapters) if self._sweep else None
        self._sweep = item is not None
        return item

    def _follow(self, verdict: Verdict) -> None:
        outcome = verdict.outcome
        failure = None if isinstance(outcome, Done) else outcome.failure
        if failure is None or verdict.line is Line.UP:
            self._sweep = isinstance(outcome, Done | Parked) and (self._sweep or self._line.down)
            self._line = lines.delivered(self._line)
            self._crashes = 0
            return
        self._sweep = False
        if verdict.line is Line.STOPPED:
            self._line = lines.stopped(self._line, failure)
        elif verdict.line is Line.HOLD and isinstance(outcome, Later):
            self._hold_until = outcome.due
            seconds = (outcome.due - self._now()).total_seconds()
            self._line = lines.held(self._line, failure, seconds)
        else:
            self._line = lines.failed(self._line, failure)

    # --- the line ------------------------------------------------------------------------

    def _line_is_open(self) -> bool:
        """Wait until a message may be sent; ``False`` to be asked again, or at the end."""
        if self._hold_until is not None:
            self._hold()
        elif self._line.state is JournalState.STOPPED:
            self._wait(self._pace.stopped)
        elif self._line.silent or self._line.failed:
            self._wait(self._pause())
            self._probe()
            closed = self._line.silent and not lines.past_probes(self._line)
            return not closed and not self._stopping.is_set()
        return not self._stopping.is_set()

    def _probe(self) -> None:
        if self._interface is None or self._stopping.is_set():
            return
        failure = self._interface.probe()
        if failure is None:
            was_silent = self._line.silent > 0
            self._line = lines.answered(self._line)
            self._sweep = self._sweep or was_silent
        elif failure in STOPPING:
            self._line = lines.stopped(self._line, failure)
        else:
            self._line = lines.silent(self._line, failure)
        self._tell_status()

    def _idle(self) -> None:
        """Nothing is due: sleep until something is, and see now and then who answers."""
        due = self._store.next_due(self._adapters)
        left = self._pace.idle_probe
        if self._line.silent:
            left = self._pause()
        elif self._line.state is JournalState.STOPPED:
            left = self._pace.stopped
        if due is not None:
            left = min(left, max((due - self._now()).total_seconds(), 0.0))
        if not self._wait(left) and not self._is_due(due):
            self._probe()

    def _pause(self) -> float:
        return lines.pause(self._line) * self._jitter.uniform(0.75, 1.0)

    def _is_due(self, due: datetime | None) -> bool:
        return due is not None and due <= self._now()

    def _claim(self) -> OutboxItem | None:
        if self._sweep and not self._line.down:
            return self._swept()
        now = self._now()
        due = self._store.next_due(self._adapters)
        if due is not None and due > now + 2 * LONGEST_WISH:
            # No wait is that long: the clock was set back, and nobody should wait for it.
            now = due
        return self._store.claim(now, self._adapters)

    # --- telling and waiting -------------------------------------------------------------

    def _tell_status(self, *, counts: bool = False) -> None:
        """Publish changes of the line at once, mere ``counts`` if asked or now and then."""
        told = self._told
        same = told is not None and (told.journal, told.failure) == (
            self._line.state,
            self._line.failure,
        )
        moment = time.monotonic()
        if same and not counts and moment < self._tell_from:
            return
        status = OutboxStatus(self._line.state, self._counts(), self._line.failure)
        # Counting a long outbox takes its time; it never takes more than a small part of it.
        took = time.monotonic() - moment
        self._tell_from = moment + max(self._pace.status, 100 * took)
        if status != told:
            self._told = status
            self._publish(status)

    def _wait(self, seconds: float) -> bool:
        """Sleep; tells whether somebody woke the sender."""
        self._thread.sign.waits(seconds)
        woken = self._woken.wait(seconds)
        self._thread.sign.seen()
        self._woken.clear()
        return woken

    def _hold(self) -> None:
        """The journal asked for patience: new messages are counted but do not break it."""
        while self._hold_until is not None and not self._stopping.is_set():
            left = (self._hold_until - self._now()).total_seconds()
            if not 0 < left <= LONGEST_WISH.total_seconds():
                self._hold_until = None
            elif self._wait(left):
                self._tell_status()
                self._stopping.wait(min(left, self._pace.status))
