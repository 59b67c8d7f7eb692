"""What lies on a simulated platform: empty, a wriggling baby, a settled one, a lifted one.

Pure. Loads are whole grams; times are seconds of one monotonic clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

STEP_GRAMS: Final = 2
"""The scale's step: the finer half of the usual 2/5 g of baby scales."""

SWING_SHARE: Final = 0.12
"""How far a kicking baby throws the shown weight off, as a share of its weight."""

KICKS_PER_SECOND: Final = 1.7
DAMPING: Final = 3.0
"""The swing is down to e**-3 of its start, about 5 %, when the baby has settled."""

LIFT_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Load:
    """A change of what lies on the platform.

    ``grams`` is the load once it has settled ``wriggle`` seconds after ``since``;
    ``before`` what lay there until then.
    """

    grams: int = 0
    since: float = -math.inf
    wriggle: float = 0.0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the scale shows: a multiple of its step, in grams, and whether it has settled."""

    grams: int
    stable: bool


def shown(load: Load, now: float, *, restless: bool = False, step: int = STEP_GRAMS) -> Shown:
    """Return what the scale shows at ``now``. ``restless``: the load never settles.

    ``step`` is the scale's step in grams; everything it shows is a multiple of it.
    """
    grams, stable = _at(load, now, restless=restless)
    return Shown(round(grams / step) * step, stable)


def _at(load: Load, now: float, *, restless: bool) -> tuple[float, bool]:
    age = now - load.since
    if restless:
        return load.grams + 20 * math.sin(math.tau * KICKS_PER_SECOND * now), False
    if age >= load.wriggle:
        return load.grams, True
    if not load.grams:
        return load.before * (1 - age / load.wriggle), False
    swing = SWING_SHARE * load.grams * math.exp(-DAMPING * age / load.wriggle)
    return load.grams + swing * math.sin(math.tau * KICKS_PER_SECOND * age), False


def lifted(load: Load, now: float) -> Load:
    """Return the load after taking away what lies there."""
    return Load(0, now, LIFT_SECONDS, load.grams)
