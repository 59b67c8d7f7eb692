"""The device's side of a pseudo-terminal that stands in for a serial port.

Linux tells the device's side whether anybody has the port open, keeps bytes written while
nobody has, and loses what is unread when the device's side closes: as an adapter does.
"""

from __future__ import annotations

import os
import select
import tty
from contextlib import suppress
from pathlib import Path
from typing import Final

CHUNK: Final = 4096


class PtyPort:
    """One life of a plugged-in device. Reachable through a symbolic link at a fixed path."""

    def __init__(self, link_path: Path) -> None:
        """Make the pty and put the link in place.

        A link left by a killed simulator is replaced; raises ``FileExistsError`` when
        anything but a link stands there, and ``OSError`` when no pty can be made.
        """
        if link_path.exists() and not link_path.is_symlink():
            raise FileExistsError(f"{link_path} exists and is no link")
        self._link = link_path
        self._fd, device_end = os.openpty()
        tty.setraw(device_end)
        os.set_blocking(self._fd, False)
        self.name = os.ttyname(device_end)
        os.close(device_end)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)
        fresh = link_path.with_name(f".{link_path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self.name)
        fresh.replace(link_path)

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``, or sooner when bytes arrive or nobody has the port open."""
        self._poll.poll(seconds * 1000)

    def is_open(self) -> bool:
        """Return whether a program has the port open."""
        return not any(event & select.POLLHUP for _, event in self._poll.poll(0))

    def read(self) -> bytes:
        """Return what was sent to the device, possibly nothing."""
        try:
            return os.read(self._fd, CHUNK)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Send ``data``; what does not fit is lost, as on a line without flow control."""
        with suppress(OSError):
            os.write(self._fd, data)

    def close(self) -> None:
        """Pull the cable: the port's other side fails at once and the link is gone."""
        with suppress(OSError):
            if self._link.readlink() == Path(self.name):
                self._link.unlink()
        with suppress(OSError):
            os.close(self._fd)
