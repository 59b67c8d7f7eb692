"""A printer's line while it is open: sending with a deadline, asking, and what is known.

Only the printer thread uses it. Nothing here decides about jobs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from drivers.printers.answers import (
    BLOCK_5F,
    Answer,
    AnswerReader,
    Block,
    InOrder,
    Noise,
    ProcessDone,
    RealTime,
    StatusChanged,
)
from drivers.printers.command_bytes import ASK_IN_ORDER, ASK_STATUS
from drivers.printers.evidence import Evidence
from drivers.printers.facts import (
    Cover,
    Facts,
    Online,
    Paper,
    facts_of_paper_sensor,
    facts_of_real_time,
)
from drivers.printers.jobs import Cause
from drivers.printers.transports import PortStatus, Transport

MAX_READS, MAX_LATE = 64, 4
"""How often a printer that never stops talking is listened to before it is asked."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take, in seconds.

    ``answer``: an answer to a question; ``slice``: one look at sensors while sending;
    ``stall``: what a strip may take beyond its time on the line; ``confirm``: what the last
    answer may take beyond the printing; ``idle``: between looks at an idle printer; ``reopen``:
    between attempts to find a lost one; ``silent``: before a network printer that said nothing
    is called again; ``knife``: no printer feeds to the knife and cuts in less.
    ``rows_per_second`` is a slow head, 50 mm/s.
    """

    answer: float = 0.5
    slice: float = 0.25
    stall: float = 5.0
    confirm: float = 5.0
    idle: float = 0.5
    reopen: float = 0.5
    silent: float = 3.0
    knife: float = 0.05
    rows_per_second: float = 400.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How much the printer took, and why not all if so."""

    taken: int
    cause: Cause = Cause.NONE


