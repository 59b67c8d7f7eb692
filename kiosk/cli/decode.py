"""``kiosk decode``: raw bytes of a device to one JSON object a line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.cli.common import cause_words
from kiosk.cli.drivers_named import (
    FAILED,
    WRONG_USE,
    add_driver,
    complain,
    driver_or_sentence,
)
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.driver import Decoder, Driver, Settings
    from drivers.events import DeviceEvent

CHUNK: Final = 4096
"""Bytes taken at most at a time."""


class SettingsError(ValueError):
    """A ``--set`` that the driver does not know. The text is a sentence for the person."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_driver(parser)
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="raw bytes; standard input if left out"
    )
    parser.set_defaults(late="file", late_type=Path)


def run(args: argparse.Namespace) -> int:
    """Decode until the input ends. Exit 2 for a wrong driver or setting, 1 for an unreadable file.

    A reader that goes away, as in ``kiosk decode … | head``, ends the command without a word.
    """
    driver = driver_or_sentence(args.driver, args.drivers)
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
        complain(tr("Filen kan ikke leses: {error}").format(error=cause_words(error)))
        return FAILED
    return 0


def settings_of(driver: Driver, given: Iterable[str]) -> Settings:
    """Read ``KEY=VALUE`` texts and add the safe defaults; raises :class:`SettingsError`.

    A setting that has no safe default may stay untold here: the decoder then says *unknown*.
    """
    from drivers.profile import Wrong, completed, problems
    from kiosk.station.checking.setting_words import problem_words

    chosen: dict[str, str] = {}
    for text in given:
        key, separator, value = text.partition("=")
        if not separator:
            raise SettingsError(tr("«{text}» er ikke KEY=VALUE.").format(text=text))
        chosen[key] = value
    for problem in problems(driver, chosen):
        if problem.wrong is Wrong.MISSING:
            complain(problem_words(driver, problem))
        else:
            raise SettingsError(problem_words(driver, problem))
    return completed(driver, chosen)


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


def _print_lines(events: Iterable[DeviceEvent]) -> None:
    from drivers.notation import to_records

    for event in events:
        for record in to_records(event):
            print(json.dumps(record, ensure_ascii=False), flush=True)


def _silence_output() -> None:
    """Point standard output to nowhere, or Python complains when it closes it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
