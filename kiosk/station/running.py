"""Whether the station runs now, told from the lock it holds, without taking it."""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.store.database.locking import LOCK_NAME

LOCKS = Path("/proc/locks")
"""The kernel's list, proc_locks(5): ``1: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE …``."""


def station_runs(config: Config) -> bool:
    """Whether a process holds the store's lock. ``False`` where that cannot be told."""
    try:
        status = (Path(config.station.data_dir) / LOCK_NAME).stat()
        lines = LOCKS.read_text("utf-8").splitlines()
    except OSError:
        return False
    major, minor = os.major(status.st_dev), os.minor(status.st_dev)
    wanted = f"{major:02x}:{minor:02x}:{status.st_ino}"
    return any(wanted in line.split() and "FLOCK" in line for line in lines)
