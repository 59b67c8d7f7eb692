"""``kiosk setup``: a guided first set-up in the terminal. It can be run again."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import as_root_words, config_of, speak
from kiosk.config.load import ConfigError
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from kiosk.cli.setting_up.asking import Asker
    from kiosk.cli.setting_up.bench import Bench
    from kiosk.cli.setting_up.key_step import Chosen

DONE, SOMETHING_FAILED, NOT_DONE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--answers", type=Path, metavar="FILE", help="take the answers from a TOML file"
    )
    how.add_argument(
        "--paper", action="store_true", help="show the paper copy of the key, and nothing else"
    )


def run(args: argparse.Namespace) -> int:
    """Set up; 0 when everything asked for works, 1 when something tried does not, 2 when not."""
    from kiosk.cli.setting_up.asking import Answers, Stopped, Typed

    asker: Asker = Answers(args.answers) if args.answers else Typed()
    try:
        return _paper(args, asker) if args.paper else _set_up(args.config, asker)
    except Stopped:
        print(tr("Avbrutt. Det som er skrevet til nå, står."), file=sys.stderr)
        return NOT_DONE


def _set_up(path: Path, asker: Asker) -> int:
    from kiosk.cli.setting_up import service_step
    from kiosk.cli.setting_up.bench import say

    bench = _bench(path, asker)
    say(tr("Oppsett av målestasjonen. Enter tar det som står i klammer."))
    if not bench.document.new:
        bench.checked(softly=True)
    was_running = service_step.running()
    if was_running:
        question = tr("Stasjonen kjører. Den stoppes mens oppsettet varer. Gå videre?")
        if not asker.confirm("service.stop", question, default=True):
            return NOT_DONE
        service_step.stop()
    finished = False
    try:
        finished = _steps(bench)
    finally:
        if was_running and not finished:
            service_step.start()
    if not finished:
        return NOT_DONE
    service_step.service_step(bench, was_running=was_running)
    return _ending(bench)


def _bench(path: Path, asker: Asker) -> Bench:
    from kiosk.cli import service_user
    from kiosk.cli.setting_up.bench import Bench
    from kiosk.cli.setting_up.document import Document

    place = next(folder for folder in path.absolute().parents if folder.exists())
    if not os.access(place, os.W_OK):
        raise ConfigError([as_root_words()])
    document = Document.open(path)
    speak(str(document.get("station.language") or "nb"))
    bench = Bench(document, asker, None)
    if os.geteuid() == 0:
        owner = None if document.new else service_user.service_user(path, document.config())
        bench.user = owner or service_user.installed_user()
    return bench


def _steps(bench: Bench) -> bool:
    """Every question, then the file, the key and the store; whether it was all written."""
    from kiosk.cli import service_user
    from kiosk.cli.setting_up.bench import say
    from kiosk.cli.setting_up.journal_step import journal_step
    from kiosk.cli.setting_up.key_step import key_step
    from kiosk.cli.setting_up.person_step import person_step
    from kiosk.cli.setting_up.printer_step import printer_step
    from kiosk.cli.setting_up.scale_step import scale_step
    from kiosk.cli.setting_up.station_step import station_step

    bench.document.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    station_step(bench)
    speak(bench.config().station.language)
    chosen = key_step(bench)
    scale_step(bench)
    printer_step(bench)
    journal_step(bench)
    if not _written(bench):
        say(tr("Ingenting er endret."))
        return False
    if os.geteuid() == 0 and bench.user is not None:
        service_user.make_folder(bench.data_dir(), bench.user)
    _key(bench, chosen)
    person_step(bench)
    return True


def _written(bench: Bench) -> bool:
    from kiosk.cli.setting_up.bench import say

    document = bench.document
    if not document.changed and not document.new:
        return True
    bench.heading(tr("Filen"))
    if not bench.checked(softly=False):
        return False
    if not document.new:
        say("  " + tr("Endret: {keys}").format(keys=", ".join(dict.fromkeys(document.changed))))
    question = tr("Skrive {file}?").format(file=document.path)
    if not bench.asker.confirm("service.write", question, default=True):
        return False
    try:
        document.write(bench.owner())
    except OSError as error:
        text = tr("{file} kan ikke skrives ({cause}).")
        told = text.format(file=document.path, cause=type(error).__name__)
        raise ConfigError([told]) from None
    say("  " + tr("{file} er skrevet.").format(file=document.path))
    return True


def _key(bench: Bench, chosen: Chosen | None) -> None:
    from kiosk.cli.setting_up.key_step import keep, show_paper

    if chosen is None:
        return
    keep(chosen, bench)
    if chosen.fresh:
        show_paper(chosen.key, bench.asker)


def _paper(args: argparse.Namespace, asker: Asker) -> int:
    """Show the key that is there, to whom may read it."""
    from kiosk.cli.setting_up.key_step import show_paper
    from kiosk.station.doctor.store_words import error_words
    from kiosk.station.keys import key_of
    from kiosk.store.errors import StoreError

    config = config_of(args)
    try:
        key = key_of(config, make=False)
    except StoreError as error:
        raise ConfigError([error_words(error)]) from None
    return DONE if show_paper(key, asker) else NOT_DONE


def _ending(bench: Bench) -> int:
    from kiosk.cli.setting_up.bench import say

    if not bench.trouble:
        say("\n" + tr("Ferdig. «kiosk doctor» ser over alt når som helst."))
        return DONE
    parts = ", ".join(dict.fromkeys(bench.trouble))
    say("\n" + tr("Satt opp, men dette virker ikke ennå: {parts}.").format(parts=parts))
    say(tr("Kjør «kiosk setup» igjen når det er rettet, eller se «kiosk doctor»."))
    return SOMETHING_FAILED
