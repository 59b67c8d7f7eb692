"""A snapshot as a file, for an agent that reads files instead of asking."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from drivers.folder import replace_file
from kiosk.watching.snapshot import Snapshot

READABLE = 0o644
"""Everybody on the machine may read it: it holds nothing about anybody."""


def write_status(path: Path, snapshot: Snapshot) -> None:
    """Replace the file as a whole. Raises :class:`OSError`."""
    text = json.dumps(asdict(snapshot), indent=1, sort_keys=True)
    replace_file(path, text.encode("utf-8"), READABLE)
