"""Setting up a scale by a person: the station says what it is, one weighing proves it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from drivers.driver import Rhythm
from drivers.events import DeviceEvent, Reading
from drivers.first_day import LOADS, Load
from kiosk.model.listening import Likely
from kiosk.weighing import typed_display
from kiosk.weighing.typed_display import TypedDisplay

MOST_LIKELY: Final = 3
"""So many drivers are offered; more of one family read the same lines all alike."""


class SetUpFault(StrEnum):
    """Why a scale was not set up."""

    NOTHING_CAME = "nothing-came"
    NOT_READ = "not-read"
    LOST = "lost"
    DIFFERS = "differs"
    EMPTY = "empty"
    NOT_KEPT = "not-kept"


@dataclass(frozen=True, slots=True)
class SettingUp:
    """Where it stands. ``likely`` is ``None`` while the port is listened to.

    ``proof`` is the weighing that shows that the chosen driver reads what the display says.
    """

    port: str
    name: str
    number: int
    likely: tuple[Likely, ...] | None = None
    chosen: Likely | None = None
    display: TypedDisplay = field(default_factory=TypedDisplay)
    proof: Load | None = None
    fault: SetUpFault | None = None
    keeping: bool = False

    def ended(self, fault: SetUpFault) -> SettingUp:
        """Nothing is set up."""
        return replace(self, proof=None, keeping=False, fault=fault)

    @property
    def weighs(self) -> bool:
        """Whether a weighing is asked for."""
        return self.chosen is not None and self.proof is None and self.fault is None


def begun_anew(state: SettingUp, number: int) -> SettingUp:
    """From the start; after a weighing that proved nothing only that is done once more.

    Where several drivers read the port, one that read something else is not tried again.
    """
    fresh = SettingUp(state.port, state.name, number)
    if state.fault is SetUpFault.EMPTY:
        return replace(fresh, likely=state.likely, chosen=state.chosen)
    if state.fault is SetUpFault.DIFFERS and state.likely is not None:
        others = tuple(one for one in state.likely if one is not state.chosen) or state.likely
        return replace(fresh, likely=others, chosen=others[0] if len(others) == 1 else None)
    return fresh


def recognised(state: SettingUp, likely: tuple[Likely, ...], *, heard: int) -> SettingUp:
    """The ear has an answer; one driver alone is chosen by itself."""
    if state.likely is not None or state.fault is not None:
        return state
    if not likely:
        return state.ended(SetUpFault.NOT_READ if heard else SetUpFault.NOTHING_CAME)
    few = likely[:MOST_LIKELY]
    return replace(state, likely=few, chosen=few[0] if len(few) == 1 else None)


def weighed(state: SettingUp, event: DeviceEvent, *, once: bool) -> SettingUp:
    """Take what the chosen driver read; beside a typed display it proves or disproves it."""
    if not state.weighs or not isinstance(event, Reading):
        return state
    display = typed_display.heard(state.display, event, once=once)
    return _compared(replace(state, display=display), event, once=once)


def submitted(state: SettingUp, now: float, *, once: bool) -> SettingUp:
    """The display is typed."""
    if not state.weighs:
        return state
    display = typed_display.submitted(state.display, now)
    return _compared(replace(state, display=display), None, once=once)


def _compared(state: SettingUp, reading: Reading | None, *, once: bool) -> SettingUp:
    load = typed_display.load_of(state.display, reading, once=once)
    if load is None:
        return state
    state = replace(state, proof=load, display=TypedDisplay(unit=state.display.unit))
    if load.read.value <= 0:
        # Nothing on the scale is nothing for any driver.
        return replace(state.ended(SetUpFault.EMPTY), proof=load)
    return state if load.agrees else replace(state.ended(SetUpFault.DIFFERS), proof=load)


def speaks_once(likely: Likely | None) -> bool:
    """Whether what was chosen says one line a weighing."""
    return likely is not None and likely.rhythm is Rhythm.ONCE


@dataclass(frozen=True, slots=True)
class FirstDay:
    """Ten loads on the scale in use, each display beside what the station read.

    ``name`` is make and model; ``kept`` the name of the file once it is written.
    """

    name: str
    once: bool = False
    loads: tuple[Load, ...] = ()
    display: TypedDisplay = field(default_factory=TypedDisplay)
    keeping: bool = False
    kept: str = ""
    failed: bool = False

    @property
    def is_full(self) -> bool:
        """Whether all loads were taken."""
        return len(self.loads) >= LOADS


def first_day_weighed(state: FirstDay, reading: Reading) -> FirstDay:
    """Take what the station read."""
    if state.is_full:
        return state
    display = typed_display.heard(state.display, reading, once=state.once)
    return _first_day_compared(replace(state, display=display), reading)


def first_day_submitted(state: FirstDay, now: float) -> FirstDay:
    """The display is typed."""
    if state.is_full:
        return state
    display = typed_display.submitted(state.display, now)
    return _first_day_compared(replace(state, display=display), None)


def _first_day_compared(state: FirstDay, reading: Reading | None) -> FirstDay:
    load = typed_display.load_of(state.display, reading, once=state.once)
    if load is None:
        return state
    fresh = TypedDisplay(unit=state.display.unit)
    return replace(state, loads=(*state.loads, load), display=fresh)
