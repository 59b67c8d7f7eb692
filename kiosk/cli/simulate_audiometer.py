"""``kiosk simulate`` for an audiometer: worked by a script or by hand."""

from __future__ import annotations

import argparse
import sys
import threading
from typing import TYPE_CHECKING

from kiosk.cli.common import cause_words
from kiosk.cli.drivers_named import FAILED, WRONG_USE, complain
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.driver import Driver, Settings
    from drivers.simulators.audiometer import SimulatedAudiometer


def run(
    args: argparse.Namespace, driver: Driver, settings: Settings, stopping: threading.Event
) -> int:
    """Run until ``stopping``. Exit 2 for a wrong fault or script, 1 without a pty."""
    from drivers.simulators.audiometer import Fault, SimulatedAudiometer

    if args.link is None:
        complain(tr("Et audiometer kan bare simuleres på en port: bruk «--link»."))
        return WRONG_USE
    known = ", ".join(Fault)
    for name in args.fault:
        if name not in set(Fault):
            complain(tr("Ukjent feil «{name}». Kjente: {known}.").format(name=name, known=known))
            return WRONG_USE
    audiometer = SimulatedAudiometer(driver, args.link, settings)
    audiometer.faults.update(map(Fault, args.fault))
    try:
        audiometer.start()
    except OSError as error:
        complain(tr("Simulatoren får ikke laget porten: {error}").format(error=cause_words(error)))
        return FAILED
    try:
        print(tr("Klar: {link}").format(link=args.link), flush=True)
        return _play(args, audiometer, stopping)
    finally:
        audiometer.stop()


def _play(
    args: argparse.Namespace, audiometer: SimulatedAudiometer, stopping: threading.Event
) -> int:
    from drivers.simulators.audiometer_script import DEFAULT, play
    from drivers.simulators.script import ScriptError

    if args.control:
        threading.Thread(target=_obey, args=(audiometer, stopping), daemon=True).start()
    try:
        if args.script is not None:
            play(args.script.read_text("utf-8"), audiometer, stopping)
        elif not args.control:
            play(DEFAULT, audiometer, stopping)
    except (OSError, ScriptError) as error:
        complain(tr("Skriptet kan ikke brukes: {error}").format(error=cause_words(error)))
        return WRONG_USE
    stopping.wait()
    return 0


def _obey(audiometer: SimulatedAudiometer, stopping: threading.Event) -> None:
    """Carry out lines as they come; a wrong one is named and skipped."""
    from drivers.simulators.audiometer_script import obey
    from drivers.simulators.script import ScriptError

    for line in sys.stdin:
        try:
            obey(line, audiometer, stopping)
        except ScriptError as error:
            complain(str(error))
    stopping.set()
