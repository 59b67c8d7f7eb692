"""``kiosk restore``: bring a copy to a station that has no store."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kiosk.cli.common import config_of, out_of_reach_words
from kiosk.language.texts import tr, trn
from kiosk.station.doctor.store_words import error_words
from kiosk.station.keys import key_of
from kiosk.store.database.backup import restore
from kiosk.store.database.marker import read_mark
from kiosk.store.errors import StoreError
from kiosk.system.clock import now_utc


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="the copy, as written by kiosk backup")
    parser.add_argument(
        "--not-run-since",
        action="store_true",
        help="the station was stopped before the copy was made and has not run since: "
        "what it had not sent is sent as if nothing had happened",
    )


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if nothing was restored, 3 if the copy's audit trail is broken."""
    config = config_of(args, makes=True)
    if args.file.exists() and not os.access(args.file, os.R_OK):
        print(out_of_reach_words(args.file), file=sys.stderr)
        return 1
    try:
        key = key_of(config, make=False)
        had = read_mark(Path(config.station.data_dir)).mark
        folder, since = Path(config.station.data_dir), not args.not_run_since
        report = restore(args.file, folder, key, now_utc(), sent_since=since)
    except StoreError as error:
        print(error_words(error), file=sys.stderr)
        return 1
    if args.not_run_since:
        print(tr("Lageret er tilbake. Det som ikke var sendt, blir sendt."))
    else:
        print(
            tr(
                "Lageret er tilbake. Journalen blir spurt om alt som ikke var mottatt. "
                "Det ingen kan spørre om, venter på et menneske."
            )
        )
    if had is not None and had.end.row > report.rows:
        text = trn(
            "Kopien mangler {n} hendelse i revisjonssporet som lageret hadde.",
            "Kopien mangler {n} hendelser i revisjonssporet som lageret hadde.",
            had.end.row - report.rows,
        )
        print(text)
    if report.sound:
        return 0
    print(tr("Revisjonssporet er brutt. Meld avvik."), file=sys.stderr)
    return 3
