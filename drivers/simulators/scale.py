"""A simulated scale on a pty or another port, speaking through its driver's own renderer.

It keeps the rhythm of the real device: it answers requests, streams, or says one line a weighing
and nothing while it is empty. So whatever is tried with it goes through the same port, link and
decoder, and meets no kinder device than in life.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Final, Protocol

from drivers.driver import Driver, Rhythm, Settings
from drivers.events import Event, Quantity, Reading, Stability
from drivers.profile import poll_of, rhythm_of, sample_settings
from drivers.simulators.body import Body
from drivers.simulators.faults import (
    MUTE,
    RESTART_SECONDS,
    SLEEP_SECONDS,
    Fault,
    damaged,
    pieces,
)
from drivers.simulators.keys import Key, Panel, said
from drivers.simulators.motion import Load, Shown, lifted
from drivers.simulators.pty_port import PtyPort
from drivers.simulators.speeches import speech_of
from drivers.simulators.talk import Dialogue

STREAM_SECONDS: Final = 0.1
"""Pause between frames of a scale that sends by itself: ten a second, as many medical ones."""

TICK: Final = 0.01
STALE_BYTES: Final = 200
STALE_GRAMS: Final = 3456


class Port(Protocol):
    """Where a simulated scale is plugged in, for as long as it is."""

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``, or sooner when there is something to do."""

    def is_open(self) -> bool:
        """Return whether a program uses the port."""

    def read(self) -> bytes:
        """Return what was sent to the device, possibly nothing."""

    def write(self, data: bytes) -> None:
        """Send ``data``; what nobody takes is lost."""

    def close(self) -> None:
        """Pull the cable."""


