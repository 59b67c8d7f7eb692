"""``kiosk backup``: a verified, encrypted copy of the store, while the station runs or not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk.cli.common import add_config, config_of, open_store
from kiosk.i18n import tr
from kiosk.station.fault_words import fault_words
from kiosk.station.keys import key_of
from kiosk.store.backup import write_backup
from kiosk.store.errors import StoreError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_config(parser)
    parser.add_argument("file", type=Path, help="the copy to write; must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if no copy was made, 3 if one was made of a broken audit trail."""
    config = config_of(args)
    folder = Path(config.station.data_dir)
    try:
        key = key_of(config, make=False)
        report = write_backup(folder, key, args.file)
        store = open_store(config, alone=False)
        try:
            store.note("backup", "cli", "")
        finally:
            store.close()
    except StoreError as error:
        print(fault_words(error.fault), file=sys.stderr)
        return 1
    print(tr("Kopien er skrevet, lest tilbake og hel. Den trenger samme nøkkel som lageret."))
    if report.sound:
        return 0
    print(tr("Revisjonssporet er brutt. Meld avvik."), file=sys.stderr)
    return 3
