"""What belongs to hearing tests before they are saved: sessions, held records, checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, update

from kiosk.hearing.unfinished import Unfinished, from_data
from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.database import sealing
from kiosk.store.times import micros, moment_of

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was kept, and when."""

    id: UUID
    at: datetime
    data: Data


def keep_session(connection: Connection, session_id: UUID, data: Data, now: datetime) -> None:
    """Keep a session as it is now, in place of what was kept of it before."""
    table = t.hearing_session
    row = {"id": str(session_id), "changed": micros(now), "data": _text(data)}
    _seal(connection, table, row)
    known = update(table).where(table.c.id == row["id"])
    if connection.execute(known.values(row)).rowcount == 0:
        connection.execute(insert(table), row)


def sessions(connection: Connection) -> Sequence[Kept]:
    """The sessions under way, the newest first."""
    table = t.hearing_session
    rows = connection.execute(select(table).order_by(table.c.changed.desc()))
    return [Kept(UUID(row.id), moment_of(row.changed), _data(connection, row.data)) for row in rows]


def add_check(connection: Connection, check_id: UUID, at: datetime, data: Data) -> None:
    """Keep a listening or room check."""
    row = {"id": str(check_id), "at": micros(at), "data": _text(data)}
    _seal(connection, t.hearing_check, row)
    connection.execute(insert(t.hearing_check), row)


def checks_since(connection: Connection, since: datetime) -> Sequence[Data]:
    """The checks made since then, the oldest first."""
    table = t.hearing_check
    asked = select(table.c.data).where(table.c.at >= micros(since)).order_by(table.c.at)
    return [_data(connection, data) for data in connection.execute(asked).scalars()]


def hold(connection: Connection, record_id: UUID, at: datetime, link: str, data: Data) -> None:
    """Keep what an audiometer sent until a person says whose it is."""
    row = {"id": str(record_id), "at": micros(at), "link": link, "data": _text(data)}
    _seal(connection, t.held_record, row)
    connection.execute(insert(t.held_record), row)


def held(connection: Connection) -> Sequence[Kept]:
    """What waits for a child, the oldest first."""
    table = t.held_record
    rows = connection.execute(select(table).order_by(table.c.at))
    return [Kept(UUID(row.id), moment_of(row.at), _data(connection, row.data)) for row in rows]


def kept_sessions(connection: Connection, ids: Iterable[UUID]) -> list[Unfinished]:
    """Those of these sessions that can be read, with the child each belongs to."""
    table = t.hearing_session
    asked = select(table.c.data).where(table.c.id.in_([str(one) for one in ids]))
    rows = [_data(connection, data) for data in connection.execute(asked).scalars()]
    return [test for data in rows if (test := readable(data)) is not None]


def readable(data: Data) -> Unfinished | None:
    """A session with its child; ``None`` for a damaged row, which stays where it is."""
    try:
        return from_data(data)
    except ValueError:
        return None


def drop(connection: Connection, ids: Iterable[UUID]) -> int:
    """Forget sessions and held records of these ids: they were saved, or a person said no."""
    gone = [str(one) for one in ids]
    return sum(_drop(connection, table, gone) for table in (t.hearing_session, t.held_record))


def _drop(connection: Connection, table: Table, ids: list[str]) -> int:
    return connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount


def _seal(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    limits.check(table, row)
    row["data"] = sealing.hide(connection, "data", row["data"])


def _data(connection: Connection, kept: str) -> Data:
    data: Data = json.loads(sealing.show(connection, "data", kept))
    return data


def _text(data: Data) -> str:
    return json.dumps(data, separators=(",", ":"))
