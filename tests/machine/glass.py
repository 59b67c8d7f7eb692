"""The machine's screen as an eye would read it, and a finger on it."""

from __future__ import annotations

import time
from importlib import resources

from tests.e2e.test_touch import Eye
from tests.machine.guest import Guest

FIFO = "/run/touch"


class Glass(Eye):
    """Reads the screen by OCR, touches it through a touchscreen of the kernel."""

    def __init__(self, guest: Guest, folder, places) -> None:
        super().__init__("", folder)
        self._guest, self._places = guest, places
        self._number = 0

    def look(self):
        return self._guest.picture("now")

    def keep(self, name: str):
        """A picture that stays."""
        return self._guest.picture(name)

    def wait_for(self, words, seconds=20):
        return super().wait_for(words, patience=seconds * self._guest.slow)

    def wait_lit(self, place, seconds=25):
        super().wait_lit(place, patience=seconds * self._guest.slow)

    def plug(self) -> None:
        """Plug the touchscreen in."""
        script = resources.files("tests.machine").joinpath("touchscreen.py").read_text()
        self._guest.write("/run/touchscreen.py", script)
        self._guest.attempt("systemctl stop touchscreen.service")
        self._guest.run(f"modprobe uinput; rm -f {FIFO}; mkfifo {FIFO}")
        self._guest.run(
            "systemd-run --quiet --collect --unit=touchscreen "
            f"python3 /run/touchscreen.py 1280 800 {FIFO}"
        )
        self._guest.run("udevadm settle")
        time.sleep(2 * self._guest.slow**0.5)

    def touch(self, page: str, *names: str) -> None:
        """Touch these widgets of a page, one after the other."""
        pause = 0.1 if self._guest.slow == 1 else 0.5
        spots = [self._places[page][name] for name in names]
        lines = "".join(f"{x} {y} {pause}\n" for x, y in spots)
        self._guest.run(f"cat > {FIFO}", given=lines)
        time.sleep((pause + 0.15) * len(spots))

    def type(self, page: str, text: str) -> None:
        """Touch the keys of a page."""
        self.touch(page, *(f"key-{sign}" for sign in text))

    def place(self, page: str, name: str):
        """Where a widget is."""
        return self._places[page][name]
