"""Opening the store's file: everything that is looked at before the first row is trusted."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2 as sqlcipher

from drivers.folder import OPENED
from kiosk.store import schema
from kiosk.store import tables as t
from kiosk.store.audit import Trail
from kiosk.store.database import copies, engine
from kiosk.store.database.damage import key_fits
from kiosk.store.database.disk import DiskState, disk_state
from kiosk.store.database.key import derived
from kiosk.store.database.locking import take_lock
from kiosk.store.database.marker import (
    Found,
    Marker,
    MarkFile,
    Standing,
    compare,
    end_of,
    read_mark,
)
from kiosk.store.database.presence import FILE_NAME, holds_something, identity, require, side_files
from kiosk.store.database.purge import empty_log
from kiosk.store.database.upgrading import copy_first
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.system.clock import now_utc

CHECKED_UP_TO = 50 * 1024 * 1024
"""Bytes up to which a store that was not closed is read through at the start (about 0.1 s)."""
SETTLED_EVERY = 600.0
"""Seconds after which what is in the write-ahead log is moved into the store's own file, so that
the mark can tell an older store from one that has lost its log."""
DOUBTED = frozenset({Standing.OLDER, Standing.SHORTENED, Standing.FOREIGN})
"""What was not sent in such a store may have been."""


class FilePlace:
    """An encrypted file that one station has for itself."""

    holder = None
    """Nobody else claims messages here, so none is leased."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        *,
        demo: bool = False,
        alone: bool,
        make: bool = True,
        new: bool = True,
        accept: bool = False,
    ) -> None:
        """Open, create or migrate the store in ``folder``; raises :class:`StoreError`.

        With ``make`` off nothing is created and nothing migrated (ABSENT, OLDER_SCHEMA), with
        ``new`` off nothing is created. Where a mark tells of a store none is ever created
        (VANISHED, EMPTIED). ``accept`` takes a store that is another one than
        the mark tells of (FOREIGN).
        """
        self._folder, self._key = folder, key
        opening = _Opening(folder, key, demo=demo, make=make, new=make and new, accept=accept)
        self.writing, self._lock, self._marker = opening.open(alone=alone)
        self._found = opening.found
        self.reading = engine.reading_engine(folder / FILE_NAME, key)
        self._settled_at = time.monotonic()
        self._is = identity(folder / FILE_NAME)

    def check(self, connection: Connection, /) -> None:
        """Read every page; raises :class:`StoreError` (CORRUPT)."""
        engine.check_content(connection)

    def kept(self, connection: Connection, end: tuple[int, str] | None, /) -> None:
        """Move the mark on; now and then everything is moved into the store's own file.

        Raises :class:`StoreError` (VANISHED) if the file was taken away under the station.
        """
        if self._marker is None:
            return
        if identity(self._folder / FILE_NAME) != self._is:
            # It went into a file that has no name any more, and will be gone with this process.
            raise StoreError(StoreFault.VANISHED, self._folder / FILE_NAME)
        if end is not None:
            self._marker.kept(end)
        if time.monotonic() - self._settled_at > SETTLED_EVERY:
            self._settled_at = time.monotonic()
            if _settle(connection):
                self._marker.settled()

    @property
    def found(self) -> Found:
        """How it stood to its mark when it was opened."""
        return self._found

    def was_restored(self, _connection: Connection, _trail: Trail, /) -> bool:
        """A file was looked at when it was opened."""
        return False

    def line_is_guarded(self, _connection: Connection, /) -> bool:
        """A file has no line."""
        return True

    def disk_state(self) -> DiskState:
        """How full the disk is; raises :class:`OSError`."""
        return disk_state(self._folder)

    def after_purge(self) -> None:
        """Empty the write-ahead log, which still has what was deleted."""
        try:
            empty_log(self._folder / FILE_NAME, self._key)
        except sqlcipher.Error as error:
            raise StoreError(fault_of(error)) from None

    def close(self) -> None:
        """Let go of the file; the writer has closed its connection."""
        self.reading.dispose()
        if self._marker is not None:
            if not holds_something(side_files(self._folder / FILE_NAME)[0]):
                self._marker.settled()
            self._marker.close()
        if self._lock is not None:
            self._lock.close()


