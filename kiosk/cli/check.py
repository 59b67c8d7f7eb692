"""``kiosk check``: read the configuration, and say everything that is wrong with it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import config_of
from kiosk.config.load import ConfigError, load_config
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from kiosk.config.schema import Config
    from kiosk.station.checking.checking import Problem

CANNOT_START, SOMETHING_MISSING = 2, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print a JSON list of problems")


def run(args: argparse.Namespace) -> int:
    """Check; 0 if nothing is wrong, 1 if the station starts all the same, 2 if it cannot start.

    Nothing is opened and nothing made.
    """
    found = _problems(args)
    if args.json:
        rows = [{"part": p.part, "stops": p.stops, "text": p.text} for p in found]
        print(json.dumps(rows, ensure_ascii=False))
    elif found:
        for problem in found:
            print(problem.text, file=sys.stderr)
    else:
        print(tr("{file}: i orden.").format(file=args.config))
        _note(args)
    if any(problem.stops for problem in found):
        return CANNOT_START
    return SOMETHING_MISSING if found else 0


def _note(args: argparse.Namespace) -> None:
    """Say what may be meant so, and what somebody will miss one day."""
    from kiosk.station.checking.scale_setup import approvers_of

    if not approvers_of(config_of(args)):
        text = tr(
            "Merk: Ingen kan lagre utstyr på skjermen. Sett «station.approvers» til id-er fra "
            "«kiosk user list»."
        )
        print(text)


def _problems(args: argparse.Namespace) -> list[Problem]:
    from kiosk.station.checking.checking import Problem, problems_of

    try:
        load_config(args.config)
    except ConfigError as error:
        return [Problem("configuration", text) for text in error.problems]
    config = config_of(args)
    found = [*problems_of(config), *_key(config)]
    return [Problem(one.part, f"{args.config}: {one.text}", one.stops) for one in found]


def _key(config: Config) -> Iterator[Problem]:
    """What is wrong with the store's key. Where there is no store yet, a missing one is made."""
    from kiosk.station.checking.checking import Problem
    from kiosk.station.doctor.store_words import error_words
    from kiosk.station.keys import key_of
    from kiosk.store.errors import StoreError, StoreFault
    from kiosk.store.store import FILE_NAME

    try:
        key_of(config, make=False)
    except StoreError as error:
        begun = (Path(config.station.data_dir) / FILE_NAME).exists()
        if error.fault is not StoreFault.KEY_MISSING or begun or config.database.key_file:
            yield Problem("database", f"[database]: {error_words(error)}")
