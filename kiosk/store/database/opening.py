"""Opening the store's file: everything that is looked at before the first row is trusted."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2 as sqlcipher

from drivers.folder import OPENED
from kiosk.store import audit, schema
from kiosk.store.audit import Trail
from kiosk.store.database import copies, engine
from kiosk.store.database.damage import key_fits
from kiosk.store.database.disk import DiskState, disk_state
from kiosk.store.database.key import derived
from kiosk.store.database.purge import empty_log
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.system.clock import now_utc

FILE_NAME = "store.db"
LOCK_NAME = "store.lock"
CHECKED_UP_TO = 50 * 1024 * 1024
"""Bytes up to which a store that was not closed is read through at the start (about 0.1 s)."""


class FilePlace:
    """An encrypted file that one station has for itself."""

    holder = None
    """Nobody else claims messages here, so none is leased."""

    def __init__(
        self, folder: Path, key: bytes, *, demo: bool, alone: bool, make: bool = True
    ) -> None:
        """Open, create or migrate the store in ``folder``; raises :class:`StoreError`.

        With ``make`` off nothing is created and nothing migrated (ABSENT, OLDER_SCHEMA).
        """
        self._folder, self._key = folder, key
        self.writing, self._lock = _open_file(folder, key, demo=demo, alone=alone, make=make)
        self.reading = engine.reading_engine(folder / FILE_NAME, key)

    def check(self, connection: Connection, /) -> None:
        """Read every page; raises :class:`StoreError` (CORRUPT)."""
        engine.check_content(connection)

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
        if self._lock is not None:
            self._lock.close()


def _open_file(
    folder: Path, key: bytes, *, demo: bool, alone: bool, make: bool
) -> tuple[Engine, IO[str] | None]:
    engine.check_library()
    path = folder / FILE_NAME
    engine.check_file(path)
    if not make:
        _require(path)
    with ExitStack() as undo:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = take_lock(folder) if alone else None
            undo.callback(lock.close if lock is not None else _nothing)
            make_private(path)
        except OSError as error:
            raise StoreError(fault_of(error)) from None
        writing = engine.writing_engine(path, key)
        undo.callback(writing.dispose)
        doubtful = alone and _was_left_open(path)
        _accept(writing, path, key, demo=demo, doubtful=doubtful, make=make)
        undo.pop_all()
    return writing, lock


def _require(path: Path) -> None:
    """Raise :class:`StoreError` (ABSENT) where there is no store; a file of no bytes is none."""
    try:
        empty = path.stat().st_size == 0 and not side_files(path)[0].exists()
    except FileNotFoundError:
        empty = True
    except OSError as error:
        raise StoreError(fault_of(error)) from None
    if empty:
        raise StoreError(StoreFault.ABSENT, path)


def _accept(
    writing: Engine, path: Path, key: bytes, *, demo: bool, doubtful: bool, make: bool
) -> None:
    try:
        with writing.begin() as connection:
            if doubtful:
                engine.check_content(connection)
            schema.prepare(connection, demo=demo, make=make)
            copies.take_up(connection, audit.Trail(derived(key, "audit")), now_utc())
    except (SQLAlchemyError, StoreError) as error:
        raise StoreError(_open_fault(error, path, key)) from None


def take_lock(folder: Path) -> IO[str]:
    """Hold the folder for one station process; raises :class:`StoreError` (IN_USE), OSError."""
    handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | OPENED, 0o600)
    lock = os.fdopen(handle, "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreError(StoreFault.IN_USE) from None
    return lock


def make_private(path: Path) -> None:
    """Create the file if need be; nobody else may read it. Raises :class:`OSError`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | OPENED, 0o600)
    try:
        # SQLite gives its side files the mode of the database.
        if os.fstat(handle).st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def side_files(path: Path) -> tuple[Path, Path]:
    """The write-ahead log and its index, which belong to the database."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


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
