"""Where the buttons of each page are on the glass: ``python -m tests.e2e.where [--plain]``.

Lays out the real screen, offscreen, for the pages a first tour passes, and prints the middle of
each named widget in X coordinates as JSON. The touches themselves go through the real process.
"""

from __future__ import annotations

import json
import sys

from kiosk.demo.training import STAFF
from kiosk.desk.state import LockForm, User
from kiosk.ui import theme
from tests.desk.flat_desk import replaced as replace
from tests.ui import states
from tests.ui.driver import Driver
from tests.ui.hearing_states import BOTH_WAYS, HEARING_STATES

PAGES = {
    "lock": replace(states.LOCKED, users=tuple(User(p.id, p.display) for p in STAFF)),
    "pin": replace(
        states.LOCKED,
        users=tuple(User(p.id, p.display) for p in STAFF),
        lock=LockForm("anne"),
    ),
    "find": states.STATES["find"],
    "identity": states.STATES["identity"],
    "measure": states.STATES["measure-offer"],
    "filled": states.STATES["measure-filled"],
    "entry": states.STATES["entry-length"],
    "review": replace(
        states.REVIEW, visit=replace(states.REVIEW.visit, drafts=states.REVIEW.visit.drafts[:1])
    ),
    "done": states.STATES["done"],
    "change": states.STATES["change-one"],
    "change-withdraw": states.STATES["change-withdraw"],
    "hearing": HEARING_STATES["hearing-sources"],
    "record": HEARING_STATES["hearing-record"],
    "audiogram": HEARING_STATES["audiogram"],
    "review-hearing": HEARING_STATES["review-hearing"],
    "plain-lock": replace(states.LOCKED, users=(User("anne", "Anne Berg"),)),
    "plain-pin": replace(states.LOCKED, users=(User("anne", "Anne Berg"),), lock=LockForm("anne")),
    "plain-find": states.STATES["find"],
    "plain-status": states.STATES["status-trouble"],
    "plain-message": states.STATES["message"],
    "plain-discard": states.STATES["message-discard"],
}
"""The plain ones are without the edge of a training station."""


def main() -> None:
    panel = theme.Panel(1280, 800, 10.1)
    places, driver, before = {}, None, None
    # A station of a clinic without an audiometer: no edge, and one button fewer.
    plain = "--plain" in sys.argv
    for name, page in PAGES.items():
        training = not plain and not name.startswith("plain")
        desk = replace(page, training=training, audiometer=None if plain else BOTH_WAYS)
        if driver is None or training is not before:
            driver, before = Driver(desk, panel), training
        driver.show(desk)
        driver.wait(0.5)
        places[name] = {
            widget.test_id: [round(widget.center_x), round(panel.height - widget.center_y)]
            for widget in driver.walk()
            if getattr(widget, "test_id", "")
        }
    print(json.dumps(places))


if __name__ == "__main__":
    main()
