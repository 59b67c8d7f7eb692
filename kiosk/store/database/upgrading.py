"""A verified copy of the store before it is brought to a newer schema: the way back.

The copies lie in ``before-upgrade`` in the store's folder, named by the revision they have and the
day they were made: ``store-0008-20261130-101500.db``. Only who migrates makes one; there is no
migration without it. They hold what the store held, so they go when what it held would have gone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.folder import Folder
from kiosk.store import schema
from kiosk.store.database import engine
from kiosk.store.database.backup import verify_copy, write_backup
from kiosk.store.database.disk import FULL_BYTES, free_bytes
from kiosk.store.database.mark import End
from kiosk.store.database.marker import end_of
from kiosk.store.database.presence import FILE_NAME, side_files
from kiosk.store.errors import StoreError, StoreFault, fault_of

COPIES = "before-upgrade"
KEPT = 3
"""So many copies are kept at most; the oldest goes first."""

_NAME = re.compile(r"store-(\d{4})-(\d{8}-\d{6})\.db")
_MOMENT = "%Y%m%d-%H%M%S"


def copy_first(folder: Path, key: bytes, version: str, end: End, now: datetime) -> Path:
    """See to it that there is a verified copy of a store that is about to be migrated.

    One that was made before a start that was broken off is used again. Raises :class:`StoreError`:
    NO_ROOM where copy and migration would fill the disk, and whatever a copy can fail with; then
    nothing may be migrated.
    """
    try:
        with Folder.made(folder / COPIES):
            made = _of_now(folder, key, version, end)
            if made is not None:
                return made
            _require_room(folder)
            target = folder / COPIES / f"store-{version}-{now.astimezone(UTC):{_MOMENT}}.db"
            write_backup(folder, key, target)
            forget(folder, now, timedelta.max)
    except OSError as error:
        raise StoreError(fault_of(error)) from None
    return target


def forget(folder: Path, now: datetime, after: timedelta) -> int:
    """Remove copies that are older than ``after``, and all but the newest few; returns how many.

    Raises :class:`OSError`.
    """
    made = copies_in(folder)
    gone = [path for path, at in made[KEPT:] if at <= now]
    gone += [path for path, at in made[:KEPT] if now - at > after]
    if gone:
        with Folder.at(folder / COPIES) as inside:
            for path in gone:
                inside.remove(path.name)
            inside.sync()
    return len(gone)


def copies_in(folder: Path) -> list[tuple[Path, datetime]]:
    """The copies and when they were made, the newest first."""
    found = []
    for path in sorted((folder / COPIES).glob("store-*.db")):
        named = _NAME.fullmatch(path.name)
        if named is not None:
            found.append((path, datetime.strptime(named[2], _MOMENT).replace(tzinfo=UTC)))
    return sorted(found, key=lambda one: one[1], reverse=True)


def _of_now(folder: Path, key: bytes, version: str, end: End) -> Path | None:
    """A copy of the store as it is now, if the newest one is that and can be read."""
    for path, _ in copies_in(folder)[:1]:
        try:
            verify_copy(path, key)
        except StoreError:
            return None
        reading = engine.copy_engine(path, key)
        try:
            with reading.connect() as connection:
                same = (schema.current_version(connection), end_of(connection)) == (version, end)
        finally:
            reading.dispose()
        return path if same else None
    return None


def _require_room(folder: Path) -> None:
    """A copy, and as much again for what the migration writes."""
    path = folder / FILE_NAME
    size = sum(one.stat().st_size for one in (path, side_files(path)[0]) if one.exists())
    if free_bytes(folder) < 2 * size + FULL_BYTES:
        raise StoreError(StoreFault.NO_ROOM)
