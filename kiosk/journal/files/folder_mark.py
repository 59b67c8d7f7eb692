"""Which folder is the one that files are exchanged through: the one a person has marked.

An empty mount point, another share, or a folder made anew looks like a folder that the receiver has
emptied. So the folder holds a small file with the station's id and a number that was drawn when it
was marked, and the station keeps a copy: only where both agree is anything written or concluded.
Nothing marks a folder by itself. Marking is a decision, made while the share is seen to be there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.folder import Folder, read_file

PREFIX = ".helsestasjon-kiosk"
MOST_BYTES = 200
READABLE = 0o644


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

    def check(self, folder: Folder) -> None:
        """Raise :class:`FolderGoneError` unless the open folder is the marked one."""
        ours = self._own()
        if ours is None:
            raise FolderGoneError(Gone.UNMARKED)
        if self._found(folder) != ours:
            raise FolderGoneError(Gone.OTHER_FOLDER)

    def make(self, path: Path, *, again: bool) -> Marked:
        """Mark a folder that a person says is the right one.

        A mark of this station that is there already is taken up (a station set up anew). A station
        that knows another folder refuses, unless told ``again``: the share may only be away.
        Raises :class:`FolderGoneError` and :class:`OSError`.
        """
        try:
            folder = Folder.at(path, shared=True)
        except (FileNotFoundError, NotADirectoryError):
            raise FolderGoneError(Gone.NO_FOLDER) from None
        with folder:
            return self._make(folder, again=again)

    def _make(self, folder: Folder, *, again: bool) -> Marked:
        ours, found = self._own(), self._found(folder)
        if ours is not None and found == ours:
            return Marked.KNOWN
        if ours is not None and not again:
            raise FolderGoneError(Gone.OTHER_FOLDER)
        if found is not None:
            self._keep(found)
            return Marked.TAKEN_UP
        mark = f"{self._heading()}{secrets.token_hex(16)}\n".encode()
        folder.replace(self.name, mark, READABLE)
        self._keep(mark)
        return Marked.NEW

    def _keep(self, mark: bytes) -> None:
        with Folder.made(self.kept.parent) as folder:
            folder.replace(self.kept.name, mark)

    def _own(self) -> bytes | None:
        try:
            return self._ours(read_file(self.kept, MOST_BYTES))
        except FileNotFoundError:
            return None

    def _found(self, folder: Folder) -> bytes | None:
        try:
            return self._ours(folder.read(self.name, MOST_BYTES))
        except OSError:
            return None

    def _ours(self, mark: bytes) -> bytes | None:
        """The mark if it is this station's. The empty file that older releases left is not."""
        return mark if mark.startswith(self._heading().encode()) else None

    def _heading(self) -> str:
        return f"helsestasjon-kiosk {self.station} "
