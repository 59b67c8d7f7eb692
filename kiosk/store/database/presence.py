"""Whether a store lies in its folder, and what is left there of one that is gone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from drivers.folder import Folder
from kiosk.store.database.marker import MARK_NAME, read_mark
from kiosk.store.errors import StoreError, StoreFault, fault_of

FILE_NAME = "store.db"


def side_files(path: Path) -> tuple[Path, Path]:
    """The write-ahead log and its index, which belong to the database."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def require(folder: Path) -> None:
    """Raise :class:`StoreError` where there is no store.

    ABSENT where there never was one; where a mark tells of one, VANISHED or, for a file that holds
    nothing, EMPTIED.
    """
    path, marked = folder / FILE_NAME, read_mark(folder).there
    try:
        empty = path.stat().st_size == 0 and (marked or not side_files(path)[0].exists())
        fault = StoreFault.EMPTIED
    except FileNotFoundError:
        empty, fault = True, StoreFault.VANISHED
    except OSError as error:
        raise StoreError(fault_of(error)) from None
    if empty:
        raise StoreError(fault if marked else StoreFault.ABSENT, path)


def set_apart(folder: Path, now: datetime, *, mark: bool = False) -> None:
    """Put what a lost store has left behind into a folder of its own, with its ``mark`` if wanted.

    Raises :class:`OSError`, and :class:`StoreError` (OCCUPIED) where there is a store.
    """
    path = folder / FILE_NAME
    if holds_something(path) or path.is_symlink():
        raise StoreError(StoreFault.OCCUPIED)
    names = [path.name, *(side.name for side in side_files(path)), *([MARK_NAME] * mark)]
    with Folder.at(folder) as here:
        left = [name for name in names if here.has(name)]
        if not left:
            return
        with here.inside(f"apart-{now:%Y%m%d-%H%M%S-%f}") as there:
            for name in left:
                here.move(name, there, name)
            there.sync()
        here.sync()


def holds_something(path: Path) -> bool:
    """Whether there is a file of more than no bytes."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def identity(path: Path) -> tuple[int, int] | None:
    """Which file lies under a name; ``None`` if none does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
