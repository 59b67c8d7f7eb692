"""``kiosk doctor``: is everything as it should be, and what to do where it is not."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kiosk.cli.common import config_of
from kiosk.cli.drivers_named import (
    FAILED,
    WRONG_USE,
    add_driver_folder,
    complain,
    complain_all,
    unknown_driver,
)
from kiosk.config.load import ConfigError
from kiosk.language.texts import tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_driver_folder(parser)
    parser.add_argument("--driver", metavar="NAME", help="try this driver instead of the station")
    parser.add_argument("--json", action="store_true", help="print a JSON list of findings")


def run(args: argparse.Namespace) -> int:
    """Examine; 0 if nothing is wrong, 1 if something is, 2 without a configuration."""
    from kiosk.station.doctor.examination import Level, examine

    if args.driver:
        return _try_driver(args.driver, args.drivers, as_json=args.json)
    try:
        config = config_of(args)
    except ConfigError as error:
        if args.json:
            sick = [{"check": "configuration", "level": "sick", "text": p} for p in error.problems]
            print(json.dumps(sick, ensure_ascii=False))
            return WRONG_USE
        raise
    findings = examine(config)
    if args.json:
        rows = [{"check": f.check, "level": f.level.value, "text": f.text} for f in findings]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for f in findings:
            print(f"{f.level.value:<5} {f.check}: {f.text}")
    return 1 if any(f.level is Level.SICK for f in findings) else 0


def _try_driver(key: str, folder: Path | None, *, as_json: bool) -> int:
    """Run every promise on a driver; 1 when one is broken or the drivers do not load."""
    from drivers.contract import PROMISES, broken_promises
    from drivers.registry import RegistryError, UnknownDriver, find_driver
    from drivers.simulators.trial import trial

    try:
        driver = find_driver(key, folder)
    except UnknownDriver as unknown:
        complain(unknown_driver(unknown))
        return WRONG_USE
    except RegistryError as error:
        complain_all(error.problems)
        return FAILED
    rows = {promise.__name__: list[str]() for promise in PROMISES}
    for name, sentence in broken_promises(driver):
        rows[name].append(sentence)
    if not any(rows.values()):
        # What breaks a promise about bytes may do anything on a port; it is not tried there.
        rows["its_simulator_is_read_over_a_port"] = list(trial(driver))
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _print_promises(rows)
    return FAILED if any(rows.values()) else 0


def _print_promises(rows: dict[str, list[str]]) -> None:
    for name, sentences in rows.items():
        mark = tr("brutt") if sentences else tr("holdt")
        print(f"{mark:<5} {name.replace('_', ' ')}")
        for sentence in sentences:
            print(f"      {sentence}")
