"""``kiosk vectors``: turn a capture into a vector file for a person to fill in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk.cli.common import cause_words
from kiosk.cli.drivers_named import FAILED, complain
from kiosk.language.texts import tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="capture made by kiosk capture")


def run(args: argparse.Namespace) -> int:
    """Print the vector file on standard output. Exit 1 when FILE is no capture or is empty."""
    from drivers.capture import CaptureError, read_capture
    from drivers.capture_vectors import skeleton

    try:
        capture = read_capture(args.file)
    except (OSError, CaptureError) as error:
        complain(tr("Opptaket kan ikke leses: {error}").format(error=cause_words(error)))
        return FAILED
    if not capture.received():
        complain(tr("Opptaket inneholder ikke noe fra enheten."))
        return FAILED
    sys.stdout.write(skeleton(capture))
    return 0
