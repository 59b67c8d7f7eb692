"""A virtual display where there is none, said so to the person who started the station."""

from __future__ import annotations

import os
import shutil
import subprocess


class VirtualDisplay:
    """An Xvfb of the panel's size; ``DISPLAY`` is set for this process until ``stop``."""

    def __init__(self, width: int, height: int) -> None:
        xvfb = shutil.which("Xvfb")
        if xvfb is None:
            raise RuntimeError("no display, and Xvfb is not installed (apt-get install xvfb)")
        reading, writing = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - a fixed program
            [
                xvfb,
                "-displayfd",
                str(writing),
                "-screen",
                "0",
                f"{width}x{height}x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ],
            pass_fds=(writing,),
            process_group=0,  # Ctrl+C in the terminal must not take the screen away first
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            os.close(writing)
            with os.fdopen(reading) as number:
                self.name = f":{number.readline().strip()}"
        except BaseException:  # somebody ends the station meanwhile
            self.stop()
            raise
        if self.name == ":":
            self.stop()
            raise RuntimeError("the virtual display did not start")
        os.environ["DISPLAY"] = self.name

    def stop(self) -> None:
        """End the display."""
        self._process.terminate()
        self._process.wait()


def has_display() -> bool:
    """Whether this process was given a display."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
