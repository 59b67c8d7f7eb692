"""Whether a refused sign-in may be the fault of a clock.

A signed assertion lives for seconds, so a clock that is off looks like a wrong key. What the
server's ``Date`` header says is compared with the station's own clock; nothing is adjusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TOLERATED_SECONDS = 5
"""Seconds of difference that a server allows for (HelseID's own sample allows five)."""


def seconds_off(headers: Mapping[str, str], now: datetime) -> int:
    """How far the station's clock is ahead (positive) or behind, 0 within what is tolerated."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return 0
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    off = round((now - theirs).total_seconds())
    return off if abs(off) > TOLERATED_SECONDS else 0
