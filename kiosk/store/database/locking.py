"""The lock of a store: one process at a time works on its folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from drivers.folder import OPENED
from kiosk.store.errors import StoreError, StoreFault

LOCK_NAME = "store.lock"


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
