"""The screen with an idle desk and nothing behind it; prints ``READY`` when the first page is up.

``--flood N`` posts N weights from a thread, and prints the seconds from each post to the flip
that shows it, as JSON. ``--pty`` has them come over a port through the RADWAG driver. ``--bare``
replaces the page by one label of Kivy's own, to see what the machine costs. ``--dark`` darkens the
screen as after a quarter of an hour without a touch.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from drivers.events import LinkState, LinkStatus, Quantity, Reading, Stability, Stamped
from kiosk.desk.appearance import Look
from kiosk.desk.child_form import LookUp
from kiosk.desk.drafts import VisitDraft
from kiosk.desk.pages import Measure
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Screen, Session, Station, User
from kiosk.model.performer import Performer
from kiosk.model.visit import Child, Dress, IdKind
from kiosk.runtime.bus import Bus
from kiosk.runtime.loop import Runtime
from kiosk.system.clock import now_utc
from kiosk.ui.app import open_window, run_app
from kiosk.ui.environment import WindowSettings
from kiosk.weighing.gate import Weighing

PACE = 0.031
"""Seconds between weights: not a multiple of a frame, so that every phase of one is met."""


def desk(*, measuring: bool) -> Desk:
    """A lock screen, or the measuring page of a synthetic child."""
    users = (User("anne", "Anne Berg"), User("bo", "Bo Nilsen"))
    locked = Desk(Station(users, Weighing("scale"), "Solbakken helsestasjon", training=False))
    if not measuring:
        return locked
    child = Child("14882612354", IdKind.NATIONAL, date(2026, 8, 14), "Nora")
    visit = VisitDraft(UUID(int=1), child, LookUp.FOUND, 101, Dress.NAKED)
    station = replace(locked.station, touched_at=time.monotonic())
    user = Performer("anne", "Anne Berg")
    return Desk(station, Session(user, Look(), Measure(visit)))


class Flood:
    """Posts weights and takes the time until the screen has drawn each."""

    def __init__(self, count: int, send: Callable[[str], float], shown: Callable[[], str]) -> None:
        self._count, self._send, self._shown = count, send, shown
        self._posted: dict[str, float] = {}
        self.taken: list[float] = []

    def start(self) -> None:
        """Begin, now that the first page is up."""
        from kivy.core.window import Window

        Window.bind(on_flip=self._flipped)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        time.sleep(2.0)
        for number in range(1, self._count + 1):
            text = f"{number / 1000:.3f}"
            self._posted[text.replace(".", ",")] = self._send(text)
            time.sleep(PACE)
        time.sleep(0.5)
        print(json.dumps(self.taken), flush=True)
        os._exit(0)

    def _flipped(self, *_: object) -> None:
        from kivy.graphics.opengl import glFinish

        posted = self._posted.pop(self._shown(), None)
        if posted is not None:
            glFinish()
            self.taken.append(time.monotonic() - posted)


def page_text() -> str:
    """The number on the measuring page."""
    from kivy.app import App

    text: str = App.get_running_app().root._pages[Screen.MEASURE]._value.number.text
    return text


def bare_text(runtime: Runtime) -> Callable[[], str]:
    """Put one label in place of the page; returns how to read it."""
    from kivy.core.window import Window
    from kivy.uix.label import Label

    label = Label(font_size=132)
    Window.clear()
    for child in list(Window.children):
        Window.remove_widget(child)
    Window.add_widget(label)

    def change(now: Desk) -> None:
        shown = now.weighing.shown
        label.text = str(shown.value).replace(".", ",") if shown is not None else ""

    runtime.on_change = change
    return lambda: str(label.text)


def poster(bus: Bus) -> Callable[[str], float]:
    """Post readings straight to the bus."""
    bus.post(LinkStatus("scale", LinkState.OPEN, 1))

    def send(text: str) -> float:
        reading = Reading(Quantity.WEIGHT, Decimal(text), "kg", Stability.MOVING)
        now = time.monotonic()
        bus.post(Stamped(reading, "scale", "bench", "1", 1, now, now_utc()))
        return now

    return send


def line(bus: Bus) -> Callable[[str], float]:
    """Write frames to a pty that a real link reads; the time is taken before the last byte."""
    import tty

    from drivers.link import Link
    from drivers.registry import find_driver

    device, port = os.openpty()
    tty.setraw(port)
    driver = find_driver("radwag")
    Link("scale", replace(driver, poll=None), os.ttyname(port), bus.post).start()

    def send(text: str) -> float:
        frame = f"SI    {text:>9} kg \r\n".encode()
        os.write(device, frame[:-1])
        time.sleep(0.002)
        now = time.monotonic()
        os.write(device, frame[-1:])
        return now

    return send


def main() -> None:
    """Run until killed, or until the flood is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flood", type=int, default=0)
    parser.add_argument("--pty", action="store_true")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    bus = Bus()
    rules = DeskRules(blank_after=1.0 if options.dark else 0.0)
    runtime = Runtime(desk(measuring=bool(options.flood)), rules, bus, lambda _: None)

    def ready() -> None:
        print("READY", flush=True)
        if options.flood:
            shown = bare_text(runtime) if options.bare else page_text
            Flood(options.flood, line(bus) if options.pty else poster(bus), shown).start()

    visible = os.environ.get("SDL_VIDEODRIVER") != "offscreen"
    open_window(WindowSettings(fullscreen=False, visible=visible))
    run_app(runtime, ready=ready)


if __name__ == "__main__":
    main()
