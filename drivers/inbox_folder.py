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

from drivers.folder import Folder, UntrustedError

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
        with self._open() as folder:
            for name in folder.names():
                if name.startswith(".") or name.lower().endswith(_BEGUN):
                    continue
                try:
                    status = folder.status(name)
                except FileNotFoundError:
                    continue
                # A file with a second name is also somebody else's, whatever that name is.
                if stat.S_ISREG(status.st_mode) and status.st_nlink <= 1:
                    found[name] = _stamp(status)
        return found

    def read(self, name: str, stamp: Stamp) -> bytes:
        """Read a whole file; raises :class:`FileChangedError` if it is no longer the one seen."""
        # The name may have become a link or a pipe since the look: neither is followed or awaited.
        with self._open() as folder, os.fdopen(folder.file(name), "rb") as file:
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
        is not the one with this stamp, :class:`drivers.folder.UntrustedError` for a sub-folder that
        somebody else has put there.
        """
        with self._open() as folder, folder.inside(place) as sub:
            if _stamp(folder.status(name)) != stamp:
                raise FileChangedError(name)
            target = _free(sub, name, mark)
            if reason:
                sub.write_new(target + REASON, reason.encode("utf-8"))
            try:
                folder.move(name, sub, target)
            except OSError:
                if reason:
                    sub.remove(target + REASON)
                raise
        return self.path / place / target

    def marks(self) -> Iterator[str]:
        """Yield the marks of what was imported before."""
        with self._open() as folder:
            if not folder.has(IMPORTED):
                return
            try:
                sub = folder.inside(IMPORTED)
            except UntrustedError:
                # It says nothing that could be believed; putting a file there will say so.
                return
            with sub:
                names = sub.names()
        for name in names:
            yield from name.split(".")[1:]

    def _open(self) -> Folder:
        return Folder.at(self.path, shared=True)


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _free(folder: Folder, name: str, mark: str) -> str:
    """Return a name that nothing has yet, neither for the file nor for its reason."""
    path = Path(name)
    count = 1
    while True:
        again = f".{count}" if count > 1 else ""
        target = f"{path.stem}.{mark}{again}{path.suffix}"
        if not folder.has(target) and not folder.has(target + REASON):
            return target
        count += 1
