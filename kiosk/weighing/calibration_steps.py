"""A calibration in steps: do something with the scale, type its display, and the frame is taken.

Pure. What the frames mean is learned by :mod:`drivers.calibration`; here is only the order of
things: five loads, a display typed for each, and for each a frame that came three times alike
after the display was typed. One contradiction ends it: nobody can know which step was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from drivers.calibration import Load, Observation, learn
from drivers.driver import Settings

EQUAL_FRAMES = 3
"""Frames that must be the same before one is believed: the display has come to rest."""

PATIENCE_SECONDS = 15.0
"""How long to wait for them; the scale sends one a second."""

LONGEST_DISPLAY = 7
LOADS = tuple(Load)


class Fault(StrEnum):
    """Why a calibration cannot go on. Most of them are those of :class:`drivers.calibration`."""

    NO_NUMBER = "no-number"
    NO_FRAME = "no-frame"
    OTHER_DIGITS = "other-digits"
    FORMAT_CONTRADICTS = "format-contradicts"
    BITS_CONTRADICT = "bits-contradict"
    CRC_CONTRADICTS = "crc-contradicts"
    SILENT = "silent"
    UNDECIDED = "undecided"
    NOT_KEPT = "not-kept"


@dataclass(frozen=True, slots=True)
class Calibrating:
    """Where a calibration stands. ``listening`` is since when, in monotonic seconds.

    ``learned`` is the finished profile, to be looked at and agreed to by a person.
    """

    seen: tuple[Observation, ...] = ()
    typed: str = ""
    unit: str = "kg"
    listening: float | None = None
    heard: bytes = b""
    equal: int = 0
    fault: Fault | None = None
    learned: Settings | None = None
    keeping: bool = False

    @property
    def load(self) -> Load:
        """What is to be done with the scale now."""
        return LOADS[min(len(self.seen), len(LOADS) - 1)]

    @property
    def display(self) -> str:
        """What was typed, with the minus that the display has in the last step."""
        minus = "-" if self.load is Load.NEGATIVE and self.typed else ""
        return minus + self.typed


def typed(state: Calibrating, key: str) -> Calibrating:
    """Take one key: a digit, a comma, ``back`` or ``clear``."""
    if state.listening is not None or state.learned is not None or state.fault is not None:
        return state
    if key in {"back", "clear"}:
        return replace(state, typed=state.typed[:-1] if key == "back" else "")
    fits = key.isdigit() or (key in {",", "."} and state.typed and "," not in state.typed)
    if len(key) != 1 or not fits or len(state.typed) >= LONGEST_DISPLAY:
        return state
    return replace(state, typed=state.typed + ("," if key == "." else key))


def listen(state: Calibrating, now: float) -> Calibrating:
    """The display is typed: what the scale sends from now on belongs to it."""
    if not state.typed or state.typed.endswith(",") or state.fault or state.learned:
        return state
    return replace(state, listening=now, heard=b"", equal=0)


def hear(state: Calibrating, frame: bytes) -> Calibrating:
    """Take one frame of the scale; the third of the same kind is believed."""
    if state.listening is None:
        return state
    equal = state.equal + 1 if frame == state.heard else 1
    if equal < EQUAL_FRAMES:
        return replace(state, heard=frame, equal=equal)
    return _observed(state, Observation(state.load, state.display, state.unit, frame))


def time_passed(state: Calibrating, now: float) -> Calibrating:
    """Give up on a scale that sends nothing to be believed; ``now`` is monotonic seconds."""
    if state.listening is None or now - state.listening < PATIENCE_SECONDS:
        return state
    return replace(state, listening=None, fault=Fault.SILENT)


def _observed(state: Calibrating, observation: Observation) -> Calibrating:
    seen = (*state.seen, observation)
    found = learn(seen)
    done = len(seen) == len(LOADS)
    fault = Fault(found.trouble.value) if found.trouble is not None else None
    if done and fault is None and found.settings is None:
        fault = Fault.UNDECIDED
    fresh = Calibrating(seen=seen, unit=state.unit, fault=fault)
    return replace(fresh, learned=found.settings if done and fault is None else None)
