"""How full the disk is. New values are refused before SQLite fails, so that nothing half-written
stands where a child's weight should be."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

LOW_BYTES = 500 * 1024 * 1024
FULL_BYTES = 100 * 1024 * 1024


class DiskState(StrEnum):
    """What the free space means."""

    OK = "ok"
    LOW = "low"
    FULL = "full"


def free_bytes(folder: Path) -> int:
    """The room where ``folder`` is; 0 for a disk that cannot be asked."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def disk_state(folder: Path) -> DiskState:
    """Judge the free space where ``folder`` is; raises :class:`OSError`."""
    free = shutil.disk_usage(folder).free
    if free < FULL_BYTES:
        return DiskState.FULL
    return DiskState.LOW if free < LOW_BYTES else DiskState.OK
