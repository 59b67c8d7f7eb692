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
    from drivers.driver import Decoder, Driver, Setting, Settings
    from drivers.events import Event

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
    """Read ``KEY=VALUE`` texts and add defaults; raises :class:`SettingsError`."""
    known = {setting.key: setting for setting in driver.settings}
    chosen: dict[str, str] = {}
    for text in given:
        key, separator, value = text.partition("=")
        if not separator:
            raise SettingsError(tr("«{text}» er ikke KEY=VALUE.").format(text=text))
        if key not in known:
            raise SettingsError(_unknown_setting(driver, key, list(known)))
        _check_choice(known[key], value)
        chosen[key] = value
    for setting in driver.settings:
        if setting.key not in chosen:
            chosen[setting.key] = _default(setting)
    return chosen


def _unknown_setting(driver: Driver, key: str, known: list[str]) -> str:
    sentence = tr("Driveren «{driver}» har ingen innstilling «{key}».").format(
        driver=driver.key, key=key
    )
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.4):
        return sentence + " " + tr("Mente du «{near}»?").format(near=near[0])
    names = ", ".join(known) or tr("ingen")
    return sentence + " " + tr("Kjente innstillinger: {known}.").format(known=names)


def _check_choice(setting: Setting, value: str) -> None:
    if value in setting.choices:
        return
    sentence = tr("«{value}» passer ikke for «{key}».").format(value=value, key=setting.key)
    if near := difflib.get_close_matches(value, setting.choices, n=1, cutoff=0.4):
        raise SettingsError(sentence + " " + tr("Mente du «{near}»?").format(near=near[0]))
    choices = ", ".join(setting.choices)
    raise SettingsError(sentence + " " + tr("Mulige verdier: {choices}.").format(choices=choices))


def _default(setting: Setting) -> str:
    if setting.default is not None:
        return setting.default
    raise SettingsError(
        tr("Velg «{key}» med --set {key}=VERDI. Mulige verdier: {choices}.").format(
            key=setting.key, choices=", ".join(setting.choices)
        )
    )


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
