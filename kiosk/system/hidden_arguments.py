"""Taking personal data out of the process list."""

from __future__ import annotations

import ctypes
from pathlib import Path

# Fields of /proc/self/stat after the closing bracket of the command name (man 5 proc).
_ARG_START, _ARG_END = 45, 46


def hide_arguments(shown: str) -> bool:
    """Overwrite this process's arguments with ``shown``; ``False`` where that is not possible.

    The kernel shows the memory the arguments lie in, so what is written there is what
    ``ps`` and ``/proc`` show from then on.
    """
    try:
        stat = Path("/proc/self/stat").read_text("utf-8")
        fields = stat.rpartition(")")[2].split()
        start, end = int(fields[_ARG_START]), int(fields[_ARG_END])
    except (OSError, ValueError, IndexError):
        return False
    size = end - start
    text = shown.encode()[: max(size - 1, 0)]
    ctypes.memset(start, 0, size)
    ctypes.memmove(start, text, len(text))
    return True
