"""A folder that another program fetches files from. A file appears whole or not at all.

Each step leaves something that tells after a crash how far it had come: the file is written under
another name first; only then is the message recorded as on its way, and only then does the file
get its real name. When it stands under that name, a trace is left beside it. So a message that is
on its way, with a trace and no file, was fetched; without a trace nobody knows.

That is only true of the same folder. It is opened once for each step and known by its mark
(:mod:`kiosk.journal.files.folder_mark`) before and after; everything in between goes by the open
handle, so that a share that goes away meanwhile is noticed, and its mount point is never written
to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from drivers.folder import Folder
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark, Gone

UNFINISHED = ".tmp"
TRACE_MODE = 0o644
MOST_NAME = 255
FETCHED = b"/"
"""What a trace says whose file's name was given to another since; no file can have that name."""


class Lies(StrEnum):
    """Where the file of a message is. ``FETCHED``: it stood there and is gone since."""

    NOWHERE = "nowhere"
    UNFINISHED = "unfinished"
    THERE = "there"
    FETCHED = "fetched"


class FileDrop:
    """One folder, marked by this station."""

    def __init__(self, folder: Path, suffix: str, mark: FolderMark) -> None:
        self._folder = folder
        self._suffix = suffix
        self._mark = mark

    def name_of(self, message: UUID) -> Path:
        """The name under which the file of a message is fetched."""
        return self._folder / f"{message}{self._suffix}"

    def write(self, message: UUID, body: bytes) -> None:
        """Write the file under its unfinished name, durably. Raises :class:`FolderGoneError`."""
        name = self._unfinished(message)
        with self._opened() as folder:
            # What a crash left of it may be half a file.
            folder.remove(name)
            folder.write_new(name, body, mode=None)

    def publish(self, message: UUID) -> None:
        """Give the written file its real name, durably. Raises :class:`FolderGoneError`."""
        with self._opened() as folder:
            name = self.name_of(message).name
            folder.move(self._unfinished(message), folder, name, replacing=True)
            folder.sync()
            self._leave_trace(folder, message)

    def take_back(self, message: UUID) -> None:
        """Remove a file that was written and must not be published."""
        with suppress(FolderGoneError), self._opened() as folder:
            folder.remove(self._unfinished(message))

    def where(self, message: UUID) -> Lies:
        """Where the file of a message is; raises :class:`FolderGoneError`."""
        with self._opened() as folder:
            if folder.has(self.name_of(message).name):
                self._leave_trace(folder, message)
                return Lies.THERE
            if folder.has(self._unfinished(message)):
                return Lies.UNFINISHED
            if not folder.has(self._trace(message)):
                return Lies.NOWHERE
            # It may have been given another name, before the configuration was changed.
            name = self._traced(folder, message)
            return Lies.THERE if name and folder.has(name) else Lies.FETCHED

    def forget(self, message: UUID) -> None:
        """Remove the trace of a message that is settled."""
        with suppress(FolderGoneError), self._opened() as folder:
            folder.remove(self._trace(message))

    def has_room(self, message: UUID) -> bool:
        """Whether a message may have its name now: one made of its id is nobody else's."""
        return self.name_of(message).stem == str(message)

    def reach(self) -> None:
        """Raise :class:`FolderGoneError` if nothing can be written here."""
        with self._opened() as folder:
            if not folder.is_writable():
                raise FolderGoneError(Gone.NOT_WRITABLE)

    @contextmanager
    def _opened(self) -> Iterator[Folder]:
        """The open folder, which is the marked one before and after."""
        try:
            opened = Folder.at(self._folder, shared=True)
        except (FileNotFoundError, NotADirectoryError):
            raise FolderGoneError(Gone.NO_FOLDER) from None
        except OSError as error:
            raise FolderGoneError(None, type(error).__name__) from None
        with opened as folder:
            try:
                self._mark.check(folder)
                yield folder
                self._mark.check(folder)
                if not folder.is_at(self._folder):
                    raise FolderGoneError(Gone.OTHER_FOLDER)
            except OSError as error:
                raise FolderGoneError(None, type(error).__name__) from None

    def _leave_trace(self, folder: Folder, message: UUID) -> None:
        with suppress(FileExistsError):
            folder.write_new(self._trace(message), b"", TRACE_MODE)

    def _traced(self, folder: Folder, message: UUID) -> str:
        """The name in the trace of a message; empty if it says none, or that it was fetched."""
        told = folder.read(self._trace(message), MOST_NAME)
        return "" if told == FETCHED else told.decode("ascii", "replace")

    def _trace(self, message: UUID) -> str:
        return f"{self._mark.name}-{message}"

    def _unfinished(self, message: UUID) -> str:
        return f"{message}{self._suffix}{UNFINISHED}"
