"""Who is to have its hearing tested again, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Due(StrEnum):
    """How the day stands to the days of a retest."""

    LATER = "later"
    NOW = "now"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A child that is to be tested again from a day until a day; ``None`` where none was said."""

    id: UUID
    visit_id: UUID
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    tested_at: datetime
    since: date | None
    until: date | None

    def due(self, today: date) -> Due:
        """Whether it is time."""
        if self.until is not None and today > self.until:
            return Due.OVERDUE
        return Due.LATER if self.since is not None and today < self.since else Due.NOW
