"""Runs the desk: messages in, effects out, the screen told. Owned by one thread, the screen's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from uuid6 import uuid7

from kiosk.desk.messages import Effect, Message, Moment, News, Tick, Touch
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk
from kiosk.features.set_up_scale import ScaleSet
from kiosk.features.update import update
from kiosk.runtime.bus import Bus
from kiosk.system.clock import now_utc


def this_moment() -> Moment:
    """Both clocks, the local offset and date, and a fresh id."""
    wall = now_utc()
    local = wall.astimezone()
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    return Moment(time.monotonic(), wall, minutes, local.date(), uuid7())


class Runtime:
    """The desk at work. ``touch``, ``pump`` and ``tick`` are for the screen's thread only."""

    def __init__(
        self,
        desk: Desk,
        rules: DeskRules,
        bus: Bus,
        perform: Callable[[Effect], None],
        moment: Callable[[], Moment] = this_moment,
    ) -> None:
        self.desk = desk
        self.on_change: Callable[[Desk], None] | None = None
        self._watchers: list[Callable[[Desk], None]] = []
        self._rules = rules
        self._bus = bus
        self._perform = perform
        self._moment = moment

    def set_waker(self, wake: Callable[[], None]) -> None:
        """Call ``wake``, from whatever thread, when there is something to pump."""
        self._bus.set_waker(wake)

    def watch(self, look: Callable[[Desk], None]) -> None:
        """Have the desk shown to somebody else too, after each change, on the same thread."""
        self._watchers.append(look)

    def touch(self, message: Touch) -> None:
        """A person touched something."""
        self._apply([message])

    def pump(self) -> None:
        """Take what the threads have posted."""
        self._apply(self._bus.drain())

    def tick(self) -> None:
        """A second passed."""
        self._apply([Tick()])

    def feed(self, news: list[News]) -> None:
        """Take news that was drained elsewhere, for a loop without a screen."""
        self._apply(news)

    def _apply(self, messages: list[Touch] | list[News] | list[Tick]) -> None:
        before = self.desk
        for message in messages:
            self._step(message)
        if self.desk is before or self.desk == before:
            return
        if self.on_change is not None:
            self.on_change(self.desk)
        for look in self._watchers:
            look(self.desk)

    def _step(self, message: Message) -> None:
        if isinstance(message, ScaleSet):
            # Readings name the device they came from.
            self._rules = replace(self._rules, scale=message.device)
        self.desk, effects = update(self.desk, message, self._moment(), self._rules)
        for effect in effects:
            self._perform(effect)
