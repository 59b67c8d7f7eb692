"""A folder that another program fetches files from. A file appears whole or not at all.

Each step leaves something that tells after a crash how far it had come: the file is written under
another name first; only then is the message recorded as on its way, and only then does the file
get its real name. So a message that is on its way, with no file under either name, was fetched.

That is only true of the same folder: an empty mount point would look as if everything had been
fetched. A marker is therefore left in the folder, and without it nothing is concluded.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from drivers.folder import Folder

MARKER = ".helsestasjon-kiosk"
UNFINISHED = ".tmp"


class Lies(StrEnum):
    """Where the file of a message is."""

    NOWHERE = "nowhere"
    UNFINISHED = "unfinished"
    THERE = "there"


class FolderGoneError(Exception):
    """The folder cannot be reached, or is not the one that was written to. ``args[0]`` says why."""


class FileDrop:
    """One folder. ``station`` keeps the markers of several stations apart."""

    def __init__(self, folder: Path, suffix: str, station: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._marker = folder / f"{MARKER}-{station}"

    def name_of(self, message: UUID) -> Path:
        """The name under which the file of a message is fetched."""
        return self._folder / f"{message}{self._suffix}"

    def write(self, message: UUID, body: bytes) -> None:
        """Write the file under its unfinished name, durably. Raises :class:`FolderGoneError`."""
        try:
            with Folder.at(self._folder, shared=True) as folder:
                if not folder.has(self._marker.name):
                    folder.write_new(self._marker.name, b"", mode=None)
                # Never through what lies there: somebody may have put a link in its place.
                folder.remove(self._unfinished(message).name)
                folder.write_new(self._unfinished(message).name, body, mode=None)
        except OSError as error:
            raise FolderGoneError(type(error).__name__) from None

    def publish(self, message: UUID) -> None:
        """Give the written file its real name, durably. Raises :class:`FolderGoneError`."""
        try:
            with Folder.at(self._folder, shared=True) as folder:
                folder.move(self._unfinished(message).name, folder, self.name_of(message).name)
                folder.sync()
        except OSError as error:
            raise FolderGoneError(type(error).__name__) from None

    def take_back(self, message: UUID) -> None:
        """Remove a file that was written and must not be published."""
        self._unfinished(message).unlink(missing_ok=True)

    def where(self, message: UUID) -> Lies:
        """Where the file of a message is; raises :class:`FolderGoneError`."""
        self.check()
        try:
            if self.name_of(message).exists():
                return Lies.THERE
            return Lies.UNFINISHED if self._unfinished(message).exists() else Lies.NOWHERE
        except OSError as error:
            raise FolderGoneError(type(error).__name__) from None

    def check(self) -> None:
        """Raise :class:`FolderGoneError` if this is not the folder that was written to."""
        if not self._marker.exists():
            raise FolderGoneError("another-folder" if self._folder.is_dir() else "no-folder")

    def reach(self) -> None:
        """Raise :class:`FolderGoneError` if nothing can be written here."""
        if not (self._folder.is_dir() and os.access(self._folder, os.W_OK)):
            raise FolderGoneError("no-folder" if not self._folder.is_dir() else "not-writable")

    def _unfinished(self, message: UUID) -> Path:
        return self._folder / f"{message}{self._suffix}{UNFINISHED}"