class Line:
    """An open transport with its reader and what was learned. Raises only PrinterLost.

    ``talks``: something valid was ever answered; ``answers_in_order``: an in-order question
    was; ``process_ids``: whether ``GS ( H`` was answered, ``None`` yet; ``outstanding``: how
    many in-order answers are still to come; ``reports``: it tells changes by itself;
    ``answers_at_once``: the last look at everything was answered; ``evidence``: of this slip;
    ``model``: the name it answered.
    """

    def __init__(self, transport: Transport, timing: Timing) -> None:
        self.transport = transport
        self.timing = timing
        self.talks = False
        self.answers_in_order = False
        self.reports = False
        self.process_ids: bool | None = None
        self.outstanding = 0
        self.answers_at_once = False
        self.evidence = Evidence()
        self.model = ""
        self._said = Facts()
        self._port = Facts()
        self._reader = AnswerReader()
        self._missed = False
        self._owed = b""

    @property
    def facts(self) -> Facts:
        """What the printer last said, with the port's bad news over it."""
        return self._said.updated(self._port)

    def send(self, data: bytes, patience: float | None = None) -> Sent:
        """Hand over ``data``, watching paper and cover whenever the printer hesitates.

        ``patience`` replaces the allowance for hesitation, in seconds.
        """
        allowed = self.timing.stall if patience is None else patience
        deadline = time.monotonic() + len(data) / self.transport.rate + allowed
        if not self._pay_debt(deadline):
            return Sent(0, Cause.BLOCKED)
        if not data:
            return Sent(0)
        taken = 0
        while True:
            until = min(deadline, time.monotonic() + self.timing.slice)
            taken += self.transport.write(data[taken:], until)
            if taken >= len(data):
                return Sent(taken)
            cause = self.look()
            if cause is not Cause.NONE or time.monotonic() >= deadline:
                return Sent(taken, cause or Cause.BLOCKED)

    def look(self) -> Cause:
        """Take in what came by itself; name what hinders printing, if anything is known."""
        self.hear(0)
        self._look_at_port()
        cause = hindrance(self.facts)
        self.evidence.hinders(cause)
        return cause

    def hear(self, timeout: float) -> list[Answer]:
        """Read once, at most ``timeout`` seconds, and keep what it tells."""
        answers = self._reader.feed(self.transport.read(timeout))
        for answer in answers:
            self._learn(answer)
        return answers

    def check(self, *, ask: bool = True) -> Facts:
        """Look at everything anew; what is not answered becomes unknown.

        ``ask`` off only looks at the port, for a printer known to say nothing.
        """
        self._look_at_port()
        if ask and not self.transport.in_doubt():
            self._drain()
            self._said = self._ask_all()
            self.answers_at_once = self._said.online is not Online.UNKNOWN
        self.evidence.hinders(hindrance(self.facts))
        return self.facts

    def prove(self) -> bool:
        """Whether an in-order question is answered: all sent before was understood and used.

        Answers to earlier questions come first, so only the last one counts.
        """
        self._drain()
        if self.send(ASK_IN_ORDER, self.timing.answer).taken < len(ASK_IN_ORDER):
            return False
        self.outstanding += 1
        return self.await_order(self.timing.answer)

    def await_order(self, seconds: float) -> bool:
        """Wait until every in-order question is answered."""
        deadline = time.monotonic() + seconds
        while self.outstanding and (left := deadline - time.monotonic()) > 0:
            self.hear(left)
        return not self.outstanding

    def forget_questions(self) -> None:
        """Expect no answer any more: the buffers they waited in are gone."""
        self._drain()
        self._reader.drop_partial()
        self.outstanding = 0
        self._owed = b""

    def _learn(self, answer: Answer) -> None:
        self.evidence.heard(answer, time.monotonic(), asked=self.outstanding > 0)
        self.talks = self.talks or not isinstance(answer, Noise)
        if isinstance(answer, InOrder | ProcessDone):
            self.answers_in_order = True
        if isinstance(answer, StatusChanged):
            self.reports = True
            self._said = self._said.updated(answer.facts)
            self.evidence.hinders(hindrance(answer.facts))
        elif isinstance(answer, Block) and answer.kind == BLOCK_5F:
            self.model = answer.body.decode("ascii", "replace")
        elif isinstance(answer, InOrder):
            self.outstanding = max(0, self.outstanding - 1)
            self._said = self._said.updated(facts_of_paper_sensor(answer.byte))

    def _look_at_port(self) -> None:
        status = self.transport.port_status()
        self._port = Facts() if status is None else _bad_news(status)

    def _drain(self) -> None:
        for _ in range(MAX_READS):
            if not self.hear(0):
                break

    def _ask_all(self) -> Facts:
        """Ask the four real-time questions; nothing at all if the answers do not add up.

        An answer does not name its question. After a missed one, late answers are waited
        for before asking, and a surplus one afterwards makes all of them worthless.
        """
        facts = Facts()
        suspicious = self._missed
        for _ in range(MAX_LATE if suspicious else 0):
            if not self.hear(self.timing.answer):
                break
        for question in ASK_STATUS:
            byte = self._ask(question)
            if byte is None:
                self._missed = True
                return facts
            facts = facts.updated(facts_of_real_time(question, byte))
        late = self.hear(self.timing.answer) if suspicious else []
        if any(isinstance(answer, RealTime) for answer in late):
            return Facts()
        self._missed = False
        return facts

    def _ask(self, question: int) -> int | None:
        """One ``DLE EOT`` and its answer, ``None`` if none comes in time."""
        data = ASK_STATUS[question]
        deadline = time.monotonic() + self.timing.answer
        if not self._pay_debt(deadline):
            return None
        taken = self.transport.write(data, deadline)
        if taken < len(data):
            self._owed = data[taken:] if taken else b""
            return None
        while (left := deadline - time.monotonic()) > 0:
            for answer in self.hear(left):
                if isinstance(answer, RealTime):
                    return answer.byte
        return None

    def _pay_debt(self, deadline: float) -> bool:
        """Send the rest of a question that was cut short, before anything else."""
        if self._owed:
            self._owed = self._owed[self.transport.write(self._owed, deadline) :]
        return not self._owed


def hindrance(facts: Facts) -> Cause:
    """Name what keeps paper from coming out, the most useful first."""
    if facts.paper is Paper.OUT:
        return Cause.PAPER_OUT
    if facts.cover is Cover.OPEN:
        return Cause.COVER_OPEN
    return Cause.PRINTER_ERROR if facts.hindered else Cause.NONE


def _bad_news(status: PortStatus) -> Facts:
    """What the port's byte is good for: paper gone, or something wrong. Never "fine"."""
    if status.paper_empty:
        return Facts(paper=Paper.OUT)
    return Facts() if status.fine else Facts(online=Online.OFFLINE)
