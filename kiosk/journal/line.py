"""The state of the line to the journal: when to send, when to ask first, when to tell anybody.

A circuit breaker with a single probe. Pure: the sender feeds it what happened and asks what it
says. While nobody answers, a probe goes out at most every three seconds, so a returning journal
is noticed well within five; a person hears once that it is gone and once that it is back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.model.outbox import Failure, JournalState

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 3.0
"""Seconds between probes of a journal that does not answer."""

STOPPED_PAUSE = 60.0
"""Seconds between tries while only a person can change something."""

TOLD_BY_PROBE = frozenset({Failure.CERTIFICATE, Failure.FOLDER_UNMARKED})
"""Why a line was stopped that a probe proves to be over."""

TRIED_ANYWAY = 4
"""After so many probes in vain in a row a message is sent all the same: a service may take what it
is sent, and be slow or unwilling to tell of itself."""

MAY_BE_THERE = frozenset({Failure.UNKNOWN_OUTCOME, Failure.BUSY})
"""Why a probe failed that leaves open whether messages are taken."""

PATIENCE = 5
"""Failed sendings in a row, though somebody answers probes, after which it is an outage."""


@dataclass(frozen=True, slots=True)
class LineState:
    """What the sender knows. ``silent`` counts failed probes in a row, ``failed`` sendings.

    ``state`` and ``failure`` are what is published. ``perhaps``: the last probe that failed found
    somebody, who said nothing or that it is busy.
    """

    state: JournalState = JournalState.UNKNOWN
    failure: Failure | None = None
    silent: int = 0
    failed: int = 0
    perhaps: bool = False

    @property
    def down(self) -> bool:
        """Whether the state is one that a person was told about."""
        return self.state in {JournalState.UNREACHABLE, JournalState.STOPPED}


def delivered(_: LineState) -> LineState:
    """A message got a definite answer: everything is well."""
    return LineState(JournalState.REACHABLE)


def stopped(line: LineState, failure: Failure) -> LineState:
    """Nothing can be sent until a person has changed something."""
    return replace(line, state=JournalState.STOPPED, failure=failure, failed=line.failed + 1)


def failed(line: LineState, failure: Failure) -> LineState:
    """A sending failed; whether that is an outage is for the probe, or for patience, to say."""
    line = replace(line, failed=line.failed + 1)
    if line.failed < PATIENCE and not line.down:
        return line
    return replace(line, state=JournalState.UNREACHABLE, failure=failure)


def held(line: LineState, failure: Failure, seconds: float) -> LineState:
    """The journal asked for patience; a person hears of it if it is more than a moment."""
    line = replace(line, failed=line.failed + 1)
    if seconds <= LONGEST_PAUSE and not line.down:
        return line
    return replace(line, state=JournalState.UNREACHABLE, failure=failure)


def silent(line: LineState, failure: Failure) -> LineState:
    """A probe found nobody, nobody who can be trusted, or nobody who answers in time."""
    line = replace(line, silent=line.silent + 1, perhaps=failure in MAY_BE_THERE)
    told = Failure.UNREACHABLE if failure is Failure.UNKNOWN_OUTCOME else failure
    return replace(line, state=JournalState.UNREACHABLE, failure=told)


def answered(line: LineState) -> LineState:
    """A probe was answered. After failed sendings only a delivered message proves more."""
    stopped = line.state is JournalState.STOPPED
    proved = stopped and line.failure in TOLD_BY_PROBE
    if not proved and (line.failed >= PATIENCE or stopped):
        return replace(line, silent=0)
    return replace(line, state=JournalState.REACHABLE, failure=None, silent=0)


def past_probes(line: LineState) -> bool:
    """Whether a message is to be tried though no probe was answered; never where nobody is."""
    return line.perhaps and line.silent > 0 and line.silent % TRIED_ANYWAY == 0


def pause(line: LineState) -> float:
    """Seconds to wait before the next probe or try, without jitter."""
    tries = max(line.silent, line.failed)
    if tries <= 1:
        return 0.0 if tries == 0 else FIRST_PAUSE
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries - 1, 8)))
