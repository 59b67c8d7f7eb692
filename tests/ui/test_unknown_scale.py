"""An unknown scale on a pty is taught by touches on the real pages, and then a child is weighed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from drivers.link import LENT
from drivers.simulators.pty_port import PtyPort
from kiosk.config.schema import Scale
from kiosk.desk.state import Screen
from kiosk.station.checking.scale_setup import scale_setup
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.features.unknown_scales import SCALES, Unknown
from tests.ui.hands import Hands, offered, open_a_child, signed_in

WAIT = 60.0
DISPLAYS = ("0,000", "4,236", "1,002", "12,450", "-0,700")
PRESSED = ("1,002", "1,950", "2,310", "3,900")


class Shown:
    """A made-up scale on a pty: it streams what its display shows, or prints it when told."""

    def __init__(self, path: Path, scale: Unknown) -> None:
        self.port, self._scale = PtyPort(path), scale
        self.display, self.pressed = "0,000", False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, display: str) -> None:
        """Put something on; a scale that does not stream is asked to print it."""
        self.display = display
        if not self._scale.streams:
            self.port.write(self._scale.line(display))

    def _run(self) -> None:
        count = 0
        while not self._stopping.wait(0.05):
            count += 1
            if self._scale.streams and self.port.is_open():
                moves = PRESSED[count % 4] if self.pressed else self.display
                self.port.write(self._scale.line(moves, moving=self.pressed))

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.port.close()


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_an_unknown_scale_is_taught_by_touches_and_then_weighs_a_child(start, tmp_path, scale):
    shown = Shown(tmp_path / "unknown", scale)
    try:
        hands = signed_in(start(scale=Scale(driver="taught", port=str(tmp_path / "unknown"))))
        hands.until(lambda _: shown.port.is_open())
        shown.put("8,420")
        if scale.streams and scale.ending == b"\r\n":
            hands.until(lambda desk: desk.station.weighing.hold is Hold.UNCALIBRATED)
        assert hands.desk.station.weighing.offer is None
        hands.runtime.touch(m.OpenStatus())
        hands.touch("teach")
        for number, display in enumerate(DISPLAYS):
            hands.until(lambda desk: desk.station.strip.scale_hint == LENT)
            hands.until(lambda _: shown.port.is_open())
            shown.put(display)
            # What the scale said of the load before is past.
            time.sleep(0.2)
            hands.type(display.removeprefix("-"))
            hands.touch("primary")
            hands.until(lambda desk, n=number: flat(desk).calibrating.at == n + 1)
        shown.pressed = True
        hands.touch("primary" if scale.streams else "leave-out")
        hands.until(lambda desk: flat(desk).calibrating.learned)
        shown.pressed = False
        assert hands.desk.station.weighing.offer is None
        hands.touch("primary")
        hands.until(lambda desk: desk.screen is Screen.STATUS)
        weigh(hands, shown, scale)
        # The next start reads it from the file.
        assert scale_setup(hands.station.config).settings["forms"]
    finally:
        shown.close()


def weigh(hands: Hands, shown: Shown, scale: Unknown) -> None:
    """Measure a child with the scale."""
    shown.put("0,000")
    open_a_child(hands)
    hands.until(lambda desk: desk.station.strip.scale_hint != LENT)
    hands.until(lambda _: shown.port.is_open())
    time.sleep(0.5 if scale.streams else 0.2)
    shown.put("8,420")
    hands.until(lambda desk: offered(desk) == "8.420")
