"""Files of an audiometer that wait until a person has said what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from drivers.audiogram_files.imported import Imported
from drivers.inbox_events import FileHeld, FolderChanged


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A whole file that was read and is offered; it still lies in the inbox.

    ``digest`` is the SHA-256 of its bytes in hexadecimal, and the file's name for every answer.
    ``name`` is for the person at the desk alone: programs write names and numbers of persons into
    it, so it is no part of the text form. ``changed_at`` is UTC: when the file was written.
    """

    digest: str
    name: str = field(repr=False)
    changed_at: datetime
    imported: Imported = field(repr=False)


@dataclass(frozen=True, slots=True)
class FilesWaiting:
    """All files that wait now, the earliest written first."""

    files: tuple[WaitingFile, ...]


class Fate(StrEnum):
    """What became of a file after it was accepted or rejected.

    ``LATER``: the folder is away or allows no moving now; the file is moved as soon as it can be.
    ``CHANGED``: what lies there is no longer what was offered, so nothing was moved, and what is
    there waits on. ``NOT_OFFERED``: no file with that digest waits, or no longer.
    """

    MOVED = "moved"
    LATER = "later"
    CHANGED = "changed"
    NOT_OFFERED = "not-offered"


@dataclass(frozen=True, slots=True)
class FileSettled:
    """The answer to an acceptance or a rejection."""

    digest: str
    fate: Fate


InboxNews = FilesWaiting | FileSettled | FileHeld | FolderChanged
"""What the station hears from its inbox. The paths of the last two may hold names of persons."""
