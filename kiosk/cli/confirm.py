"""``kiosk confirm``: ten loads on a real scale, each display beside what the station read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.cli.common import speak
from kiosk.cli.drivers_named import FAILED, WRONG_USE, complain
from kiosk.config.load import load_config
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.events import DeviceEvent, Reading
    from drivers.first_day import Display, Load
    from drivers.transports.base import Transport
    from kiosk.station.checking.scale_setup import ScaleSetup

WAIT: Final = 20.0
"""Seconds to wait for a value at rest, or for the line that a key sends."""

Ask = Callable[[str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the record")
    parser.add_argument("--model", required=True, metavar="TEXT", help="model on the type plate")
    parser.add_argument("--signed", required=True, metavar="NAME", help="who compares the display")


def run(args: argparse.Namespace) -> int:
    """Take the loads and write the file. Exit 0 if all agree, 1 if not, 2 for a wrong use."""
    from drivers.transports.base import LinkLost
    from drivers.transports.opening import open_transport
    from kiosk.station.checking.scale_setup import scale_setup

    # Whoever runs it keeps the file: nothing of the station's own is opened.
    config = load_config(args.config)
    speak(config.station.language)
    setup = scale_setup(config)
    if setup is None or config.scale is None:
        complain(tr("Ingen vekt er satt opp. Se «kiosk setup»."))
        return WRONG_USE
    if args.out.exists():
        complain(tr("Filen {file} finnes fra før.").format(file=args.out))
        return WRONG_USE
    try:
        transport = open_transport(config.scale.port, setup.line)
    except LinkLost as loss:
        complain(tr("Porten kan ikke åpnes: {cause}").format(cause=loss.cause.value))
        return FAILED
    try:
        loads = _loads(setup, transport, _asked)
    except LinkLost as loss:
        complain(tr("Porten kan ikke åpnes: {cause}").format(cause=loss.cause.value))
        return FAILED
    except (EOFError, KeyboardInterrupt):
        complain(tr("Avbrutt. Ingenting er lagret."))
        return FAILED
    finally:
        transport.close()
    return _written(setup, loads, args)


def _asked(question: str) -> str:
    return input(question + " ").strip()


def _loads(setup: ScaleSetup, transport: Transport, ask: Ask) -> list[Load]:
    """Take ten loads; one that gives no value is asked for again."""
    from drivers.first_day import LOADS, Load

    loads: list[Load] = []
    while len(loads) < LOADS:
        step = tr("{n} av {all}. Legg noe på vekten, hver gang noe annet, og vent på ro.")
        print(step.format(n=len(loads) + 1, all=LOADS))
        ask(tr("Trykk Enter når displayet står stille; så PRINT på vekten, om den har det."))
        read = _read(setup, transport)
        if read is None:
            complain(tr("Ingen verdi kom. Prøv igjen, eller se «kiosk doctor»."))
            continue
        # Asked before it is told, so that nobody types what the station says.
        load = Load(_display(ask), read)
        print(_told(load))
        loads.append(load)
    return loads


def _read(setup: ScaleSetup, transport: Transport) -> Reading | None:
    from drivers.events import Reading
    from kiosk.station.probe import first

    heard = first(setup, transport, _is_at_rest, WAIT)
    return heard if isinstance(heard, Reading) else None


def _is_at_rest(event: DeviceEvent) -> bool:
    from drivers.events import Quantity, Reading, Stability

    return (
        isinstance(event, Reading)
        and event.quantity is Quantity.WEIGHT
        and event.stability is not Stability.MOVING
    )


def _display(ask: Ask) -> Display:
    from drivers.first_day import display_of

    while (display := display_of(ask(tr("Hva viser vekten? For eksempel «4,236 kg»:")))) is None:
        complain(tr("Skriv tallet slik det står i displayet, et mellomrom og enheten."))
    return display


def _told(load: Load) -> str:
    text = tr("Stemmer: {read}.") if load.agrees else tr("STEMMER IKKE: stasjonen leste {read}.")
    return "  " + text.format(read=f"{load.read.value:f} {load.read.unit}".replace(".", ","))


def _written(setup: ScaleSetup, loads: list[Load], args: argparse.Namespace) -> int:
    from drivers.first_day import is_confirmed, report
    from drivers.folder import Folder
    from drivers.profile_file import READABLE

    on = datetime.now(UTC).date().isoformat()
    about = {"model": args.model, "signed": args.signed, "on": on}
    text = report(setup.driver, setup.settings, loads, about)
    with Folder.at(args.out.resolve().parent) as folder:
        folder.write_new(args.out.name, text.encode("utf-8"), READABLE)
    print(tr("Lagret i {file}. Send den til prosjektet.").format(file=args.out))
    if is_confirmed(loads):
        return 0
    text = tr("Ikke alle lastene stemte, eller for få var ulike. Bruk ikke vekten før det er løst.")
    complain(text)
    return FAILED
