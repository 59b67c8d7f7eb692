"""Which of a receiver's messages is the answer to ours, and what it means. Pure.

``AA`` and ``CA`` say that the receiver has taken the message, not that it stands in the journal
yet. An answer to another message is none: a late answer must never be counted for the next message.

HL7 v2.5, 2.9.2 and 2.9.3: a message whose MSH-15 and MSH-16 are both empty is answered once (AA,
AE, AR: original mode); else MSH-15 asks for CA, CE or CR when it is kept, MSH-16 for AA, AE or AR
when it is dealt with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.journal.answers import Circumstances, Line, Verdict, classify
from kiosk.journal.backoff import backoff
from kiosk.journal.contract import NoAnswer, Trouble
from kiosk.journal.masking import masked
from kiosk.model.outbox import Delivered, Done, Failure, Later, Parked

KEPT = "CA"
TAKEN = frozenset({"AA", KEPT})
REFUSED = frozenset({"AE", "AR", "CE", "CR"})

REASONS: Mapping[str, Failure] = {
    "200": Failure.CONFIGURATION,  # unsupported message type
    "201": Failure.CONFIGURATION,  # unsupported event code
    "202": Failure.CONFIGURATION,  # unsupported processing id
    "203": Failure.CONFIGURATION,  # unsupported version id
    "204": Failure.PATIENT_NOT_FOUND,  # unknown key identifier
    "206": Failure.BUSY,  # application record locked
    "207": Failure.BUSY,  # application internal error
}
"""HL7 v2.5 table 0357, message error condition codes; all others are about this message."""

SECOND_ANSWER = 1.0
"""Seconds in which AA or AE may follow a CA that nobody asked for."""

CUT = 20
"""Characters of a control id that every receiver keeps (HL7 v2.5: MSH-10 and MSA-2 hold 20)."""

DUPLICATE = "205"
"""Duplicate key identifier: to a message that was sent before, this says that it arrived."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """MSA-1, MSA-2, the error code (ERR-3) and the receiver's words (ERR-8, MSA-3)."""

    code: str
    control_id: str
    error: str = ""
    words: str = ""


def read_ack(data: bytes) -> Acknowledgement:
    """Read an acknowledgement; raises :class:`ValueError` for anything else."""
    import hl7

    try:
        lines = data.decode("utf-8", "replace").replace("\r\n", "\r").replace("\n", "\r")
        message = hl7.parse(lines)
        msa = message.segment("MSA")
        code, control = _field(msa, 1).strip(), _field(msa, 2).strip()
        err = message["ERR"][0] if "ERR" in {str(s[0]) for s in message} else None
    except (hl7.HL7Exception, KeyError, IndexError, ValueError):
        raise ValueError("not an acknowledgement") from None
    # MSA-6 has the error code up to version 2.4, ERR-3 from 2.5 on.
    error = (_field(err, 3) if err is not None else "") or _field(msa, 6)
    words = (_field(err, 8) if err is not None else "") or _field(msa, 3)
    return Acknowledgement(code, control, error.split("^")[0], words)


def is_answer_to(sent: str, answered: str) -> bool:
    """Whether a control id in an answer is that of the message sent, whole or cut to 20."""
    return bool(answered) and answered in {sent, sent[:CUT]}


@dataclass(slots=True)
class Hearing:
    """What came back to one message: see :class:`kiosk.journal.hl7.mllp.Listener`.

    ``accept`` and ``application`` are its MSH-15 and MSH-16. ``answer`` is the last word on the
    message so far; ``stray`` says what the last message was that is no answer to it.
    """

    control_id: str
    accept: str = ""
    application: str = ""
    answer: Acknowledgement | None = field(default=None, init=False)
    strays: int = field(default=0, init=False)
    stray: str = field(default="", init=False)

    @property
    def is_answered(self) -> bool:
        """Whether the answer is there."""
        return self.answer is not None

    def hear(self, message: bytes) -> float | None:
        """Take one message; how many seconds more to listen, ``None`` for as long as before."""
        try:
            ack = read_ack(message)
        except ValueError as error:
            self._stray(f"{error}: {message[:200].decode('utf-8', 'replace')}")
            return None
        if not is_answer_to(self.control_id, ack.control_id):
            told = f"{ack.code} {ack.control_id} {ack.error} {ack.words}"
            self._stray(f"answer-to-another-message: {told}")
            return None
        if ack.code not in TAKEN | REFUSED:
            self._stray(f"not-an-acknowledgement: {ack.code} {ack.words}")
            return None
        return self._ours(ack)

    def _stray(self, what: str) -> None:
        self.strays += 1
        self.stray = what

    def _ours(self, ack: Acknowledgement) -> float | None:
        if ack.code != KEPT:
            # A refusal after a CA stands; a second word of the application changes nothing.
            if self.answer is None or self.answer.code == KEPT:
                self.answer = ack
            return 0.0
        if self.application == "AL":
            self.stray = "CA: kept, and no word whether it was dealt with"
            return None
        self.answer = self.answer or ack
        return 0.0 if self.accept else SECOND_ANSWER


def _field(segment: object, number: int) -> str:
    try:
        return str(segment[number])  # type: ignore[index]  # hl7 has no types
    except IndexError:
        return ""


def judge(
    ack: Acknowledgement,
    around: Circumstances,
    *,
    again: bool,
    doubtful: bool,
    files: bool = False,
) -> Verdict:
    """Decide what happens to a message. ``again``: it was sent before. ``doubtful``: at least once
    without an answer, so that it may have arrived whatever is said of it now. ``files``: AA of this
    receiver means that the values stand in the journal; CA never does.
    """
    if ack.code in TAKEN or (ack.error == DUPLICATE and again):
        return Verdict(Done() if files and ack.code != KEPT else Delivered(), Line.UP)
    failure = REASONS.get(ack.error, Failure.REFUSED)
    detail = masked(f"{ack.code} {ack.error} {ack.words}", around.personal)
    due = around.now + backoff(around.attempts, around.chance)
    if failure is Failure.CONFIGURATION:
        return Verdict(Later(due, failure, detail, ambiguous=doubtful), Line.STOPPED)
    if failure is Failure.BUSY:
        return Verdict(Later(due, failure, detail, ambiguous=doubtful), Line.DOWN)
    return Verdict(Parked(failure, detail), Line.UP)


def not_understood(words: str, around: Circumstances) -> Verdict:
    """Something came back and was no answer to this message: it may have arrived."""
    trouble = NoAnswer(Trouble.NO_ANSWER, masked(words, around.personal))
    return classify(trouble, around)
