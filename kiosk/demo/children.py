"""Made-up children whose ages follow today's date, with identity numbers that fit them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from kiosk.model.identity import FIRST_WEIGHTS, SECOND_WEIGHTS
from kiosk.model.visit import IdKind

SYNTHETIC_MONTH = 80
"""Added to the month in Skatteetaten's synthetic test population (Tenor)."""

INDIVIDUAL_NUMBERS = range(500, 1000)
"""Individual numbers of people born 2000-2039."""

TABLE = Path(__file__).with_name("children.toml")


@dataclass(frozen=True, slots=True)
class DemoChild:
    """A child that does not exist."""

    given_name: str
    birth_date: date
    number: str
    number_kind: IdKind = IdKind.NATIONAL


def demo_children(today: date) -> tuple[DemoChild, ...]:
    """Return the children of ``children.toml``, as old as it says on the day ``today``."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))["child"]
    return tuple(_child(row, today - timedelta(days=row["days"])) for row in rows)


def _child(row: dict[str, int | str], born: date) -> DemoChild:
    return DemoChild(str(row["given"]), born, synthetic_number(born, int(row["serial"])))


def synthetic_number(birth_date: date, serial: int) -> str:
    """Return the ``serial``-th (from 1) synthetic number of somebody born on ``birth_date``.

    The check digits fit the rule in force before 2032. Raises :class:`ValueError` for a birth
    date outside 2000-2039 or a serial that does not exist.
    """
    if not 2000 <= birth_date.year <= 2039:
        raise ValueError("synthetic numbers are made for births 2000-2039")
    found = list(islice(_numbers(birth_date), max(serial - 1, 0), max(serial, 0)))
    if not found:
        raise ValueError("no such serial")
    return found[0]


def _numbers(birth_date: date) -> Iterator[str]:
    day = f"{birth_date.day:02}{birth_date.month + SYNTHETIC_MONTH:02}{birth_date.year % 100:02}"
    for individual in INDIVIDUAL_NUMBERS:
        digits = [int(digit) for digit in f"{day}{individual}"]
        first = -sum(w * d for w, d in zip(FIRST_WEIGHTS[:9], digits, strict=True)) % 11
        digits.append(first)
        second = -sum(w * d for w, d in zip(SECOND_WEIGHTS[:10], digits, strict=True)) % 11
        if first < 10 and second < 10:
            yield "".join(map(str, [*digits, second]))
