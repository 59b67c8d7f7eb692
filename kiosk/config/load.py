"""Reading the configuration file. An unknown key is an error with a suggestion."""

from __future__ import annotations

import difflib
import tomllib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from kiosk.config.schema import Config


class ConfigError(Exception):
    """The configuration cannot be used. ``problems`` are sentences for the installer."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_config(path: Path) -> Config:
    """Read and check a file; raises :class:`ConfigError` naming every problem found."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError([f"{path}: filen finnes ikke."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: filen kan ikke leses ({type(error).__name__})."]) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: ikke gyldig TOML: {error}"]) from None
    return config_from(data, str(path))


def config_from(data: Mapping[str, Any], where: str) -> Config:
    """Check parsed TOML; ``where`` names the file in the messages."""
    unknown = [f"{where}: {problem}" for problem in _unknown_keys(data, Config, "")]
    if unknown:
        raise ConfigError(unknown)
    try:
        return msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise ConfigError([f"{where}: {_in_words(str(error))}"]) from None


def _unknown_keys(data: Mapping[str, Any], table: type, prefix: str) -> Iterator[str]:
    hints = get_type_hints(table)
    for key, value in data.items():
        name = f"{prefix}{key}"
        if key not in hints:
            yield f"ukjent nøkkel «{name}»{_suggestion(key, prefix, list(hints))}"
        elif isinstance(value, dict) and (inner := _table_of(hints[key])) is not None:
            yield from _unknown_keys(value, inner, f"{name}.")


def _table_of(hint: Any) -> type | None:
    options = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            return option
    return None


def _suggestion(key: str, prefix: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if near:
        return f". Mente du «{prefix}{near[0]}»?"
    return f". Kjente nøkler her: {', '.join(sorted(known))}."


def _in_words(message: str) -> str:
    """msgspec's own sentence, with the place written as in the file."""
    text, _, place = message.partition(" - at ")
    key = place.strip("`").removeprefix("$.")
    return f"«{key}»: {text}" if key else text
