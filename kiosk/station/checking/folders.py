"""The folders that files are exchanged through: marking them, and how they stand, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.journal.files.file_drop import FileDrop
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark, Gone, Marked
from kiosk.journal.files.shared_names import drop_for
from kiosk.language.texts import tr
from kiosk.station.checking.file_forms import pattern_of

KEPT = "folder-marks"
"""The folder in the station's data with the copies of its marks."""
COMMAND = "kiosk outbox mark"


@dataclass(frozen=True, slots=True)
class Folder:
    """One configured folder. ``table`` is its table in the configuration."""

    table: str
    path: Path
    mark: FolderMark

    def gone(self) -> FolderGoneError | None:
        """Why nothing can be put there now, if so."""
        try:
            FileDrop(self.path, f".{self.table}", self.mark).reach()
        except FolderGoneError as error:
            return error
        return None


def mark_of(config: Config, table: str) -> FolderMark:
    """The station's mark for the folder of this table."""
    return FolderMark(config.station.id, Path(config.station.data_dir) / KEPT / table)


def drop_of(config: Config, table: str) -> FileDrop:
    """The folder of this table, with the names of files that were agreed."""
    found = config.gdt if table == "gdt" else config.csv
    assert found is not None
    mark, pattern = mark_of(config, table), pattern_of(config, table)
    return drop_for(Path(found.folder), f".{table}", mark, pattern)


def folders_of(config: Config) -> Iterator[Folder]:
    """Every folder that is configured."""
    for name, table in (("gdt", config.gdt), ("csv", config.csv)):
        if table is not None:
            yield Folder(name, Path(table.folder), mark_of(config, name))


def mark_all(config: Config, *, again: bool = False) -> Iterator[tuple[bool, str]]:
    """Mark every folder that is configured; yields of each whether it is marked, in words too.

    Only for a command of a person who says that these are the folders.
    """
    for folder in folders_of(config):
        try:
            yield True, marked_words(folder, folder.mark.make(folder.path, again=again))
        except FolderGoneError as error:
            yield False, gone_words(folder, error)
        except OSError as error:
            yield False, gone_words(folder, FolderGoneError(None, type(error).__name__))


def gone_words(folder: Folder, error: FolderGoneError) -> str:
    """What is wrong with a folder and exactly what to do."""
    texts = {
        Gone.NO_FOLDER: tr("{folder} finnes ikke. Er den delte mappen koblet til?"),
        Gone.NOT_WRITABLE: tr("Stasjonen får ikke skrive i {folder}. Gi den rett til det."),
        Gone.UNMARKED: tr(
            "{folder} er ikke merket, og ingenting legges der. Se etter at den delte mappen er "
            "koblet til, og skriv: {command}"
        ),
        Gone.OTHER_FOLDER: tr(
            "{folder} er ikke mappen som ble merket, og ingenting legges der. Koble den delte "
            "mappen til. Er dette en ny mappe, skriv: {command} --again"
        ),
    }
    unreadable = tr("{folder} kan ikke brukes ({cause}).")
    text = unreadable if error.why is None else texts[error.why]
    return text.format(folder=folder.path, command=COMMAND, cause=error)


def marked_words(folder: Folder, marked: Marked) -> str:
    """What marking came to, and on which file system the folder lies, so that a person sees it."""
    texts = {
        Marked.NEW: tr("{folder} er merket. Den ligger på {place}."),
        Marked.KNOWN: tr("{folder} var merket fra før. Den ligger på {place}."),
        Marked.TAKEN_UP: tr(
            "{folder} hadde stasjonens merke, og det brukes. Den ligger på {place}."
        ),
    }
    return texts[marked].format(folder=folder.path, place=_mount_of(folder.path))


def _mount_of(path: Path) -> Path:
    whole = path.resolve()
    return next((one for one in (whole, *whole.parents) if one.is_mount()), whole)
