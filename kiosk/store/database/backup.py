"""An encrypted, verified copy of the store, and the way back.

Runs in a process of its own beside the station: copying keeps the interpreter busy for longer
than a picture on the screen may wait. The copy has the store's key and is useless without it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2 as sqlcipher

from drivers.folder import Folder
from kiosk.store import audit, schema
from kiosk.store.database import copies, engine
from kiosk.store.database.key import derived
from kiosk.store.database.locking import take_lock
from kiosk.store.database.marker import Marker, read_mark
from kiosk.store.database.presence import FILE_NAME, holds_something, require, set_apart, side_files
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.system.clock import now_utc


def write_backup(folder: Path, key: bytes, target: Path) -> audit.AuditReport:
    """Copy the store in ``folder`` to ``target``, which must not exist yet.

    The copy appears under its name only after it was read back whole. Returns the state of its
    audit trail (a broken trail is copied as it is). Raises :class:`StoreError`.
    """
    engine.check_library()
    source = folder / FILE_NAME
    require(folder)
    with _beside(target) as (inside, part):
        connection = engine.keyed(source, key)
        try:
            connection.execute("VACUUM INTO ?", (str(target.with_name(part)),))
        finally:
            connection.close()
        copies.stamp(target.with_name(part), key, now_utc())
        report = verify_copy(target.with_name(part), key)
        _appear(inside, part, target)
    return report


def restore(
    source: Path, folder: Path, key: bytes, now: datetime, *, sent_since: bool = True
) -> audit.AuditReport:
    """Bring a copy to a station that has no store; raises :class:`StoreError`.

    Whatever was not delivered when the copy was made may have been since: such a message is asked
    about before it is sent, and one that cannot be asked about goes to a person. Not so where a
    person knows that the station has not run since (``sent_since=False``).
    """
    engine.check_library()
    _require(source)
    target = folder / FILE_NAME
    with _coded():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = take_lock(folder)
    # A log without its database holds commits of its own and would be played into the copy.
    with lock, _coded():
        marked = read_mark(folder)
        if marked.there and not holds_something(target):
            set_apart(folder, now)
        if target.exists() or side_files(target)[0].exists():
            raise StoreError(StoreFault.OCCUPIED)
        with _beside(target) as (inside, part):
            _copy(source, inside, part)
            report = verify_copy(target.with_name(part), key)
            marker = Marker(folder, marked)
            _bring_back(target.with_name(part), key, now, marker, doubted=sent_since)
            _appear(inside, part, target)
            marker.arrived(whole=True)
            marker.close()
    return report


def verify_copy(path: Path, key: bytes) -> audit.AuditReport:
    """Read a copy whole: key, each page's seal, structure, schema. Raises :class:`StoreError`."""
    engine.check_file(path)
    reading = engine.copy_engine(path, key)
    try:
        with _coded(), reading.connect() as connection:
            _check_pages(connection)
            if schema.current_version(connection) not in schema.KNOWN_VERSIONS:
                raise StoreError(StoreFault.NEWER_SCHEMA)
            return audit.verify(connection, derived(key, "audit"))
    finally:
        reading.dispose()


def _check_pages(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA cipher_integrity_check").first() is not None:
        raise StoreError(StoreFault.CORRUPT)
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        raise StoreError(StoreFault.CORRUPT)


def _bring_back(part: Path, key: bytes, now: datetime, marker: Marker, *, doubted: bool) -> None:
    """Doubt what the copy says; the mark tells of it before it lies in its place."""
    writing = engine.writing_engine(part, key)
    try:
        with writing.begin() as connection:
            schema.prepare(connection, demo=False)
            trail = audit.Trail(derived(key, "audit"))
            copies.brought_back(connection, trail, now, doubted=doubted)
            marker.adopt(connection, lost=None)
    finally:
        writing.dispose()


def _require(path: Path) -> None:
    if not path.is_file():
        raise StoreError(StoreFault.ABSENT)


@contextmanager
def _beside(target: Path) -> Iterator[tuple[Folder, str]]:
    """The folder of a copy, held open, and the name of an empty file in it, gone afterwards."""
    part = f".{target.name}.{secrets.token_hex(8)}.part"
    with _coded(), Folder.at(target.parent) as folder:
        if folder.has(target.name):
            raise StoreError(StoreFault.OCCUPIED)
        os.close(folder.fresh(part))
        try:
            yield folder, part
        finally:
            for name in (part, *(path.name for path in side_files(Path(part)))):
                folder.remove(name)


def _copy(source: Path, folder: Folder, part: str) -> None:
    folder.remove(part)
    with source.open("rb") as reading, os.fdopen(folder.fresh(part), "wb") as writing:
        shutil.copyfileobj(reading, writing)


def _appear(folder: Folder, part: str, target: Path) -> None:
    handle = folder.file(part)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        folder.move(part, folder, target.name)
    except FileExistsError:
        raise StoreError(StoreFault.OCCUPIED) from None
    folder.sync()


@contextmanager
def _coded() -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise StoreError(StoreFault.OCCUPIED) from None
    except (OSError, SQLAlchemyError, sqlcipher.Error) as error:
        raise StoreError(fault_of(error)) from None
