"""Dated copies in a folder, pruned by rule, and what is known of the last ones.

``backup.json`` in the store's folder tells when a copy was made and rehearsed, how far its trail
went, and why the last attempt failed; the doctor and the metrics read it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.folder import Folder, read_file, replace_file
from kiosk.store.audit import AuditReport
from kiosk.store.database.backup import restore, write_backup
from kiosk.store.database.engine import copy_engine
from kiosk.store.database.marker import end_of
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.errors import StoreError, StoreFault, fault_of

STATE = "backup.json"
KEPT = 14
"""Dated copies that are kept in a folder, unless the command says else."""
LATE = timedelta(days=2)
REHEARSED_LATE = timedelta(days=40)
"""After so long without one the doctor says so; the timers come daily and monthly."""

_TRIAL = "rehearsal-"
_MOMENT = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"kiosk-(.+)-(\d{8}-\d{6})\.db")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the copies. ``rows`` is the trail's length in the last one.

    Moments are ISO texts in UTC, or empty; ``fault`` is why the last attempt failed, as a code.
    """

    made: str = ""
    rows: int = 0
    rehearsed: str = ""
    fault: str = ""

    def age(self, now: datetime) -> float:
        """Seconds since the last good copy; -1 where there is none."""
        return _since(self.made, now)

    def rehearsal_age(self, now: datetime) -> float:
        """Seconds since one was last brought back on trial; -1 where none was."""
        return _since(self.rehearsed, now)


def known(folder: Path) -> Kept | None:
    """What is known of the copies of the store in ``folder``; ``None`` where none was tried."""
    try:
        told = json.loads(read_file(folder / STATE, 10_000))
    except (OSError, ValueError):
        return None
    return _kept(told) if isinstance(told, Mapping) else None


def make_dated(
    folder: Path, key: bytes, into: Path, station: str, now: datetime, *, keep: int = KEPT
) -> tuple[Path, AuditReport]:
    """Write a copy named by the moment, read it back, and prune; raises :class:`StoreError`.

    Nothing is pruned for a store whose trail is shorter than in the copy before: the older copies
    may be all that is left of it.
    """
    before = known(folder) or Kept()
    target = into / f"kiosk-{station}-{now.astimezone(UTC):{_MOMENT}}.db"
    try:
        report = write_backup(folder, key, target)
        if report.rows >= before.rows:
            _prune(into, station, keep)
    except (StoreError, OSError) as error:
        fault = fault_of(error)
        _tell(folder, replace(before, fault=fault.value))
        raise StoreError(fault) from None
    rows = max(report.rows, before.rows)
    _tell(folder, replace(before, made=now.isoformat(), rows=rows, fault=""))
    return target, report


def rehearse(folder: Path, key: bytes, into: Path, station: str, now: datetime) -> Path:
    """Bring the newest copy back into a temporary place and read it there; returns which it was.

    Raises :class:`StoreError`: ABSENT without a copy, CORRUPT for one that is not whole.
    """
    before = known(folder) or Kept()
    for left in folder.glob(f"{_TRIAL}*"):  # of one that was broken off
        shutil.rmtree(left, ignore_errors=True)
    try:
        copy = _brought_back(folder, key, dated_in(into, station), now)
    except (StoreError, OSError) as error:
        fault = fault_of(error)
        _tell(folder, replace(before, fault=fault.value))
        raise StoreError(fault) from None
    _tell(folder, replace(before, rehearsed=now.isoformat(), fault=""))
    return copy


def _brought_back(folder: Path, key: bytes, made: Sequence[Path], now: datetime) -> Path:
    if not made:
        raise StoreError(StoreFault.ABSENT)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_TRIAL) as name:
        report = restore(made[0], Path(name) / "data", key, now)
        _read_back(Path(name) / "data" / FILE_NAME, key)
    if not report.sound:
        raise StoreError(StoreFault.CORRUPT)
    return made[0]


def dated_in(into: Path, station: str) -> list[Path]:
    """The dated copies of a station in a folder, the newest first."""
    named = [(_NAME.fullmatch(path.name), path) for path in into.glob("kiosk-*.db")]
    own = [(match[2], path) for match, path in named if match and match[1] == station]
    return [path for _, path in sorted(own, reverse=True)]


def _prune(into: Path, station: str, keep: int) -> None:
    with Folder.at(into) as inside:
        for path in dated_in(into, station)[max(keep, 1) :]:
            inside.remove(path.name)


def _read_back(path: Path, key: bytes) -> None:
    reading = copy_engine(path, key)
    try:
        with reading.connect() as connection:
            end_of(connection)
    finally:
        reading.dispose()


def _tell(folder: Path, kept: Kept) -> None:
    replace_file(folder / STATE, json.dumps(asdict(kept)).encode())


def _kept(told: Mapping[str, object]) -> Kept:
    rows, fault = told.get("rows", 0), str(told.get("fault", ""))
    if fault and fault not in set(StoreFault):
        fault = StoreFault.INPUT_OUTPUT.value
    return Kept(
        str(told.get("made", "")),
        rows if isinstance(rows, int) else 0,
        str(told.get("rehearsed", "")),
        fault,
    )


def _since(moment: str, now: datetime) -> float:
    try:
        return (now - datetime.fromisoformat(moment)).total_seconds()
    except (ValueError, TypeError):
        return -1.0
