"""The clinic's signed hearing protocols as files. No version is ever lost.

``<id>.toml`` is the one in use. Beside it every version that was ever in use is kept as
``<id>.<hash12>.toml``, by the first twelve digits of its content hash, so that the hash in an old
result still leads to what was signed. The same content signed anew gets a ``-2`` behind the hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from drivers.folder import Folder, UntrustedError, read_file
from kiosk.hearing.protocol import Protocol, ProtocolError, shipped
from kiosk.hearing.protocols_offered import Problem, Shelf, read, shelf_of
from kiosk.store.database.key import sync_folder

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEPT = re.compile(r"[a-z0-9-]+\.[0-9a-f]{12}(-[0-9]+)?\.toml")
_MODE = 0o640
LARGEST_BYTES = 1024 * 1024
"""A protocol is some kilobytes."""


def load(folder: Path) -> Shelf:
    """The protocols the station offers, and the clinic's files that cannot be used.

    It raises nothing: a file, or a folder, that cannot be read is a problem by name.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        paths = _files(folder)
    except OSError as error:
        paths, problems = [], [_problem(folder, error)]
    for path in paths:
        if _KEPT.fullmatch(path.name):
            continue
        try:
            texts[path.name] = _text(path)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(_problem(path, error))
    shelf = shelf_of(texts, shipped())
    return Shelf(shelf.protocols, (*problems, *shelf.problems))


def keep(folder: Path, protocol_id: str, text: str) -> Path:
    """Put a signed protocol in use and return its path; after that it survives a power cut.

    Raises :class:`ProtocolError` for a text that is not this protocol whole and signed, and for an
    id that is no file name; ``OSError`` where it could not be written: the one before stays in use.
    """
    name = f"{protocol_id}.toml"
    if not _ID.fullmatch(protocol_id):
        raise ProtocolError(f"{name}: id: small letters, digits and hyphens")
    protocol = read(text, name)
    if protocol.id != protocol_id or protocol.gaps:
        raise ProtocolError(f"{name}: {', '.join(protocol.gaps) or f'id {protocol.id}'}")
    content = text.encode("utf-8")
    with Folder.made(folder, 0o750) as kept:
        sync_folder(folder.parent)
        if kept.has(name):
            _archive(kept, protocol_id, kept.read(name, LARGEST_BYTES))
        _archive(kept, protocol_id, content)
        kept.replace(name, content, _MODE)
    return folder / name


def find(folder: Path, content_hash: str) -> Protocol | None:
    """The protocol with this content hash, of any time; ``None`` if no file here has it.

    Raises ``OSError`` for a folder that cannot be read.
    """
    everything = (*_readable(folder), *shipped().values())
    return next((one for one in everything if one.hash == content_hash), None)


def versions(folder: Path, protocol_id: str) -> tuple[Protocol, ...]:
    """Every version of a protocol that the clinic has signed, in no particular order.

    Raises ``OSError`` for a folder that cannot be read.
    """
    found = _readable(folder)
    return tuple(one for one in found if one.id == protocol_id and not one.gaps)


def _files(folder: Path) -> list[Path]:
    # Not glob(): that finds nothing, without a word, in a folder it may not read.
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return []


def _readable(folder: Path) -> Iterator[Protocol]:
    for path in _files(folder):
        try:
            yield read(_text(path), path.name)
        except (OSError, ValueError):
            continue  # :func:`load` is where a file that cannot be used is told


def _archive(folder: Folder, protocol_id: str, content: bytes) -> None:
    """Keep these bytes beside the file in use, unless they are there already."""
    stem = f"{protocol_id}.{_hash_of(content)[:12]}"
    for number in count(1):
        name = f"{stem}{f'-{number}' if number > 1 else ''}.toml"
        if not folder.has(name):
            # Not written in place: half a version would be no version.
            folder.replace(name, content, _MODE)
            return
        with contextlib.suppress(UntrustedError):
            if folder.read(name, LARGEST_BYTES) == content:
                return


def _hash_of(content: bytes) -> str:
    try:
        return read(content.decode("utf-8"), "").hash
    except ValueError:
        # A file that was spoilt by hand has no content hash, but is not thrown away either.
        return hashlib.sha256(content).hexdigest()


def _text(path: Path) -> str:
    return read_file(path, LARGEST_BYTES).decode("utf-8")


def _problem(path: Path, error: Exception) -> Problem:
    return Problem(path.name, f"{path.name}: {type(error).__name__}")
