"""The new-weighing gate of one scale: when a value is shown, and when it may be taken.

A pure state machine over the scale's stream. A value may be taken only if the device itself
calls it stable (or, where its protocol cannot tell, if it stood still for a while and a person
compares it with the scale's display), a few equal frames in a row say the same (a frame without
a checksum can turn one flipped bit into another legal weight), it is fresh, and it belongs to a
*new* weighing of the child that is open: the platform was seen empty, or a person said that the
child is on it, since the last value that was taken, since the port was opened and since this child
was opened (:mod:`kiosk.weighing.child_on_scale`).

That is a scale that streams or answers. One that says a single line a weighing has rules of its
own, in :mod:`kiosk.weighing.single_lines`.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.driver import Rhythm
from drivers.events import (
    LinkState,
    LinkStatus,
    NoReading,
    Quantity,
    Reading,
    Stability,
    Stamped,
)
from kiosk.weighing import single_lines
from kiosk.weighing.scale_state import (
    EMPTY_GRAMS,
    FRESH_SECONDS,
    NO_READING_HOLDS,
    RESTLESS_SECONDS,
    STEADY_SECONDS,
    Gate,
    Hold,
    Offer,
    Weighing,
    grams_of,
    is_empty,
    offer_of,
    refusal,
)

__all__ = [
    "EMPTY_GRAMS",
    "FRESH_SECONDS",
    "RESTLESS_SECONDS",
    "STEADY_SECONDS",
    "Gate",
    "Hold",
    "Offer",
    "Weighing",
    "grams_of",
    "offer_of",
]


def scale_changed(weighing: Weighing, status: LinkStatus) -> Weighing:
    """Take a change of the link. A new port session needs an empty platform again."""
    if status.link_id != weighing.link_id:
        return weighing
    if weighing.rhythm is Rhythm.ONCE:
        return single_lines.link_changed(weighing, status)
    if status.state is LinkState.OPEN:
        fresh = status.session != weighing.session
        return replace(
            weighing,
            state=status.state,
            hint=status.hint,
            session=status.session,
            gate=Gate.CLOSED if fresh and weighing.gate is Gate.OPEN else weighing.gate,
            shown=None if fresh else weighing.shown,
            equal_frames=0,
            offer=None,
            hold=Hold.NO_VALUE,
        )
    hold = Hold.SILENT if status.state is LinkState.SILENT else Hold.NO_SCALE
    return replace(
        weighing,
        state=status.state,
        hint=status.hint,
        shown=None,
        equal_frames=0,
        offer=None,
        hold=hold,
        restless_since=None,
    )


def event_arrived(weighing: Weighing, stamped: Stamped) -> Weighing:
    """Take one event of this scale's stream; events of another link or session are ignored."""
    if stamped.link_id != weighing.link_id or stamped.session < weighing.session:
        return weighing
    weighing = replace(weighing, state=LinkState.OPEN, session=stamped.session, hint="")
    if weighing.rhythm is Rhythm.ONCE:
        return single_lines.event_arrived(weighing, stamped)
    match stamped.event:
        case Reading() as reading if reading.quantity is Quantity.WEIGHT:
            return _reading(weighing, reading, stamped)
        case NoReading() as nothing:
            return _no_reading(weighing, nothing, stamped.monotonic)
        case _:
            return weighing


def person_says_new(weighing: Weighing) -> Weighing:
    """The secretary says that this is a new weighing; whose it is, is asked by the child's name."""
    if weighing.gate is Gate.BEFORE:
        return weighing
    return replace(weighing, gate=Gate.OPEN, equal_frames=0, offer=None)


def taken(weighing: Weighing, offer: Offer | None = None) -> Weighing:
    """The offered value, or this one, was taken: the next needs an empty platform, or a line."""
    if weighing.rhythm is Rhythm.ONCE:
        one = offer or weighing.offer
        return weighing if one is None else single_lines.without(weighing, one)
    return replace(weighing, gate=Gate.CLOSED, offer=None, hold=Hold.NOT_NEW, equal_frames=0)


