"""What an answer means for a message. Pure; the status decides first, the body only refines.

One table, so that nobody has to guess: retried for ever, asked about first, parked for a
person, or everything stops because the fault is ours. After the answer classes of outbox and
integration engines and the FHIR R4 rules for transactions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from kiosk.journal.backoff import backoff, retry_after
from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.journal.masking import server_words
from kiosk.model.outbox import Done, Failure, Later, Outcome, Parked

SLOW_RETRY = timedelta(seconds=60)
"""How often a stopped journal is tried again without anybody asking for it."""

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
BEHIND = frozenset({502, 504})
"""What a gateway answers for a journal that told it nothing it understood, or nothing in time (RFC
9110, 15.6.3 and 15.6.5): the journal may have been given the message, and may have stored it."""
CONFIGURATION = frozenset({403, 405, 406, 415, 501})
CONFLICT = frozenset({409, 412})
GONE = frozenset({404, 410})
STOPPING = frozenset(
    {
        Failure.CONFIGURATION,
        Failure.SIGN_IN,
        Failure.CERTIFICATE,
        Failure.CLOCK,
        Failure.CLINIC_REFUSES,
        Failure.FOLDER_UNMARKED,
    }
)

TROUBLES: Mapping[Trouble, Failure] = {
    Trouble.NOT_CONNECTED: Failure.UNREACHABLE,
    Trouble.NO_ANSWER: Failure.UNKNOWN_OUTCOME,
    Trouble.CERTIFICATE: Failure.CERTIFICATE,
    Trouble.SIGN_IN: Failure.SIGN_IN,
    Trouble.CONFIGURATION: Failure.CONFIGURATION,
    Trouble.CLOCK: Failure.CLOCK,
}


class Line(StrEnum):
    """What an answer says about the journal as a whole, beyond this one message.

    ``UP``: it works. ``DOWN``: see whether anybody answers before the next message. ``HOLD``:
    it asked for patience until the message is due. ``STOPPED``: nothing can work until a person
    has changed something.
    """

    UP = "up"
    DOWN = "down"
    HOLD = "hold"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for the message and what it says about the line."""

    outcome: Outcome
    line: Line


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a classification depends on besides the answer.

    ``kinds`` are the resource types sent, ``attempts`` counts this one, ``chance`` in 0..1
    picks within the jitter, ``personal`` are words to mask in the server's text, ``doubt`` is how
    long the journal may still be working on what it was sent.
    """

    kinds: Sequence[str]
    attempts: int
    now: datetime
    chance: float
    personal: tuple[str, ...] = ()
    doubt: timedelta = timedelta(0)


def status_failure(status: int) -> Failure | None:
    """Return the class of an HTTP status, ``None`` for success. The body is never asked."""
    if 200 <= status < 300:
        return None
    if status in BUSY or status > 504:
        return Failure.BUSY
    if status == 401:
        return Failure.SIGN_IN
    if status in CONFIGURATION or status in GONE or status < 200 or 300 <= status < 400:
        return Failure.CONFIGURATION
    return Failure.CONFLICT if status in CONFLICT else Failure.REFUSED


def classify(reply: Reply, around: Circumstances) -> Verdict:
    """Decide what happens to a message after one sending.

    A 404 or 410 counts as a wrong address here; whether the address is right and the patient
    gone takes another question, which the caller asks.
    """
    if isinstance(reply, NoAnswer):
        return _without_answer(reply, around)
    failure = status_failure(reply.status)
    if failure is None:
        return _success(reply, around)
    words = server_words(reply.body, around.personal)
    detail = f"{reply.status} {words}".strip()
    if failure in STOPPING:
        return Verdict(Later(around.now, failure, detail), Line.STOPPED)
    if failure is Failure.BUSY:
        return _busy(reply, around, detail)
    return Verdict(Parked(failure, detail), Line.UP)


def _without_answer(reply: NoAnswer, around: Circumstances) -> Verdict:
    failure = TROUBLES[reply.trouble]
    if failure in STOPPING:
        return Verdict(Later(around.now, failure, reply.detail), Line.STOPPED)
    if failure is Failure.UNREACHABLE:
        # The line paces itself by asking whether anybody is there; the message is due at once.
        return Verdict(Later(around.now, failure, reply.detail), Line.DOWN)
    return _ambiguous(around, reply.detail)


def _ambiguous(around: Circumstances, detail: str) -> Verdict:
    due = around.now + max(around.doubt, backoff(around.attempts, around.chance))
    return Verdict(Later(due, Failure.UNKNOWN_OUTCOME, detail, ambiguous=True), Line.DOWN)


def _busy(reply: Answer, around: Circumstances, detail: str) -> Verdict:
    wish = retry_after(reply.headers.get("retry-after", ""), around.now)
    wait = backoff(around.attempts, around.chance) if wish is None else wish
    line = Line.HOLD if wish is not None or reply.status == 429 else Line.DOWN
    doubtful = reply.status in BEHIND
    wait = max(around.doubt, wait) if doubtful else wait
    return Verdict(Later(around.now + wait, Failure.BUSY, detail, ambiguous=doubtful), line)


def _success(reply: Answer, around: Circumstances) -> Verdict:
    if not reply.complete:
        return _ambiguous(around, f"{reply.status} cut-short")
    entries = _entries(reply.body, len(around.kinds))
    if entries is None:
        return _ambiguous(around, f"{reply.status} not-a-fhir-answer")
    statuses = [_entry_status(entry) for entry in entries]
    if any(status is None for status in statuses):
        return _ambiguous(around, f"{reply.status} entry-without-status")
    bad = [(s, e) for s, e in zip(statuses, entries, strict=True) if s and not 200 <= s < 300]
    if bad:
        return _bad_entry(bad, around)
    locations = [_location(entry, kind) for entry, kind in zip(entries, around.kinds, strict=True)]
    if any(location is None for location in locations):
        return _ambiguous(around, f"{reply.status} other-resources")
    stored = [w for w, kind in zip(locations, around.kinds, strict=True) if kind == "Observation"]
    return Verdict(Done(" ".join(w for w in stored if w)), Line.UP)


def _entries(body: bytes, expected: int) -> list[dict[str, Any]] | None:
    """The response entries, matched by index; ``None`` if this is no answer to our bundle."""
    try:
        bundle = json.loads(body)
    except ValueError:
        return None
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        return None
    if bundle.get("type") not in {"transaction-response", "batch-response"}:
        return None
    entries = bundle.get("entry")
    if not isinstance(entries, list) or len(entries) != expected:
        return None
    responses = [e.get("response") if isinstance(e, dict) else None for e in entries]
    return [r if isinstance(r, dict) else {} for r in responses]


def _entry_status(response: Mapping[str, Any]) -> int | None:
    digits = str(response.get("status", ""))[:3]
    return int(digits) if len(digits) == 3 and digits.isascii() and digits.isdigit() else None


def _location(response: Mapping[str, Any], kind: str) -> str | None:
    """``Type/id`` of what was stored, an empty text if not told, ``None`` if of another type."""
    location = response.get("location")
    if not isinstance(location, str) or not location:
        return ""
    parts = location.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2] == kind else None


def _bad_entry(bad: Iterable[tuple[int, Mapping[str, Any]]], around: Circumstances) -> Verdict:
    """A bundle answered entry by entry. The entry that needs a person decides, else the wait."""
    verdicts = []
    for status, response in bad:
        outcome = json.dumps(response.get("outcome"))
        reply = Answer(status, {}, outcome.encode("utf-8"))
        verdict = classify(reply, around)
        # One refused entry is about this message, never about the whole address.
        if verdict.line is Line.STOPPED:
            verdict = Verdict(Parked(Failure.REFUSED, _detail(verdict.outcome)), Line.UP)
        verdicts.append(verdict)
    return min(verdicts, key=lambda verdict: not isinstance(verdict.outcome, Parked))


def _detail(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Done) else outcome.detail
