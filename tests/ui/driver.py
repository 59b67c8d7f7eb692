"""Drives the real screen in virtual time: real layout, real text, real touches, no waiting.

Everything that leans on Kivy's insides (the clock's source, its frame limit, the event loop's
single step) is in this file. With the mock GL backend nothing is drawn, which is enough for
layout and flow; with ``SDL_VIDEODRIVER=offscreen`` alone the pixels are real.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kiosk.desk.messages import News, Touch
from kiosk.desk.state import Desk
from kiosk.ui import environment, theme

FRAME = 1 / 60
AWAKE = 0.8
"""Seconds after which everything on a page takes a touch, and no touch before is remembered."""
NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def prepare_kivy(width: int = 1280, height: int = 800, *, pixels: bool = False) -> None:
    """Fix Kivy's settings for tests in this process; the first call wins."""
    import sys

    if "kivy" in sys.modules:
        return
    if not pixels:
        os.environ["KIVY_GL_BACKEND"] = "mock"
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    environment.prepare(environment.WindowSettings(width, height, visible=False, fullscreen=False))


class FakeStation:
    """A station that keeps what was touched and shows whatever desk a test gives it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.on_change: Callable[[Desk], None] | None = None
        self.touches: list[Touch] = []
        self.news: list[News] = []
        self.pumped = 0
        self.ticks = 0
        self.wake: Callable[[], None] | None = None

    def touch(self, message: Touch) -> None:
        self.touches.append(message)

    def feed(self, news: list[News]) -> None:
        self.news.extend(news)

    def pump(self) -> None:
        self.pumped += 1

    def tick(self) -> None:
        self.ticks += 1

    def set_waker(self, wake: Callable[[], None]) -> None:
        self.wake = wake


class Driver:
    """One screen of one panel, with a clock that is cranked by hand."""

    def __init__(
        self,
        desk: Desk,
        panel: theme.Panel | None = None,
        *,
        station: type[FakeStation] = FakeStation,
    ) -> None:
        prepare_kivy()
        from kivy.base import EventLoop
        from kivy.clock import Clock
        from kivy.core.window import Window

        from kiosk.ui.root import Root

        self.panel = panel or theme.DESIGN
        theme.use(self.panel)
        self.window = Window
        Window.size = (self.panel.width, self.panel.height)
        self._clock, self._loop = Clock, EventLoop
        self.time = Clock.get_time()
        Clock._max_fps = 0
        Clock.time = lambda: self.time
        if EventLoop.status != "started":
            for provider in list(EventLoop.input_providers):
                EventLoop.remove_input_provider(provider)
            EventLoop.start()
        self.station = station(desk)
        self.root = Root(
            self.station.touch, lambda: NOW, training=desk.station.training, look=desk.look
        )
        for child in list(Window.children):
            Window.remove_widget(child)
        Window.add_widget(self.root)
        self.show(desk)

    def show(self, desk: Desk) -> None:
        """Draw this desk and let the layout come to rest."""
        self.station.desk = desk
        self.root.render(desk)
        self.frames(8)

    def frames(self, count: int = 1) -> None:
        """Let so many frames pass."""
        for _ in range(count):
            self.time += FRAME
            self._loop.idle()

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.frames(max(1, round(seconds / FRAME)))

    def walk(self) -> Iterator:
        """Every widget that is on the screen, outermost first."""
        yield from _walk(self.root)

    def find(self, test_id: str):
        """The one widget with this ``test_id``."""
        found = [w for w in self.walk() if getattr(w, "test_id", "") == test_id]
        assert len(found) == 1, f"{len(found)} widgets called {test_id!r}"
        return found[0]

    def has(self, test_id: str) -> bool:
        """Whether a widget with this ``test_id`` is on the screen."""
        return any(getattr(w, "test_id", "") == test_id for w in self.walk())

    def texts(self) -> list[str]:
        """All words on the screen."""
        return [w.text for w in self.walk() if getattr(w, "text", "")]

    def tap(self, test_id: str) -> None:
        """Press and release the middle of a widget, once it is awake and means this touch."""
        self.wait(AWAKE)
        self.press_at(*self.find(test_id).center).touch_up()
        self.frames(2)

    def press_at(self, x: float, y: float):
        """Put a finger down and leave it there."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, y)
        touch.touch_down()
        self.frames(1)
        return touch

    def key(self, code: int, text: str | None = None) -> None:
        """A key of a keyboard or of a scanner that acts as one, through the window."""
        self.window.dispatch("on_key_down", code, code, text, [])
        self.frames(1)

    def snapshot(self, path: Path) -> None:
        """Write what is on the screen as PNG. Needs real GL."""
        from kivy.graphics.opengl import glFinish

        self.frames(2)
        glFinish()
        written = Path(self.window.screenshot(name=str(path)))
        written.replace(path)


def _walk(widget) -> Iterator:
    yield widget
    for child in reversed(widget.children):
        yield from _walk(child)
