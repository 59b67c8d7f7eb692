"""``kiosk store``: is the store all there, and what a person decides when it is not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk.cli.common import config_of, open_store
from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.station.doctor.store_words import error_words
from kiosk.station.keys import key_of
from kiosk.station.loss_words import found_words
from kiosk.store.database.locking import take_lock
from kiosk.store.database.marker import Standing, read_mark
from kiosk.store.database.opening import FilePlace
from kiosk.store.database.presence import require, set_apart
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

DONE, NOT_WELL = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="how the store stands to the mark beside it")
    new = actions.add_parser("new", help="begin a store where there is none")
    new.add_argument("--lost", action="store_true", help="the one that was there is lost for good")
    actions.add_parser(
        "accept", help="go on with the store that is there, although it is not all there"
    )


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if the store is not all there or nothing was done."""
    config = config_of(args, makes=args.action == "new")
    try:
        if args.action == "new":
            return _new(config, lost=args.lost)
        return {"show": _show, "accept": _accept}[args.action](config)
    except StoreError as error:
        print(error_words(error), file=sys.stderr)
        return NOT_WELL


def _show(config: Config) -> int:
    store = open_store(config)
    store.close()
    said = found_words(store.found, mended=False)
    for sentence in said:
        print(sentence, file=sys.stderr)
    if not said:
        print(tr("Lageret er det stasjonen hadde, og ingenting mangler."))
    return NOT_WELL if said and store.found.standing is not Standing.UNMARKED else DONE


def _new(config: Config, *, lost: bool) -> int:
    folder = Path(config.station.data_dir)
    _make_room(folder, lost=lost)
    store = Store.open(folder, key_of(config))
    try:
        store.note("begun", "cli", "the one before is lost" if lost else "")
    finally:
        store.close()
    print(tr("Et nytt, tomt lager er laget."))
    return DONE


def _make_room(folder: Path, *, lost: bool) -> None:
    """See to it that there is no store, and none that somebody still looks for."""
    try:
        require(folder)
    except StoreError as error:
        if error.fault is StoreFault.ABSENT:
            return
        if not lost or error.fault not in {StoreFault.VANISHED, StoreFault.EMPTIED}:
            raise
    else:
        raise StoreError(StoreFault.OCCUPIED)
    with take_lock(folder):
        set_apart(folder, now_utc(), mark=True)


def _accept(config: Config) -> int:
    folder = Path(config.station.data_dir)
    require(folder)
    key = key_of(config, make=False)
    before = read_mark(folder).mark
    store = Store(FilePlace(folder, key, alone=True, new=False, accept=True), key)
    try:
        standing = store.found.standing
        answered = before is not None and before.lost is not None
        if standing in {Standing.SAME, Standing.FIRST} and not answered:
            print(tr("Lageret er det stasjonen hadde, og ingenting mangler."))
            return DONE
        store.note("accepted", "cli", standing.value)
    finally:
        store.close()
    print(tr("Lageret er tatt i bruk slik det er."))
    return DONE
