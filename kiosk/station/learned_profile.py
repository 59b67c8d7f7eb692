"""Profiles the station has learned on its own screen, kept beside its store. None is overwritten.

They hold nothing about a person or a clinic, so they are plain files that can be shared.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from drivers.driver import Settings
from drivers.folder import Folder
from drivers.profile_file import Profile, ProfileError, read_profile, write_profile
from kiosk.config.schema import Scale

FOLDER = "profiles"


def keep(data_dir: Path, scale: Scale, settings: Settings, now: datetime) -> Path:
    """Write a profile under today's name and return its path; raises ``OSError``."""
    folder = data_dir / FOLDER
    with Folder.made(data_dir) as own, own.inside(FOLDER, 0o755):
        pass
    moment = now.astimezone(UTC)
    path = folder / f"{scale.id}-{moment:%Y%m%d-%H%M%S-%f}.toml"
    model = {"model": scale.name} if scale.name else {}
    learned = {**model, "on": moment.date().isoformat()}
    write_profile(path, Profile(scale.driver, settings, learned))
    return path


def newest(data_dir: Path, scale: Scale) -> Path | None:
    """Return the profile learned last for this device and its driver, or ``None``.

    One that was learned while another driver was in use is passed over. One that cannot be read may
    be the one: it is returned, for whoever reads it to tell.
    """
    # Not just any ending: "scale-2" begins as "scale" does.
    moment = "-".join("[0-9]" * digits for digits in (8, 6, 6))
    found = sorted((data_dir / FOLDER).glob(f"{scale.id}-{moment}.toml"))
    return next((path for path in reversed(found) if _may_be_for(path, scale.driver)), None)


def _may_be_for(path: Path, driver: str) -> bool:
    try:
        return read_profile(path).driver == driver
    except (OSError, ProfileError):
        return True
