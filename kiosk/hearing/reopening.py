"""A saved test as a session again, so that its answers can be put right by touch."""

from __future__ import annotations

from drivers.hearing import Masking, Response, Tone
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.session import (
    LOWEST_DB,
    OTHER,
    STEP_DB,
    Fault,
    Kind,
    Session,
    Step,
    StepRefused,
    finish,
    take,
)
from kiosk.model.hearing_test import End, HearingTest

KINDS = {
    Response.HEARD: Kind.HEARD,
    Response.NO_RESPONSE: Kind.NO_RESPONSE,
    Response.THRESHOLD: Kind.THRESHOLD,
    Response.COULD_NOT_BE_TESTED: Kind.IMPOSSIBLE,
}
UNTESTED_LEVEL_DB = 20
"""What is offered for a tone of which neither the test nor a protocol names a level."""


def session_of(test: HearingTest, protocol: Protocol | None, loudest: int) -> Session:
    """Return a session with the answers of a test; ``loudest`` is dB HL.

    Raises :class:`StepRefused` for a test that taps could not have made: bone conduction,
    masking, free field, levels between the steps of five, several transducers.
    """
    paths = {tone.transducer for tone in test.tones}
    if len(paths) != 1 or any(tone.ear not in OTHER for tone in test.tones):
        raise StepRefused(Fault.TONE)
    if any(tone.masking is Masking.MASKED for tone in test.tones):
        raise StepRefused(Fault.TONE)
    order = tuple(dict.fromkeys(tone.hz for tone in test.tones))
    known = dict(protocol.level) if protocol is not None else {}
    level = {hz: known.get(hz, _level(test.tones, hz)) for hz in order}
    session = Session(
        id=test.id,
        protocol=test.followed.id if test.followed else "",
        protocol_hash=test.followed.hash if test.followed else "",
        order=order,
        level=level,
        transducer=next(iter(paths)),
        loudest=loudest,
        end=None,
    )
    for tone in test.tones:
        if tone.response is not Response.NOT_TESTED:
            session = take(session, _step(tone))
    return session if test.end is End.WHOLE else finish(session, test.end)


def _step(tone: Tone) -> Step:
    kind = KINDS.get(tone.response)
    if kind is None:
        raise StepRefused(Fault.TONE)
    level = tone.level_db
    if level is not None and level != int(level):
        raise StepRefused(Fault.LEVEL)
    return Step(kind, tone.ear, tone.hz, int(level) if level is not None else None)


def _level(tones: tuple[Tone, ...], hz: int) -> int:
    told = [tone.level_db for tone in tones if tone.hz == hz and tone.level_db is not None]
    whole = [int(db) for db in told if db == int(db) and (int(db) - LOWEST_DB) % STEP_DB == 0]
    return min(whole, default=UNTESTED_LEVEL_DB)
