"""Runs the touchscreen: the window, the keys it ignores, the clock, and what to do on failure.

Nothing here imports Kivy before :func:`open_window` has fixed its settings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Event

from drivers.living import Part
from kiosk.ui import environment, theme
from kiosk.ui.environment import WindowSettings
from kiosk.ui.port import DeskPort

RESTART_EXIT_CODE = 75
"""The process ends with this code when it had better be started anew."""

log = logging.getLogger(__name__)


def open_window(window: WindowSettings, kivy_home: Path | None = None) -> None:
    """Fix Kivy's settings and open the still empty window; call once, on the main thread.

    Raises :class:`~kiosk.ui.environment.NoDisplayError` if nobody could see the window.
    """
    environment.prepare(window, kivy_home)
    theme.use(theme.Panel(window.width, window.height, window.inches))
    import_module("kiosk.ui.station_app")


def run_app(
    runtime: DeskPort,
    *,
    ready: Callable[[], None] | None = None,
    alive: Callable[[], None] | None = None,
    stopping: Event | None = None,
) -> None:
    """Show the desk in the open window until ``stopping`` is set; on the main thread.

    ``ready`` is called once, when the first page has been drawn; ``alive`` once a second from
    the screen's own clock, for a watchdog. Raises :class:`SystemExit` with
    :data:`RESTART_EXIT_CODE` after three failures in a minute.
    """
    from kiosk.ui.station_app import StationApp

    app = StationApp(runtime, ready=ready, alive=alive)
    if stopping is not None:
        # Not an exception out of a signal handler: where it strikes inside the graphics library
        # it is printed and forgotten, and the station would go on.
        closing = Part("closing", lambda: _close(stopping, app.close_soon), ends=True)
        closing.start()
        closing.sign.rests()
    app.run()
    if app.wants_restart:
        log.error("The screen failed repeatedly and is started anew")
        raise SystemExit(RESTART_EXIT_CODE)


def _close(stopping: Event, close: Callable[[], None]) -> None:
    stopping.wait()
    close()


__all__ = ["RESTART_EXIT_CODE", "WindowSettings", "open_window", "run_app"]
