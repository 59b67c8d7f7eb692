"""What else on this machine wants serial ports, and who holds one. Reads ``/proc`` and ``/sys``.

``brltty`` takes serial adapters for braille displays and detaches their driver (CH340, FT232R,
CP210x); ModemManager writes AT commands to ports it takes for modems. Only presence is looked
at; nothing is stopped.
"""

from __future__ import annotations

import grp
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


class Rival(StrEnum):
    """A program that takes serial ports away. The value is its process name."""

    BRLTTY = "brltty"
    MODEM_MANAGER = "ModemManager"


INSTALLED: Final = {
    Rival.BRLTTY: (
        Path("/usr/lib/udev/rules.d/85-brltty.rules"),
        Path("/lib/udev/rules.d/85-brltty.rules"),
        Path("/usr/lib/udev/rules.d/90-brltty-device.rules"),
    ),
    Rival.MODEM_MANAGER: (Path("/usr/sbin/ModemManager"),),
}
"""Files that show that a rival starts by itself when something is plugged in."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a node: its group, and whether this process is in it."""

    group: str
    member: bool


def rivals(proc: Path = PROC) -> frozenset[Rival]:
    """Return the rivals that run, or start when something is plugged in."""
    running = {_text(entry / "comm") for entry in proc.glob("[0-9]*")}
    return frozenset(
        rival
        for rival in Rival
        if rival.value in running or any(path.exists() for path in INSTALLED[rival])
    )


def holders(node: str, proc: Path = PROC) -> tuple[str, ...]:
    """Return the names of other programs that have ``node`` open, as far as this user may see."""
    target = os.path.realpath(node)
    found = set()
    for entry in proc.glob("[0-9]*"):
        if entry.name != str(os.getpid()) and _holds(entry / "fd", target):
            found.add(_text(entry / "comm") or entry.name)
    return tuple(sorted(found))


def access_to(node: str) -> Access | None:
    """Return the group that may open ``node``; ``None`` where there is no such node."""
    try:
        number = Path(node).stat().st_gid
    except OSError:
        return None
    try:
        name = grp.getgrgid(number).gr_name
    except KeyError:
        name = str(number)
    return Access(name, number in {os.getegid(), *os.getgroups()})


def _holds(folder: Path, target: str) -> bool:
    try:
        return any(_target(link) == target for link in folder.iterdir())
    except OSError:
        return False


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
