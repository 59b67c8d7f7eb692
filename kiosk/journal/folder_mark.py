"""Which folder is the one that files are exchanged through: the one a person has marked.

An empty mount point, another share, or a folder made anew looks like a folder that the receiver has
emptied. So the folder holds a small file with the station's id and a number that was drawn when it
was marked, and the station keeps a copy: only where both agree is anything written or concluded.
Nothing marks a folder by itself. Marking is a decision, made while the share is seen to be there.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PREFIX = ".helsestasjon-kiosk"
MOST_BYTES = 200
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Gone(StrEnum):
    """Why the folder cannot be used."""

    NO_FOLDER = "no-folder"
    NOT_WRITABLE = "not-writable"
    UNMARKED = "unmarked"
    OTHER_FOLDER = "other-folder"


class FolderGoneError(Exception):
    """The folder cannot be reached, or is not the one that was marked.

    ``why`` is ``None`` for a fault of the file system; ``args[0]`` says which.
    """

    def __init__(self, why: Gone | None, code: str = "") -> None:
        super().__init__(code or why or "")
        self.why = why


class Marked(StrEnum):
    """What marking a folder came to."""

    NEW = "new"
    KNOWN = "known"
    TAKEN_UP = "taken-up"


@dataclass(frozen=True, slots=True)
class FolderMark:
    """The mark of one station. ``kept`` is where the station keeps its copy."""

    station: str
    kept: Path

    @property
    def name(self) -> str:
        """The name of the mark in the folder; each station has its own."""
        return f"{PREFIX}-{self.station}"

    def check(self, handle: int) -> None:
        """Raise :class:`FolderGoneError` unless the open folder is the marked one."""
        ours = self._own()
        if ours is None:
            raise FolderGoneError(Gone.UNMARKED)
        if self._found(handle) != ours:
            raise FolderGoneError(Gone.OTHER_FOLDER)

    def make(self, folder: Path, *, again: bool) -> Marked:
        """Mark a folder that a person says is the right one.

        A mark of this station that is there already is taken up (a station set up anew). A station
        that knows another folder refuses, unless told ``again``: the share may only be away.
        Raises :class:`FolderGoneError` and :class:`OSError`.
        """
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise FolderGoneError(Gone.NO_FOLDER) from None
        try:
            return self._make(handle, again=again)
        finally:
            os.close(handle)

    def _make(self, handle: int, *, again: bool) -> Marked:
        ours, found = self._own(), self._found(handle)
        if ours is not None and found == ours:
            return Marked.KNOWN
        if ours is not None and not again:
            raise FolderGoneError(Gone.OTHER_FOLDER)
        if found is not None:
            self._keep(found)
            return Marked.TAKEN_UP
        mark = f"{self._heading()}{secrets.token_hex(16)}\n".encode()
        _replace(handle, self.name, mark)
        self._keep(mark)
        return Marked.NEW

    def _keep(self, mark: bytes) -> None:
        self.kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.kept.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _replace(handle, self.kept.name, mark)
        finally:
            os.close(handle)

    def _own(self) -> bytes | None:
        try:
            return self._ours(self.kept.read_bytes())
        except FileNotFoundError:
            return None

    def _found(self, handle: int) -> bytes | None:
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            mark = os.open(self.name, flags, dir_fd=handle)
        except OSError:
            return None
        try:
            return self._ours(os.read(mark, MOST_BYTES))
        finally:
            os.close(mark)

    def _ours(self, mark: bytes) -> bytes | None:
        """The mark if it is this station's. The empty file that older releases left is not."""
        return mark if mark.startswith(self._heading().encode()) else None

    def _heading(self) -> str:
        return f"helsestasjon-kiosk {self.station} "


def _replace(handle: int, name: str, content: bytes) -> None:
    """Put a whole file under this name, durably; a link of that name is not followed."""
    unfinished = f"{name}.{secrets.token_hex(4)}.tmp"
    file = os.open(unfinished, NEW_FILE, 0o644, dir_fd=handle)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(unfinished, name, src_dir_fd=handle, dst_dir_fd=handle)
    os.fsync(handle)
