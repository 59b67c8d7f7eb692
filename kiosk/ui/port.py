"""What the screen needs of the station: the desk to draw, and where touches go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.desk.messages import News, Touch
from kiosk.desk.state import Desk


class DeskPort(Protocol):
    """The desk at work. Everything but ``set_waker`` belongs to the screen's thread."""

    desk: Desk
    on_change: Callable[[Desk], None] | None

    def touch(self, message: Touch) -> None:
        """A person touched something."""

    def feed(self, news: list[News]) -> None:
        """The screen itself has news, such as a failure of its own."""

    def pump(self) -> None:
        """Take what the threads have posted."""

    def tick(self) -> None:
        """A second passed."""

    def set_waker(self, wake: Callable[[], None]) -> None:
        """Call ``wake``, from whatever thread, when there is something to pump."""


Send = Callable[[Touch], None]
"""How a widget tells what was touched."""
