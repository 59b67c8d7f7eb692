"""A folder that another program fetches files from. A file appears whole or not at all.

Each step leaves something that tells after a crash how far it had come: the file is written under
another name first; only then is the message recorded as on its way, and only then does the file
get its real name. When it stands under that name, a trace is left beside it. So a message that is
on its way, with a trace and no file, was fetched; without a trace nobody knows.

That is only true of the same folder. It is opened once for each step and known by its mark
(:mod:`kiosk.journal.folder_mark`) before and after; everything in between goes by the open handle,
so that a share that goes away meanwhile is noticed, and its mount point is never written to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from kiosk.journal.folder_mark import NEW_FILE, FolderGoneError, FolderMark, Gone

UNFINISHED = ".tmp"


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
        with self._opened() as handle:
            # What a crash left of it may be half a file.
            _remove(handle, name)
            file = os.open(name, NEW_FILE, 0o666, dir_fd=handle)
            with os.fdopen(file, "wb") as opened:
                opened.write(body)
                opened.flush()
                os.fsync(file)
            os.fsync(handle)

    def publish(self, message: UUID) -> None:
        """Give the written file its real name, durably. Raises :class:`FolderGoneError`."""
        unfinished, name = self._unfinished(message), self.name_of(message).name
        with self._opened() as handle:
            os.replace(unfinished, name, src_dir_fd=handle, dst_dir_fd=handle)
            os.fsync(handle)
            self._leave_trace(handle, message)

    def take_back(self, message: UUID) -> None:
        """Remove a file that was written and must not be published."""
        with suppress(FolderGoneError), self._opened() as handle:
            _remove(handle, self._unfinished(message))

    def where(self, message: UUID) -> Lies:
        """Where the file of a message is; raises :class:`FolderGoneError`."""
        with self._opened() as handle:
            if _exists(handle, self.name_of(message).name):
                self._leave_trace(handle, message)
                return Lies.THERE
            if _exists(handle, self._unfinished(message)):
                return Lies.UNFINISHED
            return Lies.FETCHED if _exists(handle, self._trace(message)) else Lies.NOWHERE

    def forget(self, message: UUID) -> None:
        """Remove the trace of a message that is settled."""
        with suppress(FolderGoneError), self._opened() as handle:
            _remove(handle, self._trace(message))

    def reach(self) -> None:
        """Raise :class:`FolderGoneError` if nothing can be written here."""
        with self._opened() as handle:
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=handle):
                raise FolderGoneError(Gone.NOT_WRITABLE)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The open folder, which is the marked one before and after."""
        try:
            handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise FolderGoneError(Gone.NO_FOLDER) from None
        try:
            self._mark.check(handle)
            yield handle
            self._mark.check(handle)
            if not os.path.samestat(os.fstat(handle), self._folder.stat()):
                raise FolderGoneError(Gone.OTHER_FOLDER)
        except OSError as error:
            raise FolderGoneError(None, type(error).__name__) from None
        finally:
            os.close(handle)

    def _leave_trace(self, handle: int, message: UUID) -> None:
        with suppress(FileExistsError):
            os.close(os.open(self._trace(message), NEW_FILE, 0o644, dir_fd=handle))
            os.fsync(handle)

    def _trace(self, message: UUID) -> str:
        return f"{self._mark.name}-{message}"

    def _unfinished(self, message: UUID) -> str:
        return f"{message}{self._suffix}{UNFINISHED}"


def _exists(handle: int, name: str) -> bool:
    """Whether anything has this name; a link that leads nowhere has it too."""
    try:
        os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _remove(handle: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=handle)
