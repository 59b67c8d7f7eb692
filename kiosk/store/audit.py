"""The audit trail: append-only, each row sealed together with the one before.

A row is HMAC-SHA256 over the previous seal and its own content, under a key derived from the
store's. Count and newest seal also stand in ``meta``, so that cutting rows off the end shows.
Rows hold ids made here and never a name, a number or a value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from kiosk.store import tables as t
from kiosk.store.prepared import Prepared
from kiosk.store.times import micros, moment_of

HEAD = "audit-head"
FIRST_SEAL = "0" * 64

_READ_HEAD = select(t.meta.c.value).where(t.meta.c.key == HEAD)
_MOVE_HEAD = Prepared(
    update(t.meta)
    .where(t.meta.c.key == HEAD)
    .where(t.meta.c.value == bindparam("before"))
    .values(value=bindparam("head"))
)
_INSERT = Prepared(insert(t.audit))


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the trail."""

    sequence: int
    at: datetime
    kind: str
    actor: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The result of a check. ``broken_at`` is the first row that does not fit, or after which
    rows are missing."""

    rows: int
    broken_at: int | None = None

    @property
    def sound(self) -> bool:
        """Whether every row is as it was written and none is missing."""
        return self.broken_at is None


class Trail:
    """Writes the trail. Belongs to the store's writer: one turn at a time.

    The end of the trail is remembered and moved on only if it is still the end, so that a row
    costs two statements. After a rollback, or when another process wrote, it is read anew.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._head = ""

    def append(self, connection: Connection, now: datetime, *rows: tuple[str, str, str]) -> None:
        """Add rows of (kind, actor, subject) inside the caller's transaction."""
        if not self._head or not self._add(connection, micros(now), rows):
            self._head = str(connection.execute(_READ_HEAD).scalar_one())
            self._add(connection, micros(now), rows)

    def _add(self, connection: Connection, at: int, rows: Sequence[tuple[str, str, str]]) -> bool:
        count, _, seal = self._head.partition(":")
        number, sealed = int(count), []
        for kind, actor, subject in rows:
            number += 1
            seal = _seal(self._key, seal, (number, at, kind, actor, subject))
            row = {"sequence": number, "at": at, "kind": kind, "actor": actor, "subject": subject}
            sealed.append({**row, "mac": seal})
        before, self._head = self._head, f"{number}:{seal}"
        moved = _MOVE_HEAD.run(connection, {"before": before, "head": self._head})
        if moved.rowcount == 0:
            return False
        _INSERT.run(connection, *sealed)
        return True


def _seal(key: bytes, before: str, row: tuple[int, int, str, str, str]) -> str:
    content = json.dumps([before, *row], ensure_ascii=True)
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def verify(connection: Connection, key: bytes) -> AuditReport:
    """Check the whole chain and its end."""
    seal, expected = FIRST_SEAL, 0
    for row in connection.execute(select(t.audit).order_by(t.audit.c.sequence)):
        expected += 1
        content = (row.sequence, row.at, row.kind, row.actor, row.subject)
        seal = _seal(key, seal, content)
        if row.sequence != expected or not hmac.compare_digest(seal, row.mac):
            return AuditReport(expected, broken_at=expected)
    head = str(connection.execute(_READ_HEAD).scalar_one())
    return AuditReport(expected, None if head == f"{expected}:{seal}" else expected + 1)


def rows(connection: Connection) -> Iterator[AuditRow]:
    """Every row, oldest first."""
    for row in connection.execute(select(t.audit).order_by(t.audit.c.sequence)):
        yield AuditRow(row.sequence, moment_of(row.at), row.kind, row.actor, row.subject)
