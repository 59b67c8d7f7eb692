"""``kiosk backup``: verified, encrypted copies of the store, while the station runs or not."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kiosk.cli.common import config_of, no_room_words
from kiosk.config.schema import Config
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark
from kiosk.language.texts import tr
from kiosk.station.doctor.store_words import error_words
from kiosk.station.keys import key_of
from kiosk.store.audit import AuditReport
from kiosk.store.database import keeping
from kiosk.store.database.backup import write_backup
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

SHARES = (Path("/mnt"), Path("/media"), Path("/srv"))
"""Where a folder may be a share that is not mounted, and so must be the one that was marked."""
KEPT_MARK = "backup.mark"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE|dated|rehearse|mark",
        help="the copy to write, which must not exist yet; or with a FOLDER: write a dated copy "
        "there and prune, bring the newest back on trial, mark the folder as the right one",
    )
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    parser.add_argument(
        "--keep", type=int, default=keeping.KEPT, help="dated copies that stay (14)"
    )


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if no copy was made, 3 if one was made of a broken audit trail."""
    config = config_of(args)
    try:
        if args.folder is None:
            return _copy(config, args.file)
        actions = {"dated": _dated, "rehearse": _rehearse, "mark": _mark}
        action = actions.get(str(args.file))
        if action is None:
            print(tr("Skriv «dated», «rehearse» eller «mark» foran mappen."), file=sys.stderr)
            return 2
        return action(config, args.folder.absolute(), args.keep)
    except StoreError as error:
        print(error_words(error), file=sys.stderr)
        return 1
    except FolderGoneError:
        text = tr(
            "{folder} er ikke den mappen som er merket for kopier. Er den montert? Da merkes den "
            "med «kiosk backup mark {folder}»."
        )
        print(text.format(folder=args.folder), file=sys.stderr)
        return 1


def _copy(config: Config, file: Path) -> int:
    if not _writable(file.absolute().parent):
        return 1
    folder, key = Path(config.station.data_dir), key_of(config, make=False)
    report = write_backup(folder, key, file)
    _leave_trace(folder, key)
    return _told(report)


def _dated(config: Config, into: Path, keep: int) -> int:
    _require_marked(config, into)
    if not _writable(into):
        return 1
    folder, key = Path(config.station.data_dir), key_of(config, make=False)
    _, report = keeping.make_dated(folder, key, into, config.station.id, now_utc(), keep=keep)
    _leave_trace(folder, key)
    return _told(report)


def _rehearse(config: Config, into: Path, _: int) -> int:
    _require_marked(config, into)
    folder, key = Path(config.station.data_dir), key_of(config, make=False)
    copy = keeping.rehearse(folder, key, into, config.station.id, now_utc())
    print(tr("{file} er hentet tilbake på prøve, og er hel.").format(file=copy.name))
    return 0


def _mark(config: Config, into: Path, _: int) -> int:
    try:
        _mark_of(config).make(into, again=True)
    except OSError:
        print(no_room_words(into), file=sys.stderr)
        return 1
    print(tr("{folder} er merket. Kopiene legges der.").format(folder=into))
    return 0


def _require_marked(config: Config, into: Path) -> None:
    """Nothing is copied into the empty mount point of a share that is away."""
    from drivers.folder import Folder

    if not any(into.is_relative_to(share) for share in SHARES):
        return
    try:
        with Folder.at(into) as folder:
            _mark_of(config).check(folder)
    except OSError:
        raise FolderGoneError(None, "away") from None


def _mark_of(config: Config) -> FolderMark:
    return FolderMark(config.station.id, Path(config.station.data_dir) / KEPT_MARK)


def _writable(folder: Path) -> bool:
    if os.access(folder, os.W_OK):
        return True
    print(no_room_words(folder), file=sys.stderr)
    return False


def _told(report: AuditReport) -> int:
    print(tr("Kopien er skrevet, lest tilbake og hel. Den trenger samme nøkkel som lageret."))
    if report.sound:
        return 0
    print(tr("Revisjonssporet er brutt. Meld avvik."), file=sys.stderr)
    return 3


def _leave_trace(folder: Path, key: bytes) -> None:
    """Write into the trail that a copy was made. A store from before is copied as it is."""
    try:
        store = Store.open(folder, key, alone=False, make=False)
    except StoreError as error:
        if error.fault is StoreFault.OLDER_SCHEMA:
            return
        raise
    try:
        store.note("backup", "cli", "")
    finally:
        store.close()
