"""Reading vector files: bytes and what they mean, the memory of a protocol.

One TOML file beside each driver module, of the same name: a ``[quality]`` table, ``[[tested]]``
entries that say with which form each model was tried and from what, and any number of
``[[vector]]`` entries. Expected events are typed by a person from a manual or a capture, never made
by the driver's own renderer. An unknown key is an error that names the file.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.driver import Driver
from drivers.notation import from_record

FOLDER = Path(__file__).with_name("vectors")
TO_FILL_IN = "?"
"""Stands where a person has yet to say what the bytes mean."""

_QUALITY = {"source", "hardware", "confirmed_by", "confirmed_on", "cannot_tell"}
_VECTOR = {"id", "shows", "source", "chunks", "events"}
_OPTIONAL = {"driver", "settings"}
_TESTED = {"model", "form", "origin", "vectors"}
ORIGINS = ("real capture", "manual", "public code", "made up")
"""Where the bytes come from that a model was tried with."""


class VectorError(Exception):
    """A vector file that cannot be used; the text names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Some reads of a port and the events they must give, as the JSON of ``kiosk decode``.

    ``driver`` is the key of the driver that reads them where a module has several, and
    ``settings`` what the device's profile says.
    """

    id: str
    shows: str
    source: str
    chunks: tuple[bytes, ...]
    events: tuple[Mapping[str, Any], ...]
    driver: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tested:
    """A model and the form of its lines that ``vectors`` show; an empty rhythm is the driver's."""

    model: str
    form: str
    origin: str
    vectors: tuple[str, ...]
    rhythm: str = ""


@dataclass(frozen=True, slots=True)
class VectorFile:
    """A protocol's vectors and what is known about their quality."""

    source: str
    hardware: str
    confirmed_by: str
    confirmed_on: str
    cannot_tell: tuple[str, ...]
    vectors: tuple[Vector, ...]
    tested: tuple[Tested, ...] = ()


def vector_path(module_name: str) -> Path:
    """Where the vectors of a driver module are.

    ``drivers.scales.radwag`` has ``drivers/vectors/radwag.toml``; a module from elsewhere has
    them beside itself. The module must have been imported.
    """
    if module_name.startswith("drivers."):
        return FOLDER / f"{module_name.rpartition('.')[2]}.toml"
    return Path(str(sys.modules[module_name].__file__)).with_suffix(".toml")


def vectors_of(module_name: str) -> VectorFile:
    """Read the vectors of an imported driver module; raises :class:`VectorError`."""
    return read_vectors(vector_path(module_name))


def vectors_for(driver: Driver) -> tuple[Vector, ...]:
    """Return the vectors of one driver; raises :class:`VectorError`."""
    rows = vectors_of(driver.decoder.__module__).vectors
    return tuple(row for row in rows if row.driver in ("", driver.key))


def read_vectors(path: Path) -> VectorFile:
    """Read one file; raises :class:`VectorError`."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise VectorError(f"{path.name}: there is no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise VectorError(f"{path.name}: {error}") from None
    _only(data, {"quality", "tested", "vector"}, path.name)
    quality = data.get("quality", {})
    _only(quality, _QUALITY, f"{path.name} [quality]")
    vectors = tuple(_vector(row, path.name) for row in data.get("vector", ()))
    names = [vector.id for vector in vectors]
    if len(set(names)) != len(names):
        raise VectorError(f"{path.name}: two vectors share an id")
    tested = tuple(_tested(row, set(names), path.name) for row in data.get("tested", ()))
    return VectorFile(
        str(quality.get("source", "")),
        str(quality.get("hardware", "")),
        str(quality.get("confirmed_by", "")),
        str(quality.get("confirmed_on", "")),
        tuple(quality.get("cannot_tell", ())),
        vectors,
        tested,
    )


def _tested(row: Mapping[str, Any], names: set[str], file: str) -> Tested:
    where = f"{file} [[tested]] {row.get('model', '(no model)')}"
    _only(row, _TESTED | {"rhythm"}, where)
    shown = set(row.get("vectors", ()))
    if _TESTED - set(row) or row["origin"] not in ORIGINS or not shown or shown - names:
        raise VectorError(f"{where}: model, form, one of {', '.join(ORIGINS)} and known vectors")
    model, form, origin = (str(row[key]) for key in ("model", "form", "origin"))
    return Tested(model, form, origin, tuple(row["vectors"]), str(row.get("rhythm", "")))


def _vector(row: Mapping[str, Any], file: str) -> Vector:
    where = f"{file} {row.get('id', '(no id)')}"
    _only(row, _VECTOR | _OPTIONAL, where)
    missing = sorted(_VECTOR - set(row))
    if missing:
        raise VectorError(f"{where}: {', '.join(missing)} missing")
    if row["events"] == TO_FILL_IN:
        raise VectorError(f"{where}: what the bytes mean has yet to be filled in")
    try:
        chunks = tuple(bytes.fromhex(chunk) for chunk in row["chunks"])
    except ValueError:
        raise VectorError(f"{where}: the bytes are not hexadecimal") from None
    _check_events(row["events"], where)
    return Vector(
        str(row["id"]),
        str(row["shows"]),
        str(row["source"]),
        chunks,
        tuple(row["events"]),
        str(row.get("driver", "")),
        {str(key): str(value) for key, value in row.get("settings", {}).items()},
    )


def _check_events(events: Sequence[Mapping[str, Any]], where: str) -> None:
    """Refuse an expectation that no decoder could ever meet."""
    for number, event in enumerate(events, start=1):
        try:
            from_record(event)
        except ValueError as error:
            raise VectorError(f"{where}, event {number}: {error}") from None


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise VectorError(f"{where}: unknown key {', '.join(unknown)}")
