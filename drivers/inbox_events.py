"""What an inbox tells: a file that may be taken, a file that is held, how the folder is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.audiogram_files.imported import Imported, Refusal


class Held(StrEnum):
    """Why a file is not offered, beyond what its reader refuses.

    ``UNREADABLE``: the station has no right to read it. It stays and is tried again.
    """

    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"


class FolderState(StrEnum):
    """How the folder is. ``READ_ONLY``: files are offered, but cannot be put away."""

    READY = "ready"
    MISSING = "missing"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class FileArrived:
    """A whole file, read and offered. ``path`` is where it still lies."""

    path: Path
    imported: Imported


@dataclass(frozen=True, slots=True)
class FileHeld:
    """A file that is not offered. ``path`` is where it lies now, ``detail`` for the words."""

    path: Path
    code: Refusal | Held
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FolderChanged:
    """The folder is in another state than before."""

    path: Path
    state: FolderState


InboxEvent = FileArrived | FileHeld | FolderChanged
