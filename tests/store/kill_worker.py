"""Saves visits until it is killed, again and again.

``python kill_worker.py FOLDER KEY KILLS SEED``. A single-threaded parent forks each saver, so a
start costs milliseconds and the kill can come at any moment of its life. Prints as JSON the ids
of the visits whose saving had returned.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from kiosk.model.outbox import Done
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.store.samples import ANNE, message, visit


def save_for_ever(folder: Path, key: bytes, tell: int) -> None:
    store = Store.open(folder, key)
    store.recover(now_utc())
    item = None
    while True:
        saved = visit()
        store.save_visit(saved, [message(saved, b"x" * 1200)], ANNE)
        os.write(tell, f"{saved.id}\n".encode())
        soon = now_utc() + timedelta(seconds=1)
        item = store.settle(item.id, Done("x"), soon) if item else store.claim(soon)


def kill_one(folder: Path, key: bytes, seconds: float, *, after: int) -> list[str]:
    """Kill a saver so long after its start, or after so many acknowledged saves."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            save_for_ever(folder, key, tell)
        finally:
            os._exit(99)
    os.close(tell)
    with os.fdopen(hear) as told:
        first = [told.readline().strip() for _ in range(after)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        # A saver that ended by itself failed, and that is a finding.
        assert os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status)
        return [*first, *told.read().split("\n")[:-1]]


def main() -> None:
    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    chance = random.Random(int(sys.argv[4]))
    told: list[str] = []
    for number in range(int(sys.argv[3])):
        # Two of three are waited for, so that a busy machine has something to lose as well.
        after = 2 if number % 3 else 0
        told += kill_one(folder, key, chance.uniform(0.0, 0.12 if not after else 0.03), after=after)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
