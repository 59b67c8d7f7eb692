"""A device's profile as a file that can be shared: the driver, its settings, how they were learned.

It holds nothing about a person or a clinic::

    driver = "seca-rs232"

    [settings]
    bit-order = "first-is-bit-0"

    [learned]
    model = "seca 757"
    on = "2026-11-23"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drivers.driver import Settings
from drivers.folder import Folder, read_file

_PARTS = {"driver", "settings", "learned"}
LARGEST_BYTES = 1024 * 1024
READABLE = 0o644
_KEY = re.compile(r"[a-z0-9-]+")


class ProfileError(ValueError):
    """A profile file that cannot be used; the text names the file and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of device was found to mean. ``learned`` has the type plate and the day."""

    driver: str
    settings: Settings
    learned: Mapping[str, str] = field(default_factory=dict)


def read_profile(path: Path) -> Profile:
    """Read a profile; raises :class:`ProfileError` and ``OSError``."""
    try:
        data = tomllib.loads(read_file(path, LARGEST_BYTES, follow=True).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}: {error}") from None
    unknown = sorted(set(data) - _PARTS)
    tables = (data.get("settings", {}), data.get("learned", {}))
    if unknown or not isinstance(data.get("driver"), str):
        raise ProfileError(f"{path.name}: {', '.join(unknown) or 'driver'}")
    if not all(isinstance(t, dict) and all(isinstance(v, str) for v in t.values()) for t in tables):
        raise ProfileError(f"{path.name}: settings and learned are tables of texts")
    return Profile(data["driver"], *tables)


def write_profile(path: Path, profile: Profile) -> None:
    """Write a profile, never over another one; raises ``OSError``."""
    lines = [f"driver = {_text(profile.driver)}"]
    for name, table in (("settings", profile.settings), ("learned", profile.learned)):
        lines += ["", f"[{name}]"]
        lines += [f"{_key(key)} = {_text(value)}" for key, value in table.items()]
    with Folder.at(path.parent) as folder:
        folder.write_new(path.name, ("\n".join(lines) + "\n").encode("utf-8"), READABLE)


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    # A JSON text is a TOML basic string, but for the delete character, which nothing here needs.
    return json.dumps(value.replace("\x7f", ""), ensure_ascii=False)
