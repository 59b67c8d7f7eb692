"""The words of the command line: which commands there are, and how they are read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kiosk.cli.usage import Parser, WrongUseError, end

DEFAULT_CONFIG = Path("/etc/kiosk/kiosk.toml")
"""The configuration of the service."""

COMMANDS = {
    "setup": "a guided first set-up: clinic, key, first person, scale, printer, journal",
    "check": "read the configuration and say what is wrong with it",
    "run": "the touchscreen station; --demo with simulated devices and training children",
    "measure": "one measurement without a screen",
    "decode": "raw bytes of a device to one JSON object a line",
    "devices": "what is plugged in and what claims it",
    "simulate": "a simulated device on a pty",
    "capture": "record the raw bytes of a port",
    "calibrate": "learn what a scale sends from what its display shows",
    "confirm": "compare a real scale with its display ten times, for the project",
    "vectors": "turn a capture into a vector file",
    "outbox": "delivery states, frozen messages, retry",
    "doctor": "check devices, clock, disk, key, journal and printer",
    "backup": "a verified, encrypted copy of the store",
    "restore": "bring a copy to a station that has no store",
    "store": "how the store stands to its mark; begin a new one, or accept the one that is there",
    "audit": "verify the audit trail, or export it",
    "user": "add, list and remove the people who may sign in",
}


PERSONAL = frozenset({"measure"})
"""Commands whose arguments are never repeated: they may be about a child."""


class Command(Protocol):
    """What each module in ``kiosk.cli`` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Carry it out; returns the exit code."""


def parsed(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """Read a command line. What may be left out may also come last, behind the options.

    argparse takes such a word only beside the words before it (until Python 3.13); a command names
    it as its ``late`` one. Raises :class:`SystemExit` for a wrong command line.
    """
    try:
        args, rest = parser.parse_known_args(argv)
        late = getattr(args, "late", "")
        if late and len(rest) == 1 and rest[0][:1] != "-" and getattr(args, late) is None:
            setattr(args, late, args.late_type(rest[0]))
        elif rest:
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
    except WrongUseError as wrong:
        end(wrong, argv, DEFAULT_CONFIG, personal=_command(argv) in PERSONAL)
    return args


def parser_of(
    argv: Sequence[str], *, whole: bool = False
) -> tuple[argparse.ArgumentParser, str | None]:
    """The parser for a command line, and the command it names, if any.

    Only that command's module is imported, unless the ``whole`` is wanted. ``--config`` is taken
    in any place.
    """
    parser = Parser(
        prog="kiosk",
        description="The measuring station of a child health clinic.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=Version)
    _add_config(parser, DEFAULT_CONFIG)
    subparsers = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    chosen = _command(argv)
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=summary, allow_abbrev=False
        )
        if whole or name == chosen:
            cast("Command", import_module(f"kiosk.cli.{name}")).add_arguments(subparser)
        for one in _with_inner(subparser):
            _add_config(one, argparse.SUPPRESS)
    return parser, chosen


def _command(argv: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the file of ``--config``."""
    words = [w for before, w in zip(["", *argv], argv, strict=False) if before != "--config"]
    return next((word for word in words if not word.startswith("-")), None)


def _add_config(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        default=default,
        metavar="FILE",
        help=f"configuration file ({DEFAULT_CONFIG})",
    )


def _with_inner(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A command's parser and those of its actions."""
    yield parser
    for action in parser._actions:  # noqa: SLF001 - argparse tells them no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for inner in action.choices.values():
                yield from _with_inner(inner)


class Version(argparse.Action):
    """Print the version; what knows it is imported only then."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and end")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and end with 0."""
        print(version_text())
        parser.exit()


def version_text() -> str:
    """The program's name and its version, as far as it is known."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"kiosk {version('helsestasjon-kiosk')}"
    except PackageNotFoundError:
        return "kiosk (version unknown)"
