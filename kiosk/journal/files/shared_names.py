"""A folder in which files have agreed names: their own, or one that the next message needs too.

Which file is whose then stands in the trace of a message, which is written before the file gets its
name: so a file under an agreed name is the newest message's whose trace names it, and each older
one was fetched. A name that is taken is waited for; nothing ever takes the place of a file.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from drivers.folder import Folder
from kiosk.journal.files.file_drop import FETCHED, TRACE_MODE, FileDrop, Lies
from kiosk.journal.files.file_names import NamePattern
from kiosk.journal.files.folder_mark import FolderMark


class SharedDrop(FileDrop):
    """Files under names of a pattern. One that has the message's id is its own and replaces what
    lies there; any other is had by several messages, one after the other.
    """

    def __init__(self, folder: Path, suffix: str, mark: FolderMark, pattern: NamePattern) -> None:
        super().__init__(folder, suffix, mark)
        self._pattern = pattern
        self._names: dict[UUID, str] = {}

    def name_of(self, message: UUID) -> Path:
        """The name it got, as long as this run of the station knows it."""
        return self._folder / self._names.get(message, f"{message}{self._suffix}")

    def has_room(self, message: UUID) -> bool:
        """Whether a name is free. Raises :class:`FolderGoneError`."""
        with self._opened() as folder:
            return self._free(folder, message) is not None

    def publish(self, message: UUID) -> None:
        """Give the written file the next free name, durably; nothing if there is none."""
        with self._opened() as folder:
            name = self._free(folder, message)
            if name is None:
                return
            for trace in self._traces(folder):
                if folder.read(trace) == name.encode("ascii"):
                    folder.replace(trace, FETCHED, TRACE_MODE)
            folder.replace(self._trace(message), name.encode("ascii"), TRACE_MODE)
            folder.move(self._unfinished(message), folder, name, replacing=self._pattern.is_own)
            folder.sync()
            self._names[message] = name

    def where(self, message: UUID) -> Lies:
        """Where the file of a message is; raises :class:`FolderGoneError`."""
        with self._opened() as folder:
            # Until it has its name, its trace says only which name it was to get.
            if folder.has(self._unfinished(message)):
                return Lies.UNFINISHED
            if not folder.has(self._trace(message)):
                return Lies.NOWHERE
            name = self._traced(folder, message) or f"{message}{self._suffix}"
            self._names[message] = name
            return Lies.THERE if folder.has(name) else Lies.FETCHED

    def forget(self, message: UUID) -> None:
        """Remove the trace of a message that is settled."""
        super().forget(message)
        self._names.pop(message, None)

    def _free(self, folder: Folder, message: UUID) -> str | None:
        if self._pattern.is_own:
            return self._pattern.name(message)
        lying = frozenset(folder.names())
        # Shares that know no capitals would take one name for another.
        folded = {name.casefold() for name in lying}
        for name in self._pattern.names(message, lying):
            if name.casefold() not in folded:
                return name
        return None

    def _traces(self, folder: Folder) -> list[str]:
        mark = f"{self._mark.name}-"
        return [name for name in folder.names() if name.startswith(mark)]


def drop_for(folder: Path, suffix: str, mark: FolderMark, pattern: NamePattern | None) -> FileDrop:
    """The folder with the names that were agreed; without a pattern, the messages' ids."""
    if pattern is None:
        return FileDrop(folder, suffix, mark)
    return SharedDrop(folder, suffix, mark, pattern)
