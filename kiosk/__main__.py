"""The command line ``kiosk``. Only the module of the chosen command is imported."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import Protocol, cast

from kiosk.config.load import ConfigError

COMMANDS = {
    "run": "the touchscreen station; --demo with simulated devices and training children",
    "measure": "one measurement without a screen",
    "decode": "raw bytes of a device to one JSON object a line",
    "devices": "what is plugged in and what claims it",
    "simulate": "a simulated device on a pty",
    "capture": "record the raw bytes of a port",
    "calibrate": "learn what a seca sends from what its display shows",
    "vectors": "turn a capture into a vector file",
    "outbox": "delivery states, frozen messages, retry",
    "doctor": "check devices, clock, disk, key, journal and printer",
    "backup": "a verified, encrypted copy of the store",
    "restore": "bring a copy to a station that has no store",
    "audit": "verify the audit trail, or export it",
    "user": "add, list and remove the people who may sign in",
}


class Command(Protocol):
    """What each module in ``kiosk.cli`` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Carry it out; returns the exit code."""


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit code 2 for a wrong command line or configuration."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="kiosk", description="The measuring station of a child health clinic."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = next((word for word in argv if not word.startswith("-")), "")
    module: Command | None = None
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        if name == chosen:
            module = cast("Command", import_module(f"kiosk.cli.{name}"))
            module.add_arguments(subparser)
    args = parser.parse_args(argv)
    assert module is not None
    try:
        return module.run(args)
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - the command line's own output
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
