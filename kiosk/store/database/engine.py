"""Opening the encrypted database: one writing connection, a few reading ones.

Raw key first, then write-ahead log with ``synchronous=FULL`` so that what is committed
survives a power cut, every writing transaction IMMEDIATE, and no parameter ever in an
exception's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import QueuePool, StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from kiosk.store.errors import StoreError, StoreFault, fault_of

UNSAFE_FROM, UNSAFE_TO = (3, 7, 0), (3, 51, 2)
UNSAFE_BUT_MENDED = ((3, 44, 6), (3, 50, 7))
"""SQLite versions that can corrupt a write-ahead log with two connections (the WAL-reset fault,
mended in 3.51.3 and 3.53.0 and backported to these two)."""

BUSY_SECONDS = 5.0
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
_PLAIN_HEADER = b"SQLite format 3\x00"


def version_is_safe(version: str) -> bool:
    """Whether a SQLite version may hold patient data."""
    numbers = tuple(int(part) for part in version.split(".")[:3])
    if not UNSAFE_FROM <= numbers <= UNSAFE_TO:
        return True
    return any(numbers[:2] == m[:2] and numbers >= m for m in UNSAFE_BUT_MENDED)


def check_library(version: str | None = None) -> None:
    """Refuse an SQLite in the corrupting range; raises :class:`StoreError`."""
    if not version_is_safe(version or sqlcipher.sqlite_version):
        raise StoreError(StoreFault.SQLITE_UNSAFE)


def check_file(path: Path) -> None:
    """Refuse a store that lies there unencrypted; raises :class:`StoreError`."""
    try:
        with path.open("rb") as file:
            header = file.read(len(_PLAIN_HEADER))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(fault_of(error)) from None
    if header == _PLAIN_HEADER:
        raise StoreError(StoreFault.PLAINTEXT)


def connector(path: Path, key: bytes, *, reading: bool = False) -> Callable[[], Any]:
    """Return a function that opens, keys, checks and sets up one connection."""
    reader = ("PRAGMA query_only=ON",) if reading else ()
    return lambda: keyed(path, key, (*PRAGMAS, *reader))


def keyed(path: Path, key: bytes, pragmas: Sequence[str] = ()) -> Any:
    """Open one connection and read through its key; nothing in the file is changed by that."""
    connection = sqlcipher.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _unlock(connection, key)
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _unlock(connection: Any, key: bytes) -> None:
    run = connection.execute
    # Before the key, so that a wrong one is not written to standard error.
    run("PRAGMA cipher_log_level=NONE")
    run(f"PRAGMA key=\"x'{key.hex()}'\"")
    if not run("PRAGMA cipher_version").fetchone():
        raise StoreError(StoreFault.NO_CIPHER)
    # A wrong key shows only at the first read.
    run("SELECT count(*) FROM sqlite_master").fetchone()


def check_content(connection: Connection) -> None:
    """Read every page and compare; raises :class:`StoreError` (CORRUPT) if one does not fit."""
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise StoreError(StoreFault.CORRUPT)


class ImmediateDialect(SQLiteDialect_pysqlite):
    """The writer's dialect: no transaction of it is ever deferred.

    A deferred one that reads and then writes can fail half-way with "locked".
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin with the write lock taken."""
        dbapi_connection.execute("BEGIN IMMEDIATE")


registry.register("sqlite.immediate", __name__, ImmediateDialect.__name__)


def writing_engine(path: Path, key: bytes) -> Engine:
    """The engine of the one writer: a single connection, every transaction IMMEDIATE."""
    return create_engine(
        "sqlite+immediate://",
        creator=connector(path, key),
        module=sqlcipher,
        hide_parameters=True,
        poolclass=StaticPool,
    )


def copy_engine(path: Path, key: bytes) -> Engine:
    """An engine for a file that is not in use, such as a backup; it sets no pragma."""
    return create_engine(
        "sqlite://",
        creator=lambda: keyed(path, key),
        module=sqlcipher,
        hide_parameters=True,
        poolclass=StaticPool,
    )


def reading_engine(path: Path, key: bytes) -> Engine:
    """An engine that cannot write, for lists and look-ups from other threads."""
    engine = create_engine(
        "sqlite://",
        creator=connector(path, key, reading=True),
        module=sqlcipher,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=2,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Several statements of one look-up see the same state.
        connection.exec_driver_sql("BEGIN")

    return engine
