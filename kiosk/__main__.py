"""The command line ``kiosk``. Only the module of the chosen command is imported."""

from __future__ import annotations

import sys
from contextvars import copy_context
from importlib import import_module
from typing import cast

from kiosk.cli.command_line import COMMANDS, Command, parsed, parser_of
from kiosk.config.load import ConfigError

__all__ = ["COMMANDS", "main"]


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit code 2 for a wrong command line or configuration."""
    argv = sys.argv[1:] if argv is None else argv
    parser, chosen = parser_of(argv)
    args = parsed(parser, argv)
    module = cast("Command", import_module(f"kiosk.cli.{chosen}"))
    try:
        # In a context of its own: the language that a command speaks ends with it.
        return copy_context().run(module.run, args)
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - the command line's own output
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
