"""A snapshot as a file, for an agent that reads files instead of asking."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from kiosk.watching.snapshot import Snapshot

READABLE = 0o644
"""Everybody on the machine may read it: it holds nothing about anybody."""


def write_status(path: Path, snapshot: Snapshot) -> None:
    """Replace the file as a whole. Raises :class:`OSError`."""
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(asdict(snapshot), file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    unfinished.chmod(READABLE)
    unfinished.replace(path)
