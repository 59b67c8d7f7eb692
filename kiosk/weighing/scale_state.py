"""What one scale is known to show, and what may be taken of it. Data only; no rule of when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from drivers.driver import Rhythm
from drivers.events import Flag, LinkState, Quantity, Reading, Reason, Stability, Stamped

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
    NO_LINE = "no-line"


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that may be taken now, by the child of this opening. ``key`` is never reused.

    ``proved`` says whether the frame itself tells that the value is right; ``None`` where that is
    told by its stability.
    """

    key: str
    grams: int
    text: str
    unit: str
    stability: Stability
    reading: Stamped
    opening: UUID | None = None
    proved: bool | None = None

    @property
    def compare(self) -> bool:
        """Whether only a person who looks at the scale's own display can tell that it is right."""
        return self.stability is Stability.UNKNOWN if self.proved is None else not self.proved


@dataclass(frozen=True, slots=True)
class Weighing:
    """The state of one scale. Times are monotonic seconds.

    ``shown`` is the last reading to display (``None`` shows no number), ``offer`` the value
    that may be taken, ``hold`` the reason where there is none. ``opening`` is the opening of a
    child that the gate stands for, ``lay`` what the scale showed just before it. ``lines`` are the
    finished weighings that nobody has taken, the oldest first, of a scale whose ``rhythm`` is one
    line a weighing.
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
    rhythm: Rhythm = Rhythm.STREAMS
    lines: tuple[Offer, ...] = ()


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


def offer_of(
    weighing: Weighing,
    reading: Reading,
    stamped: Stamped,
    *,
    key: str = "",
    proved: bool | None = None,
) -> Offer | None:
    """The reading as a value of this opening; ``None`` for a unit that is none of ours."""
    grams = grams_of(reading)
    if grams is None:
        return None
    return Offer(
        key=key or f"{stamped.link_id}:{stamped.session}:{stamped.monotonic!r}",
        grams=grams,
        text=str(reading.value),
        unit=reading.unit,
        stability=reading.stability,
        reading=stamped,
        opening=weighing.opening,
        proved=proved,
    )


def is_empty(grams: int) -> bool:
    """Whether so little lies on the platform that nobody does; ``grams`` may be negative."""
    return abs(grams) <= EMPTY_GRAMS


def refusal(reading: Reading) -> Hold | None:
    """Why this weight can be nobody's, whatever came before it; ``None`` if it may be."""
    grams, moving = grams_of(reading), reading.stability is Stability.MOVING
    if grams is None:
        # Some scales leave the unit out while the load moves.
        return Hold.MOVING if moving and not reading.unit else Hold.UNIT
    if Flag.RECALLED in reading.flags:
        return Hold.RECALLED
    if moving:
        return Hold.MOVING
    if is_empty(grams):
        return Hold.EMPTY
    return Hold.NEGATIVE if grams < 0 else None


NO_READING_HOLDS = {
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
"""What an answer without a value means for the value that is waited for; others mean nothing."""
