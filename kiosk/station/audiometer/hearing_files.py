"""The inbox of audiometer files between its thread and the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.inbox_events import FileHeld, FolderChanged
from drivers.profile_file import ProfileError
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config
from kiosk.desk.messages import News
from kiosk.features.hearing.receive import FilesToTake, InboxChanged
from kiosk.hearing.arrivals import AN_INBOX
from kiosk.hearing.waiting_files import FileSettled, FilesWaiting, InboxNews

if TYPE_CHECKING:
    from drivers.audiogram_files.profiles import Profiles
    from kiosk.station.audiometer.inbox_side import InboxThread


class InboxSide:
    """The inbox of audiometer files, told to the desk. Its folder may come and go.

    What reads files is imported only where there is an audiometer: a station without one starts
    sooner.
    """

    def __init__(
        self, config: Config, known: Callable[[], frozenset[str]], post: Callable[[News], None]
    ) -> None:
        """Raises :class:`ConfigError` for profiles that cannot be read."""
        self._post = post
        self._known = known
        self._state = AN_INBOX
        self._thread: InboxThread | None = None
        table = config.audiometer
        self._folder = table.inbox if table is not None else ""
        self._profiles = _profiles(table.profiles) if table is not None else None

    def start(self) -> None:
        """Begin to look, if there is a folder to look at."""
        profiles = self._profiles
        if not self._folder or profiles is None:
            return
        from drivers.audiogram_files.reading import read_file
        from drivers.inbox_folder import InboxFolder
        from kiosk.station.audiometer.inbox_side import InboxThread

        self._thread = InboxThread(
            InboxFolder(Path(self._folder)),
            lambda data, name: read_file(data, profiles, name),
            self._tell,
            known=self._known(),
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.stop()

    def accept(self, digest: str) -> None:
        """The values of this file are kept."""
        if self._thread is not None:
            self._thread.accept(digest)

    def reject(self, digest: str, code: str) -> None:
        """Put this file aside with a reason."""
        if self._thread is not None:
            self._thread.reject(digest, code)

    def _tell(self, news: InboxNews) -> None:
        match news:
            case FilesWaiting(files=files):
                self._post(FilesToTake(files))
            case FolderChanged(state=state):
                self._state = replace(self._state, folder=state)
                self._post(InboxChanged(self._state))
            case FileHeld(path=path, code=code):
                self._state = replace(self._state, held=code, held_name=path.name)
                self._post(InboxChanged(self._state))
            case FileSettled():
                # What waits now is told by itself; a move that must wait is tried again.
                pass


def _profiles(folder: str) -> Profiles:
    from drivers.audiogram_files.profiles import Profiles, load_profiles

    if not folder:
        return Profiles()
    try:
        return load_profiles(Path(folder))
    except (OSError, ProfileError) as error:
        raise ConfigError([f"«audiometer.profiles»: {error}"]) from None
