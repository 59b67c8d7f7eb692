"""The protocols a clinic has filled in and signed, as files. None is ever overwritten.

Each signature is a file of its own, so that the protocol of an old result can be found by its
hash. A file that cannot be read is told, and the others are used all the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from kiosk.core.hearing.protocol import Protocol, ProtocolError, read_protocol, shipped

FOLDER = "protocols"


def load(folder: Path) -> tuple[Mapping[str, Protocol], tuple[str, ...]]:
    """Return the newest signed protocol of each id, and what is wrong with the other files."""
    found: dict[str, Protocol] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            one = read_protocol(path.read_text("utf-8"), path.name)
        except (ProtocolError, OSError, UnicodeDecodeError) as error:
            problems.append(f"{path.name}: {type(error).__name__}: {error}")
            continue
        known = found.get(one.id)
        if known is None or _age(one) >= _age(known):
            found[one.id] = one
    return found, tuple(problems)


def offered(folder: Path) -> tuple[Protocol, ...]:
    """The shipped protocols with the clinic's own in their place or behind them."""
    own, _ = load(folder)
    names = [*shipped(), *(one for one in own if one not in shipped())]
    return tuple(own.get(name) or shipped()[name] for name in names)


def keep(folder: Path, protocol_id: str, text: str) -> Path:
    """Write a signed protocol durably under a name that is free; raises ``OSError``."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    number = 1
    while (path := folder / f"{protocol_id}-{number:03}.toml").exists():
        number += 1
    writing = path.with_suffix(".writing")
    with writing.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    writing.rename(path)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return path


def _age(protocol: Protocol) -> date:
    return protocol.approved_on or date.min
