"""Who may sign in, how often somebody was wrong, and how long the lock-out is then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.people import pins
from kiosk.store.times import micros

PERSON_ID = re.compile(r"[a-z][a-z0-9.\-]{0,39}")
"""The short name of somebody, as in ``anne``."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may sign in."""

    id: str
    display: str
    role: str
    hpr_number: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class PinResult:
    """The answer to a PIN: right, wrong with tries left, or a wait in seconds."""

    right: bool
    tries_left: int = 0
    locked_seconds: int = 0


def listed(connection: Connection) -> Sequence[PersonRow]:
    """Everybody, by name."""
    rows = connection.execute(select(t.person).order_by(t.person.c.display))
    return [PersonRow(row.id, row.display, row.role, row.hpr_number, row.look) for row in rows]


def add(connection: Connection, person: PersonRow, pin_hash: str) -> None:
    """Add somebody, or give somebody a new PIN; raises :class:`StoreError` (UNSTORABLE).

    Who was known keeps the look of the screen.
    """
    before = select(t.person.c.look).where(t.person.c.id == person.id)
    row = {
        "id": person.id,
        "display": person.display,
        "role": person.role,
        "hpr_number": person.hpr_number,
        "pin_hash": pin_hash,
        "look": person.look or connection.execute(before).scalar() or "",
        "failed": 0,
        "locked_at": 0,
        "locked_until": 0,
    }
    limits.check(t.person, row)
    connection.execute(delete(t.person).where(t.person.c.id == person.id))
    connection.execute(insert(t.person), row)


def keep_look(connection: Connection, person_id: str, look: str) -> None:
    """Remember how somebody wants the screen."""
    connection.execute(update(t.person).where(t.person.c.id == person_id).values(look=look))


def remove(connection: Connection, person_id: str) -> bool:
    """Remove somebody; what they measured keeps their name."""
    gone = connection.execute(delete(t.person).where(t.person.c.id == person_id))
    return gone.rowcount > 0


def begin_try(connection: Connection, person_id: str, now: datetime) -> tuple[str, int, int] | None:
    """Count a try before it is looked at, so that pulling the plug gives no free one.

    Returns the kept hash, the tries counted now and the seconds still to wait (then nothing
    was counted); ``None`` for somebody who is not known.
    """
    # Two stations may try at once: each counts its try after the other's.
    known = select(t.person).where(t.person.c.id == person_id).with_for_update()
    row = connection.execute(known).one_or_none()
    if row is None:
        return None
    wait = _seconds_left(connection, row, micros(now))
    if wait:
        return row.pin_hash, row.failed, wait
    failed = row.failed + 1
    until = now + timedelta(seconds=pins.wait_after(failed))
    values = {"failed": failed, "locked_at": micros(now), "locked_until": micros(until)}
    connection.execute(update(t.person).where(t.person.c.id == person_id).values(**values))
    return row.pin_hash, failed, 0


def _seconds_left(connection: Connection, row: Row[Any], now: int) -> int:
    started, ends = int(row.locked_at), int(row.locked_until)
    if ends <= started:
        return 0
    if now < started:
        # A clock set back must neither free nor lock for ever: the wait counts from now on.
        started, ends = now, now + ends - started
        values = {"locked_at": started, "locked_until": ends}
        connection.execute(update(t.person).where(t.person.c.id == row.id).values(**values))
    return max(0, -(-(ends - now) // _SECOND))


def succeed(connection: Connection, person_id: str) -> None:
    """The PIN was right: nothing is counted any more."""
    values = {"failed": 0, "locked_at": 0, "locked_until": 0}
    connection.execute(update(t.person).where(t.person.c.id == person_id).values(**values))
