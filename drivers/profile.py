"""What a device's profile settings come to: checked, completed, and the request they choose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from drivers.driver import Driver, Poll, Rhythm, Setting, Settings

REQUEST = "request"
"""The setting that chooses among ``Driver.requests``."""

RHYTHM = Setting(
    "rhythm",
    (Rhythm.STREAMS.value, Rhythm.ONCE.value),
    None,
    "how often the device speaks, where it was set up otherwise than its kind usually is",
)
"""A setting that every device may have and none must: an indicator set from stream to print."""


class Wrong(StrEnum):
    """What is the matter with a setting."""

    UNKNOWN = "unknown"
    NO_CHOICE = "no-choice"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot stay as it is. ``setting`` is ``None`` for an unknown key."""

    wrong: Wrong
    key: str
    value: str = ""
    setting: Setting | None = None


def completed(driver: Driver, given: Mapping[str, str]) -> Settings:
    """Return ``given`` with the driver's safe defaults; what has none stays untold."""
    defaults = {s.key: s.default for s in driver.settings if s.default is not None}
    return {**defaults, **given}


def problems(driver: Driver, given: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what stands in the way of using the device with these settings."""
    own = {setting.key: setting for setting in driver.settings}
    known = {RHYTHM.key: RHYTHM, **own}
    unknown = (Problem(Wrong.UNKNOWN, key, given[key]) for key in given if key not in known)
    odd = (
        Problem(Wrong.NO_CHOICE, key, value, known[key])
        for key, value in given.items()
        if key in known and not allows(known[key], value)
    )
    full = completed(driver, given)
    missing = (
        Problem(Wrong.MISSING, key, "", setting) for key, setting in own.items() if key not in full
    )
    return (*unknown, *odd, *missing)


def allows(setting: Setting, value: str) -> bool:
    """Return whether ``value`` is one of the choices, or matches the pattern."""
    if setting.choices:
        return value in setting.choices
    return re.fullmatch(setting.pattern, value) is not None


def poll_of(driver: Driver, settings: Settings) -> Poll | None:
    """Return the request that reads this device; ``None`` if it sends by itself.

    A device whose way of being asked was not chosen is not asked at all, nor is one that was set
    up to speak by itself.
    """
    if RHYTHM.key in settings:
        return None
    if driver.requests is None:
        return driver.poll
    return driver.requests.get(completed(driver, settings).get(REQUEST, ""))


def rhythm_of(driver: Driver, settings: Settings) -> Rhythm:
    """Return how often this device speaks: as its profile says, when it is asked, or by kind."""
    if RHYTHM.key in settings:
        return Rhythm(settings[RHYTHM.key])
    if poll_of(driver, settings) is not None:
        return Rhythm.ANSWERS
    return driver.rhythm if driver.rhythm is not Rhythm.ANSWERS else Rhythm.STREAMS


def sample_settings(driver: Driver) -> Settings:
    """Return a profile that tells everything: defaults, else first choices and examples."""
    return {
        setting.key: setting.default
        if setting.default is not None
        else (setting.choices[0] if setting.choices else setting.example)
        for setting in driver.settings
    }
