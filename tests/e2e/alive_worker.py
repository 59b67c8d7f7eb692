"""The station's own command with one thing broken in it: ``alive_worker.py FAULT FOLDER CONFIG``.

A script stands in for the finger. What the desk says is printed as lines of JSON, and so is each
visit that the store has. While the file ``FOLDER/stuck`` is there, no turn at the store ends.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from drivers import living
from kiosk.__main__ import main
from kiosk.cli import run as command
from kiosk.desk.child_form import Field
from kiosk.desk.pages import Confirm
from kiosk.desk.state import Screen
from kiosk.model.visit import Quantity
from kiosk.station import lookout
from kiosk.station.chores import Chores
from kiosk.station.station import Station
from kiosk.store.database.writer import Writer
from tests.desk.every import messages as m

FAULT, FOLDER, CONFIG = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
NUMBER, BORN = "10915596784", "10012026"


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def watch(station: Station) -> None:
    last: list[object] = []

    def look(desk):
        now = [desk.screen.value, desk.front.notice and desk.front.notice.value]
        if now != last:
            last[:] = now
            say(screen=now[0], notice=now[1])

    station.runtime.watch(look)


def find_a_child(station: Station) -> None:
    """As a person would, on the screen's own thread."""
    touch = station.runtime.touch
    station.sign_in_service()
    for field, text in (
        (Field.NUMBER, NUMBER),
        (Field.BIRTH_DATE, BORN),
        (Field.GIVEN_NAME, "Kanari"),
    ):
        touch(m.ActivateField(field))
        for key in text:
            touch(m.TypeKey(key))
    touch(m.FindChild())


def save(station: Station) -> None:
    touch = station.runtime.touch
    touch(m.ConfirmChild())
    touch(m.OpenEntry(Quantity.WEIGHT))
    for _ in range(2):
        for key in "8,420":
            touch(m.TypeKey(key))
        touch(m.SubmitEntry())
    touch(m.OpenReview())
    assert station.runtime.desk.screen is Screen.REVIEW, station.runtime.desk.screen
    (FOLDER / "stuck").touch()
    touch(m.Save())
    touch(m.Save())


def finger(station: Station) -> None:
    """One step at a time, on the screen's own thread."""
    from kivy.clock import Clock

    def go_on(_: float) -> None:
        desk = station.runtime.desk
        if desk.screen is Screen.LOCK:
            find_a_child(station)
        elif desk.screen is Screen.IDENTITY and isinstance(desk.page, Confirm):
            save(station)
            step.cancel()

    step = Clock.schedule_interval(go_on, 0.5)


def broken_start(self: Station) -> None:
    raise ValueError("Kanari 10915596784")


def broken_init(self: Station, *_: object, **__: object) -> None:
    raise ValueError("Kanari 10915596784")


def prepare() -> None:
    started, carried = Station.start, Writer._carry_out

    def carry_out(self, command, *, last_orders=False):
        def stuck(connection):
            while (FOLDER / "stuck").exists():
                time.sleep(0.05)
            return command(connection)

        return carried(self, stuck, last_orders=last_orders)

    def start(self):
        started(self)
        if FAULT == "stuck-save":
            from kivy.clock import Clock

            Clock.schedule_once(lambda _: finger(self), 0)

    Writer._carry_out = carry_out
    init = Station.__init__

    def built(self, *arguments, **named):
        init(self, *arguments, **named)
        watch(self)

    Station.__init__ = broken_init if FAULT == "not-built" else built
    Station.start = broken_start if FAULT == "start" else start
    if FAULT == "chores":
        Chores._run = lambda _: 1 / 0
    # Times of a test: what takes a minute at a clinic takes seconds here.
    living.SILENCE = {**living.SILENCE, "store": 8.0}
    lookout.LEAVE_SECONDS = 2.0
    command.END_SECONDS = 3.0


def report_ends() -> None:
    say(threads=sorted(t.name for t in threading.enumerate()))


prepare()
try:
    code = main(["run", "--config", CONFIG])
finally:
    report_ends()
sys.exit(code)
