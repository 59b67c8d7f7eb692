"""The simulated devices as processes of their own, ended with the station.

Each is in a process group of its own, as everything that training starts: Ctrl+C in a terminal is
for the station, which then ends them in their order.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO


class ChildProcess:
    """A helper process that says ``ready`` and takes commands, one a line."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def wait_ready(self) -> None:
        """Wait for the first line; raises :class:`RuntimeError` if the process ended."""
        if not _pipe(self._process.stdout).readline():
            raise RuntimeError(f"a simulated device ended with {self._process.wait()}")

    def say(self, command: str) -> None:
        """Send a command; one to a process that ended is dropped."""
        try:
            pipe = _pipe(self._process.stdin)
            pipe.write(command + "\n")
            pipe.flush()
        except (BrokenPipeError, ValueError):
            return

    def stop(self) -> None:
        """End the process."""
        _pipe(self._process.stdin).close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _pipe(self._process.stdout).close()


def scale_process(driver: str, link: Path) -> ChildProcess:
    """A simulated scale on a pty at ``link``, driven by script lines."""
    command = ["-m", "kiosk", "simulate", driver, "--link", str(link), "--control"]
    return ChildProcess(command)


def printer_process(socket: Path, folder: Path) -> ChildProcess:
    """A simulated USB printer on ``socket`` that keeps slips as pictures in ``folder``."""
    return ChildProcess(["-m", "kiosk.demo.printer_child", str(socket), str(folder)])


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