def dropped(weighing: Weighing, offer: Offer) -> Weighing:
    """A person says that this value is not to be used; what lies on the scale may be read again."""
    return single_lines.without(weighing, offer) if weighing.rhythm is Rhythm.ONCE else weighing


def offered(weighing: Weighing, key: str, now: float) -> Offer | None:
    """What may be taken under this key now, in monotonic seconds; ``None`` if it is gone."""
    if weighing.rhythm is Rhythm.ONCE:
        return single_lines.offered(weighing, key, now)
    offer = weighing.offer
    return offer if offer is not None and offer.key == key and is_fresh(offer, now) else None


def is_fresh(offer: Offer, now: float) -> bool:
    """Whether an offered value still attaches to a child; ``now`` is monotonic seconds."""
    return now - offer.reading.monotonic <= FRESH_SECONDS


def time_passed(weighing: Weighing, now: float) -> Weighing:
    """Withdraw what is no longer fresh; ``now`` is monotonic seconds."""
    if weighing.rhythm is Rhythm.ONCE:
        return single_lines.time_passed(weighing, now)
    if weighing.shown is None or now - weighing.shown_at <= FRESH_SECONDS:
        return weighing
    return replace(weighing, shown=None, offer=None, hold=Hold.SILENT, equal_frames=0)


def _no_reading(weighing: Weighing, event: NoReading, now: float) -> Weighing:
    hold = NO_READING_HOLDS.get(event.reason)
    if hold is None:
        return weighing
    return replace(weighing, shown=None, shown_at=now, equal_frames=0, offer=None, hold=hold)


def _reading(weighing: Weighing, reading: Reading, stamped: Stamped) -> Weighing:
    grams = grams_of(reading)
    if grams is not None and reading.stability is not Stability.MOVING and is_empty(grams):
        gate = Gate.OPEN
    else:
        gate = weighing.gate
    same = weighing.shown is not None and _says_the_same(weighing.shown, reading)
    seen = replace(
        weighing,
        gate=gate,
        shown=reading,
        shown_at=stamped.monotonic,
        equal_frames=weighing.equal_frames + 1 if same else 1,
        equal_since=weighing.equal_since if same else stamped.monotonic,
        restless_since=_restless_since(weighing, reading, stamped.monotonic),
    )
    return _judge(seen, stamped)


def _judge(seen: Weighing, stamped: Stamped) -> Weighing:
    reading = seen.shown
    assert reading is not None
    hold = _hold(seen, reading, stamped.monotonic)
    if hold is not None:
        return replace(seen, offer=None, hold=hold)
    key = seen.offer.key if seen.offer else ""
    return replace(seen, offer=offer_of(seen, reading, stamped, key=key))


def _hold(seen: Weighing, reading: Reading, now: float) -> Hold | None:
    hold = refusal(reading)
    if hold is Hold.MOVING and grams_of(reading) is not None:
        since = seen.restless_since if seen.restless_since is not None else now
        return Hold.RESTLESS if now - since >= RESTLESS_SECONDS else hold
    if hold is not None:
        return hold
    if seen.gate is not Gate.OPEN:
        return Hold.NOT_NEW
    if seen.equal_frames < seen.trusted_frames:
        return Hold.SETTLING
    return Hold.NOT_CONFIRMED if _is_unsteady(seen, reading, now) else None


def _is_unsteady(seen: Weighing, reading: Reading, now: float) -> bool:
    """Whether nobody but time can tell that the value has settled, and it was too short."""
    untold = reading.stability is Stability.UNKNOWN
    return untold and now - seen.equal_since < STEADY_SECONDS


def _restless_since(before: Weighing, reading: Reading, now: float) -> float | None:
    if reading.stability is not Stability.MOVING:
        return None
    return now if before.restless_since is None else before.restless_since


def _says_the_same(one: Reading, other: Reading) -> bool:
    return (one.value, one.unit, one.stability, one.flags) == (
        other.value,
        other.unit,
        other.stability,
        other.flags,
    )
