"""The audit trail: append-only, each row sealed together with the one before.

A row is HMAC-SHA256 over the previous seal and its own content, under a key derived from the
store's. The end row repeats count and newest seal, so that cutting rows off shows; it comes after
all others in the table and so lies on the page a new row touches anyway.
Rows hold ids made here and never a name, a number or a value.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from kiosk.store import tables as t
from kiosk.store.database.prepared import Prepared
from kiosk.store.times import micros, moment_of

END = 2**62
"""The sequence of the end row."""
FIRST_SEAL = "0" * 64

_ENDING = select(t.audit.c.subject, t.audit.c.mac).where(t.audit.c.sequence == END)
_ENDING_TO_MOVE = _ENDING.with_for_update()
"""Where several stations write one trail, the end is held from reading to moving it."""
_MOVE_END = Prepared(
    update(t.audit)
    .where(t.audit.c.sequence == END)
    .where(t.audit.c.mac == bindparam("before"))
    .values(subject=bindparam("count"), mac=bindparam("seal"))
)
_INSERT = Prepared(insert(t.audit))
_ROWS = select(t.audit).where(t.audit.c.sequence < END).order_by(t.audit.c.sequence)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the trail."""

    sequence: int
    at: datetime
    kind: str
    actor: str
    subject: str
    seal: str


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
        self._end: tuple[int, str] | None = None

    @property
    def end(self) -> tuple[int, str] | None:
        """The row and seal that this process wrote last, committed or not; ``None`` before that."""
        return self._end

    def forget(self) -> None:
        """What was written was rolled back."""
        self._end = None

    def append(self, connection: Connection, now: datetime, *rows: tuple[str, str, str]) -> None:
        """Add rows of (kind, actor, subject) inside the caller's transaction."""
        if self._end is None or not self._add(connection, micros(now), rows, self._end):
            self._add(connection, micros(now), rows, end_of(connection))

    def _add(
        self,
        connection: Connection,
        at: int,
        rows: Sequence[tuple[str, str, str]],
        end: tuple[int, str],
    ) -> bool:
        number, seal = end
        sealed = []
        for kind, actor, subject in rows:
            number += 1
            seal = _seal(self._key, seal, (number, at, kind, actor, subject))
            row = {"sequence": number, "at": at, "kind": kind, "actor": actor, "subject": subject}
            sealed.append({**row, "mac": seal})
        moved = {"before": end[1], "count": str(number), "seal": seal}
        if _MOVE_END.run(connection, moved).rowcount == 0:
            return False
        self._end = number, seal
        _INSERT.run(connection, *sealed)
        return True


def begin(connection: Connection) -> None:
    """Write the end row of an empty trail."""
    end = {"sequence": END, "at": 0, "kind": "end", "actor": "", "subject": "0"}
    _INSERT.run(connection, {**end, "mac": FIRST_SEAL})


def end_of(connection: Connection) -> tuple[int, str]:
    """The number of rows and the newest seal."""
    count, seal = connection.execute(_ENDING_TO_MOVE).one()
    return int(count), seal


def _seal(key: bytes, before: str, row: tuple[int, int, str, str, str]) -> str:
    content = json.dumps([before, *row], ensure_ascii=True)
    return hmac.digest(key, content.encode(), "sha256").hex()


def verify(connection: Connection, key: bytes) -> AuditReport:
    """Check the whole chain and its end."""
    seal, expected = FIRST_SEAL, 0
    for row in connection.execute(_ROWS):
        expected += 1
        content = (row.sequence, row.at, row.kind, row.actor, row.subject)
        seal = _seal(key, seal, content)
        if row.sequence != expected or not hmac.compare_digest(seal, row.mac):
            return AuditReport(expected, broken_at=expected)
    end = connection.execute(_ENDING).one_or_none()
    whole = end is not None and (end.subject, end.mac) == (str(expected), seal)
    return AuditReport(expected, None if whole else expected + 1)


def rows(connection: Connection) -> Iterator[AuditRow]:
    """Every row, oldest first."""
    for row in connection.execute(_ROWS):
        at = moment_of(row.at)
        yield AuditRow(row.sequence, at, row.kind, row.actor, row.subject, row.mac)


def export(connection: Connection, write: Callable[[str], object]) -> int:
    """Write every row as one line of JSON, seals included; returns how many."""
    number = 0
    for row in rows(connection):
        facts = {**asdict(row), "at": row.at.isoformat()}
        write(json.dumps(facts, ensure_ascii=False) + "\n")
        number += 1
    return number
