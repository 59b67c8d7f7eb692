"""The Kivy application. Imports Kivy; reached only through ``kiosk.ui.app.run_app``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.base import EventLoop, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.desk.state import Desk, Screen
from kiosk.features.find import Scan
from kiosk.language.texts import tr
from kiosk.system.clock import now_utc
from kiosk.ui.failures import Failures
from kiosk.ui.port import DeskPort
from kiosk.ui.resting import rest
from kiosk.ui.root import Root
from kiosk.ui.scanner import Scanner
from kiosk.ui.tidying import Tidying

PREPARE_AFTER_SECONDS = 0.25
NEXT_PAGE = {
    Screen.LOCK: Screen.FIND,
    Screen.FIND: Screen.IDENTITY,
    Screen.IDENTITY: Screen.MEASURE,
    Screen.MEASURE: Screen.REVIEW,
    Screen.REVIEW: Screen.DONE,
}
"""While a page is looked at, the one that usually follows is built. Not all of them at once: an
idle station would carry seventeen megabytes of pages that nobody may need today."""


class StationApp(App):
    """Connects the desk with the window."""

    def __init__(
        self,
        runtime: DeskPort,
        *,
        ready: Callable[[], None] | None,
        alive: Callable[[], None] | None,
    ) -> None:
        super().__init__()
        self.title = tr("Helsestasjon")
        self.wants_restart = False
        self._runtime = runtime
        self._ready = ready
        self._alive = alive
        self._scanner = Scanner()
        self._tidying = Tidying()
        self._resting = False
        self.close_soon: Callable[[], None] = Clock.create_trigger(lambda _: EventLoop.close(), 0)

    def load_config(self) -> None:
        """Read no configuration file: everything is fixed in code."""
        self.config = None

    def load_kv(self, filename: str | None = None) -> None:
        """Load no layout file: the pages are plain Python."""

    def open_settings(self, *_: Any) -> bool:
        """F1 opens nothing."""
        return True

    def build(self) -> Root:
        """Build the first page and connect window, clock and desk."""
        Window.bind(on_key_down=self._key, on_keyboard=_swallow, on_request_close=_swallow)
        desk = self._runtime.desk
        training = desk.station.training
        self._root = Root(self._runtime.touch, now_utc, training=training, look=desk.look)
        self._failures = Failures(self._runtime, Clock.get_time, self._give_up)
        ExceptionManager.add_handler(self._failures)
        self._prepare_soon = Clock.create_trigger(self._prepare_next, PREPARE_AFTER_SECONDS)
        self._pump = Clock.create_trigger(lambda _: self._runtime.pump(), 0)
        self._runtime.on_change = self._changed
        self._runtime.set_waker(self._pump)
        Clock.schedule_interval(self._tick, 1.0)
        self._root.render(self._runtime.desk)
        Window.bind(on_flip=self._first_flip)
        return self._root

    def on_stop(self) -> None:
        """Leave nothing behind that would call a window that is gone."""
        self._runtime.on_change = None
        self._runtime.set_waker(_nothing)
        if self._resting:
            rest(resting=False)
        ExceptionManager.remove_handler(self._failures)

    def _changed(self, desk: Desk) -> None:
        self._root.render(desk)
        self._prepare_soon()
        if desk.station.blanked is not self._resting:
            self._resting = desk.station.blanked
            rest(resting=desk.station.blanked)

    def _tick(self, _: float) -> None:
        self._runtime.tick()
        self._tidying.tick(self._runtime.desk.station.touched_at, time.monotonic())
        if self._alive is not None:
            self._alive()

    def _first_flip(self, *_: Any) -> None:
        # Called before the buffers change places: what was drawn is on the glass a turn later.
        Window.unbind(on_flip=self._first_flip)
        Clock.schedule_once(self._shown, 0)

    def _shown(self, _: float) -> None:
        self._tidying.begin(time.monotonic())
        self._pump()
        if self._ready is not None:
            self._ready()
        self._prepare_soon()

    def _prepare_next(self, _: float) -> None:
        following = NEXT_PAGE.get(self._runtime.desk.screen)
        if following is not None:
            self._root.prepare(following)

    def _key(self, _window: Any, code: int, *_: Any) -> bool:
        line = self._scanner.key(code, Clock.get_time())
        if line is not None:
            self._runtime.touch(Scan(line))
        return True

    def _give_up(self) -> None:
        self.wants_restart = True
        EventLoop.close()


def _swallow(*_: Any, **__: Any) -> bool:
    return True


def _nothing() -> None:
    return None
