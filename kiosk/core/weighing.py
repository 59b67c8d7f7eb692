"""One weighing after another on one scale: when a value is shown, and when it may be taken.

A pure state machine over the scale's stream. A value may be taken only if the device itself
calls it stable (or, where its protocol cannot tell, if it stood still for a while and a person
compares it with the scale's display), a few equal frames in a row say the same (a frame without
a checksum can turn one flipped bit into another legal weight), it is fresh, and it belongs to a
*new* weighing of the child that is open: the platform was seen empty, or a person said that the
child is on it, since the last value that was taken, since the port was opened and since this child
was opened (:mod:`kiosk.core.whose_load`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from drivers.events import (
    Flag,
    LinkState,
    LinkStatus,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
    Stamped,
)

FRESH_SECONDS = 3.0
"""A value older than this does not attach to a child."""

EMPTY_GRAMS = 50
"""At most this much on the platform counts as empty: well below any child, above any drift."""

STEADY_SECONDS = 2.0
"""How long a value must stay the same where the protocol does not say that it has settled."""

RESTLESS_SECONDS = 20.0
"""After this long without a stable value the screen gives advice."""

GRAMS_PER_UNIT = {"kg": Decimal(1000), "g": Decimal(1)}
"""Units that may become a measurement. Anything else is shown as sent and refused."""


class Gate(StrEnum):
    """Whether the next stable value may be a new weighing.

    ``BEFORE``: what is on the platform may have been there before the child was opened.
    """

    CLOSED = "closed"
    OPEN = "open"
    BEFORE = "before"


class Hold(StrEnum):
    """Why the shown value cannot be taken at this moment."""

    NO_SCALE = "no-scale"
    SILENT = "silent"
    NO_VALUE = "no-value"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    MOVING = "moving"
    SETTLING = "settling"
    RESTLESS = "restless"
    EMPTY = "empty"
    NEGATIVE = "negative"
    NOT_NEW = "not-new"
    RECALLED = "recalled"
    UNIT = "unit"
    NOT_CONFIRMED = "not-confirmed-by-scale"
    DEVICE_ERROR = "device-error"
    UNCALIBRATED = "uncalibrated"


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that may be taken now, by the child of this opening. ``key`` is never reused."""

    key: str
    grams: int
    text: str
    unit: str
    stability: Stability
    reading: Stamped
    opening: UUID | None = None


@dataclass(frozen=True, slots=True)
class Weighing:
    """The state of one scale. Times are monotonic seconds.

    ``shown`` is the last reading to display (``None`` shows no number), ``offer`` the value
    that may be taken, ``hold`` the reason where there is none. ``opening`` is the opening of a
    child that the gate stands for, ``lay`` what the scale showed just before it.
    """

    link_id: str
    trusted_frames: int = 3
    gate: Gate = Gate.CLOSED
    state: LinkState = LinkState.ABSENT
    hint: str = ""
    session: int = 0
    shown: Reading | None = None
    shown_at: float = 0.0
    equal_frames: int = 0
    equal_since: float = 0.0
    restless_since: float | None = None
    offer: Offer | None = None
    hold: Hold = Hold.NO_SCALE
    opening: UUID | None = None
    lay: Reading | None = None


def grams_of(reading: Reading) -> int | None:
    """Integer grams of a weight, or ``None`` where unit or resolution do not allow it exactly."""
    factor = GRAMS_PER_UNIT.get(reading.unit)
    if factor is None or reading.quantity is not Quantity.WEIGHT:
        return None
    grams = reading.value * factor
    return int(grams) if grams == grams.to_integral_value() else _rounded(grams)


def _rounded(grams: Decimal) -> int:
    # Half a gram and finer is below the step of any scale for children; the digits as sent
    # are stored beside the whole grams.
    return int(grams.to_integral_value())


def scale_changed(weighing: Weighing, status: LinkStatus) -> Weighing:
    """Take a change of the link. A new port session needs an empty platform again."""
    if status.link_id != weighing.link_id:
        return weighing
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


def taken(weighing: Weighing) -> Weighing:
    """The offered value was taken: the next one needs an empty platform."""
    return replace(weighing, gate=Gate.CLOSED, offer=None, hold=Hold.NOT_NEW, equal_frames=0)


def is_fresh(offer: Offer, now: float) -> bool:
    """Whether an offered value still attaches to a child; ``now`` is monotonic seconds."""
    return now - offer.reading.monotonic <= FRESH_SECONDS


def time_passed(weighing: Weighing, now: float) -> Weighing:
    """Withdraw what is no longer fresh; ``now`` is monotonic seconds."""
    if weighing.shown is None or now - weighing.shown_at <= FRESH_SECONDS:
        return weighing
    return replace(weighing, shown=None, offer=None, hold=Hold.SILENT, equal_frames=0)


_NO_READING_HOLDS = {
    Reason.OVERLOAD: Hold.OVERLOAD,
    Reason.UNDERLOAD: Hold.UNDERLOAD,
    Reason.NOT_STABLE: Hold.RESTLESS,
    Reason.BUSY: Hold.MOVING,
    Reason.ERROR: Hold.DEVICE_ERROR,
    Reason.RECALLED: Hold.RECALLED,
    Reason.UNCALIBRATED: Hold.UNCALIBRATED,
    Reason.NOT_UNDERSTOOD: Hold.DEVICE_ERROR,
    Reason.TRANSMISSION: Hold.DEVICE_ERROR,
}


def _no_reading(weighing: Weighing, event: NoReading, now: float) -> Weighing:
    hold = _NO_READING_HOLDS.get(event.reason)
    if hold is None:
        return weighing
    return replace(weighing, shown=None, shown_at=now, equal_frames=0, offer=None, hold=hold)


def _reading(weighing: Weighing, reading: Reading, stamped: Stamped) -> Weighing:
    grams = grams_of(reading)
    if grams is not None and reading.stability is not Stability.MOVING and _is_empty(grams):
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
    return _judge(seen, grams, stamped)


def _judge(seen: Weighing, grams: int | None, stamped: Stamped) -> Weighing:
    assert seen.shown is not None
    hold = _hold(seen, grams, stamped.monotonic)
    if hold is not None or grams is None:
        return replace(seen, offer=None, hold=hold or Hold.UNIT)
    key = seen.offer.key if seen.offer else f"{seen.link_id}:{seen.session}:{stamped.monotonic!r}"
    reading = seen.shown
    text, unit = str(reading.value), reading.unit
    offer = Offer(key, grams, text, unit, reading.stability, stamped, seen.opening)
    return replace(seen, offer=offer)


def _hold(seen: Weighing, grams: int | None, now: float) -> Hold | None:
    reading = seen.shown
    assert reading is not None
    moving = reading.stability is Stability.MOVING
    if grams is None:
        # Some scales leave the unit out while the load moves.
        return Hold.MOVING if moving and not reading.unit else Hold.UNIT
    if Flag.RECALLED in reading.flags:
        return Hold.RECALLED
    if moving:
        since = seen.restless_since if seen.restless_since is not None else now
        return Hold.RESTLESS if now - since >= RESTLESS_SECONDS else Hold.MOVING
    if _is_empty(grams):
        return Hold.EMPTY
    if grams < 0:
        return Hold.NEGATIVE
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


def _is_empty(grams: int) -> bool:
    return abs(grams) <= EMPTY_GRAMS


def _says_the_same(one: Reading, other: Reading) -> bool:
    return (one.value, one.unit, one.stability, one.flags) == (
        other.value,
        other.unit,
        other.stability,
        other.flags,
    )
