"""The mark beside the store: read, compared with the store, and moved on after each commit.

The store's commit is durable before the mark is written, so the mark never tells of more than
there was; after a kill or a power cut it may tell of less, which is no fault. It is written in
place, with no flush of its own but at the start, at the end and once in a while: a save costs no
second sync.
"""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, insert

from drivers.folder import in_place, read_file
from kiosk.store import audit
from kiosk.store import tables as t
from kiosk.store.database.mark import (
    SLOT_BYTES,
    End,
    Loss,
    Lost,
    Mark,
    line_of,
    mark_of,
    moved,
    next_place,
)
from kiosk.system.clock import now_utc

MARK_NAME = "store.mark"
STORE_ID = "store"
"""The key in the table ``meta`` under which a store keeps its id."""

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MarkFile:
    """What lies there: ``mark`` is ``None`` where none can be read, ``there`` whether one was."""

    there: bool
    mark: Mark | None = None


class Standing(StrEnum):
    """How a store stands to its mark.

    ``FIRST``: neither knows of the other, as in a store that was just made or comes from a station
    without marks. ``UNMARKED``: the store had a mark, which is gone or cannot be read. ``OLDER``
    and ``SHORTENED``: less than there was. ``FOREIGN``: another store or another history.
    """

    SAME = "same"
    FIRST = "first"
    UNMARKED = "unmarked"
    OLDER = "older"
    SHORTENED = "shortened"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen when a store was compared: how it stands, and what nobody answered for yet."""

    standing: Standing
    lost: Lost | None = None


def read_mark(folder: Path) -> MarkFile:
    """Read the mark in the store's folder. One that cannot be read is there all the same."""
    try:
        return MarkFile(there=True, mark=mark_of(read_file(folder / MARK_NAME, 8 * SLOT_BYTES)))
    except FileNotFoundError:
        return MarkFile(there=False)
    except OSError:
        return MarkFile(there=True)


def compare(connection: Connection, file: MarkFile, now: datetime) -> Found:
    """Compare a store with the mark, which was read before it; changes nothing."""
    own, mark = store_id(connection), file.mark
    if mark is None:
        # A store gets its id together with its first mark.
        return Found(Standing.UNMARKED if own is not None or file.there else Standing.FIRST)
    if mark.coming is not None:
        store, end = mark.coming
        if own in (None, store) and _passes(connection, end):
            return Found(Standing.SAME, mark.lost)
    standing = _standing(connection, own, mark)
    if standing in (Standing.OLDER, Standing.SHORTENED):
        lost = Lost(Loss(standing.value), mark.end.row, end_of(connection).row, now)
        return Found(standing, lost)
    return Found(standing, mark.lost)


def _standing(connection: Connection, own: str | None, mark: Mark) -> Standing:
    rows = end_of(connection).row
    if own not in (None, mark.store):
        return Standing.FOREIGN
    if rows < mark.end.row:
        return Standing.SHORTENED if rows >= mark.whole else Standing.OLDER
    return Standing.SAME if _passes(connection, mark.end) else Standing.FOREIGN


def _passes(connection: Connection, end: End) -> bool:
    """Whether the store's trail goes through a checkpoint."""
    if end.row == 0:
        return end.seal == audit.FIRST_SEAL
    return _one(connection, "SELECT mac FROM audit WHERE sequence = ?", end.row) == end.seal


def end_of(connection: Connection) -> End:
    """The end of the store's trail."""
    count = _one(connection, "SELECT subject FROM audit WHERE sequence = ?", audit.END)
    seal = _one(connection, "SELECT mac FROM audit WHERE sequence = ?", audit.END)
    return End(int(count or 0), seal or "")


def store_id(connection: Connection) -> str | None:
    """The store's own id; ``None`` for one that never had a mark."""
    return _one(connection, "SELECT value FROM meta WHERE key = ?", STORE_ID)


def _one(connection: Connection, statement: str, key: object) -> str | None:
    """As plain words: to compose them anew at each start takes longer than asking."""
    found = connection.exec_driver_sql(statement, (key,)).scalar()
    return None if found is None else str(found)


class Marker:
    """Writes the mark of the one store that a station process has open.

    Whatever goes wrong with the mark is logged once and stops nothing: the store is what matters.
    """

    def __init__(self, folder: Path, file: MarkFile) -> None:
        self._path = folder / MARK_NAME
        self._handle = -1
        self._mark = file.mark
        self._complained = False

    def adopt(self, connection: Connection, *, lost: Lost | None) -> None:
        """Take a store as the one that is marked, inside the transaction that prepares it.

        The mark first tells what is coming, durably, and holds on to what was; a kill before the
        commit leaves the one, a kill after it the other.
        """
        before, own, end = self._mark, store_id(connection), end_of(connection)
        if before is not None and before == replace(
            before, store=own or "", end=end, coming=None, lost=lost
        ):
            return
        store = own or (before.store if before is not None else str(uuid4()))
        if own is None:
            connection.execute(insert(t.meta), {"key": STORE_ID, "value": store})
        fresh = Mark(store, end, 0, now_utc())
        base = fresh if before is None else replace(before, serial=before.serial + 1)
        self._write(replace(base, coming=(store, end), lost=lost), durably=True)

    def arrived(self, *, whole: bool) -> None:
        """What was coming is committed. ``whole``: all of it lies in the store's own file."""
        mark = self._mark
        if mark is None or (mark.coming is None and (not whole or mark.whole == mark.end.row)):
            return
        store, end = mark.coming or (mark.store, mark.end)
        upto = end.row if whole else min(mark.whole, end.row)
        mark = replace(moved(mark, end, now_utc()), store=store, whole=upto, coming=None)
        self._write(mark, durably=True)

    def kept(self, end: tuple[int, str]) -> None:
        """Further rows are committed."""
        mark = self._mark
        if mark is not None and mark.end.row != end[0]:
            self._write(moved(mark, End(*end), now_utc()))

    def settled(self) -> None:
        """All that is committed lies in the store's own file; make that durable."""
        mark = self._mark
        if mark is not None and mark.whole != mark.end.row:
            settled = replace(moved(mark, mark.end, now_utc()), whole=mark.end.row)
            self._write(settled, durably=True)

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):
                os.fsync(self._handle)
            os.close(self._handle)
            self._handle = -1

    def _write(self, mark: Mark, *, durably: bool = False) -> None:
        self._mark = mark
        try:
            if self._handle < 0:
                self._handle = in_place(self._path)
            os.pwrite(self._handle, line_of(mark), next_place(mark))
            if durably:
                os.fsync(self._handle)
        except (OSError, ValueError) as error:
            if not self._complained:
                LOG.error("the mark of the store cannot be written: %s", type(error).__name__)
            self._complained = True
