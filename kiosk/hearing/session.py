"""A hearing session as it is recorded: one step a tap, each undone again, nothing lost.

The person works the audiometer and taps what the child answered; the station computes no level and
advances none. A session is the list of its steps, so that every one can be kept at once, the last
one undone, and the whole session offered again after a power cut. Ears may change places as one
step until the drawing is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.protocol import Protocol
from kiosk.model.hearing_test import End

FORMAT = 1
"""Version of the data that :func:`to_data` writes."""

LOWEST_DB, STEP_DB = -10, 5
"""Levels of a screening audiometer: from -10 dB HL in steps of 5 dB (IEC 60645-1)."""

OTHER = {Ear.RIGHT: Ear.LEFT, Ear.LEFT: Ear.RIGHT}


class Kind(StrEnum):
    """What a tap says.

    ``AGAIN``: the answer was not sure and the same tone is given once more. ``CATCH`` is a trial
    without a tone, ``SWAP`` changes the ears' places.
    """

    HEARD = "heard"
    NOT_HEARD = "not-heard"
    THRESHOLD = "threshold"
    NO_RESPONSE = "no-response"
    SKIPPED = "skipped"
    IMPOSSIBLE = "impossible"
    AGAIN = "again"
    CATCH = "catch"
    SWAP = "swap"


class Fault(StrEnum):
    """Why a step is refused."""

    LEVEL = "level"
    TONE = "tone"
    ENDED = "ended"


class StepRefused(ValueError):  # noqa: N818 - names what happened
    """A step that cannot be: ``fault`` says why. The session stays as it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


RESPONSES = {
    Kind.HEARD: Response.HEARD,
    Kind.NOT_HEARD: Response.NO_RESPONSE,
    Kind.THRESHOLD: Response.THRESHOLD,
    Kind.NO_RESPONSE: Response.NO_RESPONSE,
    Kind.SKIPPED: Response.NOT_TESTED,
    Kind.IMPOSSIBLE: Response.COULD_NOT_BE_TESTED,
}
WITH_LEVEL = frozenset({Kind.HEARD, Kind.NOT_HEARD, Kind.THRESHOLD, Kind.NO_RESPONSE})


@dataclass(frozen=True, slots=True)
class Step:
    """One tap. ``level`` is dB HL where the kind has one, ``answered`` belongs to a catch trial."""

    kind: Kind
    ear: Ear | None = None
    hz: int = 0
    level: int | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A session by a protocol. ``loudest`` is the audiometer's own maximum in dB HL."""

    id: UUID
    protocol: str
    protocol_hash: str
    order: tuple[int, ...]
    level: Mapping[int, int]
    transducer: Transducer
    loudest: int
    steps: tuple[Step, ...] = ()
    end: End | None = None
    first_ear: Ear = Ear.RIGHT


def begin(protocol: Protocol, ident: UUID, *, loudest: int, first_ear: Ear = Ear.RIGHT) -> Session:
    """Begin a session; raises :class:`StepRefused` for a protocol without tones or levels."""
    if not protocol.order or not protocol.level:
        raise StepRefused(Fault.TONE)
    return Session(
        ident,
        protocol.id,
        protocol.hash,
        protocol.order,
        dict(protocol.level),
        Transducer(protocol.transducer),
        loudest,
        first_ear=first_ear,
    )


def take(session: Session, step: Step) -> Session:
    """Record a step; raises :class:`StepRefused` for what cannot be."""
    if session.end is not None:
        raise StepRefused(Fault.ENDED)
    if step.kind not in {Kind.CATCH, Kind.SWAP}:
        _check_tone(session, step)
    return replace(session, steps=(*session.steps, step))


def _check_tone(session: Session, step: Step) -> None:
    if step.ear not in OTHER or step.hz not in session.order:
        raise StepRefused(Fault.TONE)
    if (step.level is not None) is not (step.kind in WITH_LEVEL):
        raise StepRefused(Fault.LEVEL)
    # 99 and the like are how other systems write "no response"; here they are nothing.
    known = range(LOWEST_DB, session.loudest + 1, STEP_DB)
    if step.level is not None and step.level not in known:
        raise StepRefused(Fault.LEVEL)


def undo(session: Session) -> Session:
    """Take the last step back, or the end."""
    if session.end is not None:
        return replace(session, end=None)
    return replace(session, steps=session.steps[:-1])


