"""The real application around a made-up station, stepped by hand."""

from __future__ import annotations

from kiosk.desk.messages import News, Touch
from kiosk.desk.state import Desk
from kiosk.features.status import Trouble
from tests.desk.flat_desk import made
from tests.ui.driver import FRAME, FakeStation, prepare_kivy


class TellingStation(FakeStation):
    """Shows the notice of a trouble, as the real one does."""

    broken: type[Exception] | None = None

    def touch(self, message: Touch) -> None:
        super().touch(message)
        if self.broken is not None:
            raise self.broken("Nora 14882612354 5.842 kg")

    def feed(self, news: list[News]) -> None:

        super().feed(news)
        for one in news:
            if isinstance(one, Trouble):
                self.desk = made(self.desk, notice=one.notice)
                assert self.on_change is not None
                self.on_change(self.desk)


class AppBench:
    """Starts the application without its endless loop, and lets frames pass."""

    def __init__(self, desk: Desk) -> None:
        prepare_kivy()
        from kivy.base import EventLoop
        from kivy.clock import Clock
        from kivy.core.window import Window

        from kiosk.ui import theme
        from kiosk.ui.station_app import StationApp

        theme.use(theme.DESIGN)
        Window.size = (1280, 800)
        self.window, self._loop = Window, EventLoop
        self.time = Clock.get_time()
        Clock._max_fps = 0
        Clock.time = lambda: self.time
        for child in list(Window.children):
            Window.remove_widget(child)
        if EventLoop.status != "started":
            for provider in list(EventLoop.input_providers):
                EventLoop.remove_input_provider(provider)
            EventLoop.start()
        self.station = TellingStation(desk)
        self.readied: list[float] = []
        self.lived = 0
        self.flips = 0
        self.flips_at_ready: list[int] = []
        Window.flip = self._flip
        self.app = StationApp(self.station, ready=self._ready, alive=self._live)
        self.app._run_prepare()
        self.frames(3)

    def _flip(self) -> None:
        self.flips += 1
        type(self.window).flip(self.window)

    def _ready(self) -> None:
        self.readied.append(self.time)
        self.flips_at_ready.append(self.flips)

    def _live(self) -> None:
        self.lived += 1

    def frames(self, count: int = 1) -> None:
        from kivy.base import ExceptionManager

        for _ in range(count):
            self.time += FRAME
            try:
                self._loop.idle()
            except Exception as failure:
                if ExceptionManager.handle_exception(failure) == ExceptionManager.RAISE:
                    raise

    def key(self, code: int, text: str | None = None) -> None:
        """A key goes down as SDL would report it, with Kivy's own handlers at work."""
        self.window.dispatch("on_key_down", code, code, text, [])
        self.window.dispatch("on_keyboard", code, code, text, [])
        self.window.dispatch("on_key_up", code, code)
        self.frames(1)

    def close(self) -> None:
        del self.window.flip
        self.app.dispatch("on_stop")
        self.window.unbind(
            on_key_down=self.app._key,
        )
        self.window.remove_widget(self.app.root)
