"""Mounts that nobody is left with: a program's own, gone with it however it ends."""

from __future__ import annotations

import os
import sys

MARK = "KIOSK_OWN_MOUNTS"
OWN = ("unshare", "--mount", "--propagation", "private")
"""In front of a command: what it mounts is seen by nobody else, and ends with its last process."""


def own_mounts() -> None:
    """Begin this program anew with mounts of its own, unless it has them.

    A root that is being built has ``/proc`` and more mounted in it. Killed in the middle, it would
    leave them there, and whoever clears the folder away later would walk into them.
    """
    if os.environ.get(MARK) == str(os.getpid()):
        return
    # It stays the same process, so that whoever started it may end it by its number.
    os.environ[MARK] = str(os.getpid())
    os.execvp(OWN[0], [*OWN, *_this_program()])


def _this_program() -> list[str]:
    return [sys.executable, *sys.orig_argv[1:]]
