"""Who the service is on this machine, and becoming it.

What root writes beside the store the service cannot write any more. So a command that root starts
lets go of root before it opens anything, with the key it could read until then in its memory.
"""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.system import service_unit

SERVICE_USER = "kiosk"
"""The user the package makes; asked for only where no file tells another."""

INSTALLED = Path("/etc/kiosk")
"""Where the package keeps the configuration."""


def service_user(config_file: Path, config: Config) -> pwd.struct_passwd | None:
    """The user the station runs as; ``None`` where nothing tells.

    It owns the data folder. Before there is one, the configuration is readable for its group.
    Raises :class:`PermissionError` where the data folder lies out of reach.
    """
    folder = Path(config.station.data_dir)
    try:
        return pwd.getpwuid(folder.stat().st_uid)
    except (FileNotFoundError, NotADirectoryError, KeyError):
        return _by_group(config_file)


def _by_group(config_file: Path) -> pwd.struct_passwd | None:
    try:
        group = config_file.stat().st_gid
        if group != 0:
            return pwd.getpwnam(grp.getgrgid(group).gr_name)
    except (OSError, KeyError):
        return None
    return installed_user() if config_file.parent == INSTALLED else None


def installed_user() -> pwd.struct_passwd | None:
    """The user that the package makes, where it is installed."""
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return None


def name_of(uid: int) -> str:
    """The user's name, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def make_folder(folder: Path, user: pwd.struct_passwd) -> None:
    """Make the data folder for its user, mode 0700, if it is not there; raises :class:`OSError`."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        os.chown(folder, user.pw_uid, user.pw_gid)


def become(user: pwd.struct_passwd) -> None:
    """Let go of root for good: the user's own groups and those of the unit, nothing more."""
    ids = set(os.getgrouplist(user.pw_name, user.pw_gid))
    for name in service_unit.groups():
        try:
            ids.add(grp.getgrnam(name).gr_gid)
        except KeyError:
            continue
    os.setgroups(sorted(ids))
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.umask(0o077)
    os.environ.update(HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name)
