"""An inbox's folder that remembers what the inbox itself does not tell.

Those are the files of the last look, with their times, and what became of the one last put away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from drivers.inbox_folder import FileChangedError, InboxFolder, Stamp
from kiosk.hearing.waiting_files import Fate

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class FolderGoneError(OSError):
    """The folder itself is out of reach, and with it all that lies there."""


class WatchedFolder(InboxFolder):
    """Does all that another folder does.

    ``here`` is what the last look that succeeded found, ``last_fate`` what became of the file last
    put away.
    """

    def __init__(self, folder: InboxFolder) -> None:
        super().__init__(folder.path)
        self._folder = folder
        self.here: Mapping[str, Stamp] = {}
        self.last_fate = Fate.CHANGED

    def look(self) -> Mapping[str, Stamp]:
        """As :meth:`InboxFolder.look`."""
        self.here = self._folder.look()
        return self.here

    def changed_at(self, name: str) -> datetime:
        """Return when a file of the last look was written, UTC; 1970 for a time in no calendar.

        Raises :class:`KeyError` for another file.
        """
        try:
            return _EPOCH + timedelta(microseconds=self.here[name].changed_ns // 1000)
        except OverflowError:
            return _EPOCH

    def read(self, name: str, stamp: Stamp) -> bytes:
        """As :meth:`InboxFolder.read`."""
        return self._folder.read(name, stamp)

    def put_away(self, name: str, stamp: Stamp, place: str, mark: str, reason: str = "") -> Path:
        """As :meth:`InboxFolder.put_away`; raises :class:`FolderGoneError` without the folder."""
        self.last_fate = Fate.CHANGED
        try:
            moved = self._folder.put_away(name, stamp, place, mark, reason)
        except FileChangedError:
            raise
        except FileNotFoundError:
            if self.path.is_dir():
                raise
            # The inbox takes a file that is not found for one that was taken away, and any other
            # error for a reason to try again.
            self.last_fate = Fate.LATER
            raise FolderGoneError from None
        except OSError:
            self.last_fate = Fate.LATER
            raise
        self.last_fate = Fate.MOVED
        return moved

    def marks(self) -> Iterator[str]:
        """As :meth:`InboxFolder.marks`."""
        return self._folder.marks()