class _Opening:
    """One opening: what lies there, what the mark tells of it, and how the two stand."""

    def __init__(
        self, folder: Path, key: bytes, *, demo: bool, make: bool, new: bool, accept: bool
    ) -> None:
        self._folder, self._path, self._key = folder, folder / FILE_NAME, key
        self._demo, self._make, self._new, self._accept = demo, make, new, accept
        self._mark = MarkFile(there=False)
        self.found = Found(Standing.FIRST)

    def open(self, *, alone: bool) -> tuple[Engine, IO[str] | None, Marker | None]:
        engine.check_library()
        engine.check_file(self._path)
        # Before the store: so it never tells of more than is there.
        self._mark = read_mark(self._folder)
        if self._mark.there or not self._new:
            require(self._folder)
        with ExitStack() as undo:
            self._make_file()
            lock = self._lock(undo) if alone else None
            writing = engine.writing_engine(self._path, self._key)
            undo.callback(writing.dispose)
            marker = Marker(self._folder, self._mark) if alone else None
            undo.callback(marker.close if marker is not None else _nothing)
            self._prepare(writing, marker)
            undo.pop_all()
        return writing, lock, marker

    def _make_file(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(self._path)
        except OSError as error:
            raise StoreError(fault_of(error)) from None

    def _lock(self, undo: ExitStack) -> IO[str]:
        try:
            lock = take_lock(self._folder)
        except OSError as error:
            raise StoreError(fault_of(error)) from None
        undo.callback(lock.close)
        # Another station may have written until the lock was ours.
        self._mark = read_mark(self._folder)
        return lock

    def _prepare(self, writing: Engine, marker: Marker | None) -> None:
        doubtful = marker is not None and _was_left_open(self._path)
        try:
            if self._make and holds_something(self._path):
                self._copy_before_migrating(writing)
            with writing.begin() as connection:
                if doubtful:
                    engine.check_content(connection)
                new = self._new and not self._mark.there
                schema.prepare(connection, demo=self._demo, make=self._make, new=new)
                first = self._compare(connection, marker)
            if marker is not None and first:
                # A mark of a store that was not made after all would be one of a store that is
                # gone, so a new one is marked when it is there.
                with writing.begin() as connection:
                    marker.adopt(connection, lost=None)
            if marker is not None:
                with writing.connect() as connection:
                    marker.arrived(whole=_settle(connection))
        except (SQLAlchemyError, StoreError) as error:
            raise StoreError(self._fault(error), self._path) from None

    def _copy_before_migrating(self, writing: Engine) -> None:
        with writing.connect() as connection:
            version = schema.current_version(connection)
            if version in (None, t.SCHEMA_VERSION) or version not in schema.KNOWN_VERSIONS:
                return
            end = end_of(connection)
        copy_first(self._folder, self._key, version, end, now_utc())

    def _compare(self, connection: Connection, marker: Marker | None) -> bool:
        """Look at the store beside its mark; whether it is to have its first one."""
        now, trail = now_utc(), Trail(derived(self._key, "audit"))
        self.found = compare(connection, self._mark, now)
        if self.found.standing is Standing.FOREIGN and marker is not None and not self._accept:
            raise StoreError(StoreFault.FOREIGN)
        if marker is None:
            return False  # who only looks leaves it to the station to doubt what a copy says
        copied = copies.take_up(connection, trail, now)
        if self.found.standing in DOUBTED and not copied:
            copies.brought_back(connection, trail, now, by="station", how=self.found.standing.value)
        if self.found.standing is Standing.FIRST:
            return True
        lost = self.found.lost if not self._accept else None
        marker.adopt(connection, lost=lost)
        return False

    def _fault(self, error: SQLAlchemyError | StoreError) -> StoreFault:
        fault = _open_fault(error, self._path, self._key)
        emptied = fault is StoreFault.ABSENT and self._mark.there
        return StoreFault.EMPTIED if emptied else fault


def _settle(connection: Connection) -> bool:
    """Move the write-ahead log into the store's own file; whether all of it is there."""
    raw = connection.connection.driver_connection
    assert raw is not None
    try:
        busy, log, moved = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlcipher.Error:
        return False
    return not busy and log == moved


def make_private(path: Path) -> None:
    """Create the file if need be; nobody else may read it. Raises :class:`OSError`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | OPENED, 0o600)
    try:
        # SQLite gives its side files the mode of the database.
        if os.fstat(handle).st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _was_left_open(path: Path) -> bool:
    log = side_files(path)[0]
    # The last connection removes the log when it closes in peace.
    left = log.exists() and log.stat().st_size > 0
    return left and path.stat().st_size <= CHECKED_UP_TO


def _open_fault(error: SQLAlchemyError | StoreError, path: Path, key: bytes) -> StoreFault:
    fault = fault_of(error)
    if fault is StoreFault.WRONG_KEY and key_fits(path, key):
        return StoreFault.CORRUPT
    if fault is StoreFault.INPUT_OUTPUT and not os.access(path.parent, os.W_OK):
        return StoreFault.READ_ONLY
    return fault


def _nothing() -> None:
    pass
