"""Queue numbers: from 1 each day, none twice, also after a power cut."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, insert, select

from kiosk.store import tables as t

LARGEST = 999
"""After this number the day begins again at 1: nobody waits that long."""


def take(connection: Connection, day: date) -> int:
    """Take the next number of a day; those of other days are forgotten."""
    kept = select(t.ticket.c.last).where(t.ticket.c.day == day.isoformat())
    number = (connection.execute(kept).scalar() or 0) % LARGEST + 1
    connection.execute(delete(t.ticket))
    connection.execute(insert(t.ticket), {"day": day.isoformat(), "last": number})
    return number
