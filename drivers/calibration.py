"""Learning what a seca frame means from what the scale's own display shows.

Pure. A person types the display for a few loads; each hypothesis about the order of the control
bits and the CRC that contradicts a frame is dropped, and the display formats are read off. Nothing
is learned before every load was seen and exactly one hypothesis is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.driver import Settings
from drivers.scales.seca_rs232 import CRCS, FAULTS, Parts, control_names, crc_fits, parts_of

ORDERS: Final = ("first-is-bit-0", "first-is-bit-7")
NO_CRC: Final = "none"
_DISPLAY: Final = re.compile(r"(-?)(\d{1,5})(?:[.,](\d{1,4}))?")
UNITS: Final = ("kg", "g", "lb")


class Load(StrEnum):
    """What is done with the scale while a frame is taken."""

    EMPTY = "empty"
    STABLE = "stable"
    HELD = "held"
    TARED = "tared"
    NEGATIVE = "negative"


class Trouble(StrEnum):
    """Why an observation cannot be used, or why nothing fits any more."""

    NO_NUMBER = "no-number"
    NO_FRAME = "no-frame"
    OTHER_DIGITS = "other-digits"
    FORMAT_CONTRADICTS = "format-contradicts"
    BITS_CONTRADICT = "bits-contradict"
    CRC_CONTRADICTS = "crc-contradicts"


@dataclass(frozen=True, slots=True)
class Observation:
    """A load, what the display showed (``4,236`` and ``kg``), and the frame that came with it."""

    load: Load
    shown: str
    unit: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known after some observations.

    ``settings`` is the finished profile, or ``None`` while a load is ``missing``, more than one
    hypothesis is left or there is ``trouble``.
    """

    orders: tuple[str, ...]
    crcs: tuple[str, ...]
    missing: tuple[Load, ...]
    trouble: Trouble | None
    settings: Settings | None


def learn(observations: Sequence[Observation]) -> Learned:
    """Return what the observations leave; their order does not matter."""
    trouble = next(filter(None, map(_unusable, observations)), None)
    read = [] if trouble else [(o, _parts(o)) for o in observations]
    formats = _formats(read)
    orders = tuple(order for order in ORDERS if all(_says(o, p, order) for o, p in read))
    crcs = _crcs([parts for _, parts in read])
    trouble = trouble or _contradiction(formats, orders, crcs)
    missing = tuple(load for load in Load if load not in {o.load for o in observations})
    whole = not trouble and not missing and len(orders) == len(crcs) == 1
    settings = _settings(orders, crcs, formats or {}) if whole else None
    return Learned(orders, crcs, missing, trouble, settings)


def _parts(observation: Observation) -> Parts:
    parts = parts_of(observation.frame)
    if parts is None:
        raise ValueError("an unusable observation")
    return parts


def _unusable(observation: Observation) -> Trouble | None:
    shown, parts = _DISPLAY.fullmatch(observation.shown), parts_of(observation.frame)
    if shown is None or observation.unit not in UNITS:
        return Trouble.NO_NUMBER
    if parts is None or parts.kind != 0:
        return Trouble.NO_FRAME
    if int(shown[2] + (shown[3] or "")) != int(parts.digits):
        return Trouble.OTHER_DIGITS
    return None


def _formats(read: Iterable[tuple[Observation, Parts]]) -> dict[str, str] | None:
    """Return unit and decimals by display format; ``None`` if one format means two things."""
    formats: dict[str, str] = {}
    for observation, parts in read:
        decimals = len(re.split("[.,]", observation.shown + ".")[1])
        meaning = f"{observation.unit}/{decimals}"
        if formats.setdefault(parts.format, meaning) != meaning:
            return None
    return formats


def _says(observation: Observation, parts: Parts, order: str) -> bool:
    """Whether the control bits, in this order, say what the person saw."""
    names = control_names(parts, order)
    if names & FAULTS or "stable" not in names:
        return False
    return (
        ("hold" in names) == (observation.load is Load.HELD)
        and ("minus" in names) == observation.shown.startswith("-")
        and ("net" in names or observation.load is not Load.TARED)
    )


def _crcs(frames: list[Parts]) -> tuple[str, ...]:
    """Return what the CRC may run over; ``none`` if every frame says that it has none."""
    if all(parts.crc == 0 for parts in frames):
        return (NO_CRC,)
    return tuple(name for name in CRCS if all(crc_fits(parts, name) for parts in frames))


def _contradiction(
    formats: dict[str, str] | None, orders: tuple[str, ...], crcs: tuple[str, ...]
) -> Trouble | None:
    if formats is None:
        return Trouble.FORMAT_CONTRADICTS
    if not orders:
        return Trouble.BITS_CONTRADICT
    return None if crcs else Trouble.CRC_CONTRADICTS


def _settings(orders: tuple[str, ...], crcs: tuple[str, ...], formats: dict[str, str]) -> Settings:
    table = ",".join(f"{code}={meaning}" for code, meaning in sorted(formats.items()))
    return {"bit-order": orders[0], "crc": crcs[0], "formats": table}
