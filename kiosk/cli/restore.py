"""``kiosk restore``: bring a copy to a station that has no store."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kiosk.cli.common import config_of, out_of_reach_words
from kiosk.clock import now_utc
from kiosk.i18n import tr
from kiosk.station.fault_words import error_words
from kiosk.station.keys import key_of
from kiosk.store.backup import restore
from kiosk.store.errors import StoreError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="the copy, as written by kiosk backup")


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if nothing was restored, 3 if the copy's audit trail is broken."""
    config = config_of(args, makes=True)
    if args.file.exists() and not os.access(args.file, os.R_OK):
        print(out_of_reach_words(args.file), file=sys.stderr)
        return 1
    try:
        key = key_of(config, make=False)
        report = restore(args.file, Path(config.station.data_dir), key, now_utc())
    except StoreError as error:
        print(error_words(error), file=sys.stderr)
        return 1
    print(tr("Lageret er tilbake. Journalen blir spurt om alt som ikke var mottatt."))
    if report.sound:
        return 0
    print(tr("Revisjonssporet er brutt. Meld avvik."), file=sys.stderr)
    return 3
