"""The file system's part of an inbox: what lies there, reading it once, putting it away.

Everything here may raise ``OSError``; what that means is decided by :mod:`drivers.inbox`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IMPORTED: Final = "imported"
QUARANTINE: Final = "quarantine"
REASON: Final = ".reason.txt"
DIGEST_CHARACTERS: Final = 16
"""How much of a digest is in the name of a file that was put away: 64 bits."""

_BEGUN: Final = (".tmp", ".part", ".partial", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file is written or replaced. ``size`` is in bytes."""

    device: int
    node: int
    size: int
    changed_ns: int


class FileChangedError(OSError):
    """The file was written while it was read."""


class InboxFolder:
    """One folder. Sub-folders, symbolic links, devices and temporary names are not looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def look(self) -> Mapping[str, Stamp]:
        """Return the files that may be taken, by name."""
        found = {}
        with os.scandir(self.path) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(_BEGUN):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(status.st_mode):
                    found[entry.name] = _stamp(status)
        return found

    def read(self, name: str, stamp: Stamp) -> bytes:
        """Read a whole file; raises :class:`FileChangedError` if it is no longer the one seen."""
        # The name may have become a link or a pipe since the look: neither is followed or awaited.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self.path / name, flags)
        with os.fdopen(descriptor, "rb") as file:
            if _stamp(os.fstat(file.fileno())) != stamp:
                raise FileChangedError(name)
            data = file.read(stamp.size + 1)
            if len(data) != stamp.size or _stamp(os.fstat(file.fileno())) != stamp:
                raise FileChangedError(name)
        return data

    def put_away(self, name: str, stamp: Stamp, place: str, mark: str, reason: str = "") -> Path:
        """Move a file into a sub-folder in one step, and return where it is now.

        ``mark`` goes into the new name. With a ``reason`` a small text file is written first,
        so that no file lies in quarantine without one. Raises :class:`FileChangedError` if the file
        is not the one with this stamp.
        """
        folder = self._sub_folder(place)
        if _stamp(os.lstat(self.path / name)) != stamp:
            raise FileChangedError(name)
        target = _free(folder, name, mark)
        note = target.with_name(target.name + REASON)
        if reason:
            note.write_text(reason, "utf-8")
        try:
            (self.path / name).rename(target)
        except OSError:
            note.unlink(missing_ok=True)
            raise
        return target

    def marks(self) -> Iterator[str]:
        """Yield the marks of what was imported before."""
        try:
            names = [path.name for path in (self.path / IMPORTED).iterdir()]
        except FileNotFoundError:
            return
        for name in names:
            yield from name.split(".")[1:]

    def _sub_folder(self, place: str) -> Path:
        folder = self.path / place
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise NotADirectoryError(place)
        return folder


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _free(folder: Path, name: str, mark: str) -> Path:
    """Return a name that nothing has yet: the station is the only one that writes there."""
    path = Path(name)
    count = 1
    while True:
        again = f".{count}" if count > 1 else ""
        target = folder / f"{path.stem}.{mark}{again}{path.suffix}"
        if not os.path.lexists(target):
            return target
        count += 1
