"""What is usually measured at an age. It proposes and never refuses.

The rows are data in ``schedule.toml`` beside this file, with their source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kiosk.model.visit import Quantity


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the programme: from this age in days, and what is measured."""

    days: int
    measure: frozenset[Quantity]


@cache
def shipped_schedule() -> tuple[Control, ...]:
    """The controls that come with the station, in rising age."""
    text = files("kiosk.weighing").joinpath("schedule.toml").read_text("utf-8")
    return schedule_from(tomllib.loads(text))


def schedule_from(data: Mapping[str, Any]) -> tuple[Control, ...]:
    """Read controls; raises ``KeyError`` or ``ValueError`` for a file of another shape."""
    controls = tuple(
        Control(int(row["days"]), frozenset(map(Quantity, row["measure"])))
        for row in data["control"]
    )
    days = [control.days for control in controls]
    if not days or days[0] != 0 or days != sorted(set(days)):
        raise ValueError("controls begin at birth and rise in age")
    return controls


def proposed(age_days: int, schedule: tuple[Control, ...] | None = None) -> frozenset[Quantity]:
    """What is usually measured at this age in days; a negative age counts as birth."""
    controls = schedule if schedule is not None else shipped_schedule()
    reached = [control for control in controls if control.days <= max(age_days, 0)]
    return reached[-1].measure
