"""Kills a measuring station again and again, at any point between touch and acknowledgement.

``python kill_worker.py FOLDER KEY URL KILLS SEED``. Prints one JSON object: what each killed
station had shown as saved. A single-threaded parent forks each station, so a start costs
milliseconds and the kill can come at any moment of its life.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from datetime import date
from pathlib import Path

from kiosk.config.schema import Config, Database, Journal
from kiosk.config.schema import Station as StationTable
from kiosk.demo.children import demo_children
from kiosk.desk.child_form import Field
from kiosk.desk.drafts import Question
from kiosk.desk.state import Screen
from kiosk.journal import sender  # noqa: F401 - imported before the forks
from kiosk.model.visit import OddReason, Quantity
from kiosk.station.station import Station
from kiosk.store.store import Store
from kiosk.system import logs  # noqa: F401 - imported before the forks
from tests.desk.every import messages as m
from tests.patience import until

CHILDREN = demo_children(date.today())


def station(folder: Path, key: bytes, url: str) -> Station:
    config = Config(
        station=StationTable(clinic="Solbakken", data_dir=str(folder), id="kill"),
        journal=Journal(url=url, doubt=0),
        database=Database(),
    )
    return Station(config, Store.open(folder, key), training=False)


def live(folder: Path, key: bytes, url: str, tell: int, seed: int) -> None:
    """Measure one child after the other, saying what was shown as saved, until killed."""
    one, chance = station(folder, key, url), random.Random(seed)
    one.start()
    one.sign_in_service()
    while True:
        measure(one, chance)
        saved = one.runtime.desk.saved
        if saved is not None:
            ids = [str(draft.id) for draft in saved.drafts]
            os.write(tell, (json.dumps([str(saved.id), ids]) + "\n").encode())
            one.runtime.touch(m.NextChild())


def measure(one: Station, chance: random.Random) -> None:
    child, touch = chance.choice(CHILDREN), one.runtime.touch
    for field, text in (
        (Field.NUMBER, child.number),
        (Field.BIRTH_DATE, child.birth_date.strftime("%d%m%Y")),
        (Field.GIVEN_NAME, child.given_name),
    ):
        touch(m.ActivateField(field))
        for key in text:
            touch(m.TypeKey(key))
    touch(m.FindChild())
    shows(one, lambda d: d.screen is not Screen.FIND)
    touch(m.ConfirmChild())
    typed(one, Quantity.WEIGHT, f"{chance.randint(4, 9)},{chance.randint(0, 999):03}")
    typed(one, Quantity.HEAD, f"{chance.randint(38, 46)},{chance.randint(0, 9)}")
    touch(m.OpenReview())
    touch(m.Save())
    shows(one, lambda d: d.screen is Screen.DONE or (d.visit is not None and not d.visit.saving))


def typed(one: Station, quantity: Quantity, text: str) -> None:
    one.runtime.touch(m.OpenEntry(quantity))
    for _ in range(2):
        for key in text:
            one.runtime.touch(m.TypeKey(key))
        one.runtime.touch(m.SubmitEntry())
    if isinstance(one.runtime.desk.over, Question):
        one.runtime.touch(m.AnswerOdd(OddReason.READ_AGAIN))


def shows(one: Station, reached) -> None:
    until(lambda: reached(one.runtime.desk), meanwhile=lambda: one.runtime.feed(one.bus.wait(0.05)))


def kill_one(folder: Path, key: bytes, url: str, seed: int, after: float | None) -> list[list]:
    """Fork a station, let it work for ``after`` seconds, kill it; returns what it had shown.

    Without ``after`` it lives until it has shown the first visit as saved.
    """
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            live(folder, key, url, tell, seed)
        finally:
            os._exit(99)
    os.close(tell)
    if after is None:
        select.select([hear], [], [])
    else:
        time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the station ended by itself: {status}"
    with os.fdopen(hear, "rb") as pipe:
        return [json.loads(line) for line in pipe.read().splitlines()]


def drain(folder: Path, key: bytes, url: str) -> dict:
    """Run once more without a kill until nothing waits."""
    one = station(folder, key, url)
    one.start()
    until(lambda: not one.store.counts().waiting, pause=0.05)
    counts, audit = one.store.counts(), one.store.audit_verify()
    items = one.store.items(100_000)
    visits = [str(item.visit_id) for item in items]
    measurements = [
        str(x.id) for item in items for x in one.store.visit(item.visit_id).measurements
    ]
    one.stop()
    return {
        "waiting": counts.waiting,
        "parked": counts.parked,
        "audit_sound": audit.sound,
        "visits": visits,
        "measurements": measurements,
        "resent": sum(item.attempts > 1 for item in items),
    }


def main(argv: list[str]) -> None:
    folder, key, url = Path(argv[0]), bytes.fromhex(argv[1]), argv[2]
    kills, seed = int(argv[3]), int(argv[4])
    chance = random.Random(seed)
    began = time.monotonic()
    shown = kill_one(folder, key, url, seed * 1000, None)
    # The longest life given to one, in seconds. It follows the machine: about half of them get as
    # far as to show a visit, whatever the machine does beside.
    longest = 1.5 * (time.monotonic() - began)
    for number in range(1, kills):
        told = kill_one(folder, key, url, seed * 1000 + number, chance.uniform(0.05, 1) * longest)
        longest *= 0.9 if told else 1.1
        shown += told
    print(json.dumps({"shown": shown, **drain(folder, key, url)}))


if __name__ == "__main__":
    main(sys.argv[1:])
