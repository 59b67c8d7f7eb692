"""Pictures of every page in every state: ``python -m tests.ui.gallery FOLDER [SIZE …]``.

``GALLERY_LANGUAGE`` is the language, else bokmål; ``GALLERY_LOOK`` is the look as it is kept, as in
``contrast left 150``. Each size is drawn in a process of its own, offscreen with real pixels; no
display is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.desk.flat_desk import made

SIZES = {
    "1280x800": (1280, 800, 10.1),
    "1024x600": (1024, 600, 10.1),
    "1920x1080": (1920, 1080, 15.6),
}
DEFAULT = ("1280x800", "1024x600")


def write_gallery(out_dir: Path, size: str, names: Sequence[str] = ()) -> list[Path]:
    """Draw every state (or only ``names``) at ``size``; returns the files written."""
    from kiosk.desk.appearance import Look, read_look
    from kiosk.language.texts import SOURCE_LANGUAGE
    from kiosk.ui import theme
    from tests.ui.driver import AWAKE, Driver, prepare_kivy
    from tests.ui.every_state import STATES

    width, height, inches = SIZES[size]
    prepare_kivy(width, height, pixels=True)
    out_dir.mkdir(parents=True, exist_ok=True)
    panel = theme.Panel(width, height, inches)
    language = os.environ.get("GALLERY_LANGUAGE", SOURCE_LANGUAGE)
    look = read_look(os.environ.get("GALLERY_LOOK", str(Look())))
    assert look is not None
    drivers: dict[bool, Driver] = {}
    written = []
    for name, desk in STATES.items():
        if names and name not in names:
            continue
        driver = drivers.get(desk.station.training) or Driver(made(desk, look=look), panel)
        drivers = {desk.station.training: driver}
        driver.show(made(desk, language=language, look=look))
        driver.wait(AWAKE)
        path = out_dir / f"{name}.png"
        driver.snapshot(path)
        written.append(path)
    return written


def main(arguments: list[str]) -> int:
    """Draw all sizes, each in its own process."""
    if arguments[0] == "--one":
        write_gallery(Path(arguments[1]), arguments[2], arguments[3:])
        return 0
    folder, sizes = Path(arguments[0]), arguments[1:] or list(DEFAULT)
    for size in sizes:
        command = [sys.executable, "-m", "tests.ui.gallery", "--one", str(folder / size), size]
        subprocess.run(command, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
