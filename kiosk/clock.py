"""The station's clocks: the only place that asks the operating system what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from uuid6 import uuid7

from kiosk.core.desk.messages import Moment


def now_utc() -> datetime:
    """The wall clock, timezone-aware UTC."""
    return datetime.now(UTC)


def this_moment() -> Moment:
    """Both clocks, the local offset and date, and a fresh id."""
    wall = now_utc()
    local = wall.astimezone()
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    return Moment(time.monotonic(), wall, minutes, local.date(), uuid7())
