"""Finding the driver a command names, with a sentence when there is none."""

from __future__ import annotations

import sys

from drivers.driver import Driver
from drivers.registry import UnknownDriver, find_driver
from kiosk.i18n import tr

WRONG_USE = 2
"""Exit code for a wrong command line."""

FAILED = 1
"""Exit code when the command was right but could not be carried out."""


def driver_or_sentence(key: str) -> Driver | None:
    """Return the driver with ``key``, or explain on standard error and return ``None``."""
    try:
        return find_driver(key)
    except UnknownDriver as unknown:
        complain(unknown_driver(unknown))
        return None


def unknown_driver(unknown: UnknownDriver) -> str:
    """Return the sentence for a key that no driver has."""
    sentence = tr("Ukjent driver «{key}».").format(key=unknown.key)
    if unknown.near:
        return sentence + " " + tr("Mente du «{near}»?").format(near=unknown.near)
    return sentence + " " + tr("Kjente drivere: {known}.").format(known=", ".join(unknown.known))


def complain(sentence: str) -> None:
    """Write a sentence to standard error."""
    print(sentence, file=sys.stderr)
