"""Reading the configuration file. An unknown key is an error with a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from kiosk.config.schema import Config
from kiosk.config.text import Unreadable, language_in, read_tables
from kiosk.config.values import problems_in
from kiosk.i18n import COMMAND_DOMAIN, LANGUAGES, SOURCE_LANGUAGE, speaking, tr


class ConfigError(Exception):
    """The configuration cannot be used. ``problems`` are sentences for the installer."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_config(path: Path) -> Config:
    """Read and check a file; raises :class:`ConfigError` naming every problem found.

    The sentences are in the language the file asks for.
    """
    try:
        with speech(language_in(path)):
            data = read_tables(path)
    except Unreadable as error:
        raise ConfigError([str(error)]) from None
    return config_from(data, str(path))


def config_from(data: Mapping[str, Any], where: str) -> Config:
    """Check parsed TOML; ``where`` names the file in the messages."""
    with speech(_language(data)):
        wrong = [f"{where}: {problem}" for problem in problems_in(data, Config)]
        if wrong:
            raise ConfigError(wrong)
        try:
            return msgspec.convert(data, Config)
        except msgspec.ValidationError as error:
            # What the walk over the keys let through; there should be nothing of the kind.
            key = str(error).rpartition(" - at ")[2].strip("`").removeprefix("$.")
            text = tr("«{key}» kan ikke brukes slik det står.").format(key=key)
            raise ConfigError([f"{where}: {text}"]) from None


def speech(code: str) -> AbstractContextManager[None]:
    """Speak a station's language for a while, as the commands do; bokmål for one that is none."""
    known = code if code in LANGUAGES else SOURCE_LANGUAGE
    return speaking(known, domain=COMMAND_DOMAIN)


def _language(data: Mapping[str, Any]) -> str:
    station = data.get("station")
    language = station.get("language") if isinstance(station, Mapping) else ""
    return language if isinstance(language, str) else ""
