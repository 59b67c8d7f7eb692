"""``kiosk doctor``: is everything as it should be, and what to do where it is not."""

from __future__ import annotations

import argparse
import json

from kiosk.cli.common import add_config, config_of
from kiosk.config.load import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_config(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON list of findings")


def run(args: argparse.Namespace) -> int:
    """Examine; 0 if nothing is wrong, 1 if something is, 2 without a configuration."""
    from kiosk.station.doctor import Level, examine

    try:
        config = config_of(args)
    except ConfigError as error:
        if args.json:
            sick = [{"check": "configuration", "level": "sick", "text": p} for p in error.problems]
            print(json.dumps(sick, ensure_ascii=False))
            return 2
        raise
    findings = examine(config)
    if args.json:
        rows = [{"check": f.check, "level": f.level.value, "text": f.text} for f in findings]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for f in findings:
            print(f"{f.level.value:<5} {f.check}: {f.text}")
    return 1 if any(f.level is Level.SICK for f in findings) else 0
