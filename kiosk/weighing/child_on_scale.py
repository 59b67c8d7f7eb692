"""Whose load is on the scale: opening a child closes the new-weighing gate for it.

The gate belongs to one opening of a child. It opens when the platform is seen empty after that, or
when a person says, by the child's name, that this child is the one on it. So an offer of an
earlier opening cannot stand, and a baby that lies there already is used after one touch.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from drivers.driver import Rhythm
from drivers.events import Reading
from kiosk.weighing import single_lines
from kiosk.weighing.gate import EMPTY_GRAMS, Gate, Hold, Weighing, grams_of

ASKED = frozenset({Hold.NOT_NEW, Hold.MOVING, Hold.RESTLESS})
"""What a load that may be somebody else's is held for. It may be named while it moves."""


def child_opened(weighing: Weighing, opening: UUID) -> Weighing:
    """Begin anew for this opening: nothing that was shown or offered before is of this child."""
    if weighing.rhythm is Rhythm.ONCE:
        return single_lines.child_opened(weighing, opening)
    lay = _load(weighing.shown)
    hold = weighing.hold
    if weighing.shown is not None:
        # An empty platform is said again only once it is seen: until then the gate is closed.
        hold = Hold.NO_VALUE if lay is None else Hold.NOT_NEW
    return replace(
        weighing,
        opening=opening,
        gate=Gate.BEFORE,
        offer=None,
        equal_frames=0,
        hold=hold,
        lay=lay,
    )


def child_named(weighing: Weighing, opening: UUID) -> Weighing:
    """A person says that the child of this opening is the one on the scale, where that is asked."""
    if weighing.opening != opening or not asks_whose(weighing):
        return weighing
    return replace(weighing, gate=Gate.OPEN, offer=None, equal_frames=0)


def asks_whose(weighing: Weighing) -> bool:
    """Whether a load, still or not, waits for somebody to say that it is the child that is open.

    A scale that says one line a weighing shows no load; each of its lines asks for itself.
    """
    if weighing.rhythm is Rhythm.ONCE:
        return False
    waits = weighing.gate is Gate.BEFORE and weighing.hold in ASKED
    return waits and _load(weighing.shown) is not None


def _load(shown: Reading | None) -> Reading | None:
    grams = grams_of(shown) if shown is not None else None
    return shown if grams is not None and abs(grams) > EMPTY_GRAMS else None
