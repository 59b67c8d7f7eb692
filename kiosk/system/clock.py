"""The station's clocks: the only place that asks the operating system what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now_utc() -> datetime:
    """The wall clock, timezone-aware UTC."""
    return datetime.now(UTC)
