"""``kiosk backup``: a verified, encrypted copy of the store, while the station runs or not."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kiosk.cli.common import config_of, no_room_words
from kiosk.language.texts import tr
from kiosk.station.doctor.store_words import error_words
from kiosk.station.keys import key_of
from kiosk.store.database.backup import write_backup
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="the copy to write; must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if no copy was made, 3 if one was made of a broken audit trail."""
    config = config_of(args)
    if not os.access(args.file.absolute().parent, os.W_OK):
        print(no_room_words(args.file.absolute().parent), file=sys.stderr)
        return 1
    folder = Path(config.station.data_dir)
    try:
        key = key_of(config, make=False)
        report = write_backup(folder, key, args.file)
        _leave_trace(folder, key)
    except StoreError as error:
        print(error_words(error), file=sys.stderr)
        return 1
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
