"""How long the screen's own thread needs to switch its language, and to draw one live weight.

Prints two lists of milliseconds as JSON, ``switch`` and ``frame``. Real pixels, software GL, one
process, nothing else in it. A frame is the time from the new weight to the end of its flip.
"""

from __future__ import annotations

import json
import time

from kiosk.language.texts import LANGUAGES
from kiosk.ui.tidying import Tidying
from tests.desk.flat_desk import replaced as replace
from tests.ui import states
from tests.ui.driver import Driver, prepare_kivy

SWITCHES, FRAMES, RATE = 30, 200, 20


def main() -> None:
    """Measure both, after a few of each that nobody counts."""
    prepare_kivy(1280, 800, pixels=True)
    driver = Driver(states.LOCKED)
    # As the station does after its first page; nobody pauses three seconds in this measurement.
    Tidying().begin(time.monotonic())
    codes = list(LANGUAGES)
    switch = [
        timed(driver, replace(states.LOCKED, language=codes[n % len(codes)]))
        for n in range(1, SWITCHES + 4)
    ]
    driver.show(states.STATES["measure-moving"])
    frame = []
    for number in range(FRAMES + 10):
        shown = states.reading(f"{5 + number / 1000:.3f}", states.Stability.MOVING)
        weighing = replace(states.MOVING, shown=shown)
        frame.append(timed(driver, replace(states.STATES["measure-moving"], weighing=weighing)))
        driver.wait(1 / RATE)
    print(json.dumps({"switch": switch[3:], "frame": frame[10:]}), flush=True)


def timed(driver: Driver, desk: states.Desk) -> float:
    """Milliseconds until this desk is on the screen."""
    start = time.perf_counter()
    driver.station.desk = desk
    driver.root.render(desk)
    driver.frames(1)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
