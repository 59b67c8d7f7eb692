"""The first day with a real scale: ten loads, each with its display beside what the station read.

Pure. A person types the display before the station says what it read, so that neither leads the
other. What comes of it is a file for the project: with it a driver turns from *from manual* into
*confirmed on hardware*. It holds nothing about a person that was weighed, and no clinic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.driver import Driver, Settings
from drivers.events import Reading
from drivers.profile import rhythm_of

LOADS: Final = 10
DIFFERENT: Final = 8
"""Different displays among them; ten times the same load would show little."""

_NUMBER: Final = re.compile(r"-?\d{1,6}(?:[.,]\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Display:
    """What the display showed: its number as typed, with a point, and its unit."""

    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class Load:
    """One load: the display and what the station read at the same time."""

    display: Display
    read: Reading

    @property
    def agrees(self) -> bool:
        """Whether number and unit are the same; a digit beyond the verified step may be shown."""
        whole = Decimal(f"{self.read.value:f}{self.read.finer}")
        same = Decimal(self.display.number) in {self.read.value, whole}
        return same and self.display.unit == self.read.unit.lower()


def display_of(text: str) -> Display | None:
    """Read ``4,236 kg``; ``None`` if it is no number with a unit."""
    words = text.split()
    if len(words) != 2 or _NUMBER.fullmatch(words[0]) is None:
        return None
    unit = words[1].lower()
    return Display(words[0].replace(",", "."), unit) if unit in {"kg", "g", "lb", "oz"} else None


def is_confirmed(loads: Sequence[Load]) -> bool:
    """Whether enough different loads were tried and every one of them agrees."""
    different = {load.display for load in loads}
    return (
        len(loads) >= LOADS and len(different) >= DIFFERENT and all(load.agrees for load in loads)
    )


def report(
    driver: Driver, settings: Settings, loads: Sequence[Load], about: Mapping[str, str]
) -> str:
    """The file: driver, profile, what is known ``about`` device and day, and every load."""
    lines = [
        f"driver = {_text(driver.key)}",
        f"version = {_text(driver.version)}",
        f"rhythm = {_text(rhythm_of(driver, settings).value)}",
        f"confirmed = {'true' if is_confirmed(loads) else 'false'}",
        *(f"{key} = {_text(value)}" for key, value in about.items()),
        "",
        "[settings]",
        *(f"{_text(key)} = {_text(value)}" for key, value in sorted(settings.items())),
    ]
    for load in loads:
        lines += ["", "[[load]]", *_rows(load)]
    return "\n".join(lines) + "\n"


def _rows(load: Load) -> list[str]:
    read = load.read
    return [
        f"display = {_text(f'{load.display.number} {load.display.unit}')}",
        f"read = {_text(f'{read.value:f} {read.unit}')}",
        f"stability = {_text(read.stability.value)}",
        f"flags = {json.dumps(sorted(flag.value for flag in read.flags))}",
        f"agrees = {'true' if load.agrees else 'false'}",
        f"bytes = {_text(read.raw.hex())}",
    ]


def _text(value: str) -> str:
    # A JSON text is a TOML basic string, but for the delete character, which nothing here needs.
    return json.dumps(value.replace("\x7f", ""), ensure_ascii=False)
