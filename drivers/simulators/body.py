"""The simulated scale without its cable: what lies on it, its keys, and what its display says."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drivers.events import Event, NoReading, Reason
from drivers.simulators.faults import Fault
from drivers.simulators.keys import Key, Panel, pressed, said, seen
from drivers.simulators.motion import STEP_GRAMS, Load, Shown, shown

LEAST_GRAMS: Final = 50
"""A scale that speaks once a weighing takes less than this for an empty platform."""


class Body:
    """One scale. ``now`` is the moment it is looked at, in monotonic seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.load = Load()
        self.panel = Panel()
        self.step = STEP_GRAMS
        self.faults: set[Fault] = set()

    def event(self) -> Event:
        """Return what the scale has to say."""
        if Fault.OVERLOAD in self.faults:
            return NoReading(Reason.OVERLOAD)
        if Fault.UNDERLOAD in self.faults:
            return NoReading(Reason.UNDERLOAD)
        state = self.shown()
        self.panel = seen(self.panel, state)
        return said(self.panel, state, self.now)

    def shown(self) -> Shown:
        """Return what lies on the platform, as the scale shows it."""
        restless = Fault.NEVER_STABLE in self.faults
        return shown(self.load, self.now, restless=restless, step=self.step)

    def is_stable(self) -> bool:
        """Return whether the load has settled."""
        return self.shown().stable

    def is_a_weighing(self) -> bool:
        """Return whether something lies on the platform, has settled and can be said."""
        state, out_of_range = self.shown(), self.faults & {Fault.OVERLOAD, Fault.UNDERLOAD}
        return state.stable and abs(state.grams) >= LEAST_GRAMS and not out_of_range

    def key(self, key: Key) -> bool:
        """Press a key; returns whether it did what it is for."""
        before = self.panel
        self.panel = pressed(before, key, self.shown(), self.now)
        return key is not Key.ZERO or self.panel.zero == self.shown().grams

    def tare_grams(self) -> int:
        """Return the tare in use."""
        return self.panel.tare

    def take_tare(self, grams: int) -> None:
        """Use a tare of so many grams."""
        self.panel = replace(self.panel, tare=grams)
