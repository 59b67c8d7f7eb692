"""``kiosk decode``: raw bytes of a device to one JSON object a line."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.cli.drivers_named import FAILED, WRONG_USE, complain, driver_or_sentence
from kiosk.i18n import tr

if TYPE_CHECKING:
    from drivers.driver import Decoder, Driver, Settings
    from drivers.events import Event
    from drivers.profile import Problem

CHUNK: Final = 4096
"""Bytes taken at most at a time."""


class SettingsError(ValueError):
    """A ``--set`` that the driver does not know. The text is a sentence for the person."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("driver", metavar="DRIVER", help="key of the driver, such as radwag")
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting of the driver; repeatable",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="raw bytes; standard input if left out"
    )


def run(args: argparse.Namespace) -> int:
    """Decode until the input ends. Exit 2 for a wrong driver or setting, 1 for an unreadable file.

    A reader that goes away, as in ``kiosk decode … | head``, ends the command without a word.
    """
    driver = driver_or_sentence(args.driver)
    if driver is None:
        return WRONG_USE
    try:
        settings = settings_of(driver, args.settings)
    except SettingsError as problem:
        complain(str(problem))
        return WRONG_USE
    try:
        _print_events(driver.decoder(settings), _chunks(args.file))
    except BrokenPipeError:
        _silence_output()
    except OSError as error:
        complain(tr("Filen kan ikke leses: {error}").format(error=error.strerror))
        return FAILED
    return 0


def settings_of(driver: Driver, given: Iterable[str]) -> Settings:
    """Read ``KEY=VALUE`` texts and add the safe defaults; raises :class:`SettingsError`.

    A setting that has no safe default may stay untold here: the decoder then says *unknown*.
    """
    from drivers.profile import Wrong, completed, problems

    chosen: dict[str, str] = {}
    for text in given:
        key, separator, value = text.partition("=")
        if not separator:
            raise SettingsError(tr("«{text}» er ikke KEY=VALUE.").format(text=text))
        chosen[key] = value
    for problem in problems(driver, chosen):
        if problem.wrong is Wrong.MISSING:
            complain(_sentence(driver, problem))
        else:
            raise SettingsError(_sentence(driver, problem))
    return completed(driver, chosen)


def _sentence(driver: Driver, problem: Problem) -> str:
    setting = problem.setting
    if setting is None:
        return _unknown_setting(driver, problem.key)
    values = ", ".join(setting.choices) or setting.example
    if problem.value:
        sentence = tr("«{value}» passer ikke for «{key}».")
        near = difflib.get_close_matches(problem.value, setting.choices, n=1, cutoff=0.4)
        hint = tr("Mente du «{near}»?") if near else tr("Mulige verdier: {choices}.")
        text = f"{sentence} {hint}"
    else:
        near = []
        text = tr("Velg «{key}» med --set {key}=VERDI. Mulige verdier: {choices}.")
    return text.format(
        value=problem.value, key=setting.key, choices=values, near=near[0] if near else ""
    )


def _unknown_setting(driver: Driver, key: str) -> str:
    known = [setting.key for setting in driver.settings]
    sentence = tr("Driveren «{driver}» har ingen innstilling «{key}».").format(
        driver=driver.key, key=key
    )
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.4):
        return sentence + " " + tr("Mente du «{near}»?").format(near=near[0])
    names = ", ".join(known) or tr("ingen")
    return sentence + " " + tr("Kjente innstillinger: {known}.").format(known=names)


def _chunks(path: Path | None) -> Iterator[bytes]:
    """Yield bytes as soon as they come: from a pipe without waiting for a full chunk."""
    if path is None:
        while data := os.read(sys.stdin.fileno(), CHUNK):
            yield data
        return
    with path.open("rb", buffering=0) as stream:
        while data := stream.read(CHUNK):
            yield data


def _print_events(decoder: Decoder, chunks: Iterable[bytes]) -> None:
    for data in chunks:
        _print_lines(decoder.feed(data))
    _print_lines(decoder.drop_partial())


def _print_lines(events: Iterable[Event]) -> None:
    from drivers.notation import to_record

    for event in events:
        print(json.dumps(to_record(event), ensure_ascii=False), flush=True)


def _silence_output() -> None:
    """Point standard output to nowhere, or Python complains when it closes it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
