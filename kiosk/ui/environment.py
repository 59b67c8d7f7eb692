"""Kivy's settings for an unattended touch panel, fixed before Kivy is first imported.

Kivy reads the environment and a configuration file of the user when it is imported, prints
to the console, takes over the command line, lets Escape end the application and F1 open a
settings panel, and may deliver one touch twice. Nothing of that may happen at a desk, so
all of it is set here, in code.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

INVISIBLE_DRIVERS = ("offscreen", "dummy")


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """The window and the panel behind it: pixels, and the diagonal in inches.

    ``visible`` demands a real display; without one the station refuses to start rather than run
    where nobody sees it.
    """

    width: int = 1280
    height: int = 800
    inches: float = 10.1
    fullscreen: bool = True
    show_cursor: bool = False
    visible: bool = True


class NoDisplayError(RuntimeError):
    """There is no display to show the station on."""


def prepare(settings: WindowSettings, kivy_home: Path | None = None) -> None:
    """Fix Kivy's environment and configuration. Call once, before anything imports Kivy.

    ``kivy_home`` is a private folder for what Kivy insists on writing; a temporary one where
    it is left out. Raises :class:`NoDisplayError` if a visible window is wanted and no display is
    named in the environment, and :class:`RuntimeError` if Kivy is already imported.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy is already imported with other settings")
    if settings.visible:
        _demand_display()
    _set_environment(settings, kivy_home or _passing_folder())
    _set_config(settings)


def _passing_folder() -> Path:
    """A private folder that is gone again when the process has ended.

    Below the service's runtime folder, which systemd clears also after an end by force.
    """
    service = os.environ.get("RUNTIME_DIRECTORY") or None
    folder = Path(tempfile.mkdtemp(prefix="kiosk-ui-", dir=service))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _demand_display() -> None:
    if os.environ.get("SDL_VIDEODRIVER", "") in INVISIBLE_DRIVERS:
        raise NoDisplayError("SDL_VIDEODRIVER names a driver that shows nothing")
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not display and os.environ.get("SDL_VIDEODRIVER", "").lower() != "kmsdrm":
        # SDL would fall through to its offscreen driver and run invisibly.
        raise NoDisplayError("neither DISPLAY nor WAYLAND_DISPLAY is set")


def _set_environment(settings: WindowSettings, kivy_home: Path) -> None:
    kivy_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(kivy_home),
        KIVY_NO_CONFIG="1",
        KIVY_NO_ARGS="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_WINDOW="sdl2",
        KIVY_TEXT="sdl2",
        KIVY_IMAGE="sdl2",
        # Else SDL turns a signal to end into a request to close the window, which is refused.
        SDL_NO_SIGNAL_HANDLERS="1",
        KIVY_METRICS_DENSITY="1",
        KIVY_METRICS_FONTSCALE="1",
    )
    if not settings.visible:
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    else:
        os.environ.pop("KIVY_GL_BACKEND", None)


def _set_config(settings: WindowSettings) -> None:
    from kivy.config import Config

    for section, key, value in (
        ("kivy", "kivy_clock", "interrupt"),
        ("kivy", "exit_on_escape", "0"),
        ("kivy", "keyboard_mode", ""),
        ("kivy", "desktop", "1"),
        ("kivy", "log_level", "warning"),
        ("graphics", "multisamples", "0"),
        ("graphics", "maxfps", "60"),
        ("graphics", "width", str(settings.width)),
        ("graphics", "height", str(settings.height)),
        ("graphics", "resizable", "0"),
        ("graphics", "borderless", "1"),
        ("graphics", "fullscreen", "auto" if settings.fullscreen and settings.visible else "0"),
        ("graphics", "show_cursor", "1" if settings.show_cursor else "0"),
        ("graphics", "allow_screensaver", "0"),
    ):
        Config.set(section, key, value)
    # One provider only: with two the same finger arrives twice. Without disable_multitouch a
    # right click leaves a red dot and a stuck touch.
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    Config.remove_section("modules")
    Config.add_section("modules")
