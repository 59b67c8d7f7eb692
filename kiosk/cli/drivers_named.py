"""Finding the driver a command names, with a sentence when there is none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from drivers.driver import Driver
from drivers.registry import RegistryError, UnknownDriver, find_driver
from kiosk.language.texts import tr

WRONG_USE = 2
"""Exit code for a wrong command line."""

FAILED = 1
"""Exit code when the command was right but could not be carried out."""


def add_driver(parser: argparse.ArgumentParser) -> None:
    """Let a command name one driver and its settings."""
    parser.add_argument("driver", metavar="DRIVER", help="key of the driver, such as radwag")
    add_driver_folder(parser)
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting of the driver; repeatable",
    )


def add_driver_folder(parser: argparse.ArgumentParser) -> None:
    """The ``--drivers`` argument."""
    parser.add_argument(
        "--drivers", type=Path, metavar="FOLDER", help="folder with drivers of your own"
    )


def driver_or_sentence(key: str, folder: Path | None = None) -> Driver | None:
    """Return the driver with ``key``, or explain on standard error and return ``None``."""
    try:
        return find_driver(key, folder)
    except UnknownDriver as unknown:
        complain(unknown_driver(unknown))
    except RegistryError as error:
        complain_all(error.problems)
    return None


def complain_all(problems: Iterable[str]) -> None:
    """Write what is wrong with the set of drivers, a line for each problem."""
    for problem in problems:
        complain(tr("Driverne kan ikke brukes: {problem}").format(problem=problem))


def unknown_driver(unknown: UnknownDriver) -> str:
    """Return the sentence for a key that no driver has."""
    sentence = tr("Ukjent driver «{key}».").format(key=unknown.key)
    if unknown.near:
        return sentence + " " + tr("Mente du «{near}»?").format(near=unknown.near)
    return sentence + " " + tr("Kjente drivere: {known}.").format(known=", ".join(unknown.known))


def complain(sentence: str) -> None:
    """Write a sentence to standard error."""
    print(sentence, file=sys.stderr)
