"""Reading the configuration file. An unknown key is an error with a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from kiosk.config import own_devices
from kiosk.config.schema import Config
from kiosk.config.text import Unreadable, language_in, read_bytes, tables_in
from kiosk.config.values import problems_in
from kiosk.language.texts import COMMAND_DOMAIN, LANGUAGES, SOURCE_LANGUAGE, speaking, tr


class ConfigError(Exception):
    """The configuration cannot be used. ``problems`` are sentences for the installer."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class OutOfReachError(ConfigError):
    """What was set up on the screen can be read by another user, and not by this one."""


def load_config(path: Path) -> Config:
    """Read and check a file; raises :class:`ConfigError` naming every problem found.

    The sentences are in the language the file asks for.
    """
    try:
        content = read_bytes(path)
        with speech(language_in(content)):
            data = own_devices.merged(tables_in(path, content))
    except own_devices.OutOfReach as error:
        raise OutOfReachError([str(error)]) from None
    except Unreadable as error:
        raise ConfigError([str(error)]) from None
    return config_from(data, str(path))


def config_from(data: Mapping[str, Any], where: str) -> Config:
    """Check parsed TOML; ``where`` names the file in the messages."""
    try:
        return msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        # One that fits is taken at once; only where something is wrong is all of it looked for.
        with speech(_language(data)):
            wrong = list(problems_in(data, Config)) or [_unnamed(str(error))]
    raise ConfigError([f"{where}: {problem}" for problem in wrong])


def _unnamed(message: str) -> str:
    """What the walk over the keys found nothing wrong with; there should be nothing of the kind."""
    key = message.rpartition(" - at ")[2].strip("`").removeprefix("$.")
    return tr("«{key}» kan ikke brukes slik det står.").format(key=key)


def speech(code: str) -> AbstractContextManager[None]:
    """Speak a station's language for a while, as the commands do; bokmål for one that is none."""
    known = code if code in LANGUAGES else SOURCE_LANGUAGE
    return speaking(known, domain=COMMAND_DOMAIN)


def _language(data: Mapping[str, Any]) -> str:
    station = data.get("station")
    language = station.get("language") if isinstance(station, Mapping) else ""
    return language if isinstance(language, str) else ""