def finish(session: Session, end: End) -> Session:
    """End it: whole, or broken off for a reason."""
    return replace(session, end=end)


def reopened(session: Session) -> Session:
    """Take the end back, so that answers can be given again."""
    return replace(session, end=None)


def answers(session: Session) -> dict[tuple[Ear, int], Step]:
    """The last answer for each ear and frequency, the ears where they were put since."""
    found: dict[tuple[Ear, int], Step] = {}
    for step in session.steps:
        if step.kind is Kind.SWAP:
            found = {(OTHER[ear], hz): one for (ear, hz), one in found.items()}
        elif step.ear is not None and step.kind in RESPONSES:
            found[step.ear, step.hz] = step
    return found


def given_again(session: Session, ear: Ear, hz: int) -> int:
    """How often this tone was given once more since it last had an answer."""
    count = 0
    for step in session.steps:
        if step.kind is Kind.SWAP:
            continue
        if (step.ear, step.hz) == (ear, hz):
            count = count + 1 if step.kind is Kind.AGAIN else 0
    return count


def tones(session: Session) -> tuple[Tone, ...]:
    """The audiogram so far, in the order of the protocol; what was not reached is not tested."""
    given = answers(session)
    return tuple(
        _tone(session, ear, hz, given.get((ear, hz))) for ear in OTHER for hz in session.order
    )


def _tone(session: Session, ear: Ear, hz: int, step: Step | None) -> Tone:
    response = RESPONSES[step.kind] if step is not None else Response.NOT_TESTED
    level = Decimal(step.level) if step is not None and step.level is not None else None
    return Tone(ear, session.transducer, hz, response, level, Masking.NONE)


def next_tone(session: Session) -> tuple[Ear, int, int] | None:
    """Ear, frequency and level to try next: the first that has no answer; ``None`` at the end."""
    given = answers(session)
    for ear in (session.first_ear, OTHER[session.first_ear]):
        for hz in session.order:
            if (ear, hz) not in given:
                return ear, hz, session.level[hz]
    return None


def catch_trials(session: Session) -> tuple[int, int]:
    """How many trials without a tone there were, and how many were answered all the same."""
    trials = [step.answered for step in session.steps if step.kind is Kind.CATCH]
    return len(trials), sum(trials)


def to_data(session: Session) -> dict[str, Any]:
    """Write a session as plain data, exactly; it holds nothing of the child."""
    return {
        "format": FORMAT,
        "id": str(session.id),
        "protocol": session.protocol,
        "protocol_hash": session.protocol_hash,
        "order": list(session.order),
        "level": [[hz, db] for hz, db in session.level.items()],
        "transducer": session.transducer.value,
        "loudest": session.loudest,
        "first_ear": session.first_ear.value,
        "end": session.end.value if session.end is not None else None,
        "steps": [_step_data(step) for step in session.steps],
    }


def _step_data(step: Step) -> list[Any]:
    ear = step.ear.value if step.ear is not None else None
    return [step.kind.value, ear, step.hz, step.level, step.answered]


def from_data(data: Mapping[str, Any]) -> Session:
    """Read what :func:`to_data` wrote; raises :class:`ValueError` for anything else."""
    if data.get("format") != FORMAT:
        raise ValueError("not a session: another format")
    try:
        return Session(
            UUID(data["id"]),
            str(data["protocol"]),
            str(data["protocol_hash"]),
            tuple(int(hz) for hz in data["order"]),
            {int(hz): int(db) for hz, db in data["level"]},
            Transducer(data["transducer"]),
            int(data["loudest"]),
            tuple(_steps(data["steps"])),
            End(data["end"]) if data["end"] is not None else None,
            Ear(data["first_ear"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a session: {type(error).__name__}") from None


def _steps(rows: Iterable[Any]) -> Iterable[Step]:
    for kind, ear, hz, level, answered in rows:
        yield Step(
            Kind(kind),
            Ear(ear) if ear is not None else None,
            int(hz),
            int(level) if level is not None else None,
            bool(answered),
        )


def with_ears_swapped(tones: tuple[Tone, ...]) -> tuple[Tone, ...]:
    """Return the tones with right and left in each other's place, in the usual order of ears.

    A tone for both ears at once stays one.
    """
    turned = [replace(tone, ear=OTHER.get(tone.ear, tone.ear)) for tone in tones]
    return tuple(sorted(turned, key=lambda tone: list(Ear).index(tone.ear)))
