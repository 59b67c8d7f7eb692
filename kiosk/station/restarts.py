"""When the station started itself anew because a part of it had stopped, kept beside the store.

A process that ends cannot count how often it has done so; the next one reads it here. A line is a
time and the part's kind, and tells nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from drivers.folder import Folder

NAME = "restarts"
KEPT = 100
"""How many lines are kept."""
LARGEST_BYTES = 64 * 1024


def note(folder: Path, kinds: tuple[str, ...], now: datetime) -> None:
    """Add a line; raises ``OSError``."""
    with Folder.at(folder) as inside:
        lines = [*_lines(inside), f"{now.isoformat()} {','.join(kinds)}"][-KEPT:]
        inside.replace(NAME, "".join(f"{line}\n" for line in lines).encode("ascii"))


def since(folder: Path, moment: datetime) -> int:
    """How many there were since then; none where the file cannot be read."""
    try:
        with Folder.at(folder) as inside:
            return sum(1 for at in _times(inside) if at >= moment)
    except OSError:
        return 0


def within(folder: Path, seconds: float, now: datetime) -> int:
    """How many there were in the last ``seconds``."""
    return since(folder, now - timedelta(seconds=seconds))


def _lines(folder: Folder) -> list[str]:
    if not folder.has(NAME):
        return []
    return folder.read(NAME, LARGEST_BYTES).decode("ascii", "ignore").splitlines()


def _times(folder: Folder) -> Iterator[datetime]:
    for line in _lines(folder):
        try:
            at = datetime.fromisoformat(line.partition(" ")[0])
        except ValueError:
            continue
        if at.tzinfo is not None:
            yield at
