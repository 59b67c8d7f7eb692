"""The devices that were set up on the station's own screen: ``devices.toml`` in its data folder.

The service may not write its configuration. So what a person sets up on the screen is kept beside
the store, and stands in the place of the table of the configuration that it replaced, for as long
as that table is as it was: who changes the configuration afterwards is heard again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from drivers.folder import Folder, read_file
from kiosk.config.schema import Config, Printer, Scale
from kiosk.config.text import Unreadable
from kiosk.language.texts import tr

FILE: Final = "devices.toml"
REPLACES: Final = "replaces"
LARGEST_BYTES: Final = 64 * 1024
MODE: Final = 0o600
TABLES: Final[Mapping[str, type[Scale | Printer]]] = {"scale": Scale, "printer": Printer}
"""The tables a person may set up on the screen."""


class OutOfReach(Unreadable):
    """Another user may read the file; this one may not."""


def merged(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The configuration's tables with what was set up on the screen in their place.

    Raises :class:`Unreadable` for a file that is there and cannot be used.
    """
    return {**data, **in_force(data)}


def in_force(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The tables that were set up on the screen and stand; raises :class:`Unreadable`."""
    own = _read(_folder(data) / FILE)
    return {
        name: {key: value for key, value in table.items() if key != REPLACES}
        for name, table in own.items()
        if table.get(REPLACES) == fingerprint(name, data.get(name))
    }


def fingerprint(name: str, table: object) -> str:
    """What a table says, in a few letters; empty where there is none."""
    if table is None:
        return ""
    try:
        whole = msgspec.convert(table, TABLES[name], from_attributes=True)
    except msgspec.ValidationError:
        return "unusable"
    plain = msgspec.to_builtins(whole)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def keep(config: Config, name: str, table: Scale | Printer, now: datetime) -> None:
    """Write one device down; the file before is kept as a copy. Raises ``OSError``.

    ``config`` is what the station runs with, where the table may be one of ours already.
    """
    folder = Path(config.station.data_dir)
    own = _read(folder / FILE)
    before = getattr(config, name)
    ours = own.get(name)
    replaced = fingerprint(name, before)
    if ours is not None:
        plain = {key: value for key, value in ours.items() if key != REPLACES}
        if fingerprint(name, plain) == replaced:
            replaced = str(ours.get(REPLACES, ""))
    shown = {key: value for key, value in msgspec.to_builtins(table).items() if value is not None}
    content = _text({**own, name: {REPLACES: replaced, **shown}}).encode("utf-8")
    with Folder.at(folder) as place:
        if place.has(FILE):
            stamp = f"{now.astimezone(UTC):%Y%m%d-%H%M%S-%f}"
            place.write_new(f"devices-{stamp}.toml", place.read(FILE, LARGEST_BYTES), MODE)
        place.replace(FILE, content, MODE)


def _folder(data: Mapping[str, Any]) -> Path:
    station = data.get("station")
    told = station.get("data_dir") if isinstance(station, Mapping) else None
    return Path(told if isinstance(told, str) else "/var/lib/kiosk")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        data = tomllib.loads(read_file(path, LARGEST_BYTES).decode("utf-8"))
        for name, table in data.items():
            plain = {key: value for key, value in table.items() if key != REPLACES}
            msgspec.convert(plain, TABLES[name])
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError:
        raise OutOfReach(_unreadable(path)) from None
    except (OSError, ValueError, KeyError, AttributeError):
        # msgspec tells a wrong table by a ValueError too.
        if _cannot_be(path):
            return {}  # what is wrong with the folder is told of the folder
        raise Unreadable(_unreadable(path)) from None
    return dict(data)


def _unreadable(path: Path) -> str:
    text = tr(
        "{file}: utstyret som ble satt opp på skjermen, kan ikke leses. Bruk sudo. Er filen "
        "skadet, flytt den bort: da gjelder det som står i oppsettet."
    )
    return text.format(file=path)


def _cannot_be(path: Path) -> bool:
    """Whether no file can have this name."""
    try:
        path.lstat()
    except ValueError:
        return True
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return False


def _text(tables: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ["# Utstyr som er satt opp på skjermen. Stasjonen skriver denne filen selv."]
    for name, table in tables.items():
        lines += _rows(name, table)
    return "\n".join(lines) + "\n"


def _rows(name: str, table: Mapping[str, Any]) -> list[str]:
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    lines = ["", f"[{name}]"]
    lines += [f"{key} = {_value(value)}" for key, value in table.items() if key not in inner]
    for key, value in inner.items():
        plain = {k: v for k, v in value.items() if v is not None}
        lines += _rows(f"{name}.{key}", plain) if plain else []
    return lines


def _value(value: object) -> str:
    # A JSON text, number or truth is the same in TOML, but for the delete character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
