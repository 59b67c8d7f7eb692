"""``kiosk simulate``: a simulated device on a pty or USB/IP, played by a script or by hand."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import cause_words
from kiosk.cli.decode import SettingsError, settings_of
from kiosk.cli.drivers_named import (
    FAILED,
    WRONG_USE,
    add_driver,
    complain,
    driver_or_sentence,
)
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.driver import Driver, Settings
    from drivers.simulators.scale import SimulatedScale
    from drivers.simulators.script import Step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_driver(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--link", type=Path, metavar="PATH", help="link to the pty")
    where.add_argument(
        "--usbip", type=int, metavar="PORT", help="as a USB HID scale over USB/IP; 0: any port"
    )
    parser.add_argument(
        "--script", type=Path, metavar="FILE", help="a file, or baby, twins, mother-and-child"
    )
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="repeatable")
    parser.add_argument(
        "--control",
        action="store_true",
        help="read script lines from standard input while running; ends with the input",
    )


def run(args: argparse.Namespace) -> int:
    """Run until interrupted. Exit 2 for a wrong driver, fault or script, 1 without a pty.

    With ``--control`` the end of the input ends the command, so that a simulator never
    outlives the program that started it.
    """
    from drivers.driver import Kind
    from drivers.simulators.faults import MEANINGS
    from drivers.simulators.scale import SimulatedScale
    from drivers.simulators.script import ScriptError

    driver = driver_or_sentence(args.driver, args.drivers)
    if driver is None:
        return WRONG_USE
    if driver.kind is Kind.AUDIOMETER:
        return _work_audiometer(driver, args)
    for name in args.fault:
        if name not in MEANINGS:
            known = ", ".join(MEANINGS)
            complain(tr("Ukjent feil «{name}». Kjente: {known}.").format(name=name, known=known))
            return WRONG_USE
    try:
        steps = _steps(args.script, control=args.control)
    except (OSError, ScriptError) as error:
        complain(tr("Skriptet kan ikke brukes: {error}").format(error=cause_words(error)))
        return WRONG_USE
    try:
        settings = settings_of(driver, args.settings)
    except SettingsError as problem:
        complain(str(problem))
        return WRONG_USE
    if args.usbip is None:
        scale = SimulatedScale(driver, args.link, settings=settings)
        return _serve(scale, str(args.link), steps, args)
    return _serve_usb(driver, settings, steps, args)


def _work_audiometer(driver: Driver, args: argparse.Namespace) -> int:
    from kiosk.cli import simulate_audiometer

    try:
        settings = settings_of(driver, args.settings)
    except SettingsError as problem:
        complain(str(problem))
        return WRONG_USE
    stopping = threading.Event()
    with _stopped_by_signals(stopping):
        return simulate_audiometer.run(args, driver, settings, stopping)


def _steps(path: Path | None, *, control: bool) -> tuple[Step, ...]:
    """Return the script to play: the given one, none under control, else the default one."""
    from drivers.simulators.script import DEFAULT, load, parse

    if path is not None:
        return parse(load(path))
    return () if control else parse(DEFAULT)


def _serve_usb(
    driver: Driver, settings: Settings, steps: tuple[Step, ...], args: argparse.Namespace
) -> int:
    """Serve a HID scale; the reports are those of usb-hid, so no other driver has any."""
    from drivers.simulators.scale import SimulatedScale
    from drivers.simulators.usbip_scale import HidScalePort
    from drivers.simulators.usbip_socket import UsbSocket

    if driver.key != "usb-hid":
        complain(tr("Bare «usb-hid» kan simuleres over USB/IP."))
        return WRONG_USE
    try:
        socket = UsbSocket(HidScalePort, args.usbip)
    except (OSError, OverflowError) as error:
        complain(tr("Simulatoren får ikke laget porten: {error}").format(error=cause_words(error)))
        return FAILED
    try:
        scale = SimulatedScale(driver, socket.plug, settings=settings)
        return _serve(scale, socket.url, steps, args)
    finally:
        socket.stop()


def _serve(
    scale: SimulatedScale, where: str, steps: tuple[Step, ...], args: argparse.Namespace
) -> int:
    from drivers.simulators.script import play

    try:
        scale.start()
    except OSError as error:
        complain(tr("Simulatoren får ikke laget porten: {error}").format(error=cause_words(error)))
        return FAILED
    stopping = threading.Event()
    try:
        for name in args.fault:
            scale.fault(name)
        with _stopped_by_signals(stopping):
            print(tr("Klar: {link}").format(link=where), flush=True)
            if args.control:
                _start_control(scale, stopping)
            play(steps, scale, stopping)
            stopping.wait()
    finally:
        scale.stop()
    return 0


def _start_control(scale: SimulatedScale, stopping: threading.Event) -> None:
    threading.Thread(
        target=_obey, args=(sys.stdin, scale, stopping), name="control", daemon=True
    ).start()


def _obey(lines: Iterable[str], scale: SimulatedScale, stopping: threading.Event) -> None:
    """Carry out script lines as they come; a wrong one is named and skipped."""
    from drivers.simulators.script import ScriptError, apply, parse_line

    for line in lines:
        try:
            step = parse_line(line)
        except ScriptError as error:
            complain(str(error))
            continue
        if step:
            apply(step, scale, stopping)
    stopping.set()


@contextmanager
def _stopped_by_signals(stopping: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM set ``stopping`` instead of tearing the program down.

    Only the main thread may place handlers; elsewhere, as in a test, they stay as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
