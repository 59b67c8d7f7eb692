"""A scale that says one line a weighing, at hold or at a key: each line is a finished weighing.

There is nothing to wait for: no equal frames, no empty platform, no further word of the scale. A
line with a checksum that held is offered as it is; of one without, a person compares the number
with the scale's own display. Two lines are two weighings, and both wait. A line waits until it is
taken or put aside, at most :data:`HELD_SECONDS`; the time it came stands beside it. It belongs to
the child that was open when it came: for any other child it asks by name
(:mod:`kiosk.features.doubts`).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from drivers.events import LinkState, LinkStatus, NoReading, Quantity, Reading, Stamped
from drivers.hints import Hint
from kiosk.weighing.scale_state import (
    NO_READING_HOLDS,
    Gate,
    Hold,
    Offer,
    Weighing,
    offer_of,
    refusal,
)

HELD_SECONDS = 600.0
"""How long a line waits for its touch: time to dress a child and to find it on the screen."""

COPY_SECONDS = 1.0
"""The same digits again so soon are a copy of one line: nobody weighs twice in a second."""

REFUSED_SECONDS = 20.0
"""How long the page says why the last line is no weight, before it asks for a weighing again."""

WAITS = "waits-for-a-weighing"
"""The hint of an open port to a scale that has had nothing to say yet: no fault, and no proof."""

MOST_LINES = 4
"""Of more lines than this that nobody takes the oldest goes: the scale is not used for a child."""


def event_arrived(weighing: Weighing, stamped: Stamped) -> Weighing:
    """Take one line of the scale."""
    match stamped.event:
        case Reading() as reading if reading.quantity is Quantity.WEIGHT:
            return _line_arrived(weighing, reading, stamped)
        case NoReading(reason=reason) if reason in NO_READING_HOLDS:
            return _refused(weighing, NO_READING_HOLDS[reason], None, stamped.monotonic)
        case _:
            return weighing


def _line_arrived(weighing: Weighing, reading: Reading, stamped: Stamped) -> Weighing:
    now, hold = stamped.monotonic, refusal(reading)
    if hold is not None:
        return _refused(weighing, hold, reading, now)
    copied = _is_copy(weighing, reading, now)
    seen = replace(weighing, shown=reading, shown_at=now)
    line = offer_of(seen, reading, stamped, proved=reading.checked)
    if copied or line is None:
        return seen
    return _standing(replace(seen, gate=Gate.OPEN, lines=(*seen.lines, line)[-MOST_LINES:]))


def _refused(weighing: Weighing, hold: Hold, shown: Reading | None, now: float) -> Weighing:
    """Say why nothing came of the last line; what came before it waits on."""
    return replace(weighing, shown=shown, shown_at=now, offer=None, hold=hold)


def _is_copy(weighing: Weighing, reading: Reading, now: float) -> bool:
    last = weighing.shown
    same = last is not None and (last.value, last.unit) == (reading.value, reading.unit)
    return same and now - weighing.shown_at <= COPY_SECONDS


def _standing(weighing: Weighing) -> Weighing:
    """The last line that waits is the one that is offered."""
    offer = weighing.lines[-1] if weighing.lines else None
    return replace(weighing, offer=offer, hold=Hold.NO_LINE)


def link_changed(weighing: Weighing, status: LinkStatus) -> Weighing:
    """The cable came or went. A line that has come is a finished weighing and stays."""
    waits = (status.state, status.hint) == (LinkState.OPEN, Hint.UNANSWERED)
    hint = WAITS if waits else status.hint
    changed = _standing(replace(weighing, state=status.state, hint=hint))
    if status.state is LinkState.OPEN:
        return replace(changed, session=status.session)
    hold = Hold.SILENT if status.state is LinkState.SILENT else Hold.NO_SCALE
    return replace(changed, hold=hold)


def child_opened(weighing: Weighing, opening: UUID) -> Weighing:
    """From now on lines are of this opening; those before keep the one they came in."""
    return replace(weighing, opening=opening, gate=Gate.BEFORE)


def without(weighing: Weighing, offer: Offer) -> Weighing:
    """This line was taken or is not wanted; the one before it is offered, if any waits."""
    left = tuple(line for line in weighing.lines if line.key != offer.key)
    if left == weighing.lines:
        return weighing
    stood = _standing(replace(weighing, lines=left))
    return stood if weighing.state is LinkState.OPEN else replace(stood, hold=weighing.hold)


def without_opening(weighing: Weighing, opening: UUID | None) -> Weighing:
    """The visit of this opening has its weight: the lines it left untaken are over."""
    for line in weighing.lines:
        if line.opening == opening:
            weighing = without(weighing, line)
    return weighing


def offered(weighing: Weighing, key: str, now: float) -> Offer | None:
    """The line of this key that still waits."""
    waiting = (line for line in weighing.lines if line.key == key and _waits(line, now))
    return next(waiting, None)


def _waits(line: Offer, now: float) -> bool:
    return now - line.reading.monotonic <= HELD_SECONDS


def time_passed(weighing: Weighing, now: float) -> Weighing:
    """Let go of lines that nobody took, and of what was said of the last one."""
    left = replace(weighing, lines=tuple(line for line in weighing.lines if _waits(line, now)))
    said = weighing.hold in HELD_BACK and now - weighing.shown_at <= REFUSED_SECONDS
    if said and weighing.offer is None:
        return left
    stood = _standing(left)
    return stood if weighing.state is LinkState.OPEN else replace(stood, hold=weighing.hold)


HELD_BACK = frozenset(Hold) - {Hold.NO_LINE, Hold.NO_SCALE, Hold.SILENT}
"""What is said of a line that is no weight."""


def number_of(weighing: Weighing) -> Reading | None:
    """The reading to show: the line that is offered, or the one that is refused."""
    if weighing.offer is not None:
        reading = weighing.offer.reading.event
        return reading if isinstance(reading, Reading) else None
    return weighing.shown if weighing.hold in HELD_BACK else None