class SimulatedScale:
    """A scale that is plugged in by :meth:`start` and obeys from any thread."""

    def __init__(
        self,
        driver: Driver,
        where: Path | Callable[[], Port],
        *,
        settings: Settings | None = None,
        seed: int = 1,
    ) -> None:
        """Nothing happens before :meth:`start`. ``seed`` decides the damage faults do.

        ``where`` is the path of the link to a pty, or gives the port of each plugging in.
        ``settings`` are the device's profile; what they leave open is a sample one.
        """
        self._driver = driver
        self._settings = {**sample_settings(driver), **(settings or {})}
        self._poll = poll_of(driver, self._settings)
        self._rhythm = rhythm_of(driver, self._settings)
        self._weighed: Load | None = None
        self._plug = partial(PtyPort, where) if isinstance(where, Path) else where
        self._chance = Random(seed)  # noqa: S311 - chooses bytes to damage, guards no secret
        self._body = Body()
        self._stream_seconds = STREAM_SECONDS
        self._mute_until = 0.0
        self._faults = self._body.faults
        self._port: Port | None = None
        self._was_open = False
        self._dialogue = Dialogue(speech_of(driver, self._settings, self._poll))
        self._outgoing: deque[tuple[float, bytes]] = deque()
        self._next_frame = 0.0
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-scale", daemon=True)

    @property
    def requests(self) -> int:
        """How many requests have come."""
        return self._dialogue.requests

    def start(self) -> None:
        """Plug the scale in and start it; raises ``OSError`` if the link cannot be made."""
        self.replug()
        self._thread.start()

    def stop(self) -> None:
        """Unplug and end. May be called twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.unplug()

    def put(self, grams: int, wriggle: float = 0.0) -> None:
        """Lay ``grams`` on the platform, restless for ``wriggle`` seconds."""
        with self._lock:
            self._body.load = Load(grams, time.monotonic(), wriggle, self._body.load.grams)

    def lift(self) -> None:
        """Take the load away."""
        with self._lock:
            self._body.load = lifted(self._body.load, time.monotonic())

    def press(self, name: str) -> None:
        """Press a key of the panel. Raises ``ValueError`` for an unknown one."""
        key, now = Key(name), time.monotonic()
        with self._lock:
            self._body.now = now
            self._body.key(key)
            if key is Key.PRINT and self._is_awake(now):
                self._print(now)

    def measure(self, millimetres: int) -> None:
        """Measure a length once, as by the key of a length board."""
        text = Decimal(millimetres).scaleb(-1)
        with self._lock:
            length = Reading(Quantity.LENGTH, text, "cm", Stability.STABLE)
            self._send(length, time.monotonic())

    def step(self, grams: int) -> None:
        """Show multiples of ``grams`` from now on."""
        with self._lock:
            self._body.step = grams

    def rate(self, per_second: float) -> None:
        """Send this many frames a second, where the scale sends by itself."""
        with self._lock:
            self._stream_seconds = 1 / per_second

    def unplug(self) -> None:
        """Pull the cable; done when this returns. The scale itself stays on."""
        with self._lock:
            port, self._port = self._port, None
            self._outgoing.clear()
            self._dialogue.forget()
            self._was_open = False
            if port:
                port.close()

    def replug(self) -> None:
        """Plug the cable in again as a new port under the same link."""
        with self._lock:
            if self._port is None:
                self._port = self._plug()
                self._leave_stale_bytes()

    def fault(self, name: str) -> None:
        """Add a fault by name. Raises ``ValueError`` for an unknown one."""
        with self._lock:
            self._faults.add(Fault(name))
            if Fault(name) is Fault.UNPLUG:
                self.unplug()
            elif Fault(name) is Fault.STALE_BUFFER:
                self._leave_stale_bytes()

    def clear_faults(self) -> None:
        """Remove all faults; a scale unplugged by a fault is plugged in again."""
        with self._lock:
            was_unplugged = Fault.UNPLUG in self._faults
            self._faults.clear()
            if was_unplugged:
                self.replug()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                port = self._port
                busy = port is not None and self._tick(port, time.monotonic())
            if port is not None and busy:
                port.wait(TICK)
            else:
                self._stopping.wait(TICK)

    def _tick(self, port: Port, now: float) -> bool:
        """Do what is due; returns whether anybody has the port open."""
        is_open = port.is_open()
        if self._was_open and not is_open:
            self._dialogue.forget()
            self._outgoing.clear()
            self._leave_stale_bytes()
        if is_open and not self._was_open and Fault.DTR_RESET in self._faults:
            self._mute_until = now + RESTART_SECONDS
        self._was_open = is_open
        if is_open:
            self._body.now = now
            self._listen(port.read(), now)
            self._speak_unasked(now)
            while self._outgoing and self._outgoing[0][0] <= now:
                port.write(self._outgoing.popleft()[1])
        return is_open

    def _listen(self, data: bytes, now: float) -> None:
        """Answer every whole request in ``data`` and what came before."""
        if Fault.ECHO in self._faults:
            self._queue(data, now)
            return
        body = self._body
        for word in (*self._dialogue.heard(data, body, now), *self._dialogue.due(body, now)):
            self._send(word, now)

    def _print(self, now: float) -> None:
        """Send what the print key sends; a scale that speaks once a weighing prints no zero."""
        if self._rhythm is not Rhythm.ONCE or self._body.is_a_weighing():
            self._weighed = self._body.load
            self._send(self._body.event(), now)

    def _speak_unasked(self, now: float) -> None:
        match self._rhythm:
            case Rhythm.STREAMS if now >= self._next_frame and not self._outgoing:
                self._next_frame = now + self._stream_seconds
                self._send(self._body.event(), now)
            case Rhythm.ONCE if self._body.load is not self._weighed:
                if self._body.is_a_weighing():
                    self._print(now)

    def _is_awake(self, now: float) -> bool:
        """Whether the scale speaks at all."""
        asleep = Fault.SLEEP in self._faults and now - self._body.load.since > SLEEP_SECONDS
        return not (asleep or now < self._mute_until or self._faults & MUTE)

    def _send(self, word: Event | bytes, now: float) -> None:
        if self._is_awake(now):
            frame = word if isinstance(word, bytes) else self._frame(word)
            self._queue(damaged(frame, self._faults, self._chance), now)

    def _queue(self, frame: bytes, now: float) -> None:
        start = max(now, self._outgoing[-1][0]) if self._outgoing else now
        self._outgoing.extend(
            (start + pause, piece) for pause, piece in pieces(frame, self._faults)
        )

    def _frame(self, event: Event) -> bytes:
        """Return the frame for ``event``; nothing where the protocol cannot say it."""
        try:
            return self._driver.render(event, self._settings)
        except (KeyError, ValueError):
            return b""

    def _leave_stale_bytes(self) -> None:
        """Let old frames wait in the port, the last one cut, before anybody opens it."""
        if self._port is None or Fault.STALE_BUFFER not in self._faults:
            return
        frame = self._frame(said(Panel(), Shown(STALE_GRAMS, stable=True), 0.0))
        if frame and not self._port.is_open():
            repeats = STALE_BYTES // len(frame) + 1
            self._port.write((frame * repeats)[:STALE_BYTES])
