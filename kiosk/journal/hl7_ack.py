"""What an HL7 acknowledgement means for a message. Pure.

``AA`` and ``CA`` say that the receiver has taken the message, not that it stands in the journal
yet. An answer to another message is no answer: the line is closed, and the message stays
uncertain, because a late answer must never be counted for the next message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.core.outbox import Done, Failure, Later, Parked
from kiosk.journal.answers import Circumstances, Line, Verdict, classify
from kiosk.journal.backoff import backoff
from kiosk.journal.contract import NoAnswer, Trouble
from kiosk.journal.masking import masked

TAKEN = frozenset({"AA", "CA"})
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
        message = hl7.parse(data.decode("utf-8", "replace"))
        msa = message.segment("MSA")
        code, control = _field(msa, 1), _field(msa, 2)
        err = message["ERR"][0] if "ERR" in {str(s[0]) for s in message} else None
    except (hl7.HL7Exception, KeyError, IndexError, ValueError):
        raise ValueError("not an acknowledgement") from None
    error = _field(err, 3).split("^")[0] if err is not None else ""
    words = (_field(err, 8) if err is not None else "") or _field(msa, 3)
    return Acknowledgement(code, control, error, words)


def _field(segment: object, number: int) -> str:
    try:
        return str(segment[number])  # type: ignore[index]  # hl7 has no types
    except IndexError:
        return ""


def judge(ack: Acknowledgement, control_id: str, around: Circumstances, *, again: bool) -> Verdict:
    """Decide what happens to a message. ``again``: it was sent before without an answer."""
    if ack.control_id != control_id:
        return classify(NoAnswer(Trouble.NO_ANSWER, "answer-to-another-message"), around)
    if ack.code in TAKEN or (ack.error == DUPLICATE and again):
        return Verdict(Done(), Line.UP)
    if ack.code not in REFUSED:
        return classify(NoAnswer(Trouble.NO_ANSWER, "not-an-acknowledgement"), around)
    failure = REASONS.get(ack.error, Failure.REFUSED)
    detail = masked(f"{ack.code} {ack.error} {ack.words}", around.personal)
    if failure is Failure.CONFIGURATION:
        return Verdict(Later(around.now, failure, detail), Line.STOPPED)
    if failure is Failure.BUSY:
        due = around.now + backoff(around.attempts, around.chance)
        return Verdict(Later(due, failure, detail), Line.DOWN)
    return Verdict(Parked(failure, detail), Line.UP)
