"""A store that is an older copy of itself: what it says was not sent may have been sent since.

A copy made by ``kiosk backup`` says of itself that it is one. Whoever opens it as a station's
store, brought back by ``kiosk restore`` or by hand, first puts in doubt what was still to be sent.
The clinic's database cannot be stamped by the server's own backup; it remembers where it lies
instead, and after being restored it lies elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, text, update

from kiosk.store import audit
from kiosk.store import tables as t
from kiosk.store.database.engine import keyed
from kiosk.store.outbox.doubting import doubt_all
from kiosk.store.times import micros

COPY = "copy"
PLACE = "place"
_VALUE = select(t.meta.c.value)
_WHERE = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT timeline_id FROM pg_control_checkpoint()), CAST('outbox' AS regclass)::oid"
)
"""The cluster, its history (a recovery to a moment begins a new one) and the table itself (a dump
that is played back makes it anew). A file system that is set back whole is seen in none of them."""


def stamp(path: Path, key: bytes, now: datetime) -> None:
    """Let a copy say of itself that it is one."""
    connection = keyed(path, key)
    try:
        values = (COPY, str(micros(now)))
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", values)
    finally:
        connection.close()


def take_up(connection: Connection, trail: audit.Trail, now: datetime) -> bool:
    """See whether a station's file is a copy that was brought back; then doubt what it says."""
    if connection.execute(_VALUE.where(t.meta.c.key == COPY)).scalar() is None:
        return False
    brought_back(connection, trail, now)
    return True


def brought_back(
    connection: Connection,
    trail: audit.Trail,
    now: datetime,
    *,
    doubted: bool = True,
    by: str = "cli",
    how: str = "",
) -> None:
    """Make a copy the station's store; ``doubted`` unless nothing can have been sent since.

    ``by`` and ``how`` are told in the audit trail.
    """
    connection.execute(delete(t.meta).where(t.meta.c.key == COPY))
    if doubted:
        doubt_all(connection, now)
    trail.append(connection, now, ("restored", by, how if doubted else "nothing sent since"))


def moved(connection: Connection, trail: audit.Trail, now: datetime) -> bool:
    """See whether the clinic's database was restored; then doubt what it says. The first station
    that looks does so for all.
    """
    where = "/".join(str(part) for part in connection.execute(_WHERE).one())
    known = connection.execute(_VALUE.where(t.meta.c.key == PLACE)).scalar()
    if known == where:
        return False
    if known is None:
        connection.execute(insert(t.meta), {"key": PLACE, "value": where})
        return False
    held = _VALUE.where(t.meta.c.key == PLACE).with_for_update()
    if connection.execute(held).scalar() == where:
        return False
    connection.execute(update(t.meta).where(t.meta.c.key == PLACE).values(value=where))
    doubt_all(connection, now)
    trail.append(connection, now, ("restored", "server", ""))
    return True
