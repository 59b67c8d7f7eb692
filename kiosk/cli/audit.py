"""``kiosk audit``: check the trail of who did what, or hand it out."""

from __future__ import annotations

import argparse
import sys

from kiosk.cli.common import config_of, open_store
from kiosk.language.texts import tr
from kiosk.station.doctor.store_words import fault_words
from kiosk.store.errors import StoreError
from kiosk.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "action", choices=["verify", "export"], help="export prints one JSON object a line"
    )


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 for a broken trail or a store that cannot be read."""
    store = open_store(config_of(args))
    try:
        return {"verify": _verify, "export": _export}[args.action](store)
    except StoreError as error:
        print(fault_words(error.fault), file=sys.stderr)
        return 1
    finally:
        store.close()


def _verify(store: Store) -> int:
    report = store.audit_verify()
    if report.sound:
        print(tr("Revisjonssporet er ubrutt: {n} rader.").format(n=report.rows))
        return 0
    words = tr("Revisjonssporet er brutt ved rad {n}. Meld avvik.")
    print(words.format(n=report.broken_at), file=sys.stderr)
    return 1


def _export(store: Store) -> int:
    store.audit_export(sys.stdout.write, "cli")
    return 0
