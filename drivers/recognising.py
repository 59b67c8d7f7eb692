"""Which drivers read what a port sends. Pure: given bytes, it opens nothing and asks nobody.

A fit is a likeness, not a proof: protocols of one family read each other's lines, and only a known
weight on the platform shows that a number means what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from drivers.contract_samples import read
from drivers.driver import Driver, Kind, Settings
from drivers.events import Garbage, Reading, Stability
from drivers.profile import sample_settings

READ_SHARE: Final = 0.9
"""At least this share of the bytes, from the first whole line on, belongs to lines it reads."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A driver that reads the bytes: how many values, and the share of the bytes it understands.

    ``told`` counts the values of which the frame itself says something: its rest, or a checksum.
    """

    driver: Driver
    settings: Settings
    values: int
    told: int
    share: float


def fits(data: bytes, drivers: Iterable[Driver]) -> tuple[Fit, ...]:
    """The drivers that read ``data``, the likeliest first."""
    found = []
    for driver in drivers:
        if driver.kind is Kind.SCALE:
            found += _best(driver, data)
    return tuple(sorted(found, key=lambda fit: (-fit.share, -fit.told, -fit.values)))


def _best(driver: Driver, data: bytes) -> list[Fit]:
    tried = [_tried(driver, settings, data) for settings in _profiles(driver)]
    good = [fit for fit in tried if fit.values and fit.share >= READ_SHARE]
    return sorted(good, key=lambda fit: (-fit.share, -fit.told, -fit.values))[:1]


def _profiles(driver: Driver) -> Iterator[Settings]:
    """The usual profile, and each other choice of one of its settings."""
    usual = sample_settings(driver)
    yield usual
    for setting in driver.settings:
        for choice in setting.choices:
            if choice != usual[setting.key]:
                yield {**usual, setting.key: choice}


def _tried(driver: Driver, settings: Settings, data: bytes) -> Fit:
    events = list(read(driver, settings, data))
    lost = 0
    while events and isinstance(events[0], Garbage):
        # The first line was cut when the port was opened.
        lost += len(events.pop(0).raw)
    garbage = sum(len(event.raw) for event in events if isinstance(event, Garbage))
    values = [event for event in events if isinstance(event, Reading)]
    told = sum(one.checked or one.stability is not Stability.UNKNOWN for one in values)
    whole = len(data) - lost
    share = 1 - garbage / whole if whole and values else 0.0
    return Fit(driver, settings, len(values), told, share)
