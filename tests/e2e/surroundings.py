"""The environment of a station that is started as a process of its own."""

from __future__ import annotations

import os


def on_display(display: str, **more: str) -> dict[str, str]:
    """This environment with another display, and without what tests in this process told Kivy.

    Pages that are drawn in the test's own process set the library to a driver that shows nothing,
    and a station refuses to start where nobody sees it.
    """
    kept = {key: value for key, value in os.environ.items() if key[:4] not in {"SDL_", "KIVY"}}
    return {**kept, "DISPLAY": display, **more}
